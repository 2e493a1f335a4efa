/** @file What the layout is asked for a graph: sizes and links in, and where cards were. */
import type { Size } from "./canvas/card.js";
import type { Direction, LayoutInput, Point } from "./layout/types.js";
import type { Graph } from "./model/graph.js";
import type { Saved } from "./state.js";

export interface LayoutRequest {
  readonly graph: Graph;
  readonly sizes: ReadonlyMap<string, Size>;
  readonly orientation: Saved["orientation"];
  readonly flow: Saved["flow"];
  /** By card key; the layout keeps as near to these as it can. */
  readonly previous: ReadonlyMap<string, Point>;
  /** Keys of cards that a person has put somewhere. */
  readonly pinned: ReadonlySet<string>;
}

const DIRECTIONS: Readonly<Record<Saved["orientation"], Readonly<Record<Saved["flow"], Direction>>>> = {
  down: { forward: "down", gradient: "up" },
  right: { forward: "right", gradient: "left" },
};

export function layoutInput(request: LayoutRequest): LayoutInput {
  const { graph, sizes, orientation, flow, previous, pinned } = request;
  const places = graph.cards.flatMap((card) => {
    const point = previous.get(card.key);
    return point ? [[card.id, point] as const] : [];
  });
  return {
    nodes: graph.cards.map((card) => ({ id: card.id, ...(sizes.get(card.id) ?? { width: 0, height: 0 }) })),
    edges: graph.links.map(({ id, producer, consumer }) => ({ id, from: producer.id, to: consumer.id })),
    options: {
      direction: DIRECTIONS[orientation][flow],
      nodeGap: 32,
      rankGap: orientation === "down" ? 48 : 72,
      previous: new Map(places),
      pinned: graph.cards.filter((card) => pinned.has(card.key)).map((card) => card.id),
    },
  };
}
