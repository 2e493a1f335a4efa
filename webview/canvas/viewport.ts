/** @file The part of the drawing that is in view, and the one that shows all of it. */
import type { Size } from "./card.js";
import type { Box } from "./painter.js";

export interface Viewport {
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
}

/** A chain of tens of thousands fits into view, as a line. */
export const MIN_ZOOM = 0.0002;
export const MAX_ZOOM = 4;
/** Small graphs are not blown up beyond this when they are fitted. */
const FIT_ZOOM = 1.15;
const PADDING = 28;

/** All of `box` in the middle of the room; null where there is nothing to show, or no room. */
export function fitInto(box: Box, { width, height }: Size): Viewport | null {
  if (box.width === 0 || width === 0) return null;
  const most = Math.min((width - 2 * PADDING) / box.width, (height - 2 * PADDING) / box.height);
  const zoom = Math.max(MIN_ZOOM, Math.min(FIT_ZOOM, most));
  return {
    zoom,
    x: (width - box.width * zoom) / 2 - box.x * zoom,
    y: (height - box.height * zoom) / 2 - box.y * zoom,
  };
}
