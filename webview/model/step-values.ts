/** @file A graph whose pass goes on step by step: its cards and links stay, some of its steps have other values. */
import type { ChangedStep } from "../../src/protocol/view.js";
import { assignTerms, type Card, type Graph } from "./graph.js";

export interface Changed {
  readonly graph: Graph;
  /** What may say something else now. */
  readonly cards: ReadonlySet<Card>;
}

/** null where another node runs at one of these steps than the graph knows. */
export function withStepValues(graph: Graph, changed: readonly ChangedStep[]): Changed | null {
  const steps = [...graph.pass.steps];
  const cards = new Set<Card>();
  for (const { index, step } of changed) {
    const card = graph.order[index];
    if (!card || card.node.id !== step.node) return null;
    steps[index] = step;
    cards.add(card);
    // Without terms of its own, what an input gets is read off what this card sends.
    for (const { producer } of card.inputs) cards.add(producer);
  }
  assignTerms(cards, steps);
  return { graph: { ...graph, pass: { ...graph.pass, steps } }, cards };
}
