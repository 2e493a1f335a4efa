/** @file The views of passes that a debugger stands in: made once for each record, then only made longer. */
import type { EngineState } from "../../protocol/debug.js";
import { CARD_DATA, type ChangedStep, type PassView, type ViewStep } from "../../protocol/view.js";
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
  /** Other values at these steps; the nodes and their order are those that were told. */
  | { readonly kind: "values"; readonly changed: readonly ChangedStep[] }
  | { readonly kind: "steps"; readonly from: number; readonly steps: readonly ViewStep[] }
  | { readonly kind: "all" };

export class PassCache {
  readonly #cached = new Map<number, Cached>();
  /** A person has changed a tensor. */
  altered = false;

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
    const view = next === null ? base : foreseen(base, next, engine, this.#former(pass), this.altered);
    this.#cached.set(index, { pass, view, recorded: steps });
    if (!same) return { view, change: { kind: "all" } };
    return { view, change: changeBetween(same.view.steps, view.steps, Math.min(same.recorded, steps)) };
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

/** @param from the steps before it are recorded in both */
function changeBetween(before: readonly ViewStep[], now: readonly ViewStep[], from: number): PassChange {
  const sameOrder = before.length === now.length && now.every(({ node }, i) => before[i]!.node === node);
  if (!sameOrder) return { kind: "steps", from, steps: now.slice(from) };
  const changed: ChangedStep[] = [];
  for (let index = from; index < now.length; index++) {
    const step = now[index]!;
    if (!alike(before[index], step)) changed.push({ index, step });
  }
  return changed.length === 0 ? { kind: "none" } : { kind: "values", changed };
}

/** Of plain data; a pass has thousands of steps, and most of them are as they were. */
function alike(a: unknown, b: unknown): boolean {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => key in b && alike(a[key as keyof typeof a], b[key as keyof typeof b]));
}
