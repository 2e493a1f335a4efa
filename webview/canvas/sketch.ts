/** @file Draws a scene, back to front, only what is in view and only as finely as can be seen. */
import { isGroupFace, ranIn } from "../groups/face.js";
import type { Thing } from "../groups/types.js";
import type { Link } from "../model/graph.js";
import { type Phase, phaseOf, type TermState, termState } from "../model/walk.js";
import { CardArtist, type CardLook } from "./card.js";
import type { Edge } from "./edge.js";
import { GroupArtist } from "./group-card.js";
import { LABEL, type Label, placeLabels } from "./labels.js";
import type { Measure } from "./measure.js";
import type { Box, Painter } from "./painter.js";
import { along, crosses, lengthOf, overlaps } from "./route.js";
import type { Look, Placed, Scene } from "./scene.js";
import { drawSpecks } from "./specks.js";
import type { Theme } from "./theme.js";

/** Smaller than this on the screen, a card's lines can't be read: draw the block instead. */
const READABLE = 6.2;
const BODY_SIZE = 11;
/** Size on the screen of the name in a block. */
const BLOCK_LETTERS = 9.5;
/** Smaller still, not even a name can: cards are specks of their colour, and edges straight. */
const SPECKS = 0.12;
/** Distance of a bundle's count from where the bundle leaves. */
const COUNT_AT = 26;

export class Sketch {
  private readonly cards: CardArtist;
  private readonly groups: GroupArtist;
  private labels: readonly Label[] = [];
  private labelsFor = "";

  constructor(
    private readonly scene: Scene,
    private readonly theme: Theme,
    private readonly measure: Measure,
  ) {
    this.cards = new CardArtist(theme, measure);
    this.groups = new GroupArtist(theme, measure);
  }

  forgetLabels(): void {
    this.labelsFor = "";
  }

  draw(painter: Painter, view: Box, zoom: number, look: Look): void {
    const { scene } = this;
    const near = BODY_SIZE * zoom >= READABLE;
    const room = { x: view.x - 12, y: view.y - 12, width: view.width + 24, height: view.height + 24 };
    const placed = scene.placed.filter(({ box }) => overlaps(box, room));
    const edges = scene.edges.filter(({ box }) => overlaps(box, room));
    for (const { frame, box } of scene.frames)
      if (overlaps(box, room))
        this.groups.frame(painter, box, frame, this.lookOf(frame, look), BLOCK_LETTERS / zoom);
    if (zoom < SPECKS) {
      drawSpecks(painter, { placed, edges, look, zoom, theme: this.theme });
      this.drawMarked(painter, placed, edges, zoom, look);
      return;
    }
    for (const edge of edges) this.drawData(painter, edge, zoom, look);
    for (const edge of edges)
      if (this.showsGradient(edge, look)) this.drawGradient(painter, edge, zoom, look);
    painter.opacity(1);
    for (const each of placed) this.drawItem(painter, each, near, zoom, look);
    if (near) this.drawWords(painter, edges, view, look);
  }

  /** What one looks for stands out among specks, too. */
  private drawMarked(
    painter: Painter,
    placed: readonly Placed[],
    edges: readonly Edge[],
    zoom: number,
    look: Look,
  ): void {
    const marked = (id: string) => id === look.selected || id === look.focused || id === look.hovered;
    for (const edge of edges)
      if (edge.touches(look.selected) || edge.touches(look.hovered)) this.drawData(painter, edge, zoom, look);
    painter.opacity(1);
    for (const each of placed) if (marked(each.item.id)) this.drawItem(painter, each, false, zoom, look);
  }

  private drawItem(painter: Painter, { item, box }: Placed, near: boolean, zoom: number, look: Look): void {
    const face = this.scene.face(item, look.position);
    const cardLook = this.lookOf(item, look);
    const letters = BLOCK_LETTERS / zoom;
    if (isGroupFace(face)) {
      if (near) this.groups.draw(painter, box, face, cardLook);
      else this.groups.drawBlock(painter, box, face, cardLook, letters);
    } else if (near) this.cards.draw(painter, box, face, cardLook);
    else this.cards.drawBlock(painter, box, face, cardLook, letters);
  }

  private lookOf(thing: Thing, look: Look): CardLook {
    const { id } = thing;
    return {
      phase: this.phaseOf(thing, look.position),
      walking: look.walking,
      selected: look.selected === id,
      focused: look.focused === id,
      atCursor: look.atCursor.has(id),
      faded: thing.kind !== "frame" && look.shown !== null && !look.shown.has(id),
      hit: look.hits?.has(id) ?? false,
      heat: look.heat?.get(id) ?? null,
      change: look.changes.get(id) ?? null,
    };
  }

  /** A folded group waits until its first operation runs, and glows while one of them is next. */
  private phaseOf(thing: Thing, position: number): Phase {
    if (thing.kind === "card") return phaseOf(thing.card, position);
    if (thing.kind === "frame") return "done";
    const { shown } = this.scene;
    const next = shown.graph.order[position];
    if (next && shown.holder(next) === thing) return "current";
    return ranIn(shown.tree, thing.group, position) > 0 ? "done" : "waiting";
  }

  private edgeOpacity({ wire }: Edge, { shown }: Look): number {
    return shown !== null && !(shown.has(wire.producer.id) && shown.has(wire.consumer.id)) ? 0.12 : 1;
  }

