/** @file A problem as VS Code shows it: a diagnostic with a link to its page, on the line where it is now. */
import * as vscode from "vscode";
import { isDiagnosticCode } from "../../protocol/diagnostics.js";
import type { Severity } from "../../protocol/export.js";
import type { Problem } from "../../session/types.js";
import { uriOf } from "../programs.js";
import { inWords } from "../words.js";

const SEVERITIES: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};

/** Where a line (1-based) of a file that ran is now; null where it is gone. */
export type CurrentLine = (file: string, line: number) => number | null;

/** The page that explains a code, or null where it has none. */
export function pageOf(extension: vscode.Uri, code: string): vscode.Uri | null {
  if (!isDiagnosticCode(code)) return null;
  return vscode.Uri.joinPath(extension, "docs", "diagnostics", `${code}.md`);
}

/** null where the line that it stood on is gone. */
export function diagnosticOf(
  problem: Problem,
  uri: vscode.Uri,
  extension: vscode.Uri,
  currentLine: CurrentLine,
): vscode.Diagnostic | null {
  const line = currentLine(problem.file, problem.line);
  if (line === null) return null;
  const range = rangeOf(problem, line, uri);
  const result = new vscode.Diagnostic(
    range,
    inWords(problem.words) ?? problem.message,
    SEVERITIES[problem.severity],
  );
  result.source = "gradwalk";
  const target = pageOf(extension, problem.code);
  result.code = target === null ? problem.code : { value: problem.code, target };
  const related = problem.related.flatMap((each) => {
    const file = each.file ?? problem.file;
    const at = currentLine(file, each.line);
    if (at === null) return [];
    const place = new vscode.Location(uriOf(file), new vscode.Position(at - 1, each.column - 1));
    return [new vscode.DiagnosticRelatedInformation(place, inWords(each.words) ?? each.message)];
  });
  if (related.length > 0) result.relatedInformation = related;
  return result;
}

/** To the end that is known, else over the word or expression's rest of the line. */
function rangeOf(problem: Problem, line: number, uri: vscode.Uri): vscode.Range {
  const start = new vscode.Position(Math.max(line - 1, 0), Math.max(problem.column - 1, 0));
  if (problem.endLine !== undefined && problem.endColumn !== undefined) {
    const end = new vscode.Position(line - 1 + problem.endLine - problem.line, problem.endColumn - 1);
    return new vscode.Range(start, end);
  }
  const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
  if (!document || start.line >= document.lineCount) return new vscode.Range(start, start);
  return (
    document.getWordRangeAtPosition(start) ?? new vscode.Range(start, document.lineAt(start.line).range.end)
  );
}
