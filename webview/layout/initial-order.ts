/** @file Where crossing reduction begins. */
import type { Layered } from "./proper.js";

/**
 * Vertices in the order of a depth-first search against the edges from the last rank (or along them from the
 * first), taking inputs in their order: trees come out without crossings, and inputs from left to right.
 */
export function depthFirst(graph: Layered, from: "lastRank" | "firstRank"): Int32Array {
  const side = from === "lastRank" ? graph.above : graph.below;
  const other = from === "lastRank" ? graph.upper : graph.lower;
  const opposite = from === "lastRank" ? graph.below : graph.above;
  const sequence = new Int32Array(graph.count);
  let filled = 0;
  const seen = new Uint8Array(graph.count);
  const stack: number[] = [];
  for (let root = 0; root < graph.count; root++) {
    if (opposite.start[root] !== opposite.start[root + 1]) continue;
    stack.push(root);
    while (stack.length > 0) {
      const v = stack.pop()!;
      if (seen[v] === 1) continue;
      seen[v] = 1;
      sequence[filled++] = v;
      for (let k = side.start[v + 1]! - 1; k >= side.start[v]!; k--) {
        const w = other[side.list[k]!]!;
        if (seen[w] === 0) stack.push(w);
      }
    }
  }
  return sequence;
}

/**
 * Vertices ordered by where they stood in the last layout; new ones by where their neighbours stood, the parts
 * of an edge along the line between its ends. Null if nothing has stood anywhere.
 */
export function fromPrevious(graph: Layered): Int32Array | null {
  const { items, links } = graph;
  const x = new Float64Array(graph.count).fill(Number.NaN);
  x.set(items.prior);
  if (!items.prior.some((known) => !Number.isNaN(known))) return null;
  for (let pass = 0; pass < 3; pass++) {
    for (let v = 0; v < items.count; v++) if (Number.isNaN(x[v]!)) x[v] = meanOfNeighbours(graph, x, v);
  }
  let middle = 0;
  let known = 0;
  for (let v = 0; v < items.count; v++) {
    if (Number.isNaN(x[v]!)) continue;
    middle += x[v]!;
    known++;
  }
  for (let v = 0; v < items.count; v++) if (Number.isNaN(x[v]!)) x[v] = middle / known;
  for (let e = 0; e < links.count; e++) {
    const a = x[links.from[e]!]! + links.fromOffset[e]!;
    const b = x[links.to[e]!]! + links.toOffset[e]!;
    const n = graph.virtuals[e]!;
    for (let i = 0; i < n; i++) x[graph.firstVirtual[e]! + i] = a + ((b - a) * (i + 1)) / (n + 1);
  }
  // Parts of shared lines that no single edge covers.
  for (let v = items.count; v < graph.count; v++) if (Number.isNaN(x[v]!)) x[v] = middle / known;
  const sequence = new Int32Array(graph.count);
  for (let v = 0; v < graph.count; v++) sequence[v] = v;
  return sequence.sort((a, b) => x[a]! - x[b]!);
}

/** Neighbours along links are found through the first and last segments, which touch the items. */
function meanOfNeighbours(graph: Layered, x: Float64Array, v: number): number {
  let sum = 0;
  let known = 0;
  for (const [side, other] of [
    [graph.above, graph.upper],
    [graph.below, graph.lower],
  ] as const) {
    for (let k = side.start[v]!; k < side.start[v + 1]!; k++) {
      const near = x[other[side.list[k]!]!]!;
      if (Number.isNaN(near)) continue;
      sum += near;
      known++;
    }
  }
  return known === 0 ? Number.NaN : sum / known;
}
