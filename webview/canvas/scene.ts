/** @file Where everything in the drawing stands: cards, open groups and edges. How they look is Sketch's. */
import { type GroupFace, groupFace, isGroupFace } from "../groups/face.js";
import type { Frame, Item, Shown, Thing, Wire } from "../groups/types.js";
import type { LayoutResult, Point } from "../layout/types.js";
import type { Change } from "../model/changes.js";
import { type Face, faceOf } from "../model/face.js";
import type { Graph } from "../model/graph.js";
import { cardSize, type Size } from "./card.js";
import { Edge } from "./edge.js";
import { chevronBox, frameWidth, groupSize, TITLE_HEIGHT } from "./group-card.js";
import type { Measure } from "./measure.js";
import type { Box, Painter } from "./painter.js";
import { boundsOf, LANE, nearness, type Orientation, overlaps } from "./route.js";
import { Sketch } from "./sketch.js";
import type { Theme } from "./theme.js";

/** Everything that changes the drawing without changing what is drawn. Ids are those of items and frames. */
export interface Look {
  readonly position: number;
  /** Somewhere inside the pass, rather than at its end. */
  readonly walking: boolean;
  readonly selected: string | null;
  readonly focused: string | null;
  readonly hovered: string | null;
  readonly atCursor: ReadonlySet<string>;
  /** What a search found; null without a search. */
  readonly hits: ReadonlySet<string> | null;
  /** What does not step back: the legend's filter, paths, relatives. */
  readonly shown: ReadonlySet<string> | null;
  /** 0 to 1, where cards are coloured by a quantity. */
  readonly heat: ReadonlyMap<string, number> | null;
  /** What the last run made of a card. */
  readonly changes: ReadonlyMap<string, Change>;
  /** Show every gradient that travelled, not only those of the selected card. */
  readonly gradients: boolean;
  /** Arrows point as data flows, or as gradients do. */
  readonly flow: "forward" | "gradient";
}

export interface Placed {
  readonly item: Item;
  box: Box;
}

export interface PlacedFrame {
  readonly frame: Frame;
  box: Box;
}

/** What stands at a point, and whether the point is where it is folded and unfolded. */
export interface Hit {
  readonly thing: Thing;
  readonly toggles: boolean;
}

/** Free space between an open group's border and a card that was moved. */
const PADDING = 16;

export class Scene {
  readonly placed: readonly Placed[];
  readonly frames: readonly PlacedFrame[];
  edges: Edge[];
  private readonly byId = new Map<string, Placed | PlacedFrame>();
  private readonly faces = new Map<string, Face | GroupFace>();
  private facesAt = -1;
  private sketch: Sketch;
  private drawn: Shown;

  constructor(
    shown: Shown,
    readonly sizes: ReadonlyMap<string, Size>,
    layout: LayoutResult,
    readonly orientation: Orientation,
    theme: Theme,
    measure: Measure,
  ) {
    this.drawn = shown;
    const centres = new Map<string, Point>(layout.nodes.map((node) => [node.id, node]));
    this.placed = shown.items.flatMap((item) => {
      const centre = centres.get(item.id);
      const size = sizes.get(item.id);
      return centre && size ? [{ item, box: around(centre, size) }] : [];
    });
    const areas = new Map(layout.groups.map((group) => [group.id, group]));
    this.frames = shown.frames.flatMap((frame) => {
      const area = areas.get(frame.id);
      return area ? [{ frame, box: around(area, area) }] : [];
    });
    for (const placed of this.placed) this.byId.set(placed.item.id, placed);
    for (const placed of this.frames) this.byId.set(placed.frame.id, placed);
    for (const placed of this.placed) this.widen(placed);
    const routes = new Map(layout.edges.map((edge) => [edge.id, edge.points]));
    const strands = strandsOf(shown.wires);
    this.edges = shown.wires.map((wire) =>
      this.edge(wire, routes.get(wire.id) ?? this.straight(wire), strands.has(wire.id)),
    );
    this.sketch = new Sketch(this, theme, measure);
  }

  get shown(): Shown {
    return this.drawn;
  }

  get graph(): Graph {
    return this.drawn.graph;
  }

  /** The same cards in the same places, with other values. */
  fill(shown: Shown): void {
    this.drawn = shown;
    this.faces.clear();
    this.sketch.forgetLabels();
  }

  retheme(theme: Theme, measure: Measure): void {
    this.sketch = new Sketch(this, theme, measure);
  }

  /** Moves a card that a person drags; its edges follow as simple curves. */
  move(id: string, centre: Point): void {
    const placed = this.byId.get(id);
    const size = this.sizes.get(id);
    if (!placed || !size || !("item" in placed)) return;
    placed.box = around(centre, size);
    this.widen(placed);
    this.sketch.forgetLabels();
    const strands = strandsOf(this.shown.wires);
    this.edges = this.edges.map((edge) =>
      edge.touches(id) ? this.edge(edge.wire, this.straight(edge.wire), strands.has(edge.wire.id)) : edge,
    );
  }

  /** Of a card that is folded away, the group's that holds it. */
  boxOf(id: string): Box | null {
    return this.byId.get(this.shown.thingOf(id)?.id ?? id)?.box ?? null;
  }

  routes(): ReadonlyMap<string, readonly Point[]> {
    return new Map(this.edges.map((edge) => [edge.wire.id, edge.route]));
  }

