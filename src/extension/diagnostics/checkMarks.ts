/** @file At the end of each leaf's line: whether its gradient agrees with finite differences. */
import * as vscode from "vscode";
import type { GradientCheck } from "../../protocol/checks.js";
import type { LiveText } from "../liveText.js";
import { isProgram, pathOf } from "../programs.js";
import type { RunController } from "../runController.js";
import { type CheckedLine, checkedLines } from "./checkText.js";

const LOOKS: Readonly<Record<GradientCheck["verdict"], { readonly mark: string; readonly colour: string }>> =
  {
    agrees: { mark: "✓", colour: "testing.iconPassed" },
    rounding: { mark: "✓", colour: "testing.iconPassed" },
    disagrees: { mark: "✗", colour: "testing.iconFailed" },
    unchecked: { mark: "–", colour: "disabledForeground" },
  };

export class CheckMarks implements vscode.Disposable {
  #type: vscode.TextEditorDecorationType | undefined;
  readonly #subscriptions: vscode.Disposable[];

  constructor(
    private readonly runs: RunController,
    private readonly live: LiveText,
  ) {
    this.#subscriptions = [
      runs.onDidChange(() => this.#updateAll()),
      vscode.window.onDidChangeVisibleTextEditors(() => this.#updateAll()),
      vscode.workspace.onDidChangeTextDocument(({ contentChanges }) => {
        if (contentChanges.length > 0 && this.#type) this.#updateAll();
      }),
    ];
  }

  #updateAll(): void {
    const lines = checkedLines(this.runs.shown?.session.checks() ?? []);
    if (lines.length === 0 && !this.#type) return;
    this.#type ??= vscode.window.createTextEditorDecorationType({
      after: { margin: "0 0 0 3ch" },
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedOpen,
    });
    for (const editor of vscode.window.visibleTextEditors) {
      if (isProgram(editor.document)) editor.setDecorations(this.#type, this.#of(editor.document, lines));
    }
  }

  #of(document: vscode.TextDocument, lines: readonly CheckedLine[]): vscode.DecorationOptions[] {
    const map = this.live.map(document);
    const path = pathOf(document);
    if (!map) return [];
    return lines.flatMap(({ file, line, verdict, text, tooltip }) => {
      const at = file === path ? map.toCurrent(line) : null;
      if (at === null || at > document.lineCount) return [];
      const { mark, colour } = LOOKS[verdict];
      const hover = new vscode.MarkdownString();
      hover.appendText(tooltip);
      return [
        {
          range: document.lineAt(at - 1).range,
          hoverMessage: hover,
          renderOptions: {
            after: { contentText: `${mark} ${text}`, color: new vscode.ThemeColor(colour) },
          },
        },
      ];
    });
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#type?.dispose();
  }
}
