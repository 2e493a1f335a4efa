/** @file Small signs on a card, each told by its form as well as its colour, so that they survive print. */
import type { GradState } from "../model/face.js";
import type { Box, Painter, Stroke } from "./painter.js";

/** Room that a gradient's sign takes before its text. */
export const SIGN = 12;
const RADIUS = 3.4;

function circle(painter: Painter, x: number, y: number, fill: string | null, stroke: Stroke): void {
  const box = { x: x - RADIUS, y: y - RADIUS, width: 2 * RADIUS, height: 2 * RADIUS };
  painter.outline(box, { kind: "rect", radius: RADIUS }, fill, stroke);
}

/** Gradients point the way they go where data flows down: up. */
function triangle(painter: Painter, x: number, y: number, fill: string | null, stroke: Stroke): void {
  const commands = [{ to: { x: x + RADIUS, y: y + RADIUS } }, { to: { x: x - RADIUS, y: y + RADIUS } }];
  painter.path({ start: { x, y: y - RADIUS }, commands, closed: true }, fill, stroke);
}

function line(painter: Painter, from: [number, number], to: [number, number], stroke: Stroke): void {
  const [[x, y], [toX, toY]] = [from, to];
  painter.path({ start: { x, y }, commands: [{ to: { x: toX, y: toY } }] }, null, stroke);
}

/**
 * Full circle: accumulated; full triangle: flowing; hollow triangle: passed through; dotted circle: pending; a
 * dash: none.
 * @param x left end of the sign
 * @param y its middle
 */
export function drawGradSign(painter: Painter, state: GradState, x: number, y: number, colour: string): void {
  const middle = x + RADIUS + 0.5;
  const stroke = { colour, width: 1.2 };
  if (state === "accumulated") circle(painter, middle, y, colour, stroke);
  else if (state === "flowing") triangle(painter, middle, y, colour, stroke);
  else if (state === "passed") triangle(painter, middle, y, null, stroke);
  else if (state === "pending") circle(painter, middle, y, null, { ...stroke, dash: [1.6, 1.6] });
  else line(painter, [middle - RADIUS, y], [middle + RADIUS, y], stroke);
}

const FREED = 6;

/** An empty, crossed-out box in the lower right corner: what the node had saved is gone. */
export function drawFreedSign(painter: Painter, card: Box, colour: string): void {
  const [x, y] = [card.x + card.width - FREED - 6, card.y + card.height - FREED - 6];
  const stroke = { colour, width: 1 };
  painter.outline({ x, y, width: FREED, height: FREED }, { kind: "rect", radius: 1 }, null, stroke);
  line(painter, [x - 1.5, y + FREED + 1.5], [x + FREED + 1.5, y - 1.5], stroke);
}

/** A bar at the left edge, as an editor marks its changed lines: solid for what is new, broken for what differs. */
export function drawChange(painter: Painter, card: Box, change: "added" | "changed", colour: string): void {
  const x = card.x - 6;
  const dash = change === "changed" ? { dash: [5, 3] } : {};
  line(painter, [x, card.y + 2], [x, card.y + card.height - 2], { colour, width: 3, ...dash });
}
