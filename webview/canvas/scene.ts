/** @file The whole drawing: which edges, cards and words there are, back to front, and only what is in view. */
import type { LayoutResult, Point } from "../layout/types.js";
import type { Change } from "../model/changes.js";
import { type Face, faceOf } from "../model/face.js";
import type { Card, Graph, Link } from "../model/graph.js";
import { phaseOf, termState } from "../model/walk.js";
import { CardArtist, type CardLook, cardSize, type Size } from "./card.js";
import { LABEL, type Label, placeLabels } from "./labels.js";
import type { Measure } from "./measure.js";
import type { Box, Painter } from "./painter.js";
import { boundsOf, crosses, LANE, type Line, lineOf, nearness, overlaps } from "./route.js";
import type { Theme } from "./theme.js";

/** Everything that changes the drawing without changing the graph. */
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
  /** Cards that step back: the legend's filter, paths, relatives. */
  readonly shown: ReadonlySet<string> | null;
  /** 0 to 1 by card, where cards are coloured by a quantity. */
  readonly heat: ReadonlyMap<string, number> | null;
  /** By card: what the last run made of it. */
  readonly changes: ReadonlyMap<string, Change>;
  /** Show every gradient that travelled, not only those of the selected card. */
  readonly gradients: boolean;
  /** Arrows point as data flows, or as gradients do. */
  readonly flow: "forward" | "gradient";
}

interface Placed {
  readonly card: Card;
  box: Box;
}

interface Edge {
  readonly link: Link;
  /** As the layout gave it, from producer to consumer. */
  route: readonly Point[];
  line: Line;
  reversed: Line;
  gradient: Line;
}

/** Smaller than this on the screen, a card's lines can't be read: draw the block instead. */
const READABLE = 6.2;
const BODY_SIZE = 11;
/** Size on the screen of the name in a block. */
const BLOCK_LETTERS = 9.5;

export class Scene {
  private readonly placed = new Map<string, Placed>();
  private edges: Edge[] = [];
  private faces = new Map<string, Face>();
  private facesAt = -1;
  private labels: readonly Label[] = [];
  private labelsFor = "";
  private artist: CardArtist;

  constructor(
    readonly graph: Graph,
    readonly sizes: ReadonlyMap<string, Size>,
    layout: LayoutResult,
    private readonly direction: "down" | "right",
    private theme: Theme,
    private measure: Measure,
  ) {
    this.artist = new CardArtist(theme, measure);
    for (const { id, x, y } of layout.nodes) this.put(id, { x, y });
    const routes = new Map(layout.edges.map((edge) => [edge.id, edge.points]));
    for (const link of graph.links)
      this.edges.push(this.edge(link, routes.get(link.id) ?? this.straight(link)));
  }

  retheme(theme: Theme, measure: Measure): void {
    this.theme = theme;
    this.measure = measure;
    this.artist = new CardArtist(theme, measure);
    this.labelsFor = "";
  }

  /** Moves a card that a person drags; its edges follow as simple curves. */
  move(id: string, centre: Point): void {
    const placed = this.put(id, centre);
    if (!placed) return;
    this.labelsFor = "";
    for (const edge of this.edges)
      if (edge.link.producer === placed.card || edge.link.consumer === placed.card)
        Object.assign(edge, this.edge(edge.link, this.straight(edge.link)));
  }

  boxOf(id: string): Box | null {
    return this.placed.get(id)?.box ?? null;
  }

  routeOf(id: string): readonly Point[] | null {
    return this.edges.find((edge) => edge.link.id === id)?.route ?? null;
  }

  bounds(): Box {
    const boxes = [...this.placed.values()].map((placed) => placed.box);
    const corners = boxes.flatMap((box) => [box, { x: box.x + box.width, y: box.y + box.height }]);
    const routes = this.edges.flatMap((edge) => edge.line.points);
    return corners.length === 0 ? { x: 0, y: 0, width: 0, height: 0 } : boundsOf([...corners, ...routes]);
  }

  /** The link that runs through a point, within a distance. */
  linkAt(point: Point, within: number): Link | null {
    let best = within ** 2;
    let found: Link | null = null;
    for (const { link, line } of this.edges) {
      const { box } = line;
      const inside = { x: point.x - within, y: point.y - within, width: 2 * within, height: 2 * within };
      if (!overlaps(box, inside)) continue;
      const near = nearness(line.points, point);
      if (near < best) [best, found] = [near, link];
    }
    return found;
  }

