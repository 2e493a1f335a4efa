/**
 * @file The ways in which a program ends by itself: nothing left to do, `process.exit`, an error that
 * nobody caught. All of them come by the `exit` event; the process stays after it, to answer questions.
 */

export interface EndsHost {
  /** The program is over; doesn't return. */
  exit(code: number): never;
  /** Nobody caught this error; the program's `exit` listeners have not run yet. */
  dying(error: unknown): void;
  /** Prints the error that ends the program, after its `exit` listeners ran and before `exit`. */
  fatal(error: unknown): void;
  /** Tells whether the program's top level still waits, though nothing is left that it could wait for. */
  unsettled(): boolean;
}

/** Node's exit status for a top-level await that can never settle. */
const UNSETTLED = 13;
const HANDLER_FAILED = 7;

type Emit = (event: string | symbol, ...args: unknown[]) => boolean;

export class Ends {
  private readonly host: EndsHost;
  private readonly processExit = process.exit;
  private readonly emit: Emit;
  private origin = "uncaughtException";
  private drained = false;
  private failure: { readonly error: unknown } | null = null;

  constructor(host: EndsHost) {
    this.host = host;
    this.emit = process.emit as Emit;
  }

  install(): void {
    const ends = this;
    process.emit = function emit(this: NodeJS.Process, event: string, ...args: unknown[]): boolean {
      if (event === "exit") return ends.lastWords(args[0] as number);
      const heard = ends.emit.call(this, event, ...args);
      if (event === "uncaughtExceptionMonitor") ends.origin = String(args[1]);
      else if (event === "beforeExit") ends.drain();
      return heard;
    } as typeof process.emit;
    process.setUncaughtExceptionCaptureCallback((error) => this.uncaught(error, this.origin));
    (process as unknown as { reallyExit(code?: number): never }).reallyExit = (code = 0) => this.over(code);
  }

  /** An error arrived where nothing catches: the program's listeners have the first word. */
  uncaught(error: unknown, origin: string): void {
    try {
      if (this.emit.call(process, "uncaughtException", error, origin)) return;
    } catch (second) {
      this.fail(second, HANDLER_FAILED);
    }
    this.fail(error, 1);
  }

  private fail(error: unknown, code: number): never {
    if (this.failure === null) this.host.dying(error);
    this.failure ??= { error };
    if (process.exitCode === undefined || process.exitCode === 0) process.exitCode = code;
    return this.processExit.call(process, process.exitCode);
  }

  /** `beforeExit` was emitted: unless its listeners started something new, `exit` comes next. */
  private drain(): void {
    this.drained = true;
    setImmediate(() => {
      this.drained = false;
    }).unref();
  }

  /** Node emits `exit` whichever way a program ends, and then ends the process. */
  private lastWords(code: number): never {
    let status = code;
    if (this.drained && process.exitCode === undefined && this.host.unsettled()) {
      status = UNSETTLED;
      process.exitCode = UNSETTLED;
    }
    this.emit.call(process, "exit", status);
    return this.over(Number(process.exitCode ?? status));
  }

  private over(code: number): never {
    if (this.failure !== null) this.host.fatal(this.failure.error);
    return this.host.exit(code);
  }
}
