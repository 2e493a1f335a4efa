/** @file The nodes of a pass in the order of creation, leaves without grad included, and their edges. */
import type { _C, Tensor } from "../../core/index.js";
import type { OpRecord } from "./ops.js";
import type { Origins } from "./origins.js";
import type { Pass } from "./pass.js";

export type Entry =
  | {
      readonly kind: "function";
      readonly node: _C.Node;
      readonly op: OpRecord | undefined;
      readonly at: number;
    }
  | { readonly kind: "accumulate"; readonly node: _C.Node; readonly variable: Tensor; readonly at: number }
  | { readonly kind: "constant"; readonly tensor: Tensor };

export interface Layout {
  readonly entries: readonly Entry[];
  readonly indexOf: ReadonlyMap<_C.Node | Tensor, number>;
  readonly edges: readonly number[];
}

interface Placed {
  readonly entry: Entry;
  order: number;
}

export function layOut(pass: Pass, origins: Origins): Layout {
  const placed = placeNodes(pass, origins);
  placed.sort((a, b) => a.order - b.order);
  const indexOf = new Map<_C.Node | Tensor, number>();
  const entries = placed.map(({ entry }, i) => {
    indexOf.set(entry.kind === "constant" ? entry.tensor : entry.node, i);
    return entry;
  });
  return { entries, indexOf, edges: edgesOf(entries, indexOf) };
}

function placeNodes(pass: Pass, origins: Origins): Placed[] {
  const functions: Placed[] = [];
  const leaves = new Map<_C.Node | Tensor, Placed>();
  pass.nodes.forEach((node, at) => {
    const { variable } = node;
    if (variable !== null) {
      const order = origins.get(variable)?.order ?? Number.POSITIVE_INFINITY;
      leaves.set(node, { entry: { kind: "accumulate", node, variable, at }, order });
    } else {
      const op = pass.ops[at];
      functions.push({ entry: { kind: "function", node, op, at }, order: op?.order ?? Number.NaN });
    }
  });
  for (const tensor of pass.constants.keys()) {
    const order = origins.get(tensor)?.order ?? Number.POSITIVE_INFINITY;
    leaves.set(tensor, { entry: { kind: "constant", tensor }, order });
  }
  orderUnknownFunctions(functions);
  orderUnknownLeaves(functions, leaves);
  return [...leaves.values(), ...functions];
}

/** A function that nobody saw being made stands after the one made before it. */
function orderUnknownFunctions(functions: Placed[]): void {
  const sequence = ({ entry }: Placed) => (entry.kind === "function" ? entry.node.sequence : 0);
  functions.sort((a, b) => sequence(a) - sequence(b));
  let last = 0;
  for (const each of functions) {
    if (Number.isNaN(each.order)) each.order = last + 1e-6;
    last = each.order;
  }
}

/** A leaf that nobody saw being made stands before the first function that uses it. */
function orderUnknownLeaves(functions: readonly Placed[], leaves: Map<_C.Node | Tensor, Placed>): void {
  const unknown = [...leaves.values()].some((leaf) => leaf.order === Number.POSITIVE_INFINITY);
  if (!unknown) return;
  for (const { entry, order } of functions) {
    if (entry.kind !== "function") continue;
    for (const used of [...entry.node.edges, ...(entry.op?.inputs ?? [])]) {
      const leaf = used === null ? undefined : leaves.get(used);
      if (leaf !== undefined && !(leaf.order <= order)) leaf.order = order - 0.5;
    }
  }
}

/**
 * As `next_functions`, in its order; an input without grad has its edge to its constant at the same place.
 */
function edgesOf(entries: readonly Entry[], indexOf: ReadonlyMap<_C.Node | Tensor, number>): number[] {
  const edges: number[] = [];
  entries.forEach((entry, from) => {
    if (entry.kind !== "function") return;
    const { node, op } = entry;
    const inputs = op?.inputs ?? [];
    const aligned = inputs.length === node.edges.length;
    node.edges.forEach((next, i) => {
      const to = indexOf.get((next ?? (aligned ? inputs[i] : null)) as _C.Node | Tensor);
      if (to !== undefined) edges.push(from, to, next === null ? 0 : (node.edgeNumbers?.[i] ?? 0));
    });
    if (aligned) return;
    for (const input of inputs) {
      const to = input === null ? undefined : indexOf.get(input);
      if (to !== undefined) edges.push(from, to, 0);
    }
  });
  return edges;
}
