/** @file What depends on what: walks along the links of a graph. Iterative, since a chain may be 20,000 long. */
import type { Card } from "./graph.js";

function walk(from: Card, next: (card: Card) => readonly Card[]): Set<Card> {
  const seen = new Set([from]);
  const waiting = [from];
  for (let card = waiting.pop(); card; card = waiting.pop()) {
    for (const other of next(card)) {
      if (seen.has(other)) continue;
      seen.add(other);
      waiting.push(other);
    }
  }
  return seen;
}

/** What a card was computed from, and the card itself. */
export function ancestors(card: Card): Set<Card> {
  return walk(card, ({ inputs }) => inputs.map((link) => link.producer));
}

/** What was computed from a card, and the card itself. */
export function descendants(card: Card): Set<Card> {
  return walk(card, ({ outputs }) => outputs.map((link) => link.consumer));
}

/** What the pass runs on the way from its root to a leaf, and the leaf itself. */
export function reaching(leaf: Card): Set<Card> {
  return new Set([...descendants(leaf)].filter((card) => card === leaf || card.step >= 0));
}

/** Every card on a way between two, whichever comes first; null where neither depends on the other. */
export function between(a: Card, b: Card): Set<Card> | null {
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    const after = descendants(from);
    if (!after.has(to)) continue;
    const before = ancestors(to);
    return new Set([...after].filter((card) => before.has(card)));
  }
  return null;
}
