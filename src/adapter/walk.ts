/**
 * @file The record as places, from the program's first kept pass to its last. A place stands before a node; after
 * a pass's last node the next place is the start of the next pass, as it is for a program that really runs, but
 * the last pass of a program that has ended can be looked at complete. A pass that ran inside a step of another
 * one lies between that step's place and the next: `after` and `before` pass it by, `into` and `outOf` do not.
 */
import type { PassOutline } from "../protocol/view.js";
import type { Pass } from "../session/pass.js";
import type { Session } from "../session/session.js";
import { PassOrder } from "./passOrder.js";

export interface Place {
  readonly pass: number;
  readonly step: number;
}

export function isSame(a: Place, b: Place): boolean {
  return a.pass === b.pass && a.step === b.step;
}

export class Walk {
  readonly #session: Session;
  /** Brings a pass's record into the session, where its runner has it and has not told it yet. */
  readonly #fetch: (pass: number) => Promise<void>;
  readonly #asked = new Set<number>();
  #outlined: readonly PassOutline[] | null = null;
  #known = new PassOrder([]);
  /** The program goes no further than the record. */
  complete = false;

  constructor(session: Session, fetch: (pass: number) => Promise<void>) {
    this.#session = session;
    this.#fetch = fetch;
  }

  get #order(): PassOrder {
    const { passes } = this.#session.outline();
    // The session keeps its outline of the passes until one changes.
    if (passes !== this.#outlined) {
      this.#outlined = passes;
      this.#known = new PassOrder(passes);
    }
    return this.#known;
  }

  /** null where there is no such pass, or its values were let go. */
  async pass(index: number): Promise<Pass | null> {
    const kept = this.#session.kept(index);
    if (kept !== null || this.#asked.has(index)) return kept;
    this.#asked.add(index);
    await this.#fetch(index);
    return this.#session.kept(index);
  }

  /** How many places of the pass can be stood at. */
  #places({ index, record, size }: Pass): number {
    const isLast = this.complete && index === this.#order.last;
    // A pass that an error ended is told up to there.
    return size.steps + (isLast || record.error !== null ? 1 : 0);
  }

  async #startOf(candidates: Iterable<number>): Promise<Place | null> {
    for (const index of candidates) {
      const pass = await this.pass(index);
      if (pass !== null && this.#places(pass) > 0) return { pass: index, step: 0 };
    }
    return null;
  }

  async #endOf(candidates: Iterable<number>): Promise<Place | null> {
    for (const index of candidates) {
      const pass = await this.pass(index);
      if (pass !== null && this.#places(pass) > 0) return { pass: index, step: this.#places(pass) - 1 };
    }
    return null;
  }

  async first(): Promise<Place | null> {
    return this.#startOf(this.#order.outermost);
  }

  async last(): Promise<Place | null> {
    return this.#endOf(this.#order.outermost.toReversed());
  }

  /** The nearest place of the record, not before a pass's start and not after its end. */
  async clamp({ pass: index, step }: Place): Promise<Place | null> {
    const pass = await this.pass(index);
    return pass && { pass: index, step: Math.min(Math.max(step, 0), pass.size.steps) };
  }

  /** The next place of the pass, or of one around it, or the next pass's start. */
  async after({ pass: index, step }: Place): Promise<Place | null> {
    const pass = await this.pass(index);
    if (pass !== null && step + 1 < this.#places(pass)) return { pass: index, step: step + 1 };
    const sibling = await this.#startOf(this.#order.siblingsAfter(index));
    const outer = this.#order.outerOf(index);
    return sibling ?? (outer && this.after(outer));
  }

  /** As `after`, but first through the passes that ran inside this place's step. */
  async into(place: Place): Promise<Place | null> {
    return (await this.inside(place)) ?? this.after(place);
  }

  /** The start of the first pass that ran inside this place's step; null: none did. */
  async inside(place: Place): Promise<Place | null> {
    return this.#startOf(this.#order.within(place));
  }

  /** The previous place of the pass, or the step that the pass ran in, or the end of the pass before. */
  async before({ pass: index, step }: Place): Promise<Place | null> {
    if (step > 0 && (await this.pass(index)) !== null) return { pass: index, step: step - 1 };
    return this.#order.outerOf(index) ?? this.#endOf(this.#order.siblingsBefore(index));
  }

  /** As `before`, but through the passes that ran inside the steps, from their ends. */
  async outOf({ pass: index, step }: Place): Promise<Place | null> {
    const before =
      step > 0 && (await this.pass(index)) !== null
        ? { pass: index, step: step - 1 }
        : await this.#endOf(this.#order.siblingsBefore(index));
    if (before === null) return this.#order.outerOf(index);
    return this.#tail(before);
  }

  /** Where a step's place ends: at the end of the last pass inside, if there is one. */
  async #tail(place: Place): Promise<Place> {
    const end = await this.#endOf(this.#order.within(place).toReversed());
    return end === null ? place : this.#tail(end);
  }

  /** Every pass of which some steps had run when a place was come to, its own included, and how many. */
  async *until(place: Place): AsyncIterable<{ readonly pass: Pass; readonly steps: number }> {
    for (const { index, steps } of this.#order.until(place)) {
      const pass = this.#session.kept(index) ?? (await this.pass(index));
      if (pass !== null) yield { pass, steps: Math.min(steps, pass.size.steps) };
    }
  }
}
