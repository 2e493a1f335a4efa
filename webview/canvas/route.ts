/** @file The geometry of edges: curves between ranks, a second lane for gradients, arrowheads, nearness. */
import { slantControls } from "../layout/path.js";
import type { Point } from "../layout/types.js";
import type { Box, PathCommand, PathShape } from "./painter.js";

const ARROW = { length: 8, half: 3.6 };
/** Distance between the data's lane and the gradient's. */
export const LANE = 9;
/** Straight pieces that stand for a curve where only nearness matters. */
const PIECES = 8;

export type Orientation = "down" | "right";

export interface Line {
  /** The curve as a polyline. */
  readonly points: readonly Point[];
  /** Ends where the arrowhead begins. */
  readonly path: PathShape;
  readonly arrow: PathShape;
  readonly box: Box;
}

/** Along the layout's axis from `from`, towards the side on which `to` lies. */
function ahead(from: Point, to: Point, distance: number, orientation: Orientation): Point {
  return orientation === "down"
    ? { x: from.x, y: from.y + Math.sign(to.y - from.y) * distance }
    : { x: from.x + Math.sign(to.x - from.x) * distance, y: from.y };
}

/**
 * `bend` moves the middle of a slant towards the side of the second lane, which keeps the lanes apart where they
 * run across the axis.
 */
function controls(a: Point, b: Point, orientation: Orientation, bend: number): [Point, Point] {
  const axis = orientation === "down" ? "y" : "x";
  const most = Math.abs(b[axis] - a[axis]) / 4;
  const limited = Math.max(-most, Math.min(most, bend));
  const shift = (b.x - a.x) * (b.y - a.y) > 0 ? -limited : limited;
  const [one, two] = slantControls(a, b, axis);
  return [
    { ...one, [axis]: one[axis] + shift },
    { ...two, [axis]: two[axis] + shift },
  ];
}

function slanted(a: Point, b: Point): boolean {
  return Math.abs(a.x - b.x) > 0.5 && Math.abs(a.y - b.y) > 0.5;
}

/** `end` stands in for the last point, which the arrowhead covers; the curve is bent as if it reached it. */
function curve(points: readonly Point[], end: Point, orientation: Orientation, bend: number): PathShape {
  const [start = end] = points;
  const commands = points.slice(1).map((point, i): PathCommand => {
    const from = points[i]!;
    const to = i === points.length - 2 ? end : point;
    return slanted(from, point) ? { to, via: controls(from, point, orientation, bend) } : { to };
  });
  return { start, commands };
}

function cubic(a: Point, [b, c]: readonly [Point, Point], d: Point, t: number): Point {
  const u = 1 - t;
  const [p, q, r, s] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
  return { x: p * a.x + q * b.x + r * c.x + s * d.x, y: p * a.y + q * b.y + r * c.y + s * d.y };
}

function sampled({ start, commands }: PathShape): Point[] {
  const points = [start];
  for (const command of commands) {
    const from = points[points.length - 1]!;
    if ("via" in command)
      for (let i = 1; i < PIECES; i++) points.push(cubic(from, command.via, command.to, i / PIECES));
    points.push(command.to);
  }
  return points;
}

function arrowhead(tip: Point, base: Point): PathShape {
  const length = distance(tip, base) || 1;
  const [dx, dy] = [((tip.x - base.x) / length) * ARROW.half, ((tip.y - base.y) / length) * ARROW.half];
  return {
    start: tip,
    commands: [{ to: { x: base.x - dy, y: base.y + dx } }, { to: { x: base.x + dy, y: base.y - dx } }],
    closed: true,
  };
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** A route in the order of its points, with an arrowhead at the last; `by` is its distance from the data's lane. */
export function lineOf(points: readonly Point[], orientation: Orientation, by = 0): Line {
  const route = by === 0 ? points : lane(points, by, orientation);
  const tip = route[route.length - 1] ?? { x: 0, y: 0 };
  const before = route[route.length - 2] ?? tip;
  const base = ahead(tip, before, Math.min(ARROW.length, distance(tip, before)), orientation);
  const path = curve(route, base, orientation, by);
  const drawn = [...sampled(path), tip];
  return { points: drawn, path, arrow: arrowhead(tip, base), box: boundsOf(drawn) };
}

export function boundsOf(points: readonly Point[]): Box {
  const far = Number.POSITIVE_INFINITY;
  let [left, top, right, bottom] = [far, far, -far, -far];
  for (const { x, y } of points) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  const room = ARROW.half;
  return { x: left - room, y: top - room, width: right - left + 2 * room, height: bottom - top + 2 * room };
}

/** The same route beside itself: shifted across the layout's axis, so that it begins and ends on the cards' sides. */
function lane(points: readonly Point[], by: number, orientation: Orientation): Point[] {
  return points.map(({ x, y }) => (orientation === "down" ? { x: x + by, y } : { x, y: y + by }));
}

export function lengthOf(points: readonly Point[]): number {
  return points.slice(1).reduce((sum, point, i) => sum + distance(points[i]!, point), 0);
}

/** The point at a share of a polyline's length. */
export function along(points: readonly Point[], share: number): Point {
  let left = share * lengthOf(points);
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!];
    const length = distance(a, b);
    if (left <= length && length > 0)
      return { x: a.x + ((b.x - a.x) * left) / length, y: a.y + ((b.y - a.y) * left) / length };
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

/** Whether a polyline touches a box: by the separating axes of each of its segments. */
export function crosses(points: readonly Point[], box: Box): boolean {
  const [cx, cy] = [box.x + box.width / 2, box.y + box.height / 2];
  const [hx, hy] = [box.width / 2, box.height / 2];
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!];
    const [mx, my] = [(a.x + b.x) / 2 - cx, (a.y + b.y) / 2 - cy];
    const [dx, dy] = [(b.x - a.x) / 2, (b.y - a.y) / 2];
    const apart =
      Math.abs(mx) > hx + Math.abs(dx) ||
      Math.abs(my) > hy + Math.abs(dy) ||
      Math.abs(mx * dy - my * dx) > hx * Math.abs(dy) + hy * Math.abs(dx);
    if (!apart) return true;
  }
  return false;
}
