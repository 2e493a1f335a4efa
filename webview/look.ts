/** @file What the page's state makes of the drawing: which cards step back, which are warm, what is marked. */
import type { Look } from "./canvas/scene.js";
import type { Shown } from "./groups/types.js";
import type { Change } from "./model/changes.js";
import { facesOf } from "./model/faces.js";
import { LEGEND, type LegendEntry } from "./model/filters.js";
import type { Graph } from "./model/graph.js";
import { type Heat, heatBy, overlayFor } from "./model/heat.js";
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
  const overlay = overlayFor(graph, colourBy);
  return graph && overlay && heatBy(overlay, graph, position);
}

/** Cards that the legend's filter leaves; null where it leaves all. */
function shownBy(
  { filter, changes }: Pick<Marks, "filter" | "changes">,
  graph: Graph | null,
  position: number,
): ReadonlySet<string> | null {
  const entry = LEGEND.find((each) => each.id === filter);
  if (!entry || !graph) return null;
  const faces = facesOf(graph, position);
  const cards = graph.cards.filter((card, i) => entry.matches(faces[i]!, changes.get(card.id) ?? null));
  return new Set(cards.map((card) => card.id));
}

/** A folded group is marked for what is in it. */
function lifted(drawn: Shown, ids: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...ids].map((id) => drawn.thingOf(id)?.id ?? id));
}

/** The strongest of what is folded away tells the colour of the group. */
function liftedHeat(drawn: Shown, heat: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const most = new Map<string, number>();
  for (const [id, share] of heat) {
    const holder = drawn.thingOf(id)?.id ?? id;
    most.set(holder, Math.max(share, most.get(holder) ?? 0));
  }
  return most;
}

export function lookOf(
  drawn: Shown | null,
  saved: Saved,
  position: number,
  { filter, ...marks }: Marks,
): Look {
  const graph = drawn?.graph ?? null;
  const shown = shownBy({ filter, changes: marks.changes }, graph, position);
  const heat = heatOf(graph, saved, position)?.of ?? null;
  return {
    ...marks,
    selected: (marks.selected && drawn?.thingOf(marks.selected)?.id) ?? marks.selected,
    atCursor: drawn ? lifted(drawn, marks.atCursor) : marks.atCursor,
    hits: drawn && marks.hits ? lifted(drawn, marks.hits) : marks.hits,
    position,
    walking: graph !== null && position < graph.pass.steps.length,
    shown: drawn && shown ? lifted(drawn, shown) : shown,
    heat: drawn && heat ? liftedHeat(drawn, heat) : heat,
    gradients: saved.gradients,
    flow: saved.flow,
  };
}
