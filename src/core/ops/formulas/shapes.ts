/** @file Derivatives of products, shapes and views that need more than a line. */
import { mode } from "../../autograd/grad_mode.js";
import { int64 } from "../../dtype.js";
import { matmul } from "../../kernels/matmul.js";
import { transpose as transposed } from "../../kernels/views.js";
import type { Shape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { call, call1 } from "../dispatch.js";
import { fromData } from "../from_data.js";
import { copy_ } from "../inplace.js";
import { zerosOf } from "../make.js";
import { ops } from "../op.js";
import { sum } from "../reduction.js";
import type { Geometry } from "../schema.js";
import { as_strided, slice, stack, unsqueeze } from "../shape_ops.js";
import { helper } from "../trace.js";

/** Not recorded, a transpose is only a way to read: no op is dispatched for it. */
export const mm_mat1_backward = helper(
  "mm_mat1_backward",
  (grad: Tensor, mat2: Tensor): Tensor =>
    mode.grad ? grad.mm(mat2.t()) : matmul(grad, transposed(mat2, 0, 1)),
);
export const mm_mat2_backward = helper(
  "mm_mat2_backward",
  (grad: Tensor, mat1: Tensor): Tensor =>
    mode.grad ? mat1.t().mm(grad) : matmul(transposed(mat1, 0, 1), grad),
);

/** g ⊗ v. */
export const outer = helper("outer", (a: Tensor, b: Tensor): Tensor => unsqueeze(a, 1).mul(b));

export const unsqueeze_to = helper(
  "unsqueeze_to",
  (grad: Tensor, sizes: Shape, dims: readonly number[] | null) => {
    const gone = dims ?? sizes.map((_, d) => d);
    let g = grad;
    sizes.forEach((n, d) => {
      if (n === 1 && gone.includes(d)) g = unsqueeze(g, d);
    });
    return g;
  },
);

export const unsqueeze_to_dim = helper(
  "unsqueeze_to",
  (grad: Tensor, sizes: Shape, dim: number): Tensor =>
    sizes.length > 0 && sizes[dim] === 1 ? unsqueeze(grad, dim) : grad,
);

export const permute_backwards = helper(
  "permute_backwards",
  (grad: Tensor, dims: readonly number[]): Tensor => {
    const inverse = new Array<number>(dims.length);
    dims.forEach((d, i) => {
      inverse[d] = i;
    });
    return grad.permute(inverse);
  },
);

export const t_backward = helper("t_backward", (grad: Tensor): Tensor => grad.t());

export const select_backward = helper(
  "select_backward",
  (grad: Tensor, sizes: Shape, dim: number, index: number): Tensor =>
    call1(ops.select_backward, grad, sizes, dim, index),
);

export const slice_backward = helper(
  "slice_backward",
  (grad: Tensor, sizes: Shape, dim: number, start: number, end: number, step: number): Tensor =>
    call(ops.slice_backward, grad, sizes, dim, start, end, step),
);

/** The gradient of a window: written (added, where windows overlap) into zeros of the base's layout. */
export const as_strided_backward = helper(
  "as_strided_backward",
  (grad: Tensor, geometry: Geometry, size: Shape, stride: Shape, offset: number): Tensor => {
    const flatSize = Math.max(
      extent(geometry.shape, geometry.strides) + geometry.offset,
      offset + extent(size, stride),
    );
    const flat = zerosOf([flatSize], grad.dtype);
    const positions = positionsOf(size, stride, offset);
    const filled = call(ops.scatter_add, flat, 0, positions, grad.reshape([positions._numel]));
    return as_strided(filled, geometry.shape, geometry.strides, geometry.offset);
  },
);

function extent(shape: Shape, strides: Shape): number {
  return shape.some((n) => n === 0) ? 0 : 1 + shape.reduce((at, n, d) => at + (n - 1) * strides[d]!, 0);
}

function positionsOf(size: Shape, stride: Shape, offset: number): Tensor {
  let list = [offset];
  size.forEach((n, d) => {
    list = list.flatMap((at) => Array.from({ length: n }, (_, i) => at + i * stride[d]!));
  });
  return fromData(list, int64);
}

export const diagonal_backward = helper(
  "diagonal_backward",
  (grad: Tensor, sizes: Shape, offset: number, dim1: number, dim2: number): Tensor => {
    const out = zerosOf(sizes, grad.dtype);
    copy_(out.diagonal(offset, dim1, dim2), grad);
    return out;
  },
);

/** Missing pieces count as zeros. */
export const unbind_backward = helper(
  "unbind_backward",
  (grads: readonly (Tensor | null)[], dim: number): Tensor => {
    const like = grads.find((g) => g !== null)!;
    return stack(
      grads.map((g) => g ?? zerosOf(like._shape, like.dtype)),
      dim,
    );
  },
);

export const split_with_sizes_backward = helper(
  "split_with_sizes_backward",
  (grads: readonly (Tensor | null)[], sizes: Shape, dim: number, input: Shape): Tensor => {
    const like = grads.find((g) => g !== null)!;
    const parts = grads.map((g, i) => {
      const shape = input.slice();
      shape[dim] = sizes[i]!;
      return g ?? zerosOf(shape, like.dtype);
    });
    return call(ops.cat, parts, dim);
  },
);

export const cat_tensors_backward = helper(
  "cat_tensors_backward",
  (grad: Tensor, sizes: readonly Shape[], dim: number): (Tensor | null)[] => {
    let at = 0;
    return sizes.map((shape) => {
      if (shape.length === 1 && shape[0] === 0 && grad._shape.length !== 1) return zerosOf([0], grad.dtype);
      const n = shape[dim]!;
      const part = slice(grad, dim, at, at + n, 1);
      at += n;
      return part;
    });
  },
);

export const stack_tensors_backward = helper(
  "stack_tensors_backward",
  (grad: Tensor, dim: number): (Tensor | null)[] => grad.unbind(dim),
);

export const repeat_backward = helper(
  "repeat_backward",
  (grad: Tensor, repeats: Shape, sizes: Shape): Tensor => {
    const lead = repeats.length - sizes.length;
    const own = repeats.map((_, d) => (d < lead ? 1 : sizes[d - lead]!));
    const shape = own.flatMap((n, d) => [repeats[d]!, n]);
    if (shape.length === 0) return grad;
    const folded = sum(
      grad.reshape(shape),
      own.map((_, d) => 2 * d),
    );
    return folded.reshape(sizes);
  },
);
