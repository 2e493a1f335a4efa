/** @file What the page's state makes of the drawing: which cards step back, which are warm, what is marked. */
import type { Look } from "./canvas/scene.js";
import type { Change } from "./model/changes.js";
import { faceOf } from "./model/face.js";
import { LEGEND, type LegendEntry } from "./model/filters.js";
import type { Graph } from "./model/graph.js";
import { type Heat, heatBy, overlayOf } from "./model/heat.js";
import type { Saved } from "./state.js";

/** What is pointed at, besides what the page remembers. */
export interface Marks {
  readonly selected: string | null;
  readonly focused: string | null;
  readonly hovered: string | null;
  readonly atCursor: ReadonlySet<string>;
  readonly hits: ReadonlySet<string> | null;
  readonly filter: LegendEntry["id"] | null;
  readonly changes: ReadonlyMap<string, Change>;
}

export function heatOf(graph: Graph | null, { colourBy }: Saved, position: number): Heat | null {
  return !graph || colourBy === "state" ? null : heatBy(overlayOf(colourBy), graph, position);
}

/** Cards that the legend's filter leaves; null where it leaves all. */
function shownBy(
  { filter, changes }: Pick<Marks, "filter" | "changes">,
  graph: Graph | null,
  position: number,
): ReadonlySet<string> | null {
  const entry = LEGEND.find((each) => each.id === filter);
  if (!entry || !graph) return null;
  const cards = graph.cards.filter((card) =>
    entry.matches(faceOf(graph, card, position), changes.get(card.id) ?? null),
  );
  return new Set(cards.map((card) => card.id));
}

export function lookOf(
  graph: Graph | null,
  saved: Saved,
  position: number,
  { filter, ...marks }: Marks,
): Look {
  return {
    ...marks,
    position,
    walking: graph !== null && position < graph.pass.steps.length,
    shown: shownBy({ filter, changes: marks.changes }, graph, position),
    heat: heatOf(graph, saved, position)?.of ?? null,
    gradients: saved.gradients,
    flow: saved.flow,
  };
}
