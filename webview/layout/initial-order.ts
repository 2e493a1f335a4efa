/** @file Where crossing reduction begins. */
import { longestPaths } from "./blocks.js";
import type { Layered } from "./proper.js";

/**
 * Vertices in the order of a depth-first search against the edges from the last rank (or along them from the
 * first), taking inputs in their order: trees come out without crossings, and inputs from left to right,
 * but the main line between the others. With `chance` each node's inputs are turned round at random instead.
 */
export function depthFirst(
  graph: Layered,
  from: "lastRank" | "firstRank",
  chance: (() => number) | null = null,
): Int32Array {
  const side = from === "lastRank" ? graph.above : graph.below;
  const other = from === "lastRank" ? graph.upper : graph.lower;
  const opposite = from === "lastRank" ? graph.below : graph.above;
  const heaviest = longestPaths(graph, from === "lastRank" ? "above" : "below");
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
      const first = side.start[v]!;
      const degree = side.start[v + 1]! - first;
      const main = degree > 2 && heaviest[v]! >= 0 ? side.list.indexOf(heaviest[v]!, first) - first : -1;
      const turn = chance ? Math.floor(chance() * degree) : 0;
      const flip = chance !== null && chance() < 0.5;
      for (let k = degree - 1; k >= 0; k--) {
        const i = chance ? ((flip ? degree - 1 - k : k) + turn) % degree : centred(k, main, degree);
        const w = other[side.list[first + i]!]!;
        if (seen[w] === 0) stack.push(w);
      }
    }
  }
  return sequence;
}

/** The entry that comes `k`th if entry `main` is moved to the middle of all; -1 moves none. */
function centred(k: number, main: number, count: number): number {
  if (main < 0) return k;
  const middle = (count - 1) >> 1;
  if (k === middle) return main;
  const rest = k < middle ? k : k - 1;
  return rest < main ? rest : rest + 1;
}
