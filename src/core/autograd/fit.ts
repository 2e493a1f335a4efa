/** @file Gradients that fit: un-broadcasting and casts live here, once, so that no formula needs them. */
import { RuntimeError } from "../errors.js";
import { castTo } from "../kernels/copy.js";
import { formatShape, isExpandable, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { differentiable } from "./differentiable.js";
import { mode } from "./grad_mode.js";
import { sumTo } from "./gradients.js";
import type { Gradients } from "./hooks.js";
import type { Node } from "./node.js";

/** Every gradient in `out` gets the shape and dtype of what it is the gradient of. */
export function checkGradients(node: Node, out: Gradients): void {
  const edges = node.edges;
  if (out.length < edges.length) {
    throw new RuntimeError(
      `Function ${node.name()} returned an incorrect number of gradients (expected ${edges.length}, got ${out.length})`,
    );
  }
  for (let i = 0; i < edges.length; i++) {
    const grad = out[i];
    const edge = edges[i]!;
    if (grad === null || grad === undefined || edge === null) continue;
    if (grad._shape === edge.shape && grad.dtype === edge.dtype && edge.outputs === null) continue;
    out[i] = fitGradient(edge, node.edgeNumbers?.[i] ?? 0, grad, node, i);
  }
}

/** `grad`, which `source` sends for an output of `target`, in that output's shape and dtype; an error where it cannot be. */
export function fitGradient(
  target: Node,
  outputNr: number,
  grad: Tensor,
  source: Node,
  index: number,
): Tensor {
  const meta = target.outputs?.[outputNr] ?? target;
  let g = grad;
  if (!sameShape(g._shape, meta.shape)) {
    if (!isExpandable(meta.shape, g._shape)) {
      throw new RuntimeError(
        `Function ${source.name()} returned an invalid gradient at index ${index} - got ${formatShape(g._shape)} but expected shape compatible with ${formatShape(meta.shape)}`,
      );
    }
    g = mode.grad ? differentiable.sumToSize(g, meta.shape) : sumTo(g, meta.shape);
  }
  if (g.dtype !== meta.dtype) g = mode.grad ? differentiable.cast(g, meta.dtype) : castTo(g, meta.dtype);
  return g;
}
