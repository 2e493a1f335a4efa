/**
 * @file Stepping through a run in both directions, free of any protocol. At the live edge the program waits
 * inside the engine and is made to go on; behind it lies the record, which is walked. A saved trace, or a run
 * that has ended, is all record.
 */
import type { Run, RunEnd } from "../launcher/types.js";
import type {
  BreakLocation,
  BreakpointPlace,
  Breakpoints,
  DebugMessage,
  Pause,
  PauseException,
  PauseReason,
  Resume,
} from "../protocol/debug.js";
import { MalformedBatch } from "../session/batch.js";
import type { Pass } from "../session/pass.js";
import type { Session } from "../session/session.js";
import { Anchors, breakLocations, locate } from "./breakLocations.js";
import { leavesScope } from "./scopePath.js";
import { type Holds, RecordStops } from "./stops.js";
import type { RecordedRun } from "./types.js";
import { isBefore, isSame, type Place, Walk } from "./walk.js";

/** Why the walk stands still; `start` and `end` are the record's. */
export interface Stop {
  readonly reason: PauseReason | "start" | "end";
  readonly hit: readonly number[];
  readonly exception: PauseException | null;
}

export interface StepperEvents {
  stopped(stop: Stop): void;
  /** The program goes on, or the record is searched. */
  resumed(): void;
  /** There is nothing more to step; null for a record that no process stands behind. */
  ended(end: RunEnd | null): void;
  /** The session learnt something. */
  changed(): void;
  log(message: Extract<DebugMessage, { readonly type: "log" }>): void;
  /** A breakpoint has found its place. */
  breakpoint(place: BreakpointPlace): void;
  /** A part of the trace is lost; a sentence for the log. */
  lost(why: string): void;
}

/** A run that waits to be stepped, one that only runs, or what was recorded of one. */
export type StepperMode = "debug" | "run" | "record";

export type StepperState = "running" | "stopped" | "over";

const stop = (reason: Stop["reason"]): Stop => ({ reason, hit: [], exception: null });

