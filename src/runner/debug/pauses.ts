/** @file The program held where the debugger wants it: what is told of a pause, and how it ends. */
import type { Pause, PauseException, PauseReason, Resume } from "../../protocol/debug.js";
import type { Hits } from "./breakpoints.js";
import { callStack, type Frame } from "./callStack.js";
import type { DebuggerHost } from "./debugger.js";
import type { RunningPass } from "./running.js";
import type { Steps } from "./stepping.js";

/** Where a pause stands, beside the engine. */
export interface PauseDetails {
  readonly hit?: readonly number[];
  readonly exception?: PauseException | null;
  readonly inside?: string | null;
  readonly stack?: readonly Frame[];
  readonly at?: Pause["at"];
}

export class Pauses {
  private readonly host: DebuggerHost;
  /** The passes in progress, outermost first. */
  private readonly running: readonly RunningPass[];
  private readonly steps: Steps;
  /** Somebody wants the program to pause as soon as it can. */
  wanted = false;
  paused = false;

  constructor(host: DebuggerHost, running: readonly RunningPass[], steps: Steps) {
    this.host = host;
    this.running = running;
    this.steps = steps;
  }

  /** @throws Error with a message for people */
  resume(resume: Resume): void {
    if (!this.paused) throw new Error("The program is running.");
    this.steps.begin(resume);
    this.wanted = false;
    this.paused = false;
  }

  /** Tells the launcher, and holds the program until it is resumed. */
  pause(reason: PauseReason, details: PauseDetails = {}): void {
    const { insight, sources } = this.host;
    const { hit = [], exception = null, inside = null, stack = callStack(sources) } = details;
    this.steps.stop();
    this.wanted = false;
    this.paused = true;
    this.host.flush();
    const begun = this.running.filter(({ node }) => node !== null).map(standing);
    const at = details.at !== undefined ? details.at : (begun.at(-1) ?? null);
    const outer = details.at !== undefined ? [] : begun.slice(0, -1);
    this.host.send({ type: "paused", pause: { reason, at, inside, hit, exception, outer, stack } });
    this.host.wait(
      () => this.paused,
      () => insight.tellOlder(null),
    );
    this.host.send({ type: "resumed" });
  }
}

export function all({ source, functions, data }: Hits): number[] {
  return [...source, ...functions, ...data];
}

/** Where a pass stands: before the node whose turn it is, or in it. */
export function standing({ pass, node }: RunningPass): NonNullable<Pause["at"]> {
  return { pass: pass.index, step: pass.steps.length, node: pass.layout!.indexOf.get(node!)! };
}
