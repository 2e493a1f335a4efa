/** @file What a host of the debug adapter gives and gets: an editor, a stream, a socket, a test. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Disposable, LaunchOptions, Run } from "../launcher/types.js";
import type { BreakLocation } from "../protocol/debug.js";
import type { Position } from "../protocol/view.js";
import type { Session } from "../session/session.js";

/** What a host puts in the place of a `Launcher`, adding what only it knows (unsaved texts, limits). */
export interface ProgramLauncher {
  launch(options: LaunchOptions): Run;
  /**
   * Where breakpoints can stand in a file that no run has loaded.
   * @param text in the place of the file's; null: the file's
   */
  locations(file: string, text: string | null): Promise<readonly BreakLocation[]>;
}

/** A run to walk through: its process too where it lives on to answer. */
export interface RecordedRun {
  readonly session: Session;
  readonly run: Run | null;
}

/** Documents of the client's that no file holds: untitled ones, and what a virtual file system has. */
export interface ClientDocuments {
  /** Whether a document stands for the file of this path, which may be on no disk. */
  has(path: string): boolean;
  /** The path under which a run knows what the client calls `name` (`untitled:Untitled-1`); null: by no other. */
  pathOf(name: string): string | null;
  /** What the client calls the file of this path; null: by its path. */
  nameOf(path: string): string | null;
}

export interface AdapterHost {
  readonly launcher: ProgramLauncher;
  readonly documents?: ClientDocuments;
  /** Takes responses and events, in order. */
  send(message: DebugProtocol.ProtocolMessage): void;
  /** The run that ended last, for `attach`. */
  lastRun?(): RecordedRun | null;
  /** Takes over a run that has ended, whose process would else be ended when the client disconnects. */
  adopt?(recorded: RecordedRun): boolean;
}

/** Arguments of `launch`, and of `restart` where they changed. Paths are absolute or relative to `cwd`. */
export interface LaunchArguments extends DebugProtocol.LaunchRequestArguments {
  /** The program to run; one of `program` and `trace` is given. A file, or one of `sources`. */
  readonly program?: string;
  /** Texts that stand in the place of files, by path: what an editor has not saved, or has no file for. */
  readonly sources?: Readonly<Record<string, string>>;
  /** A saved `gradwalk-trace` document, whose record is walked. */
  readonly trace?: string;
  readonly args?: readonly string[];
  /** The program's folder by default. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Stop before the program's first statement. */
  readonly stopOnEntry?: boolean;
  /** Stop at the start of each backward pass; true by default. */
  readonly stopOnBackward?: boolean;
  /** Seconds; 0: none. */
  readonly timeout?: number;
  /** Megabytes; 0: none. */
  readonly memoryLimit?: number;
  /** Megabytes. */
  readonly traceBudget?: number;
}

/**
 * Where the debugger stands: `step` nodes of the pass have run and `node` runs next; where the pass is
 * complete, `node` is null.
 */
export interface DebugPosition extends Position {
  readonly node: number | null;
}

/** The adapter as its host sees it beside the protocol. */
export interface Adapter {
  /** Takes a request; whatever it is, it is answered through `AdapterHost.send`, and nothing is thrown. */
  handle(message: DebugProtocol.ProtocolMessage): void;
  /** The run that is stepped; null before `launch` or `attach`. */
  readonly session: Session | null;
  /** null while the program runs, outside of backward passes, and after the end. */
  readonly position: DebugPosition | null;
  /** A program was launched (again), a trace opened, a run attached to. */
  onSession(listener: (recorded: RecordedRun) => void): Disposable;
  /** The session has learnt more, or how its run ended. */
  onChange(listener: () => void): Disposable;
  onPosition(listener: (position: DebugPosition | null) => void): Disposable;
  /**
   * Stands before a step of the record, or after a pass's last; beyond the live edge is the live edge.
   * Rejects with a message for people where the pass can't be walked, or while the program runs.
   */
  goTo(pass: number, step: number): Promise<void>;
  /** Ends what it started. Resolves when the process is gone. */
  dispose(): Promise<void>;
}
