/**
 * @file Stepping through a run in both directions, free of any protocol. At the live edge the program waits
 * inside the engine and is made to go on; behind it lies the record, which is walked. A saved trace, or a run
 * that has ended, is all record.
 */
import type { Run, RunEnd } from "../launcher/types.js";
import type { Breakpoints, DebugMessage, Pause, Resume } from "../protocol/debug.js";
import type { Pass } from "../session/pass.js";
import type { Session } from "../session/session.js";
import { finishSession, followTrace } from "./followRun.js";
import { LiveEdge } from "./liveEdge.js";
import { PlacedBreakpoints } from "./placedBreakpoints.js";
import { type Found, RecordSearch } from "./recordSearch.js";
import { isInside, leavesScope } from "./scopePath.js";
import { type StepperEvents, type StepperMode, type StepperState, type Stop, stop } from "./stepperTypes.js";
import type { Holds } from "./stops.js";
import type { RecordedRun } from "./types.js";
import { type Place, Walk } from "./walk.js";

export class Stepper {
  readonly session: Session;
  readonly run: Run | null;
  readonly mode: StepperMode;
  readonly #events: StepperEvents;
  readonly #walk: Walk;
  readonly breakpoints: PlacedBreakpoints;
  #state: StepperState = "running";
  readonly #edge = new LiveEdge();
  readonly #search: RecordSearch;
  /** Where in the past the walk stands; null at the live edge. */
  #place: Place | null = null;
  #resumed: Resume["mode"] = "continue";
  #end: RunEnd | null = null;

  /** @param breakpoints those that the run was launched with */
  constructor(
    { session, run }: RecordedRun,
    { mode, breakpoints }: { readonly mode: StepperMode; readonly breakpoints: Breakpoints },
    holds: Holds,
    events: StepperEvents,
  ) {
    this.session = session;
    this.run = run;
    this.mode = mode;
    this.#events = events;
    this.#walk = new Walk(session, (pass) => this.#fetch(pass));
    const live = () => (this.mode === "debug" && this.#end === null ? this.run : null);
    this.breakpoints = new PlacedBreakpoints(session, live, holds, (place) => this.#walk.until(place));
    this.breakpoints.stops.breakpoints = breakpoints;
    this.#search = new RecordSearch(this.#walk, this.#edge, this.breakpoints.stops);
    this.#walk.complete = mode === "record";
    if (mode !== "record" && run) this.#follow(run);
  }

  /** The program ended by itself, or was stopped; a record's has. */
  get hasEnded(): boolean {
    return this.mode === "record" || this.#end !== null;
  }

  get state(): StepperState {
    return this.#state;
  }

  /** Where the walk stands, behind the edge or at it; null outside of backward passes. */
  get place(): Place | null {
    return this.#place ?? this.#edge.at ?? null;
  }

  /** The pass that the walk stands in; what was changed by hand is told by a new record of it. */
  get pass(): Pass | null {
    const { place } = this;
    return place && this.session.kept(place.pass);
  }

  /** The node that runs next, or runs; null where the pass is complete, and outside of passes. */
  get node(): number | null {
    const place = this.#place;
    if (place === null) return this.#edge.at?.node ?? null;
    return this.pass?.record.steps[place.step]?.node ?? this.#edge.nodeAt(place);
  }

  /** Whether the program waits inside this pass, so that the rest of it can still be run. */
  waitsIn(pass: number): boolean {
    return this.#edge.waitsIn(pass);
  }

  /** What the program waits for, while the walk stands at the live edge. */
  get pause(): Pause | null {
    return this.#place === null ? this.#edge.pause : null;
  }

  /** Where a record begins to be walked. */
  async begin(): Promise<void> {
    const first = await this.#walk.first();
    if (first === null) this.#finish();
    else await this.#stand(first, stop("start"));
  }

  next(): Promise<void> {
    return this.#forward({ mode: "next" }, async (place) => {
      const after = this.#edge.behind(await this.#walk.after(place));
      return after && { place: after, why: stop("step") };
    });
  }