  private drawData(painter: Painter, edge: Edge, zoom: number, look: Look): void {
    const { colours, highContrast } = this.theme;
    const marked = edge.touches(look.selected) || edge.touches(look.hovered);
    painter.opacity(this.edgeOpacity(edge, look));
    const colour = marked || highContrast ? colours.quiet : colours.edge;
    const width = Math.max((marked ? 1.75 : 1.25) + bundled(edge), 0.7 / zoom);
    const line = look.flow === "forward" ? edge.line : edge.reversed;
    painter.path(line.path, null, { colour, width });
    if (zoom > 0.2) painter.path(line.arrow, colour, null);
  }

  /** Of a bundle, what the furthest of its gradients does. */
  private termState({ wire }: Edge, position: number): TermState {
    const states = new Set(wire.links.map((link) => termState(link, position)));
    return (["leaving", "arrived", "expected", "none"] as const).find((state) => states.has(state)) ?? "none";
  }

  private showsGradient(edge: Edge, look: Look): boolean {
    if (!look.gradients && !look.walking && !edge.touches(look.selected) && !edge.touches(look.hovered))
      return false;
    const state = this.termState(edge, look.position);
    return state === "arrived" || state === "leaving";
  }

  private drawGradient(painter: Painter, edge: Edge, zoom: number, look: Look): void {
    const { colours } = this.theme;
    const leaving = this.termState(edge, look.position) === "leaving";
    painter.opacity(this.edgeOpacity(edge, look));
    const stroke = { colour: colours.grad, width: Math.max(2 + bundled(edge), 1 / zoom) };
    painter.path(edge.gradient.path, null, leaving ? { ...stroke, dash: [5, 4] } : stroke);
    painter.path(edge.gradient.arrow, colours.grad, null);
  }

  /** A term is written out where it says more than the card it arrives at. */
  private wantsLabel(edge: Edge, look: Look): Link | null {
    const { producer, consumer, links } = edge.wire;
    const [link] = links;
    if (!link || producer.kind !== "card" || consumer.kind !== "card") return null;
    if (!this.showsGradient(edge, look)) return null;
    if (edge.touches(look.selected) || edge.touches(look.hovered)) return link;
    if (termState(link, look.position) === "leaving") return link;
    const fanIn = link.producer.outputs.filter((other) => other.term !== null).length > 1;
    const summed = link.term !== null && link.term.shape.join() !== link.consumer.node.shape.join();
    return fanIn || (summed && link.consumer.node.shape.length > 0) ? link : null;
  }

  /** Those of edges in view: of a large graph, the rest would take long and be seen by nobody. */
  private labelsOf(look: Look, edges: readonly Edge[]): readonly Label[] {
    const ids = edges.length === this.scene.edges.length ? "" : edges.map(({ wire }) => wire.id).join();
    const key = [look.position, look.walking, look.selected, look.hovered, look.gradients, ids].join("|");
    if (key !== this.labelsFor) {
      this.labelsFor = key;
      const wanted = edges.flatMap((edge) => {
        const link = this.wantsLabel(edge, look);
        return link ? [{ link, points: edge.gradient.points }] : [];
      });
      const boxes = wanted.length === 0 ? [] : this.scene.placed.map(({ box }) => box);
      const lines = edges.flatMap((edge) =>
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

  private drawWords(painter: Painter, edges: readonly Edge[], view: Box, look: Look): void {
    const { colours } = this.theme;
    for (const label of this.labelsOf(look, edges)) {
      if (label.x < view.x - 200 || label.x > view.x + view.width + 200) continue;
      const style = { ...LABEL, colour: colours["grad-text"], align: "centre", halo: colours.bg } as const;
      painter.text(label.text, label.x, label.y, style);
    }
    for (const edge of edges) {
      if (edge.wire.links.length > 1) this.drawCount(painter, edge, look);
      else this.drawNumber(painter, edge);
    }
  }

  /** How many links a bundle stands for. */
  private drawCount(painter: Painter, edge: Edge, look: Look): void {
    const { colours } = this.theme;
    // Near its beginning, where it has not yet met the bundles that run beside it.
    const { points } = edge.line;
    const { x, y } = along(points, Math.min(0.5, COUNT_AT / (lengthOf(points) || 1)));
    const style = { ...LABEL, size: 9.5, colour: colours.quiet, halo: colours.bg, align: "centre" } as const;
    painter.opacity(this.edgeOpacity(edge, look));
    painter.text(`×${edge.wire.links.length}`, x, y + 3.4, style);
    painter.opacity(1);
  }

  private drawNumber(painter: Painter, { wire, route }: Edge): void {
    const [link] = wire.links;
    const [start] = route;
    const box = this.scene.boxOf(wire.producer.id);
    if (!link?.numbered || !start || !box || wire.producer.kind !== "card") return;
    // Outwards, away from the other edges that leave the same card.
    const outer = start.x < box.x + box.width / 2 - 1;
    const align = outer ? "end" : "start";
    const { colours } = this.theme;
    const style = { ...LABEL, size: 9.5, colour: colours.quiet, halo: colours.bg, align } as const;
    const y = start.y + (this.scene.orientation === "down" ? 12 : -4);
    painter.text(String(link.inputNr), start.x + (outer ? -4 : 4), y, style);
  }

  labelBoxes(look: Look): readonly Box[] {
    return this.labelsOf(look, this.scene.edges).map(({ text, x, y }) => {
      const width = this.measure.width(text, LABEL);
      return { x: x - width / 2, y: y - LABEL.size, width, height: LABEL.size + 4 };
    });
  }
}

/** A bundle is as much thicker as its count has digits. */
function bundled({ wire }: Edge): number {
  return wire.links.length > 1 ? 0.6 + 0.5 * Math.log10(wire.links.length) : 0;
}
