/** @file What a launcher takes and gives. The launcher starts, feeds, limits and stops runner processes. */
import type { Effect, TensorPage, TensorReference } from "../protocol/control.js";
import type { Breakpoints, DebugCommand, DebugMessage, DebugResults } from "../protocol/debug.js";
import type { ProgramError, SourceLocation } from "../protocol/export.js";
import type { TraceBatch } from "../protocol/trace.js";

export interface LauncherOptions {
  /** Absolute path of the runner's bundle. */
  readonly runner: string;
  /** Executable to run it with; the current one by default (Electron runs as Node). */
  readonly execPath?: string;
  /** Keep one forked and warmed-up runner waiting for the next launch. */
  readonly spare?: boolean;
  /** Megabytes that the first program will be launched with, as far as one knows; 0 or absent: none. */
  readonly memoryLimit?: number;
}

export interface LaunchOptions {
  /** Absolute path of the program; need not exist on disk when `overlays` holds its text. */
  readonly program: string;
  readonly cwd: string;
  /** Texts of unsaved documents, by absolute path; they win over the disk. */
  readonly overlays?: ReadonlyMap<string, string>;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Seconds; 0 or absent: none. */
  readonly timeout?: number;
  /** Megabytes; 0 or absent: none. */
  readonly memoryLimit?: number;
  /** Megabytes that the recorded trace may take. */
  readonly traceBudget?: number;
  /** false: run the program as it is; nobody knows where it is, and nothing is recorded. */
  readonly probes?: boolean;
  /** false: record nothing. */
  readonly record?: boolean;
  /** Compare the gradients of the first passes of each call with finite differences; goes with `record`. */
  readonly check?: boolean;
  /** Makes the run one that can be stepped, and says where it pauses; goes with `record`. */
  readonly debug?: Breakpoints | null;
  /** "inherit" hands the terminal over (command line); "ignore" gives an empty input (editor). */
  readonly stdin?: "inherit" | "ignore";
}

export type EndReason = "exit" | "error" | "timeout" | "memory" | "stopped" | "crashed";

export interface RunEnd {
  readonly reason: EndReason;
  /** Exit status by CONTRACTS: 0, 1, 124, 130, or the program's own process.exit code. */
  readonly exit: number;
  readonly error: ProgramError | null;
  /** Where it was when it was stopped: the call or loop, and the innermost loop's iteration. */
  readonly where: (SourceLocation & { readonly iteration: number | null }) | null;
  /** Milliseconds from the program's first statement to its end. */
  readonly duration: number;
}

export interface Disposable {
  dispose(): void;
}

export interface Run {
  /** Trace batches in order; the first ones may come before the program's first statement. */
  onBatch(listener: (batch: TraceBatch) => void): Disposable;
  onStdout(listener: (chunk: Uint8Array) => void): Disposable;
  onStderr(listener: (chunk: Uint8Array) => void): Disposable;
  /** What the program has done so far beside computing and printing. */
  readonly effects: ReadonlySet<Effect>;
  /** The program ended; the runner lives on to answer until disposed or the next launch. */
  readonly ended: Promise<RunEnd>;
  /**
   * Elements of a tensor that the runner holds whole, row-major from `offset`, while the program runs and
   * after it ended. Rejects with a message for people where it is no longer held.
   */
  tensor(reference: TensorReference, offset: number, count: number): Promise<TensorPage>;
  /**
   * Asks something of a run that can be stepped. Rejects with a message for people where that can't be done.
   * Evaluating goes on working after the program's end.
   */
  debug<T extends DebugCommand["type"]>(
    command: Extract<DebugCommand, { readonly type: T }>,
  ): Promise<DebugResults[T]>;
  /** Pauses, logs, breakpoints that found their place: each after the trace batches of what ran before it. */
  onDebug(listener: (message: DebugMessage) => void): Disposable;
  /** Where the program is now, even in an endless loop. */
  where(): Promise<RunEnd["where"]>;
  /** Ends the program, by force where it does not listen. Resolves when the process is gone. */
  stop(): Promise<void>;
  /** Kills the process and drops what it holds. Idempotent. */
  dispose(): void;
}
