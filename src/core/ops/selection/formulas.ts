/** @file Derivatives of order statistics, scans and indexed writes, in differentiable ops. */
import { broadcastShapes, type Shape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { call, call1 } from "../dispatch.js";
import * as reductions from "../formulas/reductions.js";
import { fullLike, zerosOf } from "../make.js";
import { ops } from "../op.js";
import { masked_fill, where } from "../pointwise.js";
import { cat, reshape, select, slice, stack, unsqueeze } from "../shape_ops.js";
import { helper } from "../trace.js";

type Dims = readonly number[];
type Grads = readonly (Tensor | null)[];

/** Writes g at the positions that were picked along `dim`; positions may repeat. */
export const select_backward = helper(
  "value_selecting_reduction_backward",
  (grad: Tensor, dim: number, indices: Tensor, sizes: Shape, keepdim: boolean): Tensor =>
    reductions.value_selecting_reduction_backward(grad, dim, indices, sizes, keepdim),
);

/** Equal elements share the gradient evenly; NaN counts as equal to NaN. */
export const evenly_read_backward = helper(
  "evenly_read_backward",
  (grad: Tensor, self: Tensor, result: Tensor): Tensor => {
    const nan = self.ne(self).logical_and(result.ne(result));
    const mask = self.eq(result).logical_or(nan);
    return grad.div(mask.sum()).mul(mask);
  },
);

export const aminmax_backward = helper(
  "aminmax_backward",
  (self: Tensor, dim: number | null, keepdim: boolean, grads: Grads, min: Tensor, max: Tensor) => {
    const dims = dim === null ? [] : [dim];
    const [low, high] = grads;
    const a = low == null ? null : reductions.scale_grad_by_count(low, self, min, dims, keepdim);
    const b = high == null ? null : reductions.scale_grad_by_count(high, self, max, dims, keepdim);
    if (a === null || b === null) return a ?? b;
    return a.add(b);
  },
);

export const var_mean_backward = helper(
  "var_mean_backward",
  (grads: Grads, self: Tensor, dims: Dims | null, correction: number, keepdim: boolean): Tensor | null => {
    const [v, m] = grads;
    const a = v == null ? null : reductions.var_backward(v, self, dims, correction, keepdim);
    const b = m == null ? null : reductions.mean_backward(m, self._shape, dims, keepdim);
    if (a === null || b === null) return a ?? b;
    return a.add(b);
  },
);

export const std_mean_backward = helper(
  "std_mean_backward",
  (
    grads: Grads,
    self: Tensor,
    std: Tensor,
    dims: Dims | null,
    correction: number,
    keepdim: boolean,
  ): Tensor | null => {
    const [v, m] = grads;
    const a = v == null ? null : reductions.std_backward(std, v, self, dims, correction, keepdim);
    const b = m == null ? null : reductions.mean_backward(m, self._shape, dims, keepdim);
    if (a === null || b === null) return a ?? b;
    return a.add(b);
  },
);

const hasZero = (t: Tensor): boolean => t._numel > 0 && Boolean(t.detach().eq(0).any().item());

/** Π of all others along `dim`: products from the left times products from the right. */
function exclusiveProducts(self: Tensor, dim: number): Tensor {
  const n = self._shape[dim]!;
  const one = fullLike(slice(self.detach(), dim, 0, 1, 1), 1);
  const left = call1(ops.cumprod, cat([one, slice(self, dim, 0, n - 1, 1)], dim), dim);
  const reversed = self.flip([dim]);
  const right = call1(ops.cumprod, cat([one, slice(reversed, dim, 0, n - 1, 1)], dim), dim).flip([dim]);
  return left.mul(right);
}

export const prod_dim_backward = helper(
  "prod_backward",
  (grad: Tensor, self: Tensor, result: Tensor, dim: number, keepdim: boolean): Tensor => {
    if (self._shape.length === 0) return grad;
    const g = keepdim ? grad : unsqueeze(grad, dim);
    const r = keepdim ? result : unsqueeze(result, dim);
    return hasZero(self) ? g.mul(exclusiveProducts(self, dim)) : g.mul(r).div(self);
  },
);

const reversedCumsum = (t: Tensor, dim: number): Tensor => t.flip([dim]).cumsum(dim).flip([dim]);

/** Without zeros Σ_{j ≥ k} gⱼ yⱼ / xₖ; with them each xₖ is left out of the products in turn. */
export const cumprod_backward = helper(
  "cumprod_backward",
  (grad: Tensor, self: Tensor, dim: number, result: Tensor): Tensor => {
    if (self._shape.length === 0 || self._numel === 0) return grad;
    if (!hasZero(self)) return reversedCumsum(grad.mul(result), dim).div(self);
    const n = self._shape[dim]!;
    const parts = Array.from({ length: n }, (_, k) => {
      const one = fullLike(select(self.detach(), dim, k), 1);
      const without = call1(ops.cumprod, call(ops.select_scatter, self, one, dim, k), dim);
      return slice(grad.mul(without), dim, k, n, 1).sum(dim);
    });
    return stack(parts, dim);
  },
);

/** The gradient split by sign, so that its logarithm can be summed. */
export const logcumsumexp_backward = helper(
  "logcumsumexp_backward",
  (grad: Tensor, self: Tensor, result: Tensor, dim: number): Tensor => {
    if (self._shape.length === 0 || self._numel === 0) return grad;
    // Finite, so that differences with it are not NaN when this is differentiated again.
    const lowest = grad.dtype.name === "float32" ? -3.4028234663852886e38 : -Number.MAX_VALUE;
    const part = (positive: boolean): Tensor => {
      const keep = positive ? grad.gt(0) : grad.lt(0);
      const log = where(keep, where(keep, positive ? grad : grad.neg(), 1).log(), lowest);
      const sums = call1(ops.logcumsumexp, log.sub(result).flip([dim]), dim).flip([dim]);
      return sums.add(self).exp();
    };
    return part(true).sub(part(false));
  },
);

export const take_backward = helper(
  "take_backward",
  (grad: Tensor, sizes: Shape, index: Tensor): Tensor =>
    call(ops.put, zerosOf(sizes, grad.dtype), index, grad, true),
);

export const put_self_backward = helper(
  "put_self_backward",
  (grad: Tensor, index: Tensor, source: Shape, accumulate: boolean): Tensor =>
    accumulate ? grad : call(ops.put, grad, index, zerosOf(source, grad.dtype), false),
);

export const take_like = helper(
  "take",
  (grad: Tensor, index: Tensor, sizes: Shape): Tensor => reshape(call(ops.take, grad, index), sizes),
);

export const masked_select_backward = helper(
  "masked_select_backward",
  (grad: Tensor, sizes: Shape, mask: Tensor): Tensor =>
    call(ops.masked_scatter, zerosOf(broadcastShapes(sizes, mask._shape), grad.dtype), mask, grad),
);

export const masked_scatter_source_backward = helper(
  "masked_scatter_backward",
  (grad: Tensor, mask: Tensor, sizes: Shape): Tensor => {
    const taken = call(ops.masked_select, grad, mask);
    const numel = sizes.reduce((n, d) => n * d, 1);
    const rest = zerosOf([numel - taken._numel], grad.dtype);
    return reshape(cat([taken, rest]), sizes);
  },
);

export const index_source_backward = helper(
  "index_select",
  (grad: Tensor, dim: number, index: Tensor, sizes: Shape): Tensor =>
    sizes.length === 0 ? grad.sum() : reshape(grad.index_select(dim, index), sizes),
);

export const index_fill_zero = helper(
  "index_fill",
  (grad: Tensor, dim: number, index: Tensor): Tensor => call(ops.index_fill_Scalar, grad, dim, index, 0),
);

export const scatter_zero = helper(
  "scatter",
  (grad: Tensor, dim: number, index: Tensor): Tensor => call(ops.scatter_value, grad, dim, index, 0),
);

interface ScatterGrads {
  readonly self: Tensor;
  readonly src: Tensor;
}

function scatterReduceGrads(
  grad: Tensor,
  self: Tensor,
  dim: number,
  index: Tensor,
  src: Tensor,
  reduce: string,
  includeSelf: boolean,
  result: Tensor,
): ScatterGrads {
  const maskSelf = (g: Tensor): Tensor => (includeSelf ? g : call(ops.scatter_value, g, dim, index, 0));
  const add = (base: Tensor, values: Tensor): Tensor => call(ops.scatter_add, base, dim, index, values);
  if (reduce === "sum") return { self: maskSelf(grad), src: grad.gather(dim, index) };
  if (reduce === "mean") {
    const ones = fullLike(self.detach(), 1);
    const counts = add(maskSelf(ones), fullLike(src.detach(), 1));
    const n = masked_fill(counts, counts.eq(0), 1);
    return { self: maskSelf(grad.div(n)), src: grad.gather(dim, index).div(n.gather(dim, index)) };
  }
  if (reduce === "prod") return productGrads(grad, self, dim, index, src, includeSelf, result);
  // The extremes: everything equal to the result shares the gradient.
  const values = result.gather(dim, index);
  const selfHit = maskSelf(self.eq(result).to(grad.dtype));
  const srcHit = src.eq(values).to(grad.dtype);
  const count = add(selfHit, srcHit);
  const share = grad.div(masked_fill(count, count.eq(0), 1));
  return { self: selfHit.mul(share), src: srcHit.mul(share.gather(dim, index)) };
}

/** g · result / x, and where one x is 0 the product of the others. */
function productGrads(
  grad: Tensor,
  self: Tensor,
  dim: number,
  index: Tensor,
  src: Tensor,
  includeSelf: boolean,
  result: Tensor,
): ScatterGrads {
  const selfZero = self.eq(0);
  const forSelf = grad.mul(result).div(masked_fill(self, selfZero, 1));
  const withoutSelf = call(
    ops.scatter_reduce,
    masked_fill(self, selfZero, 1),
    dim,
    index,
    src,
    "prod",
    includeSelf,
  );
  const own = where(selfZero, grad.mul(withoutSelf), forSelf);
  const srcZero = src.eq(0);
  const zeros = call(ops.scatter_add, zerosOf(self._shape, grad.dtype), dim, index, srcZero.to(grad.dtype));
  const single = srcZero.logical_and(zeros.gather(dim, index).eq(1));
  const masked = masked_fill(src, single, 1);
  const without = call(ops.scatter_reduce, self, dim, index, masked, "prod", includeSelf);
  const usual = grad
    .mul(result)
    .gather(dim, index)
    .div(masked_fill(src, srcZero, 1));
  const forSrc = where(single, grad.mul(without).gather(dim, index), usual);
  const masks = includeSelf ? own : call(ops.scatter_value, own, dim, index, 0);
  return { self: masks, src: forSrc };
}

export const scatter_reduce_self = helper(
  "scatter_reduce_backward_self",
  (...args: Parameters<typeof scatterReduceGrads>): Tensor => scatterReduceGrads(...args).self,
);
export const scatter_reduce_src = helper(
  "scatter_reduce_backward_src",
  (...args: Parameters<typeof scatterReduceGrads>): Tensor => scatterReduceGrads(...args).src,
);

/** Where a slice was scaled, by m / (‖x‖ + ε): the scale depends on x too. */
export const renorm_backward = helper(
  "renorm_backward",
  (grad: Tensor, self: Tensor, p: number, dim: number, maxnorm: number): Tensor => {
    const dims = self._shape.map((_, d) => d).filter((d) => d !== dim);
    const norms = call(ops.linalg_vector_norm, self, p, dims, true);
    const weight = grad.mul(self).sum(dims, true);
    // renorm refuses p = 0, the one norm without a gradient.
    const slope = reductions.linalg_vector_norm_backward(weight, self, p, norms, dims, true)!;
    const inverse = norms.add(1e-7).reciprocal();
    const scaled = grad
      .mul(inverse)
      .sub(slope.mul(inverse.mul(inverse)))
      .mul(maxnorm);
    return where(norms.gt(maxnorm), scaled, grad);
  },
);
