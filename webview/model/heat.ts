/** @file Cards coloured by a quantity: gradient norms on a logarithmic scale, or the order of execution. */
import { gradNorm } from "./face.js";
import type { Graph } from "./graph.js";

export interface Heat {
  /** 0 to 1 by card id. */
  readonly of: ReadonlyMap<string, number>;
  /** What the ends of the scale stand for. */
  readonly from: number;
  readonly to: number;
}

/** The scale spans all norms of the whole pass, so that colours mean the same at every step. */
export function normHeat(graph: Graph, position: number): Heat | null {
  const end = graph.pass.steps.length;
  const logs = graph.cards
    .map((card) => gradNorm(graph, card, end))
    .filter((norm) => norm !== null && norm > 0 && Number.isFinite(norm))
    .map((norm) => Math.log10(norm as number));
  if (logs.length === 0) return null;
  const low = logs.reduce((a, b) => Math.min(a, b));
  const high = logs.reduce((a, b) => Math.max(a, b));
  const of = new Map<string, number>();
  for (const card of graph.cards) {
    const norm = gradNorm(graph, card, position);
    if (norm === null) continue;
    const share = high === low ? 0.5 : (Math.log10(norm) - low) / (high - low);
    // Zero is colder than anything, what is not finite hotter.
    of.set(card.id, norm === 0 ? 0 : Number.isFinite(share) ? Math.max(0, Math.min(1, share)) : 1);
  }
  return { of, from: 10 ** low, to: 10 ** high };
}

export function orderHeat(graph: Graph): Heat | null {
  const steps = graph.pass.steps.length;
  if (steps === 0) return null;
  const ran = graph.cards.filter((card) => card.step >= 0);
  return {
    of: new Map(ran.map((card) => [card.id, steps === 1 ? 1 : 1 - card.step / (steps - 1)])),
    from: 1,
    to: steps,
  };
}
