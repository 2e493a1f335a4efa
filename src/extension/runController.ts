/** @file Starts and stops runs, and says which of them the views show. One program runs at a time. */
import * as vscode from "vscode";
import type { Launcher } from "../launcher/launcher.js";
import type { Run } from "../launcher/types.js";
import type { Outline } from "../protocol/view.js";
import type { Session } from "../session/session.js";
import { untrusted } from "./errors.js";
import type { Log } from "./log.js";
import { endText, type ProgramOutput } from "./programOutput.js";
import { ProgramRun } from "./programRun.js";
import { overlays, type Program, programOf } from "./programs.js";
import { limits } from "./settings.js";

/** How often the views follow a program that runs, milliseconds. */
const PROGRESS = 250;

/** What the views show: a session, and the program that made it. */
export interface Shown {
  readonly session: Session;
  readonly program: Program;
}

export class RunController implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  /** Something that a view shows is different now. */
  readonly onDidChange = this.#changed.event;
  #latest: ProgramRun | null = null;
  #shown: Shown | null = null;
  #progress: NodeJS.Timeout | undefined;

  constructor(
    private readonly launcher: () => Launcher,
    private readonly output: ProgramOutput,
    private readonly log: Log,
  ) {}

  get shown(): Shown | null {
    return this.#shown;
  }

  get latest(): ProgramRun | null {
    return this.#latest;
  }

  get running(): boolean {
    return this.#latest?.running ?? false;
  }

  /** State of the latest run over the graph that is shown, which may be an earlier one's. */
  outline(): Outline | null {
    const shown = this.#shown?.session.outline() ?? null;
    const latest = this.#latest?.session.outline() ?? null;
    if (!shown || !latest || shown.run === latest.run) return shown ?? latest;
    const { passes, dropped, run } = shown;
    return { ...latest, run, passes, dropped, stale: latest.state !== "running" || shown.stale };
  }

  /**
   * Runs the text that the document has now; ends the run before.
   * @param live nobody asked for it: what is shown stays until there is a result as good
   * @param check compare its gradients with finite differences
   * @throws HumanError in a workspace that is not trusted
   */
  start(document: vscode.TextDocument, live = false, check = false): ProgramRun {
    if (!vscode.workspace.isTrusted) throw untrusted();
    const program = programOf(document);
    this.#latest?.dispose();
    const process = this.launcher().launch({
      program: program.path,
      cwd: program.cwd,
      overlays: overlays(document),
      stdin: "ignore",
      check,
      ...limits(),
    });
    const run = new ProgramRun(program, process, { live });
    run.listen(
      () => this.#onProgress(run),
      (error) => this.log.error(error),
    );
    this.#begin(run);
    this.output.start(run.name);
    const printing = this.output.attach(process);
    void run.ended.then((end) => {
      printing.dispose();
      this.output.end(run.name, end);
      this.log.info(`${run.name} ${endText(end)}, ${run.session.outline().passes.length} backward passes`);
      if (this.#latest === run) this.#show(run);
    });
    this.#changed.fire();
    return run;
  }

  #begin(run: ProgramRun): void {
    this.#latest = run;
    if (this.#shown?.program.path !== run.program.path) this.#shown = null;
  }

  /** Shows a run that a debugger has started and fills the session of; ends the run before. */
  follow(program: Program, session: Session, process: Run): void {
    this.#latest?.dispose();
    const run = new ProgramRun(program, process, { session });
    this.#begin(run);
    void run.ended.then(() => {
      if (this.#latest === run) this.#show(run);
    });
    this.#changed.fire();
  }

  /** Shows a session that no process stands behind; ends the run before. */
  show(shown: Shown): void {
    this.#latest?.dispose();
    this.#latest = null;
    this.#shown = shown;
    this.#changed.fire();
  }

  /** A followed session has learnt more, at a stop of its program or in passing. */
  progressed(session: Session, stopped = false): void {
    const run = this.#latest;
    if (run?.session !== session) return;
    if (stopped) this.#show(run);
    else this.#onProgress(run);
  }

  #onProgress(run: ProgramRun): void {
    // Half a result in the place of a whole one would make the lines jump.
    if (run.live && this.#shown) return;
    this.#progress ??= setTimeout(() => {
      this.#progress = undefined;
      if (this.#latest === run && run.running && run.hasGraph) this.#show(run);
    }, PROGRESS);
  }

  /** A run without a graph does not replace one that has one, unless it is all that its program does. */
  #show(run: ProgramRun): void {
    const failed = run.end !== null && run.session.outline().state !== "done";
    const worse = failed && (run.live || !run.hasGraph);
    if (!worse || !this.#shown) this.#shown = { session: run.session, program: run.program };
    this.#changed.fire();
  }

  /** A session that was saved before the window was loaded. */
  restore(shown: Shown): void {
    if (this.#latest || this.#shown) return;
    this.#shown = shown;
    this.#changed.fire();
  }

  /** The text that was run has been edited, or is as it was again. */
  setStale(stale: boolean): void {
    const session = this.#shown?.session;
    if (!session || session.outline().stale === stale) return;
    session.stale = stale;
    this.#changed.fire();
  }

  async stop(): Promise<void> {
    if (this.running) await this.#latest?.process.stop();
  }

  clear(): void {
    this.#latest?.dispose();
    this.#latest = null;
    this.#shown = null;
    this.#changed.fire();
  }

  dispose(): void {
    clearTimeout(this.#progress);
    this.#latest?.dispose();
    this.#changed.dispose();
  }
}
