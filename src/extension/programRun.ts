/** @file One run of one program: its process, the session that it fills, how it ended. */
import { relative } from "node:path";
import type * as vscode from "vscode";
import type { Run, RunEnd } from "../launcher/types.js";
import type { RunState } from "../protocol/view.js";
import { Session } from "../session/session.js";
import type { Program } from "./programs.js";

export class ProgramRun implements vscode.Disposable {
  readonly session: Session;
  /** A debugger has started it, and prints what it prints. */
  readonly debugged: boolean;
  /** Nobody asked for it: it follows the text. */
  readonly live: boolean;
  readonly #started = performance.now();
  /** Resolves when the program has ended and the session knows how. */
  readonly ended: Promise<RunEnd>;
  #end: RunEnd | null = null;

  constructor(
    readonly program: Program,
    readonly process: Run,
    { session, live = false }: { readonly session?: Session; readonly live?: boolean } = {},
  ) {
    this.session = session ?? new Session({ file: program.path });
    this.debugged = session !== undefined;
    this.live = live;
    this.ended = process.ended.then((end) => {
      this.#end = end;
      this.session.finish({
        state: stateOf(end),
        exit: end.exit,
        error: end.error,
        duration: end.duration,
        where: end.where,
      });
      return end;
    });
  }

  /** Fills the session with what the process tells; of a debugged run, the debugger does. */
  listen(onProgress: () => void, onMalformed: (error: unknown) => void): void {
    this.session.state = "running";
    this.process.onBatch((batch) => {
      try {
        this.session.apply(batch);
        onProgress();
      } catch (error) {
        onMalformed(error);
      }
    });
  }

  /** The program's path as a person would name it. */
  get name(): string {
    const name = relative(this.program.cwd, this.program.path);
    return name.startsWith("..") ? this.program.path : name;
  }

  /** null while it runs. */
  get end(): RunEnd | null {
    return this.#end;
  }

  get running(): boolean {
    return this.#end === null;
  }

  /** Milliseconds that it has taken so far, or took. */
  get duration(): number {
    return this.#end?.duration ?? performance.now() - this.#started;
  }

  /** It recorded something that one can look at. */
  get hasGraph(): boolean {
    return this.session.outline().passes.length > 0;
  }

  dispose(): void {
    this.process.dispose();
  }
}

function stateOf({ reason, exit }: RunEnd): RunState & ("done" | "failed" | "stopped") {
  if (reason === "stopped") return "stopped";
  return reason === "exit" && exit === 0 ? "done" : "failed";
}
