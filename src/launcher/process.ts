/** @file One runner process: its pipes, its requests, its death. */
import { type ChildProcess, spawn } from "node:child_process";
import type { Duplex, Readable } from "node:stream";
import { deserialize, serialize } from "node:v8";
import {
  CONTROL_FD,
  CONTROL_VERSION,
  type ControlCommand,
  type ControlResults,
  isRunnerMessage,
  type RunnerMessage,
  TRACE_FD,
} from "../protocol/control.js";
import { FrameReader, frame } from "../protocol/frames.js";

export interface SpawnOptions {
  readonly runner: string;
  readonly execPath: string;
  readonly stdin: "inherit" | "ignore";
  /** Megabytes; 0: V8's own limit. */
  readonly memoryLimit: number;
  readonly spare: boolean;
}

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The process never started, or said what no runner says. */
  readonly failure: string | null;
}

const REQUEST_TIMEOUT = 10_000;

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

export class RunnerProcess {
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when the process is gone and everything that it wrote has been read. */
  readonly gone: Promise<ProcessEnd>;
  onMessage: (message: RunnerMessage) => void = () => undefined;
  private readonly child: ChildProcess;
  private readonly control: Duplex;
  private readonly pending = new Map<number, Pending>();
  private readonly ownGroup: boolean;
  private nextId = 1;
  private failure: string | null = null;
  private alive = true;

  constructor(options: SpawnOptions) {
    // A group of its own lets the program's children go with it; a terminal's Ctrl+C must reach it, though.
    this.ownGroup = options.stdin === "ignore" && process.platform !== "win32";
    this.child = spawn(options.execPath, [...nodeFlags(options), options.runner], {
      stdio: [options.stdin, "pipe", "pipe", "pipe", "pipe"],
      env: environment(options.spare),
      detached: this.ownGroup,
      windowsHide: true,
    });
    this.stdout = this.child.stdout!;
    this.stderr = this.child.stderr!;
    this.control = this.child.stdio[CONTROL_FD] as Duplex;
    this.listen(this.control);
    this.listen(this.child.stdio[TRACE_FD] as Readable);
    this.gone = this.watchEnd();
  }

  /** Sends a command and waits for its answer; rejects with a message for people. */
  request<T extends ControlCommand["type"]>(
    command: Extract<ControlCommand, { type: T }>,
  ): Promise<ControlResults[T]> {
    return new Promise((resolve, reject) => {
      if (!this.alive) {
        reject(new Error("The program's process has ended; run the program again."));
        return;
      }
      const id = this.nextId++;
      const timer = setTimeout(() => {
        this.pending.delete(id);
        reject(new Error("The program's process does not answer; stop it and run it again."));
      }, REQUEST_TIMEOUT);
      timer.unref();
      this.pending.set(id, { resolve: (result) => resolve(result as ControlResults[T]), reject, timer });
      this.control.write(frame(serialize({ version: CONTROL_VERSION, id, ...command })));
    });
  }

  kill(): void {
    if (!this.alive) return;
    const { pid } = this.child;
    try {
      if (this.ownGroup && pid !== undefined) process.kill(-pid, "SIGKILL");
      else this.child.kill("SIGKILL");
    } catch {
      // It went by itself in the meantime.
    }
  }

  /** Whether the host's own end waits for this process. */
  keepHostAlive(wait: boolean): void {
    const streams = [this.stdout, this.stderr, this.control, this.child.stdio[TRACE_FD]];
    for (const each of [this.child, ...streams] as { ref?(): void; unref?(): void }[]) {
      if (wait) each.ref?.();
      else each.unref?.();
    }
  }

  private listen(stream: Readable): void {
    const reader = new FrameReader();
    stream.on("data", (chunk: Buffer) => {
      if (this.failure !== null) return;
      try {
        for (const payload of reader.push(chunk)) {
          this.receive(deserialize(payload));
        }
      } catch (error) {
        this.fail(`The runner sent what is no message (${(error as Error).message}).`);
      }
    });
    // Errors of pipes come with the end of the process, which is told by `gone`.
    stream.on("error", () => undefined);
  }

  private receive(message: unknown): void {
    if (!isRunnerMessage(message)) {
      this.fail("The runner sent a message of another version, or no message at all.");
      return;
    }
    if (message.type !== "reply" && message.type !== "error") {
      this.onMessage(message);
      return;
    }
    const pending = this.pending.get(message.id);
    this.pending.delete(message.id);
    if (pending === undefined) return;
    clearTimeout(pending.timer);
    if (message.type === "reply") pending.resolve(message.result);
    else pending.reject(new Error(message.message));
  }

  private fail(message: string): void {
    this.failure ??= message;
    this.kill();
  }

  private watchEnd(): Promise<ProcessEnd> {
    return new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null) => {
        this.alive = false;
        for (const { reject, timer } of this.pending.values()) {
          clearTimeout(timer);
          reject(new Error("The program's process has ended; run the program again."));
        }
        this.pending.clear();
        resolve({ code, signal, failure: this.failure });
      };
      this.child.once("error", (error) => {
        this.failure ??= `The runner could not be started: ${error.message}`;
        if (this.child.pid === undefined) end(null, null);
      });
      this.child.once("exit", (code, signal) => {
        // What the process started may hold its pipes open for ever.
        const late = setTimeout(() => end(code, signal), PIPES_CLOSE);
        this.child.once("close", () => {
          clearTimeout(late);
          end(code, signal);
        });
      });
    });
  }
}

const PIPES_CLOSE = 500;

/** V8 begins with half a megabyte for young objects, and collects a dozen times until the runner is loaded. */
const YOUNG = "--min-semi-space-size=16";

function nodeFlags({ memoryLimit }: SpawnOptions): string[] {
  const flags = ["--experimental-vm-modules", "--experimental-import-meta-resolve", YOUNG];
  if (memoryLimit > 0) flags.push(`--max-old-space-size=${Math.ceil(memoryLimit)}`);
  return flags;
}

function environment(spare: boolean): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env };
  if (process.versions.electron !== undefined) env.ELECTRON_RUN_AS_NODE = "1";
  if (spare) env.GRADWALK_SPARE = "1";
  return env;
}
