/** @file Derivatives of reading and writing by index. */
import type { Shape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { call } from "../dispatch.js";
import { zerosOf } from "../make.js";
import { ops } from "../op.js";
import type { Indices } from "../schema.js";
import { helper } from "../trace.js";

export const advanced_index = helper(
  "index",
  (grad: Tensor, indices: Indices): Tensor => call(ops.index, grad, indices),
);

export const index_backward = helper(
  "index_backward",
  (grad: Tensor, sizes: Shape, indices: Indices): Tensor =>
    call(ops.index_put, zerosOf(sizes, grad.dtype), grad, indices, true),
);

export const index_put_self_backward = helper(
  "index_put_self_backward",
  (grad: Tensor, indices: Indices, accumulate: boolean): Tensor =>
    accumulate ? grad : call(ops.index_put, grad, zerosOf([], grad.dtype), indices, false),
);

export const index_select_backward = helper(
  "index_select_backward",
  (grad: Tensor, sizes: Shape, dim: number, index: Tensor): Tensor => {
    if (sizes.length === 0) return grad.reshape([]);
    const indices: (Tensor | null)[] = sizes.map(() => null);
    indices[dim] = index;
    return call(ops.index_put, zerosOf(sizes, grad.dtype), grad, indices, true);
  },
);

export const gather_backward = helper(
  "gather_backward",
  (grad: Tensor, sizes: Shape, dim: number, index: Tensor): Tensor =>
    call(ops.scatter_add, zerosOf(sizes, grad.dtype), dim, index, grad),
);
