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
