/** @file What stands beside the line that a debugger has stopped at: which node runs next, and how far it is. */
import * as vscode from "vscode";
import type { SourceLocation } from "../../protocol/export.js";
import type { PassView } from "../../protocol/view.js";
import type { LiveText } from "../liveText.js";
import { isProgram, pathOf } from "../programs.js";

interface Mark {
  readonly source: SourceLocation;
  readonly text: string;
}

export class StopMark implements vscode.Disposable {
  /** VS Code marks the line of the top frame itself; this says what of the line it is. */
  readonly #type = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    borderColor: new vscode.ThemeColor("charts.orange"),
    borderStyle: "solid",
    borderWidth: "0 0 0 3px",
    overviewRulerColor: new vscode.ThemeColor("charts.orange"),
    after: { color: new vscode.ThemeColor("editorCodeLens.foreground"), margin: "0 0 0 3ch" },
  });
  #mark: Mark | null = null;
  readonly #subscription: vscode.Disposable;

  constructor(private readonly live: LiveText) {
    this.#subscription = vscode.window.onDidChangeVisibleTextEditors(() => this.#decorate());
  }

  /** At the end of a pass, the call that walked it. */
  show(pass: PassView, step: number): void {
    const next = pass.steps[step];
    const node = next && pass.nodes.find(({ id }) => id === next.node);
    const source = node ? node.source : pass.source;
    const text = node
      ? `${node.name ?? "constant"} runs next · step ${step + 1} of ${pass.steps.length}`
      : `pass complete · ${pass.steps.length} steps`;
    this.#mark = source && { source, text };
    this.#decorate();
  }

  clear(): void {
    this.#mark = null;
    this.#decorate();
  }

  #decorate(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const option = this.#mark && this.#optionFor(editor.document, this.#mark);
      editor.setDecorations(this.#type, option ? [option] : []);
    }
  }

  #optionFor(document: vscode.TextDocument, { source, text }: Mark): vscode.DecorationOptions | null {
    if (!isProgram(document) || pathOf(document) !== source.file) return null;
    const map = this.live.map(document);
    const line = map ? map.toCurrent(source.line) : source.line;
    if (line === null || line > document.lineCount) return null;
    const { range } = document.lineAt(line - 1);
    return { range, renderOptions: { after: { contentText: text } } };
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#type.dispose();
  }
}
