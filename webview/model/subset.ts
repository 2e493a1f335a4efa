/** @file A part of the graph drawn alone: what belongs to a card, the way between two, or all but the constants. */
import type { Card, Graph } from "./graph.js";
import { shorten } from "./names.js";
import { ancestors, between, descendants, reaching } from "./relations.js";

/** Cards are named by their keys, which live through passes and runs. */
export type Focus =
  | { readonly kind: "ancestors" | "descendants" | "reaching"; readonly of: string }
  | { readonly kind: "path"; readonly of: string; readonly to: string };

export type Relation = Exclude<Focus["kind"], "path">;

export interface Part {
  readonly constants: boolean;
  readonly focus: Focus | null;
}

const RELATIONS: Readonly<Record<Relation, (card: Card) => Set<Card>>> = { ancestors, descendants, reaching };

/** What a focus leaves; null where one of its cards is not in the graph or no way joins them. */
export function focused(graph: Graph, focus: Focus): ReadonlySet<Card> | null {
  const find = (key: string) => graph.cards.find((card) => card.key === key);
  const of = find(focus.of);
  if (!of) return null;
  if (focus.kind !== "path") return RELATIONS[focus.kind](of);
  const to = find(focus.to);
  return to ? between(of, to) : null;
}

/**
 * The graph with fewer cards. The cards themselves stay whole: what comes in to them from cards that are left out
 * still counts.
 */
export function partOf(graph: Graph, { constants, focus }: Part): Graph {
  const kept = focus && focused(graph, focus);
  if (constants && !kept) return graph;
  const keeps = (card: Card) => (constants || card.node.kind !== "constant") && (!kept || kept.has(card));
  const cards = graph.cards.filter(keeps);
  // A graph of nothing but constants stays as it is.
  if (cards.length === 0) return graph;
  return {
    ...graph,
    cards,
    links: graph.links.filter(({ producer, consumer }) => keeps(producer) && keeps(consumer)),
    byId: new Map(cards.map((card) => [card.id, card])),
    byNode: new Map(cards.map((card) => [card.node.id, card])),
    signature: `${graph.signature};${cards.map((card) => card.id).join(" ")}`,
  };
}

const WORDS: Readonly<Record<Relation, (name: string) => string>> = {
  ancestors: (name) => `What ${name} was computed from`,
  descendants: (name) => `What was computed from ${name}`,
  reaching: (name) => `What reaches ${name}`,
};

export function focusText(graph: Graph, focus: Focus): string {
  const name = (key: string) =>
    shorten(graph.cards.find((card) => card.key === key)?.title ?? "a node that is gone", 30);
  return focus.kind === "path"
    ? `Between ${name(focus.of)} and ${name(focus.to)}`
    : WORDS[focus.kind](name(focus.of));
}
