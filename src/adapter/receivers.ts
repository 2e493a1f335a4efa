/** @file Which node an outgoing gradient goes to. */
import type { ExportEdge } from "../protocol/export.js";
import type { WireTensor } from "../protocol/trace.js";
import type { Pass } from "../session/pass.js";

/**
 * The edge that a slot of `grad_out` goes along: slots stand as `next_functions` do, those of no input left out.
 * @param edges those of the node, in their order
 */
export function receiver(
  pass: Pass,
  edges: readonly ExportEdge[],
  slots: readonly (WireTensor | null)[],
  slot: number,
): ExportEdge | null {
  if (edges.length === slots.length) return edges[slot]!;
  const receivers = edges.filter(({ to }) => pass.structure.nodes[to]!.kind !== "constant");
  const filled = slots.flatMap((value, i) => (value === null ? [] : [i]));
  return receivers.length === filled.length ? (receivers[filled.indexOf(slot)] ?? null) : null;
}
