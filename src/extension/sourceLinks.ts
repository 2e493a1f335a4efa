/** @file The way from the graph to the source and back: reveals and highlights a line, follows the cursor. */
import * as vscode from "vscode";
import type { SourceLocation } from "../protocol/export.js";
import type { GraphPanel } from "./graphPanel.js";
import type { LiveText } from "./liveText.js";
import { isProgram, openPath, pathOf } from "./programs.js";
import type { RunController } from "./runController.js";

export class SourceLinks implements vscode.Disposable {
  readonly #highlight = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor("editor.rangeHighlightBackground"),
    borderColor: new vscode.ThemeColor("charts.orange"),
    borderStyle: "solid",
    borderWidth: "0 0 0 3px",
    overviewRulerColor: new vscode.ThemeColor("charts.orange"),
  });
  /** The file and line that are highlighted, as they ran. */
  #shown: SourceLocation | null = null;
  /** The run whose lines those are. */
  #run: string | null = null;
  /** The last cursor that moved because of a click in the graph, which must not come back to it. */
  #expected: vscode.Selection | null = null;
  readonly #subscriptions: vscode.Disposable[];

  constructor(
    private readonly runs: RunController,
    private readonly live: LiveText,
    private readonly panel: GraphPanel,
  ) {
    this.#subscriptions = [
      vscode.window.onDidChangeTextEditorSelection((event) => this.#onSelection(event)),
      vscode.window.onDidChangeVisibleTextEditors(() => this.#decorate()),
      runs.onDidChange(() => this.#onRun()),
      this.#highlight,
    ];
  }

  /** Shows where an operation was called, in the editor that shows the file or beside the graph. */
  async reveal(source: SourceLocation, focus: boolean): Promise<void> {
    const document = await openPath(source.file);
    const range = this.#rangeOf(document, source);
    if (!range) return;
    const visible = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
    const editor = await vscode.window.showTextDocument(document, {
      viewColumn: visible?.viewColumn ?? vscode.ViewColumn.One,
      preserveFocus: !focus,
    });
    editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    if (focus) {
      this.#expected = new vscode.Selection(range.start, range.start);
      editor.selection = this.#expected;
    }
    this.highlight(source);
  }

  highlight(source: SourceLocation | null): void {
    this.#shown = source;
    this.#decorate();
  }

  /** Another run has other lines. */
  #onRun(): void {
    const run = this.runs.shown?.session.run ?? null;
    if (run === this.#run) return;
    this.#run = run;
    this.highlight(null);
  }

  #decorate(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const here =
        this.#shown !== null && isProgram(editor.document) && pathOf(editor.document) === this.#shown.file;
      const range = here && this.#shown ? this.#rangeOf(editor.document, this.#shown) : null;
      editor.setDecorations(this.#highlight, range ? [range] : []);
    }
  }

  #rangeOf(document: vscode.TextDocument, source: SourceLocation): vscode.Range | null {
    const map = this.live.map(document);
    const line = map ? map.toCurrent(source.line) : source.line;
    if (line === null || line > document.lineCount) return null;
    const start = new vscode.Position(line - 1, source.column - 1);
    return document.validateRange(new vscode.Range(start, start));
  }

  #onSelection({ textEditor, selections, kind }: vscode.TextEditorSelectionChangeEvent): void {
    const [selection] = selections;
    if (!selection || !isProgram(textEditor.document)) return;
    const expected = this.#expected?.isEqual(selection) ?? false;
    this.#expected = null;
    if (expected) return;
    // Typing moves the cursor too; only a person's own move takes the highlight away.
    if (kind !== undefined && this.#shown) this.highlight(null);
    const map = this.live.map(textEditor.document);
    const line = map?.toOriginal(selection.active.line + 1);
    if (line == null) return;
    this.panel.cursor(pathOf(textEditor.document), line, selection.active.character + 1);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
