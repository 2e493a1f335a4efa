/** @file The views of passes that a debugger stands in: made once for each record, then only made longer. */
import type { EngineState } from "../../protocol/debug.js";
import { CARD_DATA, type PassView, type ViewStep } from "../../protocol/view.js";
import type { Pass } from "../../session/pass.js";
import type { Session } from "../../session/session.js";
import { foreseen } from "./livePass.js";

interface Cached {
  readonly pass: Pass;
  readonly view: PassView;
  /** How many steps of the view are recorded ones. */
  readonly recorded: number;
}

/** What a page that shows the pass has to be told. */
export type PassChange =
  | { readonly kind: "none" }
  | { readonly kind: "steps"; readonly from: number; readonly steps: readonly ViewStep[] }
  | { readonly kind: "all" };

export class PassCache {
  readonly #cached = new Map<number, Cached>();

  constructor(private readonly session: Session) {}

  /** The pass as it was told last; null where nothing was told of it. */
  told(index: number): PassView | null {
    const cached = this.#cached.get(index);
    return cached && cached.pass === this.session.kept(index) ? cached.view : null;
  }

  /**
   * The pass as it is now.
   * @param next the node that the program waits before; null where the walk stands in the record
   */
  look(
    index: number,
    next: number | null,
    engine: EngineState | null,
  ): { readonly view: PassView; readonly change: PassChange } | null {
    const pass = this.session.kept(index);
    if (!pass) return null;
    const cached = this.#cached.get(index);
    const same = cached?.pass === pass ? cached : null;
    const { steps } = pass.size;
    if (same && same.recorded === steps && next === null)
      return { view: same.view, change: { kind: "none" } };
    const base = same ? extended(same, pass) : this.session.pass(index)!;
    const view = next === null ? base : foreseen(base, next, engine, this.#former(pass));
    this.#cached.set(index, { pass, view, recorded: steps });
    if (!same) return { view, change: { kind: "all" } };
    const from = Math.min(same.recorded, steps);
    return { view, change: { kind: "steps", from, steps: view.steps.slice(from) } };
  }

  /** The nearest earlier pass over the same structure that ran to its end. */
  #former({ index, structure }: Pass): Pass | null {
    for (let i = index - 1; i >= 0 && i >= index - NEAR; i--) {
      const pass = this.session.kept(i);
      if (pass?.structure === structure && pass.record.error === null) return pass;
    }
    return null;
  }
}

/** A loop with several backward calls comes round within so many passes. */
const NEAR = 16;

function extended({ view, recorded }: Cached, pass: Pass): PassView {
  const steps = view.steps.slice(0, recorded);
  for (let i = recorded; i < pass.size.steps; i++) steps.push(pass.step(i, CARD_DATA));
  return { ...view, steps };
}
