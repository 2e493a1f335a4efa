/** @file The graph as a tree to walk with a screen reader: from the roots to their inputs, each node once. */
import type { Card, Graph } from "./graph.js";

export interface TreeItem {
  readonly card: Card;
  /** 1-based. */
  readonly level: number;
  readonly position: number;
  readonly siblings: number;
}

/** In preorder; what no root leads to follows at the top level. Iterative: a chain may be 20,000 deep. */
export function treeOf(graph: Graph): TreeItem[] {
  const seen = new Set<Card>();
  const items: TreeItem[] = [];
  const starts = [
    ...graph.cards.filter((card) => card.root),
    ...graph.cards.filter((card) => card.outputs.length === 0),
  ];
  const tops = [...new Set([...starts, ...graph.cards])];
  const walk = (top: Card, position: number) => {
    const stack: TreeItem[] = [{ card: top, level: 1, position, siblings: 0 }];
    for (let item = stack.pop(); item; item = stack.pop()) {
      if (seen.has(item.card)) continue;
      seen.add(item.card);
      items.push(item);
      const level = item.level + 1;
      const inputs = [...new Set(item.card.inputs.map((link) => link.producer))].filter(
        (card) => !seen.has(card) && graph.byId.has(card.id),
      );
      inputs
        .map((card, i) => ({ card, level, position: i + 1, siblings: inputs.length }))
        .reverse()
        .forEach((child) => void stack.push(child));
    }
  };
  let count = 0;
  for (const top of tops) if (!seen.has(top)) walk(top, ++count);
  return items.map((item) => (item.siblings === 0 ? { ...item, siblings: count } : item));
}
