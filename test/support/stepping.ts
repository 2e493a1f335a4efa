/** @file A program that is stepped by a test: its pauses one after the other, and what is asked at each. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { LaunchOptions, RunEnd } from "../../src/launcher/types.js";
import type {
  Breakpoints,
  DebugCommand,
  DebugMessage,
  DebugResults,
  EditTarget,
  EngineState,
  Evaluated,
  Pause,
  Resume,
  SourceBreakpoint,
} from "../../src/protocol/debug.js";
import type { TraceEvent } from "../../src/protocol/trace.js";
import type { PassView } from "../../src/protocol/view.js";
import { Session } from "../../src/session/session.js";
import type { Files, Programs, Started } from "./programs.js";

export const NO_BREAKPOINTS: Breakpoints = {
  source: [],
  functions: [],
  data: [],
  exceptions: [],
  onBackward: false,
  onEntry: false,
};

/** A breakpoint on a line of the program, or of another file. */
export type LineBreakpoint = Partial<SourceBreakpoint> & { readonly line: number };

export interface Stops extends Partial<Omit<Breakpoints, "source">> {
  readonly source?: readonly LineBreakpoint[];
}

export function breakpointsIn(program: string, { source = [], ...others }: Stops): Breakpoints {
  const complete = (each: LineBreakpoint, i: number): SourceBreakpoint => ({
    id: i + 1,
    file: program,
    column: null,
    condition: null,
    hitCondition: null,
    logMessage: null,
    ...each,
  });
  return { ...NO_BREAKPOINTS, ...others, source: source.map(complete) };
}

export class Stepped {
  readonly program: string;
  readonly session: Session;
  readonly messages: DebugMessage[] = [];
  private readonly started: Started;
  private readonly pauses: Pause[] = [];
  private waiting: (() => void) | null = null;
  private end: RunEnd | null = null;
  pause: Pause | null = null;

  private constructor(program: string, started: Started) {
    this.program = program;
    this.started = started;
    this.session = new Session({ file: program });
    started.run.onBatch((batch) => this.session.apply(batch));
    started.run.onDebug((message) => {
      this.messages.push(message);
      if (message.type !== "paused") return;
      this.pauses.push(message.pause);
      this.waiting?.();
    });
    void started.run.ended.then((end) => {
      this.end = end;
      this.waiting?.();
    });
  }

  static async start(
    programs: Programs,
    text: string | Files,
    stops: Stops,
    options: Partial<LaunchOptions> = {},
  ): Promise<Stepped> {
    const folder = programs.folder(typeof text === "string" ? { "main.ts": text } : text);
    const program = join(folder, "main.ts");
    const debug = breakpointsIn(program, stops);
    return new Stepped(program, await programs.start({}, { program, cwd: folder, debug, ...options }));
  }

  get run(): Started["run"] {
    return this.started.run;
  }

  get events(): readonly TraceEvent[] {
    return this.started.events;
  }

  get stdout(): string {
    return this.started.output().stdout;
  }

  /** Waits until exactly this was printed: output comes by a pipe of its own. */
  async printed(expected: string): Promise<void> {
    for (let i = 0; i < 2000 && this.stdout.length < expected.length; i++) await delay(10);
    assert.equal(this.stdout, expected);
  }

  get stderr(): string {
    return this.started.output().stderr;
  }

  get logs(): string[] {
    return this.messages.flatMap((message) => (message.type === "log" ? [message.text] : []));
  }

  ask<T extends DebugCommand["type"]>(
    command: Extract<DebugCommand, { readonly type: T }>,
  ): Promise<DebugResults[T]> {
    return this.run.debug<T>(command);
  }

  /** The next pause; null where the program ends first. */
  async next(): Promise<Pause | null> {
    while (this.pauses.length === 0 && this.end === null) {
      await new Promise<void>((resolve) => {
        this.waiting = resolve;
      });
    }
    this.pause = this.pauses.shift() ?? null;
    return this.pause;
  }

  async resume(mode: Resume | "continue" | "next" | "out" | "in"): Promise<Pause | null> {
    const resume: Resume = typeof mode !== "string" ? mode : mode === "in" ? { mode, node: null } : { mode };
    await this.ask({ type: "debug.resume", resume });
    return this.next();
  }

  /** Where the program waits. */
  get at(): NonNullable<Pause["at"]> {
    assert.ok(this.pause?.at);
    return this.pause.at;
  }

  pass(index = this.at.pass): PassView {
    const pass = this.session.pass(index);
    assert.ok(pass);
    return pass;
  }

  /** `grad_fn` name of the node that runs next, with its variable's name where it has one. */
  get node(): string {
    const { name, label } = this.pass().nodes[this.at.node]!;
    return label === null ? `${name}` : `${name} ${label}`;
  }

  async engine(): Promise<EngineState> {
    const state = await this.ask({ type: "debug.engine" });
    assert.ok(state);
    return state;
  }

  /** As it is printed, or the error's text. */
  async evaluate(expression: string, at: { pass: number; step: number } | null = this.pause?.at ?? null) {
    const command = {
      type: "debug.evaluate",
      expression,
      at: at && { pass: at.pass, step: at.step },
    } as const;
    return this.ask<"debug.evaluate">(command).then(
      (result) => result.text,
      (error: Error) => error.message,
    );
  }

  edit(target: EditTarget, expression: string): Promise<Evaluated> {
    return this.ask({ type: "debug.edit", target, expression });
  }

  /** Lets it run to its end. */
  async finish(): Promise<RunEnd> {
    while (this.end === null) {
      if (this.pause === null) await this.next();
      if (this.end === null && this.pause !== null) await this.resume("continue");
    }
    this.run.dispose();
    return this.end;
  }
}
