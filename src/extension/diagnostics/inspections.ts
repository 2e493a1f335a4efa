/**
 * @file What the texts in view tell without being run: asked of the runner that waits for a program, which has the
 * compiler, a moment after the last key.
 */
import * as vscode from "vscode";
import type { Launcher } from "../../launcher/launcher.js";
import type { ExportProblem } from "../../protocol/export.js";
import type { Problem } from "../../session/types.js";
import { type LineMap, lineMap } from "../lineMap.js";
import type { Log } from "../log.js";
import { importsGradwalk, isSource, pathOf } from "../programs.js";
import type { RunController } from "../runController.js";
import type { ProblemText } from "./ranText.js";

/** Before a run that the same key may bring, milliseconds. */
const PAUSE = 150;
/** The run's own result comes first, and the next runner has to start. */
const AFTER_RUN = 500;
/** The window has other things to do first. */
const BEGINNING = 1000;
/** Characters; a longer text would keep the runner from its program. */
const LONGEST = 150_000;

/** What a text told, with the text. */
export interface Inspected {
  readonly text: string;
  readonly problems: readonly Problem[];
}

export class Inspections implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.TextDocument>();
  readonly onDidChange = this.#changed.event;
  readonly #told = new WeakMap<vscode.TextDocument, Inspected>();
  readonly #waiting = new Set<vscode.TextDocument>();
  #timer: NodeJS.Timeout | undefined;
  readonly #subscriptions: vscode.Disposable[];

  constructor(
    private readonly launcher: () => Launcher,
    private readonly runs: RunController,
    private readonly log: Log,
  ) {
    this.#subscriptions = [
      vscode.window.onDidChangeVisibleTextEditors(() => this.#askInView(BEGINNING)),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#askInView(BEGINNING)),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#askSoon(document, PAUSE);
      }),
      runs.onDidChange(() => {
        if (!runs.running && this.#waiting.size > 0) this.#start(AFTER_RUN);
      }),
    ];
    this.#askInView(BEGINNING);
  }

  /** Of the text as it was when it was last asked. */
  of(document: vscode.TextDocument): Inspected | null {
    return this.#told.get(document) ?? null;
  }

  #askInView(pause: number): void {
    for (const { document } of vscode.window.visibleTextEditors) {
      if (this.#told.get(document)?.text !== document.getText()) this.#askSoon(document, pause);
    }
  }

  #askSoon(document: vscode.TextDocument, pause: number): void {
    if (!vscode.workspace.isTrusted || !isSource(document)) return;
    // One that has just lost its import has to lose its problems, too.
    if (!importsGradwalk(document) && !this.#told.has(document)) return;
    this.#waiting.add(document);
    this.#start(pause);
  }

  #start(pause: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#askAll(), pause);
  }

  async #askAll(): Promise<void> {
    // The runner that waits is taken, and one of its own would cost the program its time.
    if (this.runs.running) return;
    const documents = [...this.#waiting];
    this.#waiting.clear();
    for (const document of documents) if (!document.isClosed) await this.#ask(document);
  }

  async #ask(document: vscode.TextDocument): Promise<void> {
    const text = document.getText();
    const path = pathOf(document);
    try {
      const asks = importsGradwalk(document) && text.length <= LONGEST;
      const found: readonly ExportProblem[] = asks ? await this.launcher().inspect(path, text) : [];
      this.#told.set(document, { text, problems: found.map((problem) => ({ ...problem, file: path })) });
      this.#changed.fire(document);
    } catch (error) {
      // The runner went away in the middle: the next key asks another one.
      this.log.debug(`${path} was not inspected: ${error}`);
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }
}

/** The text that was inspected, against the editor's. */
export class InspectedText implements ProblemText {
  #map: { readonly version: number; readonly map: LineMap } | null = null;

  constructor(
    private readonly document: vscode.TextDocument,
    private readonly text: string,
  ) {}

  original(): string {
    return this.text;
  }

  currentLine(_file: string, line: number): number | null {
    const { version } = this.document;
    if (this.#map?.version !== version) {
      this.#map = { version, map: lineMap(this.text, this.document.getText()) };
    }
    return this.#map.map.toCurrent(line);
  }
}
