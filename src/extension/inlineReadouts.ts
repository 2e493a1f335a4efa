/** @file Readouts at the ends of the lines that are in view, for the setting "inline". */
import * as vscode from "vscode";
import type { LineReadout } from "./lineReadout.js";
import { isProgram } from "./programs.js";
import type { Readouts } from "./readouts.js";
import { onDidChangeSetting, readoutPlace } from "./settings.js";

/** Lines above and below the view that are ready when it is scrolled. */
const MARGIN = 40;

export class InlineReadouts implements vscode.Disposable {
  #type: vscode.TextEditorDecorationType | undefined;
  readonly #subscriptions: vscode.Disposable[];

  constructor(private readonly readouts: Readouts) {
    this.#subscriptions = [
      readouts.onDidChange(() => this.#updateAll()),
      onDidChangeSetting("readouts", () => this.#updateAll()),
      vscode.window.onDidChangeVisibleTextEditors(() => this.#updateAll()),
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => this.#update(textEditor)),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length === 0) return;
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
      after: { margin: "0 0 0 3ch" },
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedOpen,
    });
    const ranges = editor.visibleRanges;
    const inView = wanted.filter(({ line }) =>
      ranges.some(({ start, end }) => line >= start.line - MARGIN && line <= end.line + MARGIN),
    );
    const colour = new vscode.ThemeColor(
      this.readouts.dimmed ? "disabledForeground" : "editorCodeLens.foreground",
    );
    editor.setDecorations(
      this.#type,
      [...byLine(inView)].map(([line, all]) => inline(editor, line, all, colour)),
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

function inline(
  { document }: vscode.TextEditor,
  line: number,
  readouts: LineReadout[],
  color: vscode.ThemeColor,
): vscode.DecorationOptions {
  const end = document.lineAt(line).range.end;
  const contentText = readouts.map(({ text, loop }) => (loop ? `${text} · ${loop.name}` : text)).join(" | ");
  return { range: new vscode.Range(end, end), renderOptions: { after: { contentText, color } } };
}
