/** @file Starts runner processes, and keeps one waiting where asked. */
import { resolve } from "node:path";
import type { LaunchRequest } from "../protocol/control.js";
import type { BreakLocation } from "../protocol/debug.js";
import type { ExportProblem } from "../protocol/export.js";
import { RunnerProcess } from "./process.js";
import { ProgramRun } from "./run.js";
import type { LauncherOptions, LaunchOptions, Run } from "./types.js";

const DEFAULT_TRACE_BUDGET = 64;

/** A run's end is followed by what people look at, which comes before the next runner. Milliseconds. */
const SPARE_DELAY = 300;
/** How long a runner waits for a program, milliseconds: it takes memory. */
const SPARE_LIFE = 15 * 60_000;

/** A runner that waits for a program. */
interface Spare {
  readonly runner: RunnerProcess;
  readonly memoryLimit: number;
  readonly expiry: NodeJS.Timeout;
}

/** Variables that made the runner what it is and are none of the program's. */
const PRIVATE = ["ELECTRON_RUN_AS_NODE", "GRADWALK_SPARE"];

export class Launcher {
  private readonly options: LauncherOptions;
  private readonly runs = new Set<ProgramRun>();
  /** Processes that answer a question, and run nothing. */
  private readonly asked = new Set<RunnerProcess>();
  private spare: Spare | null = null;
  private preparing: NodeJS.Timeout | null = null;
  /** Programs that have not ended. */
  private running = 0;
  /** Of the last program; the next one's, as far as one knows. */
  private memoryLimit: number;
  private disposed = false;

  constructor(options: LauncherOptions) {
    this.options = options;
    this.memoryLimit = options.memoryLimit ?? 0;
    this.prepare();
  }

  /** Starts a program. Whatever goes wrong is told by the run's end. */
  launch(options: LaunchOptions): Run {
    if (this.disposed) throw new Error("This launcher has been disposed.");
    const launch = completed(options);
    this.memoryLimit = launch.memoryLimit;
    const stdin = options.stdin ?? "ignore";
    const runner = this.takeSpare(stdin) ?? this.spawn(stdin, false);
    const run = new ProgramRun(runner, launch);
    this.runs.add(run);
    this.running++;
    void runner.gone.then(() => this.runs.delete(run));
    void run.ended.then(() => {
      this.running--;
      this.keepReady();
    });
    return run;
  }

  /** Has a runner waiting again, where runners are kept, in a moment; while a program runs, once it has ended. */
  keepReady(): void {
    if (!this.options.spare || this.disposed || this.spare !== null || this.running > 0) return;
    this.preparing ??= setTimeout(() => {
      this.preparing = null;
      if (this.running === 0) this.prepare();
    }, SPARE_DELAY).unref();
  }

  /**
   * Where breakpoints can stand in a file that no run has loaded.
   * @param text in the place of the file's; null: the file's
   */
  locations(file: string, text: string | null): Promise<readonly BreakLocation[]> {
    return this.ask((runner) => runner.request({ type: "debug.locations", file, text }));
  }

  /** What the text of a file alone tells; nothing of it is run. */
  inspect(file: string, text: string): Promise<readonly ExportProblem[]> {
    return this.ask((runner) => runner.request({ type: "inspect", file, text }));
  }

  /** Asks a runner that has no program: the one that waits, else one of its own for this question. */
  private async ask<T>(question: (runner: RunnerProcess) => Promise<T>): Promise<T> {
    if (this.disposed) throw new Error("This launcher has been disposed.");
    // Rather one that the next program finds waiting than one for the question alone.
    if (this.running === 0) this.prepare();
    const spare = this.spare?.runner;
    const runner = spare ?? this.spawn("ignore", false);
    if (runner !== spare) this.asked.add(runner);
    try {
      return await question(runner);
    } finally {
      if (this.asked.delete(runner)) runner.kill();
    }
  }

  /** Ends every process that it started. */
  dispose(): void {
    this.disposed = true;
    if (this.preparing !== null) clearTimeout(this.preparing);
    this.dropSpare();
    for (const run of this.runs) run.dispose();
    for (const runner of this.asked) runner.kill();
    this.runs.clear();
  }

  private prepare(): void {
    if (!this.options.spare || this.disposed || this.spare !== null) return;
    const runner = this.spawn("ignore", true);
    runner.keepHostAlive(false);
    const expiry = setTimeout(() => this.dropSpare(), SPARE_LIFE).unref();
    const spare = { runner, memoryLimit: this.memoryLimit, expiry };
    this.spare = spare;
    void runner.gone.then(() => {
      if (this.spare === spare) this.dropSpare();
    });
  }

  private dropSpare(): void {
    this.spare?.runner.kill();
    this.releaseSpare();
  }

  private releaseSpare(): void {
    clearTimeout(this.spare?.expiry);
    this.spare = null;
  }

  /** null where none waits that the program may have. */
  private takeSpare(stdin: "inherit" | "ignore"): RunnerProcess | null {
    const { spare } = this;
    if (spare === null || stdin !== "ignore") return null;
    // Its memory can't grow past the limit that it was started with.
    if (spare.memoryLimit > 0 && spare.memoryLimit !== this.memoryLimit) {
      this.dropSpare();
      return null;
    }
    this.releaseSpare();
    spare.runner.keepHostAlive(true);
    return spare.runner;
  }

  private spawn(stdin: "inherit" | "ignore", spare: boolean): RunnerProcess {
    const { runner, execPath = process.execPath } = this.options;
    return new RunnerProcess({ runner, execPath, stdin, spare, memoryLimit: this.memoryLimit });
  }
}

function completed(options: LaunchOptions): LaunchRequest {
  const cwd = resolve(options.cwd);
  return {
    program: resolve(cwd, options.program),
    cwd,
    overlays: options.overlays ?? new Map(),
    args: options.args ?? [],
    env: environment(options.env ?? {}),
    timeout: options.timeout ?? 0,
    memoryLimit: options.memoryLimit ?? 0,
    traceBudget: options.traceBudget ?? DEFAULT_TRACE_BUDGET,
    probes: options.probes ?? true,
    record: (options.record ?? true) && (options.probes ?? true),
    check: options.check ?? false,
    debug: options.debug ?? null,
  };
}

function environment(additions: Readonly<Record<string, string>>): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !PRIVATE.includes(name)) env[name] = value;
  }
  return { ...env, ...additions };
}
