/** @file Walking the graph, and freeing what its nodes keep. */
import type { Node } from "./node.js";

/** Frees what a node kept for backward. */
export function release(node: Node): void {
  if (node.saved !== null) {
    for (let k = 1; k < node.saved.length; k += 2) {
      if (node.saved[k] !== -1) {
        node.saved = null;
        node.released = true;
        return;
      }
    }
  }
}

/** Nodes under `roots`, inputs before the functions that use them. */
export function topological(roots: readonly { readonly node: Node }[]): Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>();
  const stack: [Node, number][] = [];
  for (const { node } of roots) {
    if (seen.has(node)) continue;
    seen.add(node);
    stack.push([node, 0]);
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const next = top[0].edges[top[1]++];
      if (next === undefined) {
        order.push(top[0]);
        stack.pop();
      } else if (next !== null && !seen.has(next)) {
        seen.add(next);
        stack.push([next, 0]);
      }
    }
  }
  return order;
}
