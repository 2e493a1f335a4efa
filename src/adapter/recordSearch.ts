/** @file Looking through the record, both ways, for the nearest place that is meant or that a breakpoint stops at. */
import type { Pass } from "../session/pass.js";
import type { LiveEdge } from "./liveEdge.js";
import { type Stop, stop } from "./stepperTypes.js";
import type { RecordStops } from "./stops.js";
import type { Place, Walk } from "./walk.js";

export interface Found {
  readonly place: Place;
  readonly why: Stop;
}

export class RecordSearch {
  /** Set while a search runs, ends it where it is. */
  interrupted = false;
  readonly #walk: Walk;
  readonly #edge: LiveEdge;
  readonly #stops: RecordStops;

  constructor(walk: Walk, edge: LiveEdge, stops: RecordStops) {
    this.#walk = walk;
    this.#edge = edge;
    this.#stops = stops;
  }

  /** null: the program's own place. */
  async ahead(
    from: Place,
    isMeant: (at: { readonly pass: Pass; readonly step: number }) => boolean,
    heedsBreakpoints: boolean,
  ): Promise<Found | null> {
    let place = this.#edge.behind(await this.#walk.into(from));
    for (; place !== null; place = this.#edge.behind(await this.#walk.into(place))) {
      if (this.interrupted) return { place, why: stop("pause") };
      const found = heedsBreakpoints ? await this.#stopAt(place) : null;
      if (found !== null) return { place, why: found };
      const pass = await this.#walk.pass(place.pass);
      if (pass && isMeant({ pass, step: place.step })) return { place, why: stop("step") };
    }
    return null;
  }

  /**
   * Back to the nearest breakpoint, else to the record's start.
   * @param from null: the record's end
   * @returns null where nothing lies before
   */
  async back(from: Place | null): Promise<Found | null> {
    let place = from === null ? await this.#walk.last() : await this.#walk.outOf(from);
    let first = place;
    while (place !== null && !this.interrupted) {
      first = place;
      const found = await this.#stopAt(place);
      if (found !== null) return { place, why: found };
      place = await this.#walk.outOf(place);
    }
    return first && { place: first, why: stop(this.interrupted ? "pause" : "start") };
  }

  async #stopAt(place: Place): Promise<Stop | null> {
    const pass = await this.#walk.pass(place.pass);
    return pass && this.#stops.at(place, pass);
  }
}
