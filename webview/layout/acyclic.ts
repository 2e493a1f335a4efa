/** @file Which edges to turn round so that a graph has no cycle. */
import { type Incidence, incidence } from "./graph.js";

/** Kahn's algorithm; shorter than `vertices` where there is a cycle. */
export function topologicalOrder(vertices: number, to: Int32Array, out: Incidence): Int32Array {
  const open = new Int32Array(vertices);
  for (let e = 0; e < to.length; e++) open[to[e]!]!++;
  const order = new Int32Array(vertices);
  let filled = 0;
  for (let v = 0; v < vertices; v++) if (open[v] === 0) order[filled++] = v;
  for (let i = 0; i < filled; i++) {
    const v = order[i]!;
    for (let k = out.start[v]!; k < out.start[v + 1]!; k++) {
      const w = to[out.list[k]!]!;
      if (--open[w]! === 0) order[filled++] = w;
    }
  }
  return order.subarray(0, filled);
}

/**
 * Marks with 1 the edges that close a cycle in a depth-first search from the sources, then from the rest in
 * order. An autograd graph has none; a group with both ends of a path through a foreign node makes one.
 */
export function backEdges(vertices: number, from: Int32Array, to: Int32Array): Uint8Array {
  const back = new Uint8Array(from.length);
  const out = incidence(vertices, from);
  if (topologicalOrder(vertices, to, out).length === vertices) return back;
  const entered = new Uint8Array(vertices);
  for (let e = 0; e < to.length; e++) entered[to[e]!] = 1;
  const state = new Uint8Array(vertices); // 0 unseen, 1 on the path, 2 done
  const next = out.start.slice();
  const path = new Int32Array(vertices);
  const search = (root: number) => {
    if (state[root] !== 0) return;
    let depth = 0;
    path[0] = root;
    state[root] = 1;
    while (depth >= 0) {
      const v = path[depth]!;
      if (next[v]! < out.start[v + 1]!) {
        const e = out.list[next[v]!++]!;
        const w = to[e]!;
        if (state[w] === 1) back[e] = 1;
        else if (state[w] === 0) {
          state[w] = 1;
          path[++depth] = w;
        }
      } else {
        state[v] = 2;
        depth--;
      }
    }
  };
  for (let v = 0; v < vertices; v++) if (entered[v] === 0) search(v);
  for (let v = 0; v < vertices; v++) search(v);
  return back;
}
