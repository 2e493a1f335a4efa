/** @file Thousands of cards at once, too small to be told apart but by their colours: few calls, no text. */

import type { Edge } from "./edge.js";
import type { Painter } from "./painter.js";
import type { Look, Placed } from "./scene.js";
import { mix, type Theme } from "./theme.js";

interface Swarm {
  readonly placed: readonly Placed[];
  readonly edges: readonly Edge[];
  readonly look: Look;
  readonly zoom: number;
  readonly theme: Theme;
}

/** Steps of the colour scale; more can't be told apart at this size. */
const SHADES = 12;
/** Pixels on the screen below which a card would vanish. */
const LEAST = 1.5;

export function drawSpecks(painter: Painter, swarm: Swarm): void {
  const { placed, edges, look, zoom, theme } = swarm;
  const faded = look.shown === null ? () => false : (id: string) => !look.shown?.has(id);
  const stroke = { colour: theme.colours.edge, width: 0.7 / zoom };
  const [back, front] = split(edges, ({ wire }) => faded(wire.producer.id) || faded(wire.consumer.id));
  painter.opacity(0.12);
  painter.polylines(
    back.map(({ route }) => route),
    stroke,
  );
  painter.opacity(1);
  painter.polylines(
    front.map(({ route }) => route),
    stroke,
  );
  const byColour = new Map<string, number[]>();
  for (const { item, box } of placed) {
    const colour = faded(item.id) ? mix(theme.colours.quiet, theme.colours.bg, 0.2) : colourOf(item, swarm);
    let boxes = byColour.get(colour);
    if (!boxes) {
      boxes = [];
      byColour.set(colour, boxes);
    }
    const height = Math.max(box.height, LEAST / zoom);
    boxes.push(box.x, box.y, Math.max(box.width, LEAST / zoom), height);
  }
  for (const [colour, boxes] of byColour) painter.boxes(boxes, colour);
}

function split(edges: readonly Edge[], test: (edge: Edge) => boolean): [Edge[], Edge[]] {
  const [yes, no]: [Edge[], Edge[]] = [[], []];
  for (const edge of edges) (test(edge) ? yes : no).push(edge);
  return [yes, no];
}

function colourOf(item: Placed["item"], { look, theme }: Swarm): string {
  const { colours } = theme;
  const { id } = item;
  if (look.hits?.has(id) || look.atCursor.has(id)) return colours.cursor;
  const heat = look.heat?.get(id);
  if (heat !== undefined)
    return mix(colours.grad, colours.card, 0.15 + (Math.round(heat * SHADES) / SHADES) * 0.85);
  if (item.kind === "group") return mix(colours.quiet, colours.bg, 0.7);
  const { card } = item;
  if (card.root) return colours.root;
  if (look.walking && card.step === look.position) return colours.grad;
  if (card.node.kind === "accumulate") return colours.leaf;
  return mix(colours.quiet, colours.bg, card.node.kind === "constant" ? 0.25 : 0.5);
}
