/** @file One run of a program: what its process says, and how it came to its end. */
import type {
  Effect,
  LaunchRequest,
  Position,
  RunnerMessage,
  TensorPage,
  TensorReference,
} from "../protocol/control.js";
import type { DebugCommand, DebugMessage, DebugResults } from "../protocol/debug.js";
import type { ProgramError } from "../protocol/export.js";
import { PROTOCOL_VERSION, type TraceBatch, type TraceEvent } from "../protocol/trace.js";
import { endProblem, LimitsText } from "./ends.js";
import { Listeners } from "./listeners.js";
import { Places } from "./places.js";
import type { ProcessEnd, RunnerProcess } from "./process.js";
import type { Disposable, EndReason, Run, RunEnd } from "./types.js";

/** How long the streams may take to hand over what was printed before the program's end. */
const DRAIN = 300;
/** How long a program may take to hand over its record when it is stopped. */
const STOP_GRACE = 1500;
const OUT_OF_MEMORY = /heap out of memory|Allocation failed|invalid array length Allocation/i;

export class ProgramRun implements Run {
  readonly effects = new Set<Effect>();
  readonly ended: Promise<RunEnd>;
  private readonly runner: RunnerProcess;
  private readonly launch: LaunchRequest;
  private readonly batches = new Listeners<TraceBatch>();
  private readonly stdout = new Listeners<Uint8Array>();
  private readonly stderr = new Listeners<Uint8Array>();
  private readonly debugging = new Listeners<DebugMessage>();
  private readonly places = new Places();
  private readonly started = performance.now();
  private readonly drained: Promise<unknown>;
  private resolveEnd: (end: RunEnd) => void = () => undefined;
  private position: Position | null = null;
  private limit: "timeout" | "memory" | null = null;
  private stopping = false;
  private over = false;
  private errorTail = "";

  constructor(runner: RunnerProcess, launch: LaunchRequest) {
    this.runner = runner;
    this.launch = launch;
    this.ended = new Promise((resolve) => {
      this.resolveEnd = resolve;
    });
    runner.onMessage = (message) => this.receive(message);
    runner.stdout.on("data", (chunk: Buffer) => this.stdout.fire(chunk));
    runner.stderr.on("data", (chunk: Buffer) => {
      this.errorTail = (this.errorTail + chunk.toString("latin1")).slice(-4096);
      this.stderr.fire(chunk);
    });
    const streams = [runner.stdout, runner.stderr];
    this.drained = Promise.all(streams.map((stream) => new Promise((done) => stream.once("end", done))));
    void runner.gone.then((end) => this.close(end));
    // A process that can't be started tells so by its end.
    runner.request({ type: "launch", launch }).catch(() => undefined);
  }

  onBatch(listener: (batch: TraceBatch) => void): Disposable {
    return this.batches.add(listener);
  }

  onStdout(listener: (chunk: Uint8Array) => void): Disposable {
    return this.stdout.add(listener);
  }

  onStderr(listener: (chunk: Uint8Array) => void): Disposable {
    return this.stderr.add(listener);
  }

  tensor(reference: TensorReference, offset: number, count: number): Promise<TensorPage> {
    return this.runner.request({ type: "tensor", reference, offset, count });
  }

  debug<T extends DebugCommand["type"]>(
    command: Extract<DebugCommand, { readonly type: T }>,
  ): Promise<DebugResults[T]> {
    if (this.launch.debug === null) {
      return Promise.reject(new Error("This run was started without debugging, so it can't be stepped."));
    }
    return this.runner.request<DebugCommand["type"]>(command) as Promise<DebugResults[T]>;
  }

  onDebug(listener: (message: DebugMessage) => void): Disposable {
    return this.debugging.add(listener);
  }

  async where(): Promise<RunEnd["where"]> {
    return this.places.where(await this.runner.request({ type: "where" }));
  }

  async stop(): Promise<void> {
    if (!this.over && !this.stopping) {
      this.stopping = true;
      const force = setTimeout(() => this.runner.kill(), STOP_GRACE);
      this.runner
        .request({ type: "stop" })
        .then((position) => {
          this.position = position;
        })
        .catch(() => undefined);
      await this.ended;
      clearTimeout(force);
    }
    this.runner.kill();
    await this.runner.gone;
  }

  dispose(): void {
    this.stopping ||= !this.over;
    this.runner.kill();
    this.batches.clear();
    this.stdout.clear();
    this.stderr.clear();
    this.debugging.clear();
  }

  private receive(message: RunnerMessage): void {
    switch (message.type) {
      case "trace":
        this.places.learn(message.batch);
        this.batches.fire(message.batch);
        return;
      case "debug":
        this.debugging.fire(message.message);
        return;
      case "position":
        this.position = message.position;
        return;
      case "effect":
        this.effects.add(message.effect);
        return;
      case "limit":
        this.limit = message.cause;
        this.position = message.position;
        this.report(message.cause);
        return;
      case "ended":
        void this.finish(message.cause, message.exit, message.error, message.duration);
    }
  }

  /** Tells the trace's readers what hit the program, on the line that it hit. */
  private report(reason: EndReason): void {
    const problem = endProblem(reason, this.launch, this.places.where(this.position));
    if (problem !== null) this.emit([{ type: "problem", problem }]);
  }

  private emit(events: readonly TraceEvent[]): void {
    this.batches.fire({ version: PROTOCOL_VERSION, events });
  }

  private async finish(
    reason: EndReason,
    exit: number,
    error: ProgramError | null,
    duration: number,
  ): Promise<void> {
    if (this.over) return;
    this.over = true;
    await Promise.race([this.drained, this.runner.gone, new Promise((done) => setTimeout(done, DRAIN))]);
    // Nothing that is worth keeping fits beside a program that ate the memory.
    if (reason === "memory") this.runner.kill();
    this.runner.keepHostAlive(false);
    const placed = reason !== "exit" && reason !== "error";
    this.resolveEnd({
      reason,
      exit,
      error,
      where: placed ? this.places.where(this.position) : null,
      duration,
    });
  }

  /** The process is gone: where the runner couldn't tell how the program ended, its death does. */
  private close({ code, signal, failure }: ProcessEnd): void {
    if (this.over) return;
    const reason = this.reasonOf(code, signal, failure);
    const duration = performance.now() - this.started;
    const exit = this.exitOf(reason, code);
    const message =
      failure ?? `The program's process died (${signal ?? `exit code ${code}`}), which ends the run.`;
    const error =
      reason === "crashed"
        ? { name: "Crash", message, line: null, column: null }
        : reason === "memory"
          ? LimitsText.memory(this.launch)
          : null;
    if (this.limit === null) this.report(reason);
    this.emit([{ type: "end", exit, error, duration }]);
    void this.finish(reason, exit, error, duration);
  }

  private reasonOf(code: number | null, signal: string | null, failure: string | null): EndReason {
    if (failure !== null) return "crashed";
    if (this.stopping) return "stopped";
    if (this.limit !== null) return this.limit;
    if (OUT_OF_MEMORY.test(this.errorTail) && (signal !== null || code !== 0)) return "memory";
    if (signal === "SIGINT") return "stopped";
    return signal === null && code === 0 ? "exit" : "crashed";
  }

  private exitOf(reason: EndReason, code: number | null): number {
    if (reason === "stopped") return 130;
    if (reason === "timeout") return 124;
    return reason === "exit" ? 0 : (code ?? 1) || 1;
  }
}
