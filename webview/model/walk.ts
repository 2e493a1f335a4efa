/**
 * @file Where a walk through a pass stands, told for each card and link. At position k, k nodes have run and
 * `steps[k]` is the next: its incoming gradient is complete and glows; at the end nothing does.
 */
import type { TensorSummary } from "../../src/protocol/export.js";
import type { Card, Graph, Link } from "./graph.js";

/** `idle`: the pass never reaches it; `waiting`: it will run; `current`: it runs next; `done`: it ran. */
export type Phase = "idle" | "waiting" | "current" | "done";

/** `arrived` at the producer, `leaving` the current node, `expected` later, `none` ever. */
export type TermState = "none" | "expected" | "leaving" | "arrived";

export function phaseOf(card: Card, position: number): Phase {
  if (card.step < 0) return "idle";
  if (card.step < position) return "done";
  return card.step === position ? "current" : "waiting";
}

export function termState(link: Link, position: number): TermState {
  if (link.consumer.step < 0 || !takesPart(link)) return "none";
  if (link.consumer.step < position) return "arrived";
  return link.consumer.step === position ? "leaving" : "expected";
}

/** A gradient travels along it in this pass, or will. */
export function takesPart(link: Link): boolean {
  return link.term !== null || link.awaited;
}

export interface Incoming {
  /** Complete incoming gradients, one for each output of the node; empty until all terms are there. */
  readonly gradients: readonly (TensorSummary | null)[];
  readonly arrived: number;
  readonly expected: number;
}

/** What has come in to a card by now: complete once it is current or done. */
export function incoming(graph: Graph, card: Card, position: number): Incoming {
  const step = graph.pass.steps[card.step];
  const terms = card.outputs.filter(takesPart);
  const seeds = card.root ? 1 : 0;
  const arrived = seeds + terms.filter((link) => termState(link, position) === "arrived").length;
  const complete = card.step >= 0 && card.step <= position;
  return {
    gradients: complete && step ? step.grad_in : [],
    arrived,
    expected: terms.length + seeds,
  };
}

/** A leaf's `.grad` at this position; null where it is None. */
export function gradAt(graph: Graph, card: Card, position: number): TensorSummary | null {
  const { node } = card;
  const step = graph.pass.steps[card.step];
  const accumulated = step?.accumulated;
  if (accumulated) return card.step < position ? accumulated.after : accumulated.before;
  // A retained gradient of a non-leaf is there as soon as its incoming gradient is.
  if (node.retains_grad && !node.is_leaf && card.step > position) return null;
  return node.grad === null ? null : { ...node.grad, shape: node.shape, dtype: node.dtype };
}

/** Steps before this position, at which a scope ends, would make jumps; the walk itself only clamps. */
export function clampPosition(graph: Graph, position: number): number {
  return Math.max(0, Math.min(graph.pass.steps.length, Math.trunc(position)));
}
