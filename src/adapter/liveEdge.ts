/** @file How far the program has come: what lies behind that is the record's. */
import type { Pause } from "../protocol/debug.js";
import { isSame, type Place } from "./walk.js";

export class LiveEdge {
  /** Where the program waits; null while it runs and when it has ended. */
  pause: Pause | null = null;

  get at(): Pause["at"] {
    return this.pause?.at ?? null;
  }

  /** Where the program stands in each pass that has not ended, outermost first. */
  get #waiting(): readonly NonNullable<Pause["at"]>[] {
    const { at = null, outer = [] } = this.pause ?? {};
    return at === null ? outer : [...outer, at];
  }

  waitsIn(pass: number): boolean {
    return this.#waiting.some((one) => one.pass === pass);
  }

  /** The node that waits at a place, before it runs or for a pass inside; null: none does. */
  nodeAt(place: Place): number | null {
    return this.#waiting.find((one) => isSame(one, place))?.node ?? null;
  }

  /** Whether the place lies behind the program: at an outer pass's step, the inner one is what goes on. */
  isBehind(place: Place): boolean {
    const own = this.#waiting.find(({ pass }) => pass === place.pass);
    if (own === undefined) return true;
    return place.step < own.step || (place.step === own.step && own !== this.at);
  }

  /** The place, unless the program has not come further. */
  behind(place: Place | null): Place | null {
    return place !== null && this.isBehind(place) ? place : null;
  }
}
