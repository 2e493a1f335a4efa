/** @file How nodes are called wherever the debugger speaks of them. */
import type { Pass } from "../session/pass.js";

/** `MulBackward0 (y)`, `AccumulateGrad (w)`. */
export function nodeTitle(pass: Pass, node: number): string {
  const { name, label } = pass.structure.nodes[node]!;
  const kind = name ?? "constant";
  return label === null ? kind : `${kind} (${label})`;
}

/** `loss.backward()`, `autograd.grad(loss)`: the call that walks the pass. */
export function passTitle({ record, structure }: Pass): string {
  const root = record.roots[0];
  const label = root === undefined ? null : structure.nodes[root]!.label;
  if (record.call === "grad") return `autograd.grad(${label ?? ""})`;
  return label === null ? "backward()" : `${label}.backward()`;
}
