/** @file How good a drawing is, in numbers. */
import type { LayoutInput, LayoutResult, Point } from "../../../webview/layout/types.js";

export interface Measures {
  /** Points at which edges cross. */
  readonly crossings: number;
  /** Of the lines drawn: where edges share a line it counts once. */
  readonly edgeLength: number;
  /** Of the box around nodes and edges. */
  readonly area: number;
  /** Pairs of an edge and a card, not one of its own, that it runs through. */
  readonly edgesThroughNodes: number;
  /** Pairs of cards that overlap. */
  readonly overlaps: number;
  /** Points at which edges change their direction. */
  readonly bends: number;
  /** Share of the edges between nodes with no other output and input whose ends stand exactly in line. */
  readonly straightChains: number;
}

interface Rect {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The two faults that no drawing may have; cheaper than all measures. */
export function faults(
  input: LayoutInput,
  result: LayoutResult,
): Pick<Measures, "overlaps" | "edgesThroughNodes"> {
  const rects = cards(input, result);
  return { overlaps: countOverlaps(rects), edgesThroughNodes: countThrough(input, result, rects) };
}

export function measure(input: LayoutInput, result: LayoutResult): Measures {
  return {
    crossings: countCrossings(result),
    edgeLength: inkLength(result),
    area: result.width * result.height,
    ...faults(input, result),
    bends: result.edges.reduce((sum, { points }) => sum + bends(points), 0),
    straightChains: straightChains(input, result),
  };
}

export function cards(input: LayoutInput, result: LayoutResult): Rect[] {
  return result.nodes.map(({ x, y }, i) => {
    const { width, height } = input.nodes[i]!;
    return { left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2 };
  });
}

function inkLength(result: LayoutResult): number {
  const near = (value: number) => Math.round(value * 10);
  const slants = new Map<string, number>();
  const runs = new Map<string, [number, number][]>();
  for (const { a, b } of pieces(result)) {
    const axis = Math.abs(a.x - b.x) < 0.05 ? "y" : Math.abs(a.y - b.y) < 0.05 ? "x" : null;
    if (axis) {
      const key = `${axis} ${near(axis === "y" ? a.x : a.y)}`;
      const run: [number, number] = [Math.min(a[axis], b[axis]), Math.max(a[axis], b[axis])];
      const list = runs.get(key);
      if (list) list.push(run);
      else runs.set(key, [run]);
    } else {
      const ends = [`${near(a.x)} ${near(a.y)}`, `${near(b.x)} ${near(b.y)}`].sort();
      slants.set(ends.join(" "), Math.hypot(a.x - b.x, a.y - b.y));
    }
  }
  let sum = 0;
  for (const slant of slants.values()) sum += slant;
  for (const list of runs.values()) {
    let end = Number.NEGATIVE_INFINITY;
    for (const [from, to] of list.sort((p, q) => p[0] - q[0])) {
      sum += Math.max(0, to - Math.max(from, end));
      end = Math.max(end, to);
    }
  }
  return sum;
}

function bends(points: readonly Point[]): number {
  let count = 0;
  for (let i = 1; i + 1 < points.length; i++)
    if (Math.abs(turn(points[i - 1]!, points[i]!, points[i + 1]!)) > 1e-3) count++;
  return count;
}

/** Twice the signed area of the triangle. */
function turn(a: Point, b: Point, c: Point): number {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

interface Piece {
  readonly edge: number;
  readonly a: Point;
  readonly b: Point;
  readonly top: number;
  readonly bottom: number;
}

/** All straight pieces of all edges, by their upper ends. */
function pieces(result: LayoutResult): Piece[] {
  const list = result.edges.flatMap(({ points }, edge) =>
    points.slice(1).map((b, i): Piece => {
      const a = points[i]!;
      return { edge, a, b, top: Math.min(a.y, b.y), bottom: Math.max(a.y, b.y) };
    }),
  );
  return list.sort((p, q) => p.top - q.top);
}

function countCrossings(result: LayoutResult): number {
  const list = pieces(result);
  const seen = new Set<string>();
  for (let i = 0; i < list.length; i++) {
    const p = list[i]!;
    for (let j = i + 1; j < list.length && list[j]!.top < p.bottom; j++) {
      const q = list[j]!;
      if (p.edge !== q.edge && cross(p, q)) seen.add(crossing(p, q));
    }
  }
  return seen.size;
}

/** Where two pieces cross, to a tenth of a pixel: edges that share a line there make one crossing, not several. */
function crossing({ a, b }: Piece, { a: c, b: d }: Piece): string {
  const t = turn(c, d, a) / (turn(c, d, a) - turn(c, d, b));
  const at = (from: number, to: number) => Math.round((from + (to - from) * t) * 10);
  return `${at(a.x, b.x)} ${at(a.y, b.y)}`;
}

function cross({ a, b }: Piece, { a: c, b: d }: Piece): boolean {
  if (Math.max(a.x, b.x) < Math.min(c.x, d.x) || Math.max(c.x, d.x) < Math.min(a.x, b.x)) return false;
  const near = 1e-3;
  const [c1, d1, a1, b1] = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)];
  return (
    ((c1 > near && d1 < -near) || (c1 < -near && d1 > near)) &&
    ((a1 > near && b1 < -near) || (a1 < -near && b1 > near))
  );
}

