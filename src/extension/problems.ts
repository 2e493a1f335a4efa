/** @file What went wrong in the latest run, in the Problems panel and on the user's lines. */
import * as vscode from "vscode";
import type { ProgramError, Severity } from "../protocol/export.js";
import type { Problem } from "../session/types.js";
import type { ProgramRun } from "./programRun.js";
import { uriOf } from "./programs.js";
import type { RunController } from "./runController.js";

const SEVERITIES: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};

export class Problems implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection("gradwalk");
  readonly #subscription: vscode.Disposable;
  #told: ProgramRun | null = null;

  constructor(private readonly runs: RunController) {
    this.#subscription = runs.onDidChange(() => this.#update());
  }

  /** The problems of the run before stay until the new one has ended, or a debugger has stopped it. */
  #update(): void {
    const { latest } = this.runs;
    const paused = latest?.session.outline().state === "paused";
    if (latest === this.#told || (latest?.running && !paused)) return;
    if (!paused) this.#told = latest;
    this.#collection.clear();
    if (!latest) return;
    const problems = latest.session.problems();
    const { error } = latest.session.outline().program;
    const all = error && !covers(problems, error) ? [...problems, thrown(error, latest)] : problems;
    // Entries for the same file are merged.
    this.#collection.set(all.map((problem) => [uriOf(problem.file), [diagnostic(problem)]]));
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#collection.dispose();
  }
}

function covers(problems: readonly Problem[], error: ProgramError): boolean {
  return problems.some(({ line, severity }) => severity === "error" && line === error.line);
}

/** An error without a place in the user's files is told on the program's first line. */
function thrown(error: ProgramError, { program }: ProgramRun): Problem {
  return {
    severity: "error",
    code: error.name,
    message: error.message === "" ? error.name : `${error.name}: ${error.message}`,
    file: error.file ?? program.path,
    line: error.line ?? 1,
    column: error.column ?? 1,
    related: [],
  };
}

function diagnostic(problem: Problem): vscode.Diagnostic {
  const uri = uriOf(problem.file);
  const result = new vscode.Diagnostic(rangeOf(problem, uri), problem.message, SEVERITIES[problem.severity]);
  result.source = "gradwalk";
  result.code = problem.code;
  if (problem.related.length > 0) {
    result.relatedInformation = problem.related.map((related) => {
      const place = related.file ? uriOf(related.file) : uri;
      const start = new vscode.Position(related.line - 1, related.column - 1);
      return new vscode.DiagnosticRelatedInformation(new vscode.Location(place, start), related.message);
    });
  }
  return result;
}

/** To the end that is known, else over the word or expression's rest of the line. */
function rangeOf(problem: Problem, uri: vscode.Uri): vscode.Range {
  const start = new vscode.Position(Math.max(problem.line - 1, 0), Math.max(problem.column - 1, 0));
  if (problem.endLine !== undefined && problem.endColumn !== undefined) {
    return new vscode.Range(start, new vscode.Position(problem.endLine - 1, problem.endColumn - 1));
  }
  const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
  if (!document || start.line >= document.lineCount) return new vscode.Range(start, start);
  return (
    document.getWordRangeAtPosition(start) ?? new vscode.Range(start, document.lineAt(start.line).range.end)
  );
}