export class Stepper {
  readonly session: Session;
  readonly run: Run | null;
  readonly mode: StepperMode;
  readonly anchors: Anchors;
  readonly #events: StepperEvents;
  readonly #walk: Walk;
  readonly #stops: RecordStops;
  #state: StepperState = "running";
  /** Where the program waits; null while it runs and when it has ended. */
  #edge: Pause | null = null;
  /** Where in the past the walk stands; null at the live edge. */
  #place: Place | null = null;
  #resumed: Resume["mode"] = "continue";
  #end: RunEnd | null = null;
  #interrupted = false;

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
    this.anchors = new Anchors(session);
    this.#stops = new RecordStops(this.anchors, holds, (place) => this.#passesUpTo(place));
    this.#stops.breakpoints = breakpoints;
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
    return this.#place ?? this.#edge?.at ?? null;
  }

  /** The pass that the walk stands in; what was changed by hand is told by a new record of it. */
  get pass(): Pass | null {
    const { place } = this;
    return place && this.session.kept(place.pass);
  }

  /** The node that runs next; null where the pass is complete, and outside of passes. */
  get node(): number | null {
    if (this.#place === null) return this.#edge?.at?.node ?? null;
    return this.pass?.record.steps[this.#place.step]?.node ?? null;
  }

  /** Whether the program waits inside this pass, so that the rest of it can still be run. */
  waitsIn(pass: number): boolean {
    return this.#edge?.at?.pass === pass;
  }

  /** What the program waits for, while the walk stands at the live edge. */
  get pause(): Pause | null {
    return this.#place === null ? this.#edge : null;
  }

  /** Where a record begins to be walked. */
  async begin(): Promise<void> {
    const first = await this.#walk.first();
    if (first === null) this.#finish();
    else await this.#stand(first, stop("start"));
  }

  /** Where each breakpoint stands: as the program says or, without one, by what it recorded. */
  async setBreakpoints(breakpoints: Breakpoints): Promise<readonly BreakpointPlace[]> {
    const { run } = this;
    const places =
      this.mode === "debug" && run !== null && this.#end === null
        ? await run.debug({ type: "debug.breakpoints", breakpoints })
        : this.#placeInRecord(breakpoints);
    this.#stops.breakpoints = placed(breakpoints, places);
    return places;
  }

  #placeInRecord({ source, functions, data }: Breakpoints): BreakpointPlace[] {
    const places = source.map(({ id, file, line, column }): BreakpointPlace => {
      const found = locate(this.#recordedLocations(file), line, column);
      if (found !== null) return { id, verified: true, message: null, ...found };
      const message = "No operation that takes part in a backward pass was recorded here, or further down.";
      return { id, verified: false, message, ...NOWHERE };
    });
    const others = [...functions, ...data];
    return [...places, ...others.map(({ id }) => ({ id, verified: true, message: null, ...NOWHERE }))];
  }

  /** Where breakpoints can stand in a file: as the program says or, without one, by what it recorded. */
  async breakLocations(file: string): Promise<readonly BreakLocation[]> {
    if (this.mode !== "debug" || this.run === null) return this.#recordedLocations(file);
    return this.run
      .debug({ type: "debug.locations", file, text: null })
      .catch(() => this.#recordedLocations(file));
  }

  #recordedLocations(file: string): BreakLocation[] {
    const passes = this.session.outline().passes.flatMap(({ index }) => this.session.kept(index) ?? []);
    return breakLocations(passes, this.anchors, file);
  }

  next(): Promise<void> {
    return this.#forward({ mode: "next" }, async (place) => {
      const after = await this.#past(await this.#walk.after(place));
      return after && { place: after, why: stop("step") };
    });
  }

  /** @param node a ready node to run up to; null: the nearest inner thing */
  stepIn(node: number | null): Promise<void> {
    if (node === null && this.#place !== null) return this.next();
    return this.#forward({ mode: "in", node }, (place) =>
      this.#search(place, ({ pass, step }) => pass.record.steps[step]?.node === node, false),
    );
  }

  stepOut(): Promise<void> {
    const { node, pass } = this;
    return this.#forward({ mode: "out" }, (place) =>
      this.#search(place, (at) => leavesScope(pass, node, at.pass, at.step), true),
    );
  }

  continue(): Promise<void> {
    return this.#forward({ mode: "continue" }, (place) => this.#search(place, () => false, true));
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
    let place = this.place;
    place = place === null ? await this.#walk.last() : await this.#walk.before(place);
    let first = place;
    while (place !== null && !this.#interrupted) {
      first = place;
      const found = await this.#stopAt(place);
      if (found !== null) return this.#stand(place, found);
      place = await this.#walk.before(place);
    }
    if (first === null) return this.#stayAtStart();
    await this.#stand(first, this.#interrupted ? stop("pause") : stop("start"));
  }

  /**
   * Stands at a place of the record, or at the live edge where the place is not in the past.
   * @returns whether there is such a place
   */
  async goTo(place: Place): Promise<boolean> {
    const edge = this.#edge?.at;
    if (edge && !isBefore(place, edge)) {
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
    const edge = this.#edge?.at;
    this.#start();
    await this.#stand(first !== null && edge && isSame(first, edge) ? null : first, stop("start"));
  }

  /** Runs on to a node that has not run yet. */
  async runTo(pass: number, node: number): Promise<void> {
    this.#start();
    this.#place = null;
    await this.#resume({ mode: "to", pass, node });
  }

  async pauseProgram(): Promise<void> {
    this.#interrupted = true;
    if (this.mode !== "record" && this.run && this.#edge === null && this.#end === null) {
      await this.run.debug({ type: "debug.pause" });
    }
  }

  /** The program ends, or the walk. */
  finish(): void {
    this.#finish();
  }

  #follow(run: Run): void {
    run.onBatch((batch) => {
      try {
        this.session.apply(batch);
      } catch (error) {
        if (!(error instanceof MalformedBatch)) throw error;
        this.#events.lost(error.message);
      }
      this.#events.changed();
    });
    run.onDebug((message) => void this.#hear(message));
    void run.ended.then((end) => this.#runEnded(end));
  }

  async #hear(message: DebugMessage): Promise<void> {
    if (message.type === "paused") {
      this.#edge = message.pause;
      const { reason, hit, exception } = message.pause;
      await this.#stand(null, { reason, hit, exception });
    } else if (message.type === "breakpoint") {
      this.#stops.breakpoints = placed(this.#stops.breakpoints, [message.place]);
      this.#events.breakpoint(message.place);
    } else if (message.type === "log") {
      this.#events.log(message);
    }
  }

  async #runEnded(end: RunEnd): Promise<void> {
    this.#end = end;
    this.#edge = null;
    const { exit, error, duration, where } = end;
    this.session.finish({ state: stateOf(end), exit, error, duration, where });
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
    this.#edge = null;
    this.#place = null;
    this.#events.ended(this.#end);
  }

  #start(): void {
    this.#state = "running";
    this.#interrupted = false;
    this.#events.resumed();
  }

  /** @param place null: the live edge */
  async #stand(place: Place | null, why: Stop): Promise<void> {
    if (this.#state === "over") return;
    this.#place = place;
    const at = this.place;
    if (at !== null) await this.#walk.pass(at.pass);
    this.#state = "stopped";
    if (this.#edge !== null) this.session.state = "paused";
    this.#events.stopped(why);
  }

  async #stayAtStart(): Promise<void> {
    await this.#stand(this.#place, stop("start"));
  }

  /** Walks the record where the walk stands in it, and has the program run where it waits. */
  async #forward(
    resume: Resume,
    walk: (from: Place) => Promise<{ readonly place: Place; readonly why: Stop } | null>,
  ): Promise<void> {
    const from = this.#place;
    this.#start();
    if (from === null) return this.#resume(resume);
    const found = await walk(from);
    if (found !== null) return this.#stand(found.place, found.why);
    if (this.#edge === null) return this.#finish();
    const { reason, hit, exception } = this.#edge;
    // A continue through the past stops at the edge only where it would have stopped a program that comes there.
    if (resume.mode === "continue" && (reason === "step" || reason === "pause" || reason === "goto")) {
      this.#place = null;
      return this.#resume(resume);
    }
    await this.#stand(null, resume.mode === "continue" ? { reason, hit, exception } : stop("step"));
  }

  /** The nearest place ahead in the past that is meant, or that a breakpoint stops at; null: the edge. */
  async #search(
    from: Place,
    isMeant: (at: { readonly pass: Pass; readonly step: number }) => boolean,
    heedsBreakpoints: boolean,
  ): Promise<{ readonly place: Place; readonly why: Stop } | null> {
    let place = await this.#past(await this.#walk.after(from));
    for (; place !== null; place = await this.#past(await this.#walk.after(place))) {
      if (this.#interrupted) return { place, why: stop("pause") };
      const found = heedsBreakpoints ? await this.#stopAt(place) : null;
      if (found !== null) return { place, why: found };
      const pass = await this.#walk.pass(place.pass);
      if (pass && isMeant({ pass, step: place.step })) return { place, why: stop("step") };
    }
    return null;
  }

  async #stopAt(place: Place): Promise<Stop | null> {
    const pass = await this.#walk.pass(place.pass);
    return pass && this.#stops.at(place, pass);
  }

  /** The place, unless it is the one that the program waits at. */
  async #past(place: Place | null): Promise<Place | null> {
    const edge = this.#edge?.at;
    return place !== null && edge && isSame(place, edge) ? null : place;
  }

  async #resume(resume: Resume): Promise<void> {
    const { run } = this;
    if (run === null || this.#edge === null) return this.#finish();
    const edge = this.#edge;
    this.#edge = null;
    this.#resumed = resume.mode;
    this.session.state = "running";
    try {
      await run.debug({ type: "debug.resume", resume });
    } catch (error) {
      // Where the process is gone, its end is told by itself.
      if (this.#end !== null || this.#edge !== null) return;
      this.#edge = edge;
      this.#events.lost((error as Error).message);
      await this.#stand(null, stop("pause"));
    }
  }

  async #fetch(pass: number): Promise<void> {
    if (this.mode !== "debug" || this.run === null) return;
    await this.run.debug({ type: "debug.record", pass }).catch(() => undefined);
  }

  async *#passesUpTo({ pass: last }: Place): AsyncIterable<Pass> {
    for (let place = await this.#walk.first(); place !== null && place.pass <= last; ) {
      const pass = await this.#walk.pass(place.pass);
      if (pass === null) return;
      yield pass;
      place = await this.#walk.after({ pass: place.pass, step: Number.POSITIVE_INFINITY });
    }
  }
}

function stateOf({ reason }: RunEnd): "done" | "failed" | "stopped" {
  if (reason === "exit") return "done";
  return reason === "timeout" || reason === "stopped" ? "stopped" : "failed";
}

const NOWHERE = { line: null, column: null, endLine: null, endColumn: null };

/** The breakpoints at the places that were found for them. */
function placed(breakpoints: Breakpoints, places: readonly BreakpointPlace[]): Breakpoints {
  const byId = new Map(places.map((place) => [place.id, place]));
  const source = breakpoints.source.map((one) => {
    const place = byId.get(one.id);
    if (!place?.verified || place.line === null) return one;
    return { ...one, line: place.line, column: one.column === null ? null : place.column };
  });
  return { ...breakpoints, source };
}
