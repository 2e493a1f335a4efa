/** @file What was changed by hand while the program waits, until its record tells it. */
import type { EditTarget } from "../protocol/debug.js";
import type { WireTensor } from "../protocol/trace.js";
import { isSame, type Place } from "./walk.js";

/** Marks what was changed by hand, and what follows from it. */
export const ALTERED = " (altered)";

interface Edit {
  readonly value: WireTensor | null;
  readonly at: Place | null;
}

export class Edits {
  readonly #edits = new Map<string, Edit>();

  add(target: EditTarget, value: WireTensor | null, at: Place | null): void {
    this.#edits.set(JSON.stringify(target), { value, at });
  }

  /** The value that stands in the place of the recorded one; undefined where none does. */
  value(target: EditTarget, at: Place): WireTensor | undefined {
    const edit = this.#edits.get(JSON.stringify(target));
    return edit?.at && isSame(edit.at, at) ? (edit.value ?? undefined) : undefined;
  }

  isAltered(target: EditTarget): boolean {
    return this.#edits.has(JSON.stringify(target));
  }
}
