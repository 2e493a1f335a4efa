/** @file The drawn form of a route. */
import type { Direction, Point } from "./types.js";

/**
 * SVG path data for a route: runs along the direction stay straight, slants become S-curves that start and end
 * along the direction. A curve stays between the ranks that its slant joins, so it meets no card either.
 */
export function edgePath(points: readonly Point[], direction: Direction): string {
  const first = points[0];
  if (!first) return "";
  const along = direction === "down" || direction === "up" ? "y" : "x";
  const across = along === "y" ? "x" : "y";
  let path = `M${at(first)}`;
  for (let i = 1; i < points.length; i++) {
    const a = points[i - 1]!;
    const b = points[i]!;
    if (Math.abs(a[across] - b[across]) < 0.01 || Math.abs(a[along] - b[along]) < 0.01) path += `L${at(b)}`;
    else {
      const [c, d] = slantControls(a, b, along);
      path += `C${at(c)} ${at(d)} ${at(b)}`;
    }
  }
  return path;
}

/** The two inner control points of a slant's cubic Bézier curve. */
export function slantControls(a: Point, b: Point, along: "x" | "y"): [Point, Point] {
  const middle = (a[along] + b[along]) / 2;
  return along === "y"
    ? [
        { x: a.x, y: middle },
        { x: b.x, y: middle },
      ]
    : [
        { x: middle, y: a.y },
        { x: middle, y: b.y },
      ];
}

function at({ x, y }: Point): string {
  return `${round(x)} ${round(y)}`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