  /** @param node a ready node to run up to; null: the nearest inner thing */
  stepIn(node: number | null): Promise<void> {
    return this.#forward({ mode: "in", node }, async (place) => {
      if (node !== null) {
        return this.#search.ahead(place, ({ pass, step }) => pass.record.steps[step]?.node === node, false);
      }
      const inner = this.#edge.behind(await this.#walk.into(place));
      return inner && { place: inner, why: stop("step") };
    });
  }

  stepOut(): Promise<void> {
    const { node, pass } = this;
    return this.#forward({ mode: "out" }, (place) =>
      this.#search.ahead(
        place,
        (at) =>
          !isInside(at.pass, pass, (index) => this.session.kept(index)) &&
          leavesScope(pass, node, at.pass, at.step),
        true,
      ),
    );
  }

  continue(): Promise<void> {
    return this.#forward({ mode: "continue" }, (place) => this.#search.ahead(place, () => false, true));
  }

  async stepBack(): Promise<void> {
    this.#start();
    const from = this.place;
    const before = from === null ? await this.#walk.last() : await this.#walk.before(from);
    if (before !== null) await this.#stand(before, stop("step"));
    else await this.#stayAtStart();
  }

  async reverseContinue(): Promise<void> {
    this.#start();
    const found = await this.#search.back(this.place);
    if (found === null) await this.#stayAtStart();
    else await this.#stand(found.place, found.why);
  }

  /**
   * Stands at a place of the record, or at the live edge where the place is not in the past.
   * @returns whether there is such a place
   */
  async goTo(place: Place): Promise<boolean> {
    if (!this.#edge.isBehind(place)) {
      this.#start();
      await this.#stand(null, stop("goto"));
      return true;
    }
    const target = await this.#walk.clamp(place);
    if (target === null) return false;
    this.#start();
    await this.#stand(target, stop("goto"));
    return true;
  }

  /** Stands where the record begins, whatever a breakpoint would say. */
  async goToStart(): Promise<void> {
    const first = await this.#walk.first();
    this.#start();
    await this.#stand(this.#edge.behind(first), stop("start"));
  }

  /** Runs on to a node that has not run yet. */
  async runTo(pass: number, node: number): Promise<void> {
    this.#start();
    this.#place = null;
    await this.#resume({ mode: "to", pass, node });
  }

  async pauseProgram(): Promise<void> {
    this.#search.interrupted = true;
    if (this.mode !== "record" && this.run && this.#edge.pause === null && this.#end === null) {
      await this.run.debug({ type: "debug.pause" });
    }
  }

  /** The program ends, or the walk. */
  finish(): void {
    this.#finish();
  }

  #follow(run: Run): void {
    const { lost, changed } = this.#events;
    followTrace(run, this.session, lost, changed);
    run.onDebug((message) => void this.#hear(message));
    void run.ended.then((end) => this.#runEnded(end));
  }

  async #hear(message: DebugMessage): Promise<void> {
    if (message.type === "paused") {
      this.#edge.pause = message.pause;
      const { reason, hit, exception } = message.pause;
      await this.#stand(null, { reason, hit, exception });
    } else if (message.type === "breakpoint") {
      this.breakpoints.found(message.place);
      this.#events.breakpoint(message.place);
    } else if (message.type === "log") {
      this.#events.log(message);
    }
  }

  async #runEnded(end: RunEnd): Promise<void> {
    this.#end = end;
    this.#edge.pause = null;
    finishSession(this.session, end);
    this.#walk.complete = true;
    this.#events.changed();
    if (this.#state === "over") return;
    const stepped = this.#state === "running" && this.#resumed !== "continue";
    const itself = end.reason === "exit" || end.reason === "error";
    const last = stepped && itself ? await this.#walk.last() : null;
    if (last !== null) await this.#stand(last, stop("end"));
    else this.#finish();
  }

  #finish(): void {
    if (this.#state === "over") return;
    this.#state = "over";
    this.#edge.pause = null;
    this.#place = null;
    this.#events.ended(this.#end);
  }

  #start(): void {
    this.#state = "running";
    this.#search.interrupted = false;
    this.#events.resumed();
  }

  /** @param place null: the live edge */
  async #stand(place: Place | null, why: Stop): Promise<void> {
    if (this.#state === "over") return;
    this.#place = place;
    const at = this.place;
    if (at !== null) await this.#walk.pass(at.pass);
    this.#state = "stopped";
    if (this.#edge.pause !== null) this.session.state = "paused";
    this.#events.stopped(why);
  }

  async #stayAtStart(): Promise<void> {
    await this.#stand(this.#place, stop("start"));
  }

  /** Walks the record where the walk stands in it, and has the program run where it waits. */
  async #forward(resume: Resume, walk: (from: Place) => Promise<Found | null>): Promise<void> {
    const from = this.#place;
    this.#start();
    if (from === null) return this.#resume(resume);
    const found = await walk(from);
    if (found !== null) return this.#stand(found.place, found.why);
    if (this.#edge.pause === null) return this.#finish();
    const { reason, hit, exception } = this.#edge.pause;
    // A continue through the past stops at the edge only where it would have stopped a program that comes there.
    if (resume.mode === "continue" && (reason === "step" || reason === "pause" || reason === "goto")) {
      this.#place = null;
      return this.#resume(resume);
    }
    await this.#stand(null, resume.mode === "continue" ? { reason, hit, exception } : stop("step"));
  }

  async #resume(resume: Resume): Promise<void> {
    const { run } = this;
    if (run === null || this.#edge.pause === null) return this.#finish();
    const edge = this.#edge.pause;
    this.#edge.pause = null;
    this.#resumed = resume.mode;
    this.session.state = "running";
    try {
      await run.debug({ type: "debug.resume", resume });
    } catch (error) {
      // Where the process is gone, its end is told by itself.
      if (this.#end !== null || this.#edge.pause !== null) return;
      this.#edge.pause = edge;
      this.#events.lost((error as Error).message);
      await this.#stand(null, stop("pause"));
    }
  }

  async #fetch(pass: number): Promise<void> {
    if (this.mode !== "debug" || this.run === null) return;
    await this.run.debug({ type: "debug.record", pass }).catch(() => undefined);
  }
}
