/** @file Derivatives of layout ops, in differentiable ops. */
import { bool } from "../../dtype.js";
import { newTensor } from "../../kernels/copy.js";
import type { Shape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { call } from "../dispatch.js";
import { zerosOf } from "../make.js";
import { ops } from "../op.js";
import { where } from "../pointwise.js";
import { expand, reshape, slice } from "../shape_ops.js";
import { helper } from "../trace.js";

type Dims = readonly number[];

export const roll_backward = helper(
  "roll_backward",
  (grad: Tensor, shifts: Dims, dims: Dims): Tensor =>
    call(
      ops.roll,
      grad,
      shifts.map((n) => -n),
      dims,
    ),
);

export const rot90_backward = helper(
  "rot90_backward",
  (grad: Tensor, k: number, dims: Dims): Tensor => call(ops.rot90, grad, -k, dims),
);

export const unfold_backward = helper(
  "unfold_backward",
  (grad: Tensor, sizes: Shape, dim: number, size: number, step: number): Tensor =>
    call(ops.unfold_backward, grad, sizes, dim, size, step),
);

/** The gradient on the diagonal, 0 elsewhere. */
export const trace_backward = helper("trace_backward", (grad: Tensor, sizes: Shape): Tensor => {
  const eye = newTensor(zerosOf(sizes, bool)._shape, bool);
  const cols = sizes[1]!;
  const data = eye._storage.data;
  for (let i = 0; i < Math.min(sizes[0]!, cols); i++) data[i * cols + i] = 1;
  return where(eye, expand(grad, sizes), 0);
});

export const block_diag_backward = helper(
  "block_diag_backward",
  (grad: Tensor, sizes: readonly Shape[]): (Tensor | null)[] => {
    let row = 0;
    let col = 0;
    return sizes.map((shape) => {
      const m = shape.length === 2 ? shape[0]! : 1;
      const n = shape.at(-1) ?? 1;
      const block = slice(slice(grad, 0, row, row + m, 1), 1, col, col + n, 1);
      row += m;
      col += n;
      return reshape(block, shape);
    });
  },
);

export const constant_pad_nd_backward = helper(
  "constant_pad_nd_backward",
  (grad: Tensor, pad: Dims): Tensor =>
    call(
      ops.constant_pad_nd,
      grad,
      pad.map((n) => -n),
      0,
    ),
);

export const select_scatter_zero = helper(
  "select_scatter",
  (grad: Tensor, src: Shape, dim: number, index: number): Tensor =>
    call(ops.select_scatter, grad, zerosOf(src, grad.dtype), dim, index),
);
export const slice_scatter_zero = helper(
  "slice_scatter",
  (grad: Tensor, src: Shape, dim: number, start: number, end: number, step: number): Tensor =>
    call(ops.slice_scatter, grad, zerosOf(src, grad.dtype), dim, start, end, step),
);
export const diagonal_scatter_zero = helper(
  "diagonal_scatter",
  (grad: Tensor, src: Shape, offset: number, dim1: number, dim2: number): Tensor =>
    call(ops.diagonal_scatter, grad, zerosOf(src, grad.dtype), offset, dim1, dim2),
);
// A gradient may lie anywhere in memory; PyTorch's formula, too, means its row-major form.
export const as_strided_scatter_zero = helper(
  "as_strided_scatter",
  (grad: Tensor, src: Shape, size: Shape, stride: Shape, offset: number): Tensor =>
    call(ops.as_strided_scatter, grad.contiguous(), zerosOf(src, grad.dtype), size, stride, offset),
);
export const as_strided_of = helper(
  "as_strided",
  (grad: Tensor, size: Shape, stride: Shape, offset: number): Tensor =>
    grad.contiguous().as_strided(size, stride, offset),
);
