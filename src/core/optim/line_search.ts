/**
 * @file Line search for the strong Wolfe conditions, with cubic interpolation.
 *
 * Nocedal and Wright, Numerical Optimization, algorithms 3.5 (bracketing) and 3.6 (zoom), with the
 * safeguards that PyTorch adds, so that steps agree with its.
 */
import type { Tensor } from "../tensor.js";

/** A point on the line: step length, value, gradient there, and slope along the direction. */
export interface Point {
  readonly t: number;
  readonly f: number;
  readonly g: Tensor;
  readonly slope: number;
}

/** Sufficient decrease and curvature. */
const C1 = 1e-4;
const C2 = 0.9;
const TOLERANCE = 1e-9;

/** The minimiser of the cubic through two points with their slopes, within bounds. */
export function cubicInterpolate(a: Point, b: Point, bounds?: readonly [number, number]): number {
  const [low, high] = bounds ?? [Math.min(a.t, b.t), Math.max(a.t, b.t)];
  const d1 = a.slope + b.slope - (3 * (a.f - b.f)) / (a.t - b.t);
  const square = d1 * d1 - a.slope * b.slope;
  if (!(square >= 0)) return (low + high) / 2;
  const d2 = Math.sqrt(square);
  const [p, q] = a.t <= b.t ? [a, b] : [b, a];
  const at = q.t - (q.t - p.t) * ((q.slope + d2 - d1) / (q.slope - p.slope + 2 * d2));
  return Math.min(Math.max(at, low), high);
}

interface Bracket {
  readonly ends: [Point, Point];
  readonly done: boolean;
  readonly iterations: number;
}

/** What the search found, and how often it evaluated the function. */
export interface Found {
  readonly point: Point;
  readonly evaluations: number;
}

/**
 * A point that meets the strong Wolfe conditions, or the best one found.
 *
 * @param start the point with t = 0
 * @param size the largest element of the direction, which tells when the bracket is too small
 */
export function strongWolfe(
  evaluate: (t: number) => Point,
  start: Point,
  first: number,
  size: number,
  most: number,
): Found {
  let evaluations = 0;
  const at = (t: number): Point => {
    evaluations++;
    return evaluate(t);
  };
  const bracket = findBracket(at, start, first, most);
  const point = bracket.done ? bracket.ends[0] : zoom(at, start, bracket, size, most);
  return { point, evaluations };
}

const tooHigh = (p: Point, start: Point): boolean => p.f > start.f + C1 * p.t * start.slope;
const flatEnough = (p: Point, start: Point): boolean => Math.abs(p.slope) <= -C2 * start.slope;

function findBracket(at: (t: number) => Point, start: Point, first: number, most: number): Bracket {
  let before = start;
  let now = at(first);
  for (let i = 0; i < most; i++) {
    if (tooHigh(now, start) || (i > 1 && now.f >= before.f)) {
      return { ends: [before, now], done: false, iterations: i };
    }
    if (flatEnough(now, start)) return { ends: [now, now], done: true, iterations: i };
    if (now.slope >= 0) return { ends: [before, now], done: false, iterations: i };
    const t = cubicInterpolate(before, now, [now.t + 0.01 * (now.t - before.t), now.t * 10]);
    before = now;
    now = at(t);
  }
  return { ends: [start, now], done: false, iterations: most };
}

function zoom(at: (t: number) => Point, start: Point, bracket: Bracket, size: number, most: number): Point {
  const ends = bracket.ends;
  let low: 0 | 1 = ends[0].f <= ends[1].f ? 0 : 1;
  let slow = false;
  for (let i = bracket.iterations; i < most; i++) {
    if (Math.abs(ends[1].t - ends[0].t) * size < TOLERANCE) break;
    const [left, right] = [Math.min(ends[0].t, ends[1].t), Math.max(ends[0].t, ends[1].t)];
    let t = cubicInterpolate(ends[0], ends[1]);
    // A trial at the very edge twice in a row is moved inwards by a tenth of the bracket.
    const margin = 0.1 * (right - left);
    if (Math.min(right - t, t - left) < margin) {
      if (slow || t >= right || t <= left) {
        t = Math.abs(t - right) < Math.abs(t - left) ? right - margin : left + margin;
        slow = false;
      } else slow = true;
    } else slow = false;
    const now = at(t);
    const high = (1 - low) as 0 | 1;
    if (tooHigh(now, start) || now.f >= ends[low].f) {
      ends[high] = now;
      low = ends[0].f <= ends[1].f ? 0 : 1;
      continue;
    }
    const done = flatEnough(now, start);
    if (!done && now.slope * (ends[high].t - ends[low].t) >= 0) ends[high] = ends[low];
    ends[low] = now;
    if (done) break;
  }
  return ends[low];
}