  draw(painter: Painter, view: Box, zoom: number, look: Look): void {
    const near = BODY_SIZE * zoom >= READABLE;
    const faces = this.facesFor(look.position);
    const edges = this.edges.filter(
      (edge) => overlaps(edge.gradient.box, view) || overlaps(edge.line.box, view),
    );
    for (const edge of edges) this.drawData(painter, edge, zoom, look);
    for (const edge of edges)
      if (this.showsGradient(edge, look)) this.drawGradient(painter, edge, zoom, look);
    painter.opacity(1);
    for (const { card, box } of this.placed.values()) {
      if (!overlaps({ x: box.x - 12, y: box.y - 12, width: box.width + 24, height: box.height + 24 }, view))
        continue;
      const face = faces.get(card.id);
      if (!face) continue;
      if (near) this.artist.draw(painter, box, face, this.cardLook(card, look));
      else this.artist.drawBlock(painter, box, face, this.cardLook(card, look), BLOCK_LETTERS / zoom);
    }
    if (near) this.drawWords(painter, view, look);
  }

  private put(id: string, centre: Point): Placed | null {
    const card = this.graph.byId.get(id);
    const size = this.sizes.get(id);
    if (!card || !size) return null;
    const box = { x: centre.x - size.width / 2, y: centre.y - size.height / 2, ...size };
    const placed = { card, box };
    this.placed.set(id, placed);
    return placed;
  }

  private edge(link: Link, points: readonly Point[]): Edge {
    const { direction } = this;
    const back = [...points].reverse();
    return {
      link,
      route: points,
      line: lineOf(points, direction),
      reversed: lineOf(back, direction),
      gradient: lineOf(back, direction, this.laneOf(link)),
    };
  }

  /** The gradient runs to the right of its data, unless another edge of the same two cards runs there. */
  private laneOf(link: Link): number {
    const strands = link.producer.outputs.filter((other) => other.consumer === link.consumer);
    return strands.length > 1 && link !== strands[strands.length - 1] ? -LANE : LANE;
  }

