/** @file What becomes of gradient tensors on their way: whose they are, their layout, their shape. */
import { cloneOf, copyInto } from "../kernels/copy.js";
import { sum } from "../kernels/reduce.js";
import { view as reshapeKernel } from "../kernels/views.js";
import type { Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import type { Gradients } from "./hooks.js";

/** Whether nobody but the receiver can hold `grad`: not passed through, and sent along one edge only. */
export function isFresh(grad: Tensor, incoming: Tensor | null, out: Gradients, at: number): boolean {
  if (incoming === null || grad === incoming || grad._storage === incoming._storage || grad._view !== null) {
    return false;
  }
  for (let i = 0; i < out.length; i++) {
    if (i !== at && out[i] !== null && out[i]?._storage === grad._storage) return false;
  }
  return true;
}

/** A copy of `grad` without history, laid out in memory as the leaf is. */
export function layoutLike(grad: Tensor, leaf: Tensor): Tensor {
  if (leaf._contiguous || leaf._numel === 1) return cloneContiguous(grad);
  return cloneOf(grad);
}

function cloneContiguous(grad: Tensor): Tensor {
  return grad._contiguous ? cloneOf(grad) : copyInto(null, grad, grad.dtype);
}

/** Sums `t` down to `shape`, which broadcasts to `t`'s. */
export function sumTo(t: Tensor, shape: Shape): Tensor {
  const lead = t._shape.length - shape.length;
  const dims: number[] = [];
  for (let d = 0; d < t._shape.length; d++) {
    if (d < lead || (shape[d - lead] === 1 && t._shape[d] !== 1)) dims.push(d);
  }
  if (dims.length === 0) return t;
  const kept = sum(t, dims, true);
  return lead > 0 ? reshapeKernel(kept, shape) : kept;
}
