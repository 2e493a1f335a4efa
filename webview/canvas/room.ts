/** @file Where a drawing has room for what lies over it. */
import type { Box } from "./painter.js";
import { crosses, overlaps } from "./route.js";
import type { Scene } from "./scene.js";

/** Whether nothing of the drawing is there: no card, no group, no edge. */
export function isFree({ placed, frames, edges }: Scene, place: Box): boolean {
  const apart = ({ box }: { readonly box: Box }) => !overlaps(box, place);
  return (
    placed.every(apart) &&
    frames.every(apart) &&
    edges.every((edge) => apart(edge) || !crosses(edge.line.points, place))
  );
}
