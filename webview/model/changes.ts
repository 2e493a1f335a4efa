/** @file What a run made different from the run before, card by card. */
import type { ValueSummary } from "../../src/protocol/export.js";
import type { Card, Graph } from "./graph.js";

/** `added`: no such card before; `changed`: its value, gradient or shape differs. */
export type Change = "added" | "changed";

export interface Changes {
  /** By card id. */
  readonly of: ReadonlyMap<string, Change>;
  /** Cards of the run before that are gone. */
  readonly removed: number;
}

export const NO_CHANGES: Changes = { of: new Map(), removed: 0 };

function sameValue(a: ValueSummary | null, b: ValueSummary | null): boolean {
  if (a === null || b === null) return a === b;
  const statistics = (value: ValueSummary) =>
    [value.min, value.max, value.mean, value.norm, value.nan, value.inf, ...value.data].join();
  return statistics(a) === statistics(b);
}

function same(a: Card, b: Card): boolean {
  const [x, y] = [a.node, b.node];
  return (
    x.shape.join() === y.shape.join() &&
    x.dtype === y.dtype &&
    x.requires_grad === y.requires_grad &&
    sameValue(x.value, y.value) &&
    sameValue(x.grad, y.grad)
  );
}

/** Compares the same pass of two runs. */
export function changesBetween(before: Graph, after: Graph): Changes {
  const old = new Map(before.cards.map((card) => [card.key, card]));
  const of = new Map<string, Change>();
  for (const card of after.cards) {
    const former = old.get(card.key);
    old.delete(card.key);
    if (!former) of.set(card.id, "added");
    else if (!same(former, card)) of.set(card.id, "changed");
  }
  return { of, removed: old.size };
}

/** As a sentence's end; empty where nothing is different. */
export function changesText({ of, removed }: Changes): string {
  const count = (change: Change) => [...of.values()].filter((each) => each === change).length;
  const parts = [
    [count("added"), "new"],
    [count("changed"), "changed"],
    [removed, "gone"],
  ] as const;
  return parts
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${number} ${word}`)
    .join(", ");
}
