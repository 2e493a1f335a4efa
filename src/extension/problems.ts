/** @file What went wrong in the latest run, in the Problems panel and on the user's lines. */
import * as vscode from "vscode";
import type { ProgramError } from "../protocol/export.js";
import { configured } from "../session/diagnostics/severities.js";
import type { Session } from "../session/session.js";
import type { Problem } from "../session/types.js";
import { diagnosticOf } from "./diagnostics/diagnostic.js";
import { QuickFixes, type ShownProblem } from "./diagnostics/quickFixes.js";
import { RanText } from "./diagnostics/ranText.js";
import type { ProgramRun } from "./programRun.js";
import { isProgram, uriOf } from "./programs.js";
import type { RunController } from "./runController.js";
import { diagnosticSeverities, onDidChangeSetting } from "./settings.js";

/** Milliseconds between an edit and the diagnostics' new lines. */
const PAUSE = 100;

export class Problems implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection("gradwalk");
  readonly #subscriptions: vscode.Disposable[];
  /** What is shown, by document. */
  #shown = new Map<string, ShownProblem[]>();
  #told: ProgramRun | null = null;
  #text: RanText | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly extension: vscode.Uri,
    private readonly runs: RunController,
  ) {
    this.#subscriptions = [
      runs.onDidChange(() => this.#update()),
      onDidChangeSetting("diagnostics", () => this.#show()),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && isProgram(document)) this.#showSoon();
      }),
      new QuickFixes(extension, (uri) => this.#shown.get(uri.toString()) ?? []),
    ];
  }

  /** The problems of the run before stay until the new one has ended, or a debugger has stopped it. */
  #update(): void {
    const { latest } = this.runs;
    const paused = latest?.session.outline().state === "paused";
    if (latest === this.#told || (latest?.running && !paused)) return;
    if (!paused) this.#told = latest;
    this.#text = latest ? new RanText(latest.session) : null;
    this.#show();
  }

  #showSoon(): void {
    if (this.#shown.size === 0) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#show();
    }, PAUSE);
  }

  #show(): void {
    const { latest } = this.runs;
    const text = this.#text;
    const shown = new Map<string, ShownProblem[]>();
    if (latest && text) {
      for (const problem of allOf(latest)) {
        const currentLine = (file: string, line: number) => text.currentLine(file, line);
        const diagnostic = diagnosticOf(problem, this.extension, currentLine);
        const key = uriOf(problem.file).toString();
        if (diagnostic) shown.set(key, [...(shown.get(key) ?? []), { problem, diagnostic, text }]);
      }
    }
    const gone = [...this.#shown.keys()].filter((key) => !shown.has(key));
    this.#shown = shown;
    for (const key of gone) this.#collection.delete(vscode.Uri.parse(key));
    for (const [key, problems] of shown) {
      this.#collection.set(
        vscode.Uri.parse(key),
        problems.map(({ diagnostic }) => diagnostic),
      );
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#collection.dispose();
  }
}

/** The problems of a session that a person wants to be told. */
export function problemsOf(session: Session): Problem[] {
  return configured(session.problems(), diagnosticSeverities());
}

/** An error that ended the program is told plainly where its own diagnostic is turned off. */
function allOf(run: ProgramRun): Problem[] {
  const { error } = run.session.outline().program;
  const problems = problemsOf(run.session);
  const told = run.session
    .problems()
    .filter(({ line, severity }) => severity === "error" && line === error?.line);
  const covered = told.some(({ code }) => problems.some((problem) => problem.code === code));
  return error && !covered ? [...problems, thrown(error, run)] : problems;
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
