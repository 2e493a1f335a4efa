/** @file What the layout is asked for a graph: sizes and wires in, and where things were. */
import type { Size } from "./canvas/card.js";
import { TITLE_HEIGHT } from "./canvas/group-card.js";
import type { Shown } from "./groups/types.js";
import type { Direction, LayoutInput, Point } from "./layout/types.js";
import type { Saved } from "./state.js";

export interface LayoutRequest {
  readonly shown: Shown;
  /** By id of the item. */
  readonly sizes: ReadonlyMap<string, Size>;
  /** Widths that the titles of open groups need, by id. */
  readonly titles: ReadonlyMap<string, number>;
  readonly orientation: Saved["orientation"];
  readonly flow: Saved["flow"];
  /** By key; the layout keeps as near to these as it can. */
  readonly previous: ReadonlyMap<string, Point>;
  /** Keys of what a person has put somewhere. */
  readonly pinned: ReadonlySet<string>;
  /** Id of what was just folded or unfolded, and should not move. */
  readonly anchor?: string | undefined;
}

const DIRECTIONS: Readonly<Record<Saved["orientation"], Readonly<Record<Saved["flow"], Direction>>>> = {
  down: { forward: "down", gradient: "up" },
  right: { forward: "right", gradient: "left" },
};

export function layoutInput(request: LayoutRequest): LayoutInput {
  const { shown, sizes, titles, orientation, flow, previous, pinned, anchor } = request;
  const places = [...shown.items, ...shown.frames].flatMap(({ id, key }) => {
    const point = previous.get(key);
    return point ? [[id, point] as const] : [];
  });
  return {
    nodes: shown.items.map(({ id, frame }) => {
      const { width, height } = sizes.get(id) ?? { width: 0, height: 0 };
      return { id, width, height, group: frame?.id ?? null };
    }),
    edges: shown.wires.map(({ id, producer, consumer }) => ({ id, from: producer.id, to: consumer.id })),
    groups: shown.frames.map(({ id, frame }) => ({
      id,
      parent: frame?.id ?? null,
      labelHeight: TITLE_HEIGHT - 4,
      padding: 14,
      minWidth: titles.get(id),
    })),
    options: {
      direction: DIRECTIONS[orientation][flow],
      nodeGap: 32,
      rankGap: orientation === "down" ? 48 : 72,
      previous: new Map(places),
      pinned: shown.items.filter(({ key }) => pinned.has(key)).map(({ id }) => id),
      anchor,
    },
  };
}
