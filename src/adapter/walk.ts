/**
 * @file The record as a line of places, from the program's first kept pass to its last. A place stands before
 * a node; after a pass's last node the next place is the start of the next pass, as it is for a program that
 * really runs, but the last pass of a program that has ended can be looked at complete.
 */
import type { PassOutline } from "../protocol/view.js";
import type { Pass } from "../session/pass.js";
import type { Session } from "../session/session.js";

export interface Place {
  readonly pass: number;
  readonly step: number;
}

export function isBefore(a: Place, b: Place): boolean {
  return a.pass < b.pass || (a.pass === b.pass && a.step < b.step);
}

export function isSame(a: Place, b: Place): boolean {
  return a.pass === b.pass && a.step === b.step;
}

export class Walk {
  readonly #session: Session;
  /** Brings a pass's record into the session, where its runner has it and has not told it yet. */
  readonly #fetch: (pass: number) => Promise<void>;
  readonly #asked = new Set<number>();
  #outlined: readonly PassOutline[] = [];
  #indices: readonly number[] = [];
  /** The program goes no further than the record. */
  complete = false;

  constructor(session: Session, fetch: (pass: number) => Promise<void>) {
    this.#session = session;
    this.#fetch = fetch;
  }

  /** Indices of the backward passes, oldest first. */
  #passes(): readonly number[] {
    const { passes } = this.#session.outline();
    // The session keeps its outline of the passes until one changes.
    if (passes !== this.#outlined) {
      this.#outlined = passes;
      this.#indices = passes.filter(({ call }) => call !== "live").map(({ index }) => index);
    }
    return this.#indices;
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
    const isLast = this.complete && index === this.#passes().at(-1);
    // A pass that an error ended is told up to there.
    return size.steps + (isLast || record.error !== null ? 1 : 0);
  }

  async first(): Promise<Place | null> {
    return this.#startAfter(-1);
  }

  async last(): Promise<Place | null> {
    return this.#endBefore(Number.POSITIVE_INFINITY);
  }

  /** The nearest place of the record, not before a pass's start and not after its end. */
  async clamp({ pass: index, step }: Place): Promise<Place | null> {
    const pass = await this.pass(index);
    return pass && { pass: index, step: Math.min(Math.max(step, 0), pass.size.steps) };
  }

  async after({ pass: index, step }: Place): Promise<Place | null> {
    const pass = await this.pass(index);
    if (pass !== null && step + 1 < this.#places(pass)) return { pass: index, step: step + 1 };
    return this.#startAfter(index);
  }

  async before({ pass: index, step }: Place): Promise<Place | null> {
    if (step > 0 && (await this.pass(index)) !== null) return { pass: index, step: step - 1 };
    return this.#endBefore(index);
  }

  async #startAfter(index: number): Promise<Place | null> {
    for (const next of this.#passes()) {
      if (next <= index) continue;
      const pass = await this.pass(next);
      if (pass !== null && this.#places(pass) > 0) return { pass: next, step: 0 };
    }
    return null;
  }

  async #endBefore(index: number): Promise<Place | null> {
    for (const previous of this.#passes().toReversed()) {
      if (previous >= index) continue;
      const pass = await this.pass(previous);
      if (pass !== null && this.#places(pass) > 0) return { pass: previous, step: this.#places(pass) - 1 };
    }
    return null;
  }
}
