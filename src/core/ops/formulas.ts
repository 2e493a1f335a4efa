/** @file Derivatives that need more than a line. Everything here is written in differentiable ops. */
import { mode } from "../autograd/grad_mode.js";
import { int64 } from "../dtype.js";
import { NotImplementedError } from "../errors.js";
import { matmul } from "../kernels/matmul.js";
import { transpose as transposed } from "../kernels/views.js";
import { broadcastShapes, normalizeDim, type Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { compare } from "./arithmetic.js";
import { call, call1, callMulti } from "./dispatch.js";
import { fromData } from "./from_data.js";
import { copy_ } from "./inplace.js";
import { zerosOf } from "./make.js";
import { ops } from "./op.js";
import { masked_fill, where } from "./pointwise.js";
import { sum } from "./reduction.js";
import { type Geometry, type Indices, REDUCE_MEAN, REDUCE_NONE } from "./schema.js";
import { as_strided, expand, slice, stack, unsqueeze } from "./shape_ops.js";
import { helper } from "./trace.js";

type Scalar = Tensor | number;

/** The wrappers below show by name in a formula's text; see `helper`. */
export const maybe_multiply = helper(
  "maybe_multiply",
  (grad: Tensor, alpha: number): Tensor => (alpha === 1 ? grad : grad.mul(alpha)),
);

export const zeros_like = helper("zeros_like", (t: Tensor): Tensor => zerosOf(t._shape, t.dtype));

export const div_tensor_self_backward = helper(
  "div_tensor_self_backward",
  (grad: Tensor, other: Scalar): Tensor => grad.div(other),
);

/** -g · (self / other) / other. */
export const div_tensor_other_backward = helper(
  "div_tensor_other_backward",
  (grad: Tensor, self: Tensor, other: Scalar): Tensor => grad.neg().mul(self.div(other).div(other)),
);

/** d xⁿ = n · xⁿ⁻¹; n = 0 has derivative 0 everywhere, at 0 too. */
export const pow_backward = helper("pow_backward", (grad: Tensor, self: Tensor, exponent: number): Tensor => {
  if (exponent === 0) return zerosOf(self._shape, self.dtype);
  return grad.mul(self.pow(exponent - 1).mul(exponent));
});

export const pow_backward_self = helper(
  "pow_backward_self",
  (grad: Tensor, self: Tensor, exponent: Tensor): Tensor =>
    where(exponent.eq(0), 0, grad.mul(exponent.mul(self.pow(exponent.sub(1))))),
);

/** g · xʸ · ln x, and 0 where x = 0 and y ≥ 0. */
export const pow_backward_exponent = helper(
  "pow_backward_exponent",
  (grad: Tensor, self: Scalar, exponent: Tensor, result: Tensor): Tensor => {
    if (typeof self === "number") {
      if (self !== 0) return grad.mul(result.mul(Math.log(self)));
      return where(exponent.ge(0), 0, grad.mul(result.mul(-Infinity)));
    }
    const zero = self.eq(0).logical_and(exponent.ge(0));
    return grad.mul(where(zero, 0, result.mul(self.log())));
  },
);

/** Passes where neither limit was hit. */
export const clamp_backward = helper(
  "clamp_backward",
  (grad: Tensor, self: Tensor, min: Scalar | null, max: Scalar | null): Tensor => {
    const low = min === null ? null : compare("ge", self, min);
    const high = max === null ? null : compare("le", self, max);
    const inside = low === null ? high! : high === null ? low : low.logical_and(high);
    return where(inside, grad, 0);
  },
);

export const clamp_backward_min_max = helper(
  "clamp_backward_min_max",
  (grad: Tensor, self: Tensor, min: Tensor | null, max: Tensor | null, which: "min" | "max"): Tensor => {
    if (which === "min") {
      const hit = max === null ? self.lt(min!) : self.lt(min!).logical_and(min!.lt(max));
      return where(hit, grad, 0);
    }
    const over = self.gt(max!);
    return where(min === null ? over : over.logical_or(max!.lt(min)), grad, 0);
  },
);

/** Ties share the gradient in halves. */
export const extremum_backward = helper(
  "extremum_backward",
  (grad: Tensor, self: Tensor, other: Tensor, loses: "lt" | "gt"): Tensor =>
    masked_fill(where(self.eq(other), grad.div(2), grad), compare(loses, self, other), 0),
);

/** `g · mask` for where: the other side gets 0. */
export const where_backward = helper(
  "where_backward",
  (condition: Tensor, grad: Tensor, taken: boolean): Tensor =>
    taken ? where(condition, grad, 0) : where(condition, 0, grad),
);

/** PyTorch has no derivative here, and says so when the gradient arrives. */
export const not_implemented = helper("not_implemented", (_grad: Tensor, name: string): Tensor => {
  throw new NotImplementedError(`the derivative for '${name}' is not implemented.`);
});

/** Puts back the dimensions that a reduction took away. */
export const restore_dims = helper(
  "restore_dims",
  (t: Tensor, sizes: Shape, dims: readonly number[] | null, keepdim: boolean): Tensor =>
    restoreDims(t, sizes, dims, keepdim),
);

function restoreDims(t: Tensor, sizes: Shape, dims: readonly number[] | null, keepdim: boolean): Tensor {
  if (keepdim || sizes.length === 0 || t._shape.length === sizes.length) return t;
  if (dims === null || dims.length === 0) return t;
  const sorted = dims.map((d) => normalizeDim(d, sizes.length)).sort((a, b) => a - b);
  return sorted.reduce((g, d) => unsqueeze(g, d), t);
}

export const sum_backward = helper(
  "sum_backward",
  (grad: Tensor, sizes: Shape, dims: readonly number[], keepdim: boolean): Tensor =>
    expand(restoreDims(grad, sizes, dims, keepdim), sizes),
);

function countOf(sizes: Shape, dims: readonly number[] | null): number {
  if (dims === null || dims.length === 0) return sizes.reduce((n, d) => n * d, 1);
  return dims.reduce((n, d) => n * (sizes[normalizeDim(d, sizes.length)] ?? 1), 1);
}

export const mean_backward = helper(
  "mean_backward",
  (grad: Tensor, sizes: Shape, dims: readonly number[] | null, keepdim: boolean): Tensor =>
    expand(restoreDims(grad, sizes, dims, keepdim), sizes).div(countOf(sizes, dims)),
);

function centred(self: Tensor, dims: readonly number[] | null): Tensor {
  return self.sub(dims === null || dims.length === 0 ? self.mean() : self.mean(dims, true));
}

/** 2 · (x − mean) / (n − correction). */
export const var_backward = helper("var_backward", varBackward);

function varBackward(
  grad: Tensor,
  self: Tensor,
  dims: readonly number[] | null,
  correction: number,
  keepdim: boolean,
): Tensor {
  const n = countOf(self._shape, dims);
  const scale = 2 / (n - correction);
  return restoreDims(grad, self._shape, dims, keepdim).mul(scale).mul(centred(self, dims));
}

/** var's formula over 2·std; a std of 0 sends 0. */
export const std_backward = helper(
  "std_backward",
  (
    result: Tensor,
    grad: Tensor,
    self: Tensor,
    dims: readonly number[] | null,
    correction: number,
    keepdim: boolean,
  ): Tensor => {
    const gradVar = masked_fill(grad.div(result.mul(2)), result.eq(0), 0);
    return varBackward(gradVar, self, dims, correction, keepdim);
  },
);

/** g · sign(x) · |x|ᵖ⁻¹ / normᵖ⁻¹, by cases of p; subgradient 0 at a norm of 0. */
export const linalg_vector_norm_backward = helper(
  "linalg_vector_norm_backward",
  (
    grad_: Tensor,
    self: Tensor,
    ord: number,
    norm_: Tensor,
    dims: readonly number[] | null,
    keepdim: boolean,
  ): Tensor | null => {
    const grad = restoreDims(grad_, self._shape, dims, keepdim);
    const norm = restoreDims(norm_, self._shape, dims, keepdim);
    // A count does not move: no gradient at all, as in PyTorch.
    if (ord === 0) return null;
    if (ord === 1) return self.sgn().mul(grad);
    if (ord === 2) return grad.mul(masked_fill(self.div(norm), norm.eq(0), 0));
    if (!Number.isFinite(ord)) {
      const hit = self.abs().eq(norm);
      const share = hit.sum(dims ?? undefined, dims !== null);
      return self.sgn().mul(where(hit, grad.div(share), 0));
    }
    const power = self.abs().pow(ord - 1);
    const scale = masked_fill(grad.div(norm.pow(ord - 1)), norm.eq(0), 0);
    return self.sgn().mul(power).mul(scale);
  },
);

/** prod / x, and where there is one zero the product of the others. */
export const prod_backward = helper("prod_backward", (grad: Tensor, self: Tensor, result: Tensor): Tensor => {
  const zeros = self.eq(0);
  const count = zeros._numel === 0 ? 0 : Number(zeros.sum().item());
  if (count === 0) return grad.mul(result).div(self);
  const filled = masked_fill(self, zeros, 1);
  if (count > 1) return grad.mul(0).mul(self.mul(0));
  // Differentiable through the others: Π of the rest lands on the zero's place.
  return where(zeros, grad.mul(filled.prod()), 0);
});

/** The gradient goes to the extremes, in equal shares. */
export const evenly_distribute_backward = helper(
  "evenly_distribute_backward",
  (grad: Tensor, self: Tensor, result: Tensor): Tensor => {
    const mask = self.eq(result);
    return mask.mul(grad.div(mask.sum()));
  },
);

/** Writes g at the places that `indices` names along `dim`. */
export const value_selecting_reduction_backward = helper(
  "value_selecting_reduction_backward",
  (grad: Tensor, dim: number, indices: Tensor, sizes: Shape, keepdim: boolean): Tensor => {
    if (sizes.length === 0) return grad;
    const g = keepdim ? grad : unsqueeze(grad, dim);
    const at = keepdim ? indices : unsqueeze(indices, dim);
    return call(ops.scatter_add, zerosOf(sizes, grad.dtype), dim, at, g);
  },
);

export const scale_grad_by_count = helper(
  "scale_grad_by_count",
  (grad_: Tensor, self: Tensor, result_: Tensor, dims: readonly number[], keepdim: boolean): Tensor => {
    const grad = restoreDims(grad_, self._shape, dims, keepdim);
    const mask = restoreDims(result_, self._shape, dims, keepdim).eq(self);
    const share = dims.length === 0 ? mask.sum() : mask.sum(dims, true);
    return grad.mul(mask).div(share);
  },
);

export const logsumexp_backward = helper(
  "logsumexp_backward",
  (grad: Tensor, self: Tensor, result: Tensor, dims: readonly number[], keepdim: boolean): Tensor =>
    restoreDims(grad, self._shape, dims, keepdim).mul(
      self.sub(restoreDims(result, self._shape, dims, keepdim)).exp(),
    ),
);

export const cumsum_backward = helper(
  "cumsum_backward",
  (grad: Tensor, dim: number): Tensor =>
    grad._shape.length === 0 ? grad : grad.flip([dim]).cumsum(dim).flip([dim]),
);

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

export const advanced_index = helper(
  "index",
  (grad: Tensor, indices: Indices): Tensor => call(ops.index, grad, indices),
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

export const sigmoid_backward = helper(
  "sigmoid_backward",
  (grad: Tensor, output: Tensor): Tensor => call(ops.sigmoid_backward, grad, output),
);
export const tanh_backward = helper(
  "tanh_backward",
  (grad: Tensor, output: Tensor): Tensor => call(ops.tanh_backward, grad, output),
);
export const threshold_backward = helper(
  "threshold_backward",
  (grad: Tensor, self: Tensor, threshold: number): Tensor =>
    call(ops.threshold_backward, grad, self, threshold),
);
export const _softmax_backward_data = helper(
  "_softmax_backward_data",
  (grad: Tensor, output: Tensor, dim: number): Tensor => call(ops._softmax_backward_data, grad, output, dim),
);
export const _log_softmax_backward_data = helper(
  "_log_softmax_backward_data",
  (grad: Tensor, output: Tensor, dim: number): Tensor =>
    call(ops._log_softmax_backward_data, grad, output, dim),
);

/** d/dy of y·(g − Σ g·y). */
export const softmax_double_backward = helper(
  "softmax_double_backward",
  (grad: Tensor, grad_output: Tensor, dim: number, output: Tensor): Tensor =>
    grad_output
      .sub(grad_output.mul(output).sum(dim, true))
      .mul(grad)
      .sub(grad_output.mul(output.mul(grad).sum(dim, true))),
);

/** d/dy of g − exp(y) · Σ g. */
export const log_softmax_double_backward = helper(
  "log_softmax_double_backward",
  (grad: Tensor, grad_output: Tensor, dim: number, output: Tensor): Tensor =>
    grad.mul(output.exp()).mul(grad_output.sum(dim, true)).neg(),
);

export const mse_loss_backward = helper(
  "mse_loss_backward",
  (grad: Tensor, self: Tensor, target: Tensor, reduction: number): Tensor =>
    call(ops.mse_loss_backward, grad, self, target, reduction),
);

/** d/dself of c · (self − target) · g. */
export const mse_loss_double_backward = helper(
  "mse_loss_double_backward",
  (grad: Tensor, grad_output: Tensor, self: Tensor, target: Tensor, reduction: number): Tensor =>
    grad.mul(grad_output).mul(mseScale(self, target, reduction)),
);

export const mse_loss_double_backward_grad_output = helper(
  "mse_loss_double_backward_grad_output",
  (grad: Tensor, self: Tensor, target: Tensor, reduction: number): Tensor => {
    const full = grad.mul(self.sub(target)).mul(mseScale(self, target, reduction));
    return reduction === REDUCE_NONE ? full : full.sum();
  },
);

function mseScale(self: Tensor, target: Tensor, reduction: number): number {
  const n = broadcastShapes(self._shape, target._shape).reduce((p, d) => p * d, 1);
  return reduction === REDUCE_MEAN ? 2 / Math.max(n, 1) : 2;
}

/** g · (sigmoid(x)·(1 + (p − 1)y) − p·y), weighted and averaged as the loss was. */
export const binary_cross_entropy_with_logits_backward = helper(
  "binary_cross_entropy_with_logits_backward",
  (
    grad: Tensor,
    input: Tensor,
    target: Tensor,
    weight: Tensor | null,
    pos_weight: Tensor | null,
    reduction: number,
  ): Tensor => {
    let g: Tensor;
    if (pos_weight === null) g = input.sigmoid().sub(target).mul(grad);
    else {
      const t = pos_weight.mul(target);
      g = t.add(1).sub(target).mul(input.sigmoid()).sub(t).mul(grad);
    }
    if (weight !== null) g = g.mul(weight);
    return reduction === REDUCE_MEAN ? g.div(input._numel) : g;
  },
);

export const binary_cross_entropy_with_logits_target_backward = helper(
  "binary_cross_entropy_with_logits_target_backward",
  (
    grad: Tensor,
    self: Tensor,
    target: Tensor,
    weight: Tensor | null,
    pos_weight: Tensor | null,
    reduction: number,
  ): Tensor => {
    let g: Tensor;
    if (pos_weight === null) g = self.neg().mul(grad);
    else {
      const logSigmoid = (x: Tensor): Tensor => x.neg().clamp(0).add(x.abs().neg().exp().log1p()).neg();
      g = logSigmoid(self.neg())
        .sub(pos_weight.mul(logSigmoid(self)))
        .mul(grad);
    }
    if (weight !== null) g = g.mul(weight);
    return reduction === REDUCE_MEAN ? g.div(target._numel) : g;
  },
);

export const nll_loss_backward = helper(
  "nll_loss_backward",
  (
    grad: Tensor,
    self: Tensor,
    target: Tensor,
    weight: Tensor | null,
    reduction: number,
    ignore_index: number,
    total_weight: Tensor,
  ): Tensor => call(ops.nll_loss_backward, grad, self, target, weight, reduction, ignore_index, total_weight),
);

export const nll_loss = helper(
  "nll_loss",
  (self: Tensor, target: Tensor, weight: Tensor | null, reduction: number, ignore_index: number): Tensor =>
    callMulti(ops.nll_loss, 1, self, target, weight, reduction, ignore_index)[0]!,
);
