/** @file How passes lie in time: one after the other, and inside one another's steps. */
import type { PassOutline } from "../protocol/view.js";
import type { Place } from "./walk.js";

const OUTERMOST = "";
const NONE: readonly number[] = [];

const keyOf = ({ pass, step }: Place): string => `${pass} ${step}`;

export class PassOrder {
  /** Of the last backward pass that began; undefined where there is none. */
  readonly last: number | undefined;
  readonly #indices: readonly number[];
  readonly #outer = new Map<number, Place>();
  /** By the step that they ran in, oldest first. */
  readonly #inside = new Map<string, number[]>();

  constructor(passes: readonly PassOutline[]) {
    const walked = passes.filter(({ call }) => call !== "live");
    const known = new Set(walked.map(({ index }) => index));
    this.#indices = walked.map(({ index }) => index);
    for (const { index, within } of walked) {
      const outer = within !== undefined && known.has(within.pass) ? within : null;
      if (outer !== null) this.#outer.set(index, outer);
      const key = outer === null ? OUTERMOST : keyOf(outer);
      const list = this.#inside.get(key);
      if (list) list.push(index);
      else this.#inside.set(key, [index]);
    }
    this.last = this.outermost.at(-1);
  }

  /** Passes that ran inside no other one, oldest first. */
  get outermost(): readonly number[] {
    return this.#inside.get(OUTERMOST) ?? NONE;
  }

  /** The step that a pass ran inside; null: none. */
  outerOf(pass: number): Place | null {
    return this.#outer.get(pass) ?? null;
  }

  /** Passes that ran inside a step, oldest first. */
  within(place: Place): readonly number[] {
    return this.#inside.get(keyOf(place)) ?? NONE;
  }

  #siblings(pass: number): readonly number[] {
    const outer = this.outerOf(pass);
    return outer === null ? this.outermost : this.within(outer);
  }

  /** Nearest first. */
  siblingsAfter(pass: number): readonly number[] {
    return this.#siblings(pass).filter((index) => index > pass);
  }

  /** Nearest first. */
  siblingsBefore(pass: number): readonly number[] {
    return this.#siblings(pass)
      .filter((index) => index < pass)
      .toReversed();
  }

  /** How many steps of each pass had begun when a place was come to; all of a pass that had ended. */
  *until(place: Place): Iterable<{ readonly index: number; readonly steps: number }> {
    const around = new Map<number, number>();
    for (let at: Place | null = place; at !== null; at = this.outerOf(at.pass))
      around.set(at.pass, at.step + 1);
    for (const index of this.#indices) {
      const steps = around.get(index);
      if (steps !== undefined) yield { index, steps };
      else if (index < place.pass || this.#ranInsideBefore(index, place)) {
        yield { index, steps: Number.POSITIVE_INFINITY };
      }
    }
  }

  /** Whether a pass that began later did so inside an earlier step of the place's own pass. */
  #ranInsideBefore(index: number, { pass, step }: Place): boolean {
    let outer = this.outerOf(index);
    while (outer !== null && outer.pass !== pass) outer = this.outerOf(outer.pass);
    return outer !== null && outer.step < step;
  }
}
