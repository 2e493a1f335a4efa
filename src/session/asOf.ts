/** @file What a name held in a pass that is not the last one: the same node there, or nothing. */
import type { BindingRecord } from "../protocol/trace.js";
import type { Pass } from "./pass.js";
import type { Site } from "./sources.js";
import type { Readout } from "./types.js";

/** A statement seldom puts more lines than these between a name and the call whose result it holds. */
const WITHIN = 3;

/**
 * The node that a binding's tensor had in `pass`, or -1: over one structure the same node, over another the only
 * one of its name that was made where the name stands.
 */
export function nodeAsOf(record: BindingRecord, site: Site, own: Pass | undefined, pass: Pass): number {
  if (own?.structure === pass.structure) return record.node;
  const found = pass.structure.nodes.flatMap(({ label }, id) => {
    const place = label === site.name ? pass.location(id) : null;
    const here = place?.file === site.file && place.line >= site.line && place.line <= site.endLine + WITHIN;
    return here ? [id] : [];
  });
  return found.length === 1 ? found[0]! : -1;
}

/** The readout as it was at the end of `pass`; null where nothing of that moment is kept. */
export function asOf(last: Readout, pass: Pass, id: number): Readout | null {
  const node = pass.exportNode(id);
  if (!node.value) return null;
  return {
    ...last,
    graph: pass.index,
    node: id,
    is_leaf: node.is_leaf,
    requires_grad: node.requires_grad,
    retains_grad: node.retains_grad,
    shape: node.shape,
    dtype: node.dtype,
    value: node.value,
    grad: node.grad,
    why_no_grad: node.grad ? null : (node.why_no_grad ?? null),
    grad_fn: node.kind === "function" ? node.name : null,
    scope: node.scope,
  };
}
