/** @file Starts runner processes, and keeps one waiting where asked. */
import { resolve } from "node:path";
import type { LaunchRequest } from "../protocol/control.js";
import type { BreakLocation } from "../protocol/debug.js";
import type { ExportProblem } from "../protocol/export.js";
import { RunnerProcess } from "./process.js";
import { ProgramRun } from "./run.js";
import type { LauncherOptions, LaunchOptions, Run } from "./types.js";

const DEFAULT_TRACE_BUDGET = 64;

/** Variables that made the runner what it is and are none of the program's. */
const PRIVATE = ["ELECTRON_RUN_AS_NODE", "GRADWALK_SPARE"];

export class Launcher {
  private readonly options: LauncherOptions;
  private readonly runs = new Set<ProgramRun>();
  /** Processes that answer a question, and run nothing. */
  private readonly asked = new Set<RunnerProcess>();
  private spare: RunnerProcess | null = null;
  private memoryLimit = 0;
  private disposed = false;

  constructor(options: LauncherOptions) {
    this.options = options;
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
    void runner.gone.then(() => this.runs.delete(run));
    void run.ended.then(() => this.prepare());
    return run;
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
    const { spare } = this;
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
    this.spare?.kill();
    this.spare = null;
    for (const run of this.runs) run.dispose();
    for (const runner of this.asked) runner.kill();
    this.runs.clear();
  }

  private prepare(): void {
    if (!this.options.spare || this.disposed || this.spare !== null) return;
    const spare = this.spawn("ignore", true);
    spare.keepHostAlive(false);
    this.spare = spare;
    void spare.gone.then(() => {
      if (this.spare === spare) this.spare = null;
    });
  }

  private takeSpare(stdin: "inherit" | "ignore"): RunnerProcess | null {
    const { spare } = this;
    if (spare === null || stdin !== "ignore") return null;
    this.spare = null;
    spare.keepHostAlive(true);
    return spare;
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
