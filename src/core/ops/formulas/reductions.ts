/** @file Derivatives of reductions that need more than a line. */
import type { Shape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { call } from "../dispatch.js";
import { zerosOf } from "../make.js";
import { ops } from "../op.js";
import { masked_fill, where } from "../pointwise.js";
import { expand, unsqueeze } from "../shape_ops.js";
import { helper } from "../trace.js";
import { countOf, restoreDims } from "./dims.js";

export const sum_backward = helper(
  "sum_backward",
  (grad: Tensor, sizes: Shape, dims: readonly number[], keepdim: boolean): Tensor =>
    expand(restoreDims(grad, sizes, dims, keepdim), sizes),
);

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
