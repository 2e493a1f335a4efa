/** @file Quick fixes: the edits that the runner computed for a problem, fitted to the text as it is now. */
import * as vscode from "vscode";
import type { Fix } from "../../protocol/export.js";
import { byFile, currentEdits } from "../../session/diagnostics/edits.js";
import type { Problem } from "../../session/types.js";
import { LANGUAGES, openDocument, uriOf } from "../programs.js";
import { inWords, t } from "../words.js";
import { pageOf } from "./diagnostic.js";
import type { ProblemText } from "./ranText.js";

/** A problem as it is shown, with what its fixes need. */
export interface ShownProblem {
  readonly problem: Problem;
  readonly diagnostic: vscode.Diagnostic;
  readonly text: ProblemText;
}

export class QuickFixes implements vscode.CodeActionProvider, vscode.Disposable {
  readonly #registration: vscode.Disposable;

  /** @param shownIn the problems that are shown in a document */
  constructor(
    private readonly extension: vscode.Uri,
    private readonly shownIn: (uri: vscode.Uri) => readonly ShownProblem[],
  ) {
    this.#registration = vscode.languages.registerCodeActionsProvider(
      LANGUAGES.map((language) => ({ language })),
      this,
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
    );
  }

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    const near = this.shownIn(document.uri).filter(({ diagnostic }) => diagnostic.range.intersection(range));
    return near.flatMap((shown) => [...this.#fixes(shown), ...this.#explanation(shown)]);
  }

  #fixes({ problem, diagnostic, text }: ShownProblem): vscode.CodeAction[] {
    const actions: vscode.CodeAction[] = [];
    for (const fix of problem.fixes ?? []) {
      const edit = workspaceEdit(fix, problem.file, text);
      if (edit === null) continue;
      const action = new vscode.CodeAction(inWords(fix.words) ?? fix.title, vscode.CodeActionKind.QuickFix);
      action.edit = edit;
      action.diagnostics = [diagnostic];
      action.isPreferred = actions.length === 0;
      actions.push(action);
    }
    return actions;
  }

  /** The page of the code, as a preview beside the program. */
  #explanation({ problem, diagnostic }: ShownProblem): vscode.CodeAction[] {
    const page = pageOf(this.extension, problem.code);
    if (page === null) return [];
    const action = new vscode.CodeAction(t("Explain {0}", problem.code), vscode.CodeActionKind.QuickFix);
    action.command = { title: action.title, command: "markdown.showPreviewToSide", arguments: [page] };
    action.diagnostics = [diagnostic];
    return [action];
  }

  dispose(): void {
    this.#registration.dispose();
  }
}

/** null where the lines that it changes are not as they ran any more. */
function workspaceEdit(fix: Fix, file: string, text: ProblemText): vscode.WorkspaceEdit | null {
  const result = new vscode.WorkspaceEdit();
  for (const [path, edits] of byFile(fix, file)) {
    const document = openDocument(path);
    const original = text.original(path);
    if (original === null) return null;
    const now = document?.getText() ?? original;
    const fitting = currentEdits(edits, original, now, (line) => text.currentLine(path, line));
    if (fitting === null) return null;
    for (const edit of fitting) {
      const range = new vscode.Range(edit.line - 1, edit.column - 1, edit.endLine - 1, edit.endColumn - 1);
      result.replace(uriOf(path), range, edit.text);
    }
  }
  return result;
}
