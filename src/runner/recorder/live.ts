/** @file The one pass of a program that never called backward: every graph that is live at its end. */
import type { _C } from "../../core/index.js";
import type { Bindings } from "./bindings.js";
import type { OpIndex, OpRecord } from "./ops.js";
import { Pass } from "./pass.js";

/**
 * Its roots are the results that names hold and, where no name held a result, the last one of each call
 * site, unless another root was computed from them. Null where nothing was recorded.
 */
export function livePass(ops: OpIndex, bindings: Bindings, index: number): Pass | null {
  const candidates = new Map<_C.Node, OpRecord | null>();
  for (const tensor of bindings.held()) if (tensor._gradFn !== null) candidates.set(tensor._gradFn, null);
  const unnamed = new Map<number, OpRecord>();
  for (const op of ops.all()) if (op.label < 0) unnamed.set(op.node.site, op);
  for (const op of unnamed.values()) candidates.set(op.node, op);
  const nodes = reach([...candidates.keys()]);
  if (nodes.length === 0) return null;
  const used = new Set(nodes.flatMap((node) => node.edges));
  const rootNodes = [...candidates.keys()].filter((node) => !used.has(node));
  const pass = new Pass({
    index,
    call: "live",
    site: -1,
    scope: null,
    roots: [],
    rootNodes: rootNodes.sort((a, b) => a.sequence - b.sequence),
    nodes,
    retainGraph: true,
    createGraph: false,
    within: null,
  });
  for (const node of nodes) {
    pass.ops.push(ops.get(node));
    pass.saved.push(node.saved);
  }
  return pass;
}

/** All nodes that the roots lead to. */
function reach(roots: readonly _C.Node[]): _C.Node[] {
  const seen = new Set<_C.Node>(roots);
  for (const node of seen) for (const next of node.edges) if (next !== null) seen.add(next);
  return [...seen];
}
