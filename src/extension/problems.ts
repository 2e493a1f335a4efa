/** @file What went wrong in the latest run, and what the text alone tells, in the Problems panel and on the lines. */
import * as vscode from "vscode";
import type { ProgramError } from "../protocol/export.js";
import { configured } from "../session/diagnostics/severities.js";
import type { Session } from "../session/session.js";
import type { Problem } from "../session/types.js";
import { agreed, keyOf } from "./diagnostics/agreement.js";
import { diagnosticOf } from "./diagnostics/diagnostic.js";
import { type Inspected, InspectedText, type Inspections } from "./diagnostics/inspections.js";
import { QuickFixes, type ShownProblem } from "./diagnostics/quickFixes.js";
import { type ProblemText, RanText } from "./diagnostics/ranText.js";
import type { ProgramRun } from "./programRun.js";
import { isProgram, openDocument, pathOf, uriOf } from "./programs.js";
import type { RunController } from "./runController.js";
import { diagnosticSeverities, onDidChangeSetting } from "./settings.js";

/** Milliseconds between an edit and the diagnostics' new lines. */
const PAUSE = 100;

/** The run whose problems are shown. */
interface Ran {
  readonly run: ProgramRun;
  readonly text: RanText;
  /** What the texts that it ran told by themselves, by file. */
  readonly foundThen: Map<string, ReadonlySet<string>>;
}

export class Problems implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection("gradwalk");
  readonly #subscriptions: vscode.Disposable[];
  /** What is shown, by document. */
  #shown = new Map<string, ShownProblem[]>();
  #told: ProgramRun | null = null;
  #ran: Ran | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly extension: vscode.Uri,
    private readonly runs: RunController,
    private readonly inspections: Inspections,
  ) {
    this.#subscriptions = [
      runs.onDidChange(() => this.#update()),
      inspections.onDidChange(() => this.#show()),
      onDidChangeSetting("diagnostics", () => this.#show()),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && isProgram(document)) this.#showSoon();
      }),
      vscode.workspace.onDidCloseTextDocument((document) => {
        if (isProgram(document)) this.#show();
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
    this.#ran = latest && { run: latest, text: new RanText(latest.session), foundThen: new Map() };
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
    const shown = new Map<string, ShownProblem[]>();
    const add = (uri: vscode.Uri, problem: Problem, text: ProblemText) => {
      const currentLine = (file: string, line: number) => text.currentLine(file, line);
      const diagnostic = diagnosticOf(problem, uri, this.extension, currentLine);
      const key = uri.toString();
      if (diagnostic) shown.set(key, [...(shown.get(key) ?? []), { problem, diagnostic, text }]);
    };
    const run = byFile(this.#ran ? allOf(this.#ran.run) : []);
    for (const [file, problems] of run) {
      const document = openDocument(file);
      // Where the text speaks, too, the two are told together.
      if (document && this.#inspected(document)) continue;
      for (const problem of problems) add(uriOf(file), problem, this.#ran!.text);
    }
    for (const document of vscode.workspace.textDocuments) this.#showIn(document, run, add);
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

  /** What the text tells; nothing while it is behind a run of the text as it is now. */
  #inspected(document: vscode.TextDocument): Inspected | null {
    const inspected = this.inspections.of(document);
    const now = document.getText();
    const behind = inspected?.text !== now && this.#ran?.text.original(pathOf(document)) === now;
    return behind ? null : inspected;
  }

  /** What the run and the text tell of one document. */
  #showIn(
    document: vscode.TextDocument,
    run: ReadonlyMap<string, readonly Problem[]>,
    add: (uri: vscode.Uri, problem: Problem, text: ProblemText) => void,
  ): void {
    const inspected = this.#inspected(document);
    if (!inspected) return;
    const path = pathOf(document);
    const ran = this.#ran;
    const text = ran?.text.original(path) ?? null;
    if (ran && text === inspected.text) ran.foundThen.set(path, new Set(inspected.problems.map(keyOf)));
    const told = agreed({
      run: run.get(path) ?? [],
      ran: text,
      complete: ran?.run.end?.reason === "exit" && ran.run.end.exit === 0,
      found: configured(inspected.problems, diagnosticSeverities()),
      text: inspected.text,
      foundThen: ran?.foundThen.get(path) ?? null,
    });
    if (ran) for (const problem of told.run) add(document.uri, problem, ran.text);
    const now = new InspectedText(document, inspected.text);
    for (const problem of told.found) add(document.uri, problem, now);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#collection.dispose();
  }
}

function byFile(problems: readonly Problem[]): ReadonlyMap<string, readonly Problem[]> {
  const files = new Map<string, Problem[]>();
  for (const problem of problems) files.set(problem.file, [...(files.get(problem.file) ?? []), problem]);
  return files;
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