  /** From the side of one card to the side of the other, leaving both at right angles. */
  private straight(link: Link): Point[] {
    const a = this.boxOf(link.producer.id);
    const b = this.boxOf(link.consumer.id);
    if (!a || !b) return [];
    const [ca, cb] = [a, b].map((box) => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 })) as [
      Point,
      Point,
    ];
    if (this.direction === "down") {
      const sign = cb.y >= ca.y ? 1 : -1;
      return [
        { x: ca.x, y: ca.y + (sign * a.height) / 2 },
        { x: cb.x, y: cb.y - (sign * b.height) / 2 },
      ];
    }
    const sign = cb.x >= ca.x ? 1 : -1;
    return [
      { x: ca.x + (sign * a.width) / 2, y: ca.y },
      { x: cb.x - (sign * b.width) / 2, y: cb.y },
    ];
  }

  private facesFor(position: number): Map<string, Face> {
    if (this.facesAt !== position) {
      this.faces = new Map(this.graph.cards.map((card) => [card.id, faceOf(this.graph, card, position)]));
      this.facesAt = position;
    }
    return this.faces;
  }

  private cardLook(card: Card, look: Look): CardLook {
    const { id } = card;
    return {
      phase: phaseOf(card, look.position),
      walking: look.walking,
      selected: look.selected === id,
      focused: look.focused === id,
      atCursor: look.atCursor.has(id),
      faded: look.shown !== null && !look.shown.has(id),
      hit: look.hits?.has(id) ?? false,
      heat: look.heat?.get(id) ?? null,
      change: look.changes.get(id) ?? null,
    };
  }

  private touches({ link }: Edge, id: string | null): boolean {
    return id !== null && (link.producer.id === id || link.consumer.id === id || link.id === id);
  }

  private linkOpacity({ link }: Edge, look: Look): number {
    const { shown } = look;
    return shown !== null && !(shown.has(link.producer.id) && shown.has(link.consumer.id)) ? 0.12 : 1;
  }

  private drawData(painter: Painter, edge: Edge, zoom: number, look: Look): void {
    const { colours, highContrast } = this.theme;
    const marked = this.touches(edge, look.selected) || this.touches(edge, look.hovered);
    painter.opacity(this.linkOpacity(edge, look));
    const colour = marked || highContrast ? colours.quiet : colours.edge;
    const width = Math.max(marked ? 1.75 : 1.25, 0.7 / zoom);
    const shown = look.flow === "forward" ? edge.line : edge.reversed;
    painter.path(shown.path, null, { colour, width });
    if (zoom > 0.2) painter.path(shown.arrow, colour, null);
  }

  private showsGradient(edge: Edge, look: Look): boolean {
    const state = termState(edge.link, look.position);
    if (state !== "arrived" && state !== "leaving") return false;
    return (
      look.gradients || look.walking || this.touches(edge, look.selected) || this.touches(edge, look.hovered)
    );
  }

  private drawGradient(painter: Painter, edge: Edge, zoom: number, look: Look): void {
    const { colours } = this.theme;
    const leaving = termState(edge.link, look.position) === "leaving";
    painter.opacity(this.linkOpacity(edge, look));
    const stroke = { colour: colours.grad, width: Math.max(2, 1 / zoom) };
    painter.path(edge.gradient.path, null, leaving ? { ...stroke, dash: [5, 4] } : stroke);
    painter.path(edge.gradient.arrow, colours.grad, null);
  }

  /** A term is written out where it says more than the card it arrives at. */
  private wantsLabel(edge: Edge, look: Look): boolean {
    if (!this.showsGradient(edge, look)) return false;
    if (this.touches(edge, look.selected) || this.touches(edge, look.hovered)) return true;
    if (termState(edge.link, look.position) === "leaving") return true;
    const { link } = edge;
    const fanIn = link.producer.outputs.filter((other) => other.term !== null).length > 1;
    const summed = link.term !== null && link.term.shape.join() !== link.consumer.node.shape.join();
    return fanIn || (summed && link.consumer.node.shape.length > 0);
  }

  private labelsOf(look: Look): readonly Label[] {
    const key = [look.position, look.walking, look.selected, look.hovered, look.gradients].join("|");
    if (key !== this.labelsFor) {
      this.labelsFor = key;
      const wanted = this.edges
        .filter((edge) => this.wantsLabel(edge, look))
        .map((edge) => ({ link: edge.link, points: edge.gradient.points }));
      const boxes = [...this.placed.values()].map((placed) => placed.box);
      const lines = this.edges.flatMap((edge) =>
        this.showsGradient(edge, look) ? [edge.line, edge.gradient] : [edge.line],
      );
      this.labels = placeLabels(
        wanted,
        (box) => boxes.filter((other) => overlaps(box, other)),
        (box) => lines.some((line) => overlaps(line.box, box) && crosses(line.points, box)),
        this.measure,
      );
    }
    return this.labels;
  }

  private drawWords(painter: Painter, view: Box, look: Look): void {
    const { colours } = this.theme;
    for (const label of this.labelsOf(look)) {
      if (label.x < view.x - 200 || label.x > view.x + view.width + 200) continue;
      const style = { ...LABEL, colour: colours["grad-text"], align: "centre", halo: colours.bg } as const;
      painter.text(label.text, label.x, label.y, style);
    }
    for (const { link, route } of this.edges) {
      const [start] = route;
      const box = this.boxOf(link.producer.id);
      if (!link.numbered || !start || !box) continue;
      // Outwards, away from the other edges that leave the same card.
      const outer = start.x < box.x + box.width / 2 - 1;
      const align = outer ? "end" : "start";
      const style = { ...LABEL, size: 9.5, colour: colours.quiet, halo: colours.bg, align } as const;
      painter.text(
        String(link.inputNr),
        start.x + (outer ? -4 : 4),
        start.y + (this.direction === "down" ? 12 : -4),
        style,
      );
    }
  }

  /** The words beside edges and the cards, for tests of what overlaps. */
  labelBoxes(look: Look): readonly Box[] {
    return this.labelsOf(look).map(({ text, x, y }) => {
      const width = this.measure.width(text, LABEL);
      return { x: x - width / 2, y: y - LABEL.size, width, height: LABEL.size + 4 };
    });
  }
}

export function measureCards(graph: Graph, measure: Measure): Map<string, Size> {
  // Wide enough for what they say at the start of the pass and at its end.
  const ends = [0, graph.pass.steps.length];
  return new Map(
    graph.cards.map((card) => {
      const sizes = ends.map((position) => cardSize(faceOf(graph, card, position), measure));
      return [card.id, sizes.reduce((a, b) => (b.width > a.width ? b : a))];
    }),
  );
}