function countThrough(input: LayoutInput, result: LayoutResult, rects: readonly Rect[]): number {
  const list = pieces(result);
  const order = rects.map((_, i) => i).sort((i, j) => rects[i]!.top - rects[j]!.top);
  const tallest = Math.max(0, ...rects.map((rect) => rect.bottom - rect.top));
  const hit = new Set<string>();
  let first = 0;
  for (const piece of list) {
    while (first < order.length && rects[order[first]!]!.top < piece.top - tallest) first++;
    for (let k = first; k < order.length && rects[order[k]!]!.top < piece.bottom; k++) {
      const i = order[k]!;
      const { from, to } = input.edges[piece.edge]!;
      const id = input.nodes[i]!.id;
      if (isBeside(piece, rects[i]!) || id === from || id === to) continue;
      if (meets(piece, rects[i]!)) hit.add(`${piece.edge} ${i}`);
    }
  }
  return hit.size;
}

function isBeside({ a, b }: Piece, { left, right }: Rect): boolean {
  return (a.x < left && b.x < left) || (a.x > right && b.x > right);
}

/** Whether the piece enters the inside of the rectangle (Liang–Barsky). */
function meets({ a, b }: { a: Point; b: Point }, rect: Rect): boolean {
  const inset = 0.5;
  let from = 0;
  let to = 1;
  const clip = (delta: number, room: number): boolean => {
    if (delta === 0) return room > 0;
    const at = room / delta;
    if (delta < 0) from = Math.max(from, at);
    else to = Math.min(to, at);
    return from < to;
  };
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  return (
    clip(-dx, a.x - (rect.left + inset)) &&
    clip(dx, rect.right - inset - a.x) &&
    clip(-dy, a.y - (rect.top + inset)) &&
    clip(dy, rect.bottom - inset - a.y)
  );
}

function countOverlaps(rects: readonly Rect[]): number {
  const list = [...rects].sort((p, q) => p.top - q.top);
  let count = 0;
  for (let i = 0; i < list.length; i++) {
    const p = list[i]!;
    for (let j = i + 1; j < list.length && list[j]!.top < p.bottom - 0.5; j++)
      if (overlap(p, list[j]!)) count++;
  }
  return count;
}

function overlap(p: Rect, q: Rect): boolean {
  const near = 0.5;
  return (
    p.left < q.right - near && q.left < p.right - near && p.top < q.bottom - near && q.top < p.bottom - near
  );
}

function straightChains(input: LayoutInput, result: LayoutResult): number {
  const outputs = new Map<string, number>();
  const inputs = new Map<string, number>();
  for (const { from, to } of input.edges) {
    outputs.set(from, (outputs.get(from) ?? 0) + 1);
    inputs.set(to, (inputs.get(to) ?? 0) + 1);
  }
  const across = input.options.direction === "left" || input.options.direction === "right" ? "y" : "x";
  const at = new Map(result.nodes.map((node) => [node.id, node[across]]));
  const links = input.edges.filter(({ from, to }) => outputs.get(from) === 1 && inputs.get(to) === 1);
  if (links.length === 0) return 1;
  return links.filter(({ from, to }) => Math.abs(at.get(from)! - at.get(to)!) < 0.5).length / links.length;
}

export interface GroupFaults {
  /** Pairs of a group and a node outside it whose rectangles overlap. */
  readonly foreignNodes: number;
  /** Pairs of overlapping groups of which neither holds the other. */
  readonly overlaps: number;
  /** Nodes and groups that reach out of the group that holds them. */
  readonly sticksOut: number;
}

export function groupFaults(input: LayoutInput, result: LayoutResult): GroupFaults {
  const groups = input.groups ?? [];
  const around = new Map(groups.map(({ id, parent }) => [id, parent]));
  const holds = (outer: string, inner: string | null | undefined): boolean => {
    for (let g = inner ?? null; g !== null; g = around.get(g) ?? null) if (g === outer) return true;
    return false;
  };
  const box = (g: { x: number; y: number; width: number; height: number }): Rect => ({
    left: g.x - g.width / 2,
    right: g.x + g.width / 2,
    top: g.y - g.height / 2,
    bottom: g.y + g.height / 2,
  });
  const boxes = result.groups.map(box);
  const rects = cards(input, result);
  const within = (inner: Rect, outer: Rect) =>
    inner.left >= outer.left - 0.5 &&
    inner.right <= outer.right + 0.5 &&
    inner.top >= outer.top - 0.5 &&
    inner.bottom <= outer.bottom + 0.5;
  let foreignNodes = 0;
  let overlaps = 0;
  let sticksOut = 0;
  groups.forEach(({ id, parent }, i) => {
    input.nodes.forEach(({ group }, v) => {
      if (holds(id, group)) {
        if (!within(rects[v]!, boxes[i]!)) sticksOut++;
      } else if (overlap(rects[v]!, boxes[i]!)) foreignNodes++;
    });
    groups.forEach((other, k) => {
      if (k > i && !holds(id, other.id) && !holds(other.id, id) && overlap(boxes[i]!, boxes[k]!)) overlaps++;
    });
    const outer = groups.findIndex((other) => other.id === parent);
    if (outer >= 0 && !within(boxes[i]!, boxes[outer]!)) sticksOut++;
  });
  return { foreignNodes, overlaps, sticksOut };
}
