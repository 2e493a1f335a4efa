/** @file Breakpoints with their places: as the program says or, without one, by what it recorded. */
import type { Run } from "../launcher/types.js";
import type { BreakLocation, BreakpointPlace, Breakpoints } from "../protocol/debug.js";
import type { Session } from "../session/session.js";
import { Anchors, breakLocations, locate } from "./breakLocations.js";
import { type Holds, RecordStops } from "./stops.js";
import type { Walk } from "./walk.js";

const NOWHERE = { line: null, column: null, endLine: null, endColumn: null };

export class PlacedBreakpoints {
  /** Where they stop a walk through the record. */
  readonly stops: RecordStops;
  readonly #session: Session;
  readonly #anchors: Anchors;
  /** The run that obeys breakpoints; null: there is only the record. */
  readonly #run: () => Run | null;

  constructor(session: Session, run: () => Run | null, holds: Holds, until: Walk["until"]) {
    this.#session = session;
    this.#run = run;
    this.#anchors = new Anchors(session);
    this.stops = new RecordStops(this.#anchors, holds, until);
  }

  /** Takes the whole set; where each of them stands. */
  async set(breakpoints: Breakpoints): Promise<readonly BreakpointPlace[]> {
    const run = this.#run();
    const places =
      run === null
        ? this.#inRecord(breakpoints)
        : await run.debug({ type: "debug.breakpoints", breakpoints });
    this.stops.breakpoints = placed(breakpoints, places);
    return places;
  }

  /** A breakpoint has found its place. */
  found(place: BreakpointPlace): void {
    this.stops.breakpoints = placed(this.stops.breakpoints, [place]);
  }

  /** Where breakpoints can stand in a file. */
  async locations(file: string): Promise<readonly BreakLocation[]> {
    const recorded = (): BreakLocation[] => this.#recorded(file);
    const told = this.#run()?.debug({ type: "debug.locations", file, text: null });
    return told === undefined ? recorded() : told.catch(recorded);
  }

  #inRecord({ source, functions, data }: Breakpoints): BreakpointPlace[] {
    const places = source.map(({ id, file, line, column }): BreakpointPlace => {
      const found = locate(this.#recorded(file), line, column);
      if (found !== null) return { id, verified: true, message: null, ...found };
      const message = "No operation that takes part in a backward pass was recorded here, or further down.";
      return { id, verified: false, message, ...NOWHERE };
    });
    const others = [...functions, ...data];
    return [...places, ...others.map(({ id }) => ({ id, verified: true, message: null, ...NOWHERE }))];
  }

  #recorded(file: string): BreakLocation[] {
    const passes = this.#session.outline().passes.flatMap(({ index }) => this.#session.kept(index) ?? []);
    return breakLocations(passes, this.#anchors, file);
  }
}

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
