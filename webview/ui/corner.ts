/** @file A corner of the graph for something that lies over it. */
import type { Size } from "../canvas/card.js";
import type { Box } from "../canvas/painter.js";

/** In logical terms, as the style sheet has them; the drawing itself is the same in both writing directions. */
export type Corner = "end bottom" | "start bottom" | "end top" | "start top";

const CORNERS: readonly Corner[] = ["end bottom", "start bottom", "end top", "start top"];

/** Where in `room` something of this size lies, at a distance from the edges. */
export function cornerBox(corner: Corner, size: Size, room: Size, margin: number): Box {
  const x = corner.startsWith("start") ? margin : room.width - size.width - margin;
  const y = corner.endsWith("top") ? margin : room.height - size.height - margin;
  return { x, y, ...size };
}

/**
 * The corner where it covers nothing; the one where it lies already, if that is free.
 * @returns null where every corner is taken, or `room` is too small
 */
export function freeCorner(
  size: Size,
  room: Size,
  margin: number,
  isFree: (box: Box) => boolean,
  now: Corner | null = null,
): Corner | null {
  if (size.width + 2 * margin > room.width || size.height + 2 * margin > room.height) return null;
  const wished = now ? [now, ...CORNERS] : CORNERS;
  return wished.find((corner) => isFree(cornerBox(corner, size, room, margin))) ?? null;
}
