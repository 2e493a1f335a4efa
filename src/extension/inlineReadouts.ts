/** @file Readouts at the ends of the lines, for the setting "inline". */
import * as vscode from "vscode";
import { isProgram } from "./programs.js";
import type { LineReadout, Readouts } from "./readouts.js";
import { onDidChangeSetting, readoutPlace } from "./settings.js";

export class InlineReadouts implements vscode.Disposable {
  #type: vscode.TextEditorDecorationType | undefined;
  readonly #subscriptions: vscode.Disposable[];

  constructor(private readonly readouts: Readouts) {
    this.#subscriptions = [
      readouts.onDidChange(() => this.#updateAll()),
      onDidChangeSetting("readouts", () => this.#updateAll()),
      vscode.window.onDidChangeVisibleTextEditors(() => this.#updateAll()),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        for (const editor of vscode.window.visibleTextEditors) {
          if (editor.document === document) this.#update(editor);
        }
      }),
    ];
  }

  #updateAll(): void {
    for (const editor of vscode.window.visibleTextEditors) this.#update(editor);
  }

  #update(editor: vscode.TextEditor): void {
    if (!isProgram(editor.document)) return;
    const wanted = readoutPlace() === "inline" ? this.readouts.of(editor.document) : [];
    if (wanted.length === 0 && !this.#type) return;
    this.#type ??= vscode.window.createTextEditorDecorationType({
      after: { color: new vscode.ThemeColor("editorCodeLens.foreground"), margin: "0 0 0 3ch" },
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedOpen,
    });
    editor.setDecorations(
      this.#type,
      [...byLine(wanted)].map(([line, all]) => inline(editor, line, all)),
    );
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#type?.dispose();
  }
}

function byLine(readouts: readonly LineReadout[]): Map<number, LineReadout[]> {
  const lines = new Map<number, LineReadout[]>();
  for (const readout of readouts) {
    const line = lines.get(readout.line);
    if (line) line.push(readout);
    else lines.set(readout.line, [readout]);
  }
  return lines;
}

function inline(editor: vscode.TextEditor, line: number, readouts: LineReadout[]): vscode.DecorationOptions {
  const end = editor.document.lineAt(line).range.end;
  const contentText = readouts.map(({ text }) => text).join(" | ");
  return { range: new vscode.Range(end, end), renderOptions: { after: { contentText } } };
}
