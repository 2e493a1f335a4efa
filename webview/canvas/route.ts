/** @file The geometry of edges: rounded routes, a second lane for gradients, arrowheads, nearness. */
import type { Point } from "../layout/types.js";
import type { Box, PathCommand, PathShape } from "./painter.js";

const ARROW = { length: 8, half: 3.6 };
const CORNER = 22;
/** Distance between the data's lane and the gradient's. */
export const LANE = 9;

export interface Line {
  readonly points: readonly Point[];
  /** Ends where the arrowhead begins. */
  readonly path: PathShape;
  readonly arrow: PathShape;
  readonly box: Box;
}

function towards(from: Point, to: Point, distance: number): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  return {
    x: from.x + ((to.x - from.x) * distance) / length,
    y: from.y + ((to.y - from.y) * distance) / length,
  };
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** Corners become curves that stay near the corner, so that a route keeps clear of what it was led around. */
export function roundedPath(points: readonly Point[]): PathShape {
  const [start = { x: 0, y: 0 }] = points;
  const commands: PathCommand[] = [];
  for (let i = 1; i < points.length - 1; i++) {
    const [before, corner, after] = [points[i - 1]!, points[i]!, points[i + 1]!];
    const reach = Math.min(CORNER, distance(before, corner) / 2, distance(corner, after) / 2);
    commands.push({ to: towards(corner, before, reach) });
    commands.push({ via: corner, to: towards(corner, after, reach) });
  }
  const end = points[points.length - 1];
  if (end) commands.push({ to: end });
  return { start, commands };
}

function arrowhead(tip: Point, from: Point): PathShape {
  const base = towards(tip, from, ARROW.length);
  const [dx, dy] = [(tip.x - base.x) / ARROW.length, (tip.y - base.y) / ARROW.length];
  return {
    start: tip,
    commands: [
      { to: { x: base.x - dy * ARROW.half, y: base.y + dx * ARROW.half } },
      { to: { x: base.x + dy * ARROW.half, y: base.y - dx * ARROW.half } },
    ],
    closed: true,
  };
}

/** A route in the order of its points, with an arrowhead at the last. */
export function lineOf(points: readonly Point[]): Line {
  const tip = points[points.length - 1] ?? { x: 0, y: 0 };
  const before = points[points.length - 2] ?? tip;
  const shaft = [...points.slice(0, -1), towards(tip, before, Math.min(ARROW.length, distance(tip, before)))];
  return { points, path: roundedPath(shaft), arrow: arrowhead(tip, before), box: boundsOf(points) };
}

export function boundsOf(points: readonly Point[]): Box {
  const xs = points.map((point) => point.x);
  const ys = points.map((point) => point.y);
  const [x, y] = [Math.min(...xs) - ARROW.half, Math.min(...ys) - ARROW.half];
  return { x, y, width: Math.max(...xs) + ARROW.half - x, height: Math.max(...ys) + ARROW.half - y };
}

/** The same route shifted sideways, to its right as seen in the order of its points. */
export function lane(points: readonly Point[], by: number): Point[] {
  return points.map((point, i) => {
    const before = points[i - 1] ?? point;
    const after = points[i + 1] ?? point;
    const one = normal(before, point) ?? normal(point, after) ?? { x: 0, y: 0 };
    const two = normal(point, after) ?? one;
    // The bisector, lengthened so that both segments keep their distance, but never into a spike.
    const sum = { x: one.x + two.x, y: one.y + two.y };
    const size = sum.x ** 2 + sum.y ** 2;
    const scale = size < 0.5 ? by : (2 * by) / size;
    const use = size < 0.5 ? one : sum;
    return { x: point.x + use.x * scale, y: point.y + use.y * scale };
  });
}

function normal(a: Point, b: Point): Point | null {
  const length = distance(a, b);
  return length < 1e-6 ? null : { x: -(b.y - a.y) / length, y: (b.x - a.x) / length };
}

/** The point at a share of the route's length. */
export function along(points: readonly Point[], share: number): Point {
  let left = share * points.slice(1).reduce((sum, point, i) => sum + distance(points[i]!, point), 0);
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!];
    const length = distance(a, b);
    if (left <= length) return towards(a, b, left);
    left -= length;
  }
  return points[points.length - 1] ?? { x: 0, y: 0 };
}

/** Square of the distance from a point to a polyline. */
export function nearness(points: readonly Point[], to: Point): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!];
    const [dx, dy] = [b.x - a.x, b.y - a.y];
    const size = dx * dx + dy * dy || 1;
    const t = Math.max(0, Math.min(1, ((to.x - a.x) * dx + (to.y - a.y) * dy) / size));
    best = Math.min(best, (to.x - a.x - t * dx) ** 2 + (to.y - a.y - t * dy) ** 2);
  }
  return best;
}

export function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