  bounds(): Box {
    const boxes = [...this.placed, ...this.frames, ...this.edges].map(({ box }) => box);
    if (boxes.length === 0) return { x: 0, y: 0, width: 0, height: 0 };
    return boundsOf(boxes.flatMap((box) => [box, { x: box.x + box.width, y: box.y + box.height }]));
  }

  /** The card, or the title of an open group, at a point. */
  at(point: Point): Hit | null {
    const inside = (box: Box) => overlaps(box, { ...point, width: 0.01, height: 0.01 });
    const placed = this.placed.findLast(({ box }) => inside(box));
    if (placed)
      return { thing: placed.item, toggles: placed.item.kind === "group" && inside(chevronBox(placed.box)) };
    const title = this.frames.findLast(({ box }) => inside({ ...box, height: TITLE_HEIGHT }));
    return title ? { thing: title.frame, toggles: inside(chevronBox(title.box)) } : null;
  }

  /** The wire that runs through a point, within a distance. */
  wireAt(point: Point, within: number): Wire | null {
    let best = within ** 2;
    let found: Wire | null = null;
    const near = { x: point.x - within, y: point.y - within, width: 2 * within, height: 2 * within };
    for (const edge of this.edges) {
      if (!overlaps(edge.box, near)) continue;
      const distance = nearness(edge.line.points, point);
      if (distance < best) [best, found] = [distance, edge.wire];
    }
    return found;
  }

  face(item: Item, position: number): Face | GroupFace {
    if (this.facesAt !== position) {
      this.faces.clear();
      this.facesAt = position;
    }
    let face = this.faces.get(item.id);
    if (!face) {
      face = faceOfItem(this.shown, item, position);
      this.faces.set(item.id, face);
    }
    return face;
  }

  draw(painter: Painter, view: Box, zoom: number, look: Look): void {
    this.sketch.draw(painter, view, zoom, look);
  }

  /** The words beside edges, for tests of what overlaps. */
  labelBoxes(look: Look): readonly Box[] {
    return this.sketch.labelBoxes(look);
  }

  /** Open groups hold what is in them, also where a person moved it. */
  private widen({ item, box }: Placed): void {
    for (let frame = item.frame; frame; frame = frame.frame) {
      const around = this.byId.get(frame.id);
      if (!around) return;
      const { box: area } = around;
      const left = Math.min(area.x, box.x - PADDING);
      const top = Math.min(area.y, box.y - PADDING - TITLE_HEIGHT);
      const right = Math.max(area.x + area.width, box.x + box.width + PADDING);
      const bottom = Math.max(area.y + area.height, box.y + box.height + PADDING);
      around.box = { x: left, y: top, width: right - left, height: bottom - top };
    }
  }

  /** The gradient runs to the right of its data, unless another edge of the same two cards runs there. */
  private edge(wire: Wire, route: readonly Point[], strand: boolean): Edge {
    return new Edge(wire, route, this.orientation, strand ? -LANE : LANE);
  }

  /** From the side of one card to the side of the other, leaving both at right angles. */
  private straight({ producer, consumer }: Wire): Point[] {
    const [a, b] = [this.boxOf(producer.id), this.boxOf(consumer.id)];
    if (!a || !b) return [];
    const [from, to] = [middle(a), middle(b)];
    if (this.orientation === "down") {
      const sign = to.y >= from.y ? 1 : -1;
      return [
        { x: from.x, y: from.y + (sign * a.height) / 2 },
        { x: to.x, y: to.y - (sign * b.height) / 2 },
      ];
    }
    const sign = to.x >= from.x ? 1 : -1;
    return [
      { x: from.x + (sign * a.width) / 2, y: from.y },
      { x: to.x - (sign * b.width) / 2, y: to.y },
    ];
  }
}

function around({ x, y }: Point, { width, height }: Size): Box {
  return { x: x - width / 2, y: y - height / 2, width, height };
}

function middle({ x, y, width, height }: Box): Point {
  return { x: x + width / 2, y: y + height / 2 };
}

/** Of several wires between the same two cards, all but the last. */
function strandsOf(wires: readonly Wire[]): ReadonlySet<string> {
  const last = new Map<string, string>();
  const strands = new Set<string>();
  for (const { id, producer, consumer } of wires) {
    const ends = `${producer.id} ${consumer.id}`;
    const before = last.get(ends);
    if (before !== undefined) strands.add(before);
    last.set(ends, id);
  }
  return strands;
}

function faceOfItem({ graph, tree }: Shown, item: Item, position: number): Face | GroupFace {
  return item.kind === "card" ? faceOf(graph, item.card, position) : groupFace(tree, item.group, position);
}

/** Wide enough for what they say at the start of the pass and at its end. */
export function measureItem(shown: Shown, item: Item, measure: Measure): Size {
  const sizes = [0, shown.graph.pass.steps.length].map((position) => {
    const face = faceOfItem(shown, item, position);
    return isGroupFace(face) ? groupSize(face, measure) : cardSize(face, measure);
  });
  return sizes.reduce((a, b) => (b.width > a.width ? b : a));
}

export function measureItems(shown: Shown, measure: Measure): Map<string, Size> {
  return new Map(shown.items.map((item) => [item.id, measureItem(shown, item, measure)]));
}

/** Widths that the titles of open groups need. */
export function measureFrames(shown: Shown, measure: Measure): Map<string, number> {
  return new Map(shown.frames.map((frame) => [frame.id, frameWidth(frame, measure)]));
}
