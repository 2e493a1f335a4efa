/** @file Derivatives of sorting, order statistics, scans and indexed writes. */
import * as pointwise from "../formulas/pointwise.js";
import * as reductions from "../formulas/reductions.js";
import type { Derivatives } from "../schema.js";
import * as h from "./formulas.js";
import type { selectionSchema } from "./schema.js";

const NO = "nonDifferentiable";

export const selectionDerivatives: Pick<Derivatives, keyof typeof selectionSchema> = {
  sort: { self: (grad, s) => h.select_backward(grad, s.dim, s.indices, s.self_sizes, true), indices: NO },
  sort_stable: {
    self: (grad, s) => h.select_backward(grad, s.dim, s.indices, s.self_sizes, true),
    indices: NO,
  },
  topk: { self: (grad, s) => h.select_backward(grad, s.dim, s.indices, s.self_sizes, true), indices: NO },
  kthvalue: {
    self: (grad, s) => h.select_backward(grad, s.dim, s.indices, s.self_sizes, s.keepdim),
    indices: NO,
  },
  mode: {
    self: (grad, s) => h.select_backward(grad, s.dim, s.indices, s.self_sizes, s.keepdim),
    indices: NO,
  },
  median: { self: (grad, s) => h.evenly_read_backward(grad, s.self, s.result) },
  median_dim: {
    self: (grad, s) => h.select_backward(grad, s.dim, s.indices, s.self_sizes, s.keepdim),
    indices: NO,
  },
  nanmedian: { self: (grad, s) => h.evenly_read_backward(grad, s.self, s.result) },
  nanmedian_dim: {
    self: (grad, s) => h.select_backward(grad, s.dim, s.indices, s.self_sizes, s.keepdim),
    indices: NO,
  },
  aminmax: {
    self: (_, s, grads) => h.aminmax_backward(s.self, s.dim, s.keepdim, grads, s.min, s.max),
    min: NO,
    max: NO,
  },
  var_mean: {
    self: (_, s, grads) => h.var_mean_backward(grads, s.self, s.dim, s.correction, s.keepdim),
  },
  std_mean: {
    self: (_, s, grads) => h.std_mean_backward(grads, s.self, s.result, s.dim, s.correction, s.keepdim),
  },
  nansum: {
    self: (grad, s) => reductions.sum_backward(grad, s.self_sizes, s.dim, s.keepdim).mul(s.self.eq(s.self)),
  },
  prod_dim: { self: (grad, s) => h.prod_dim_backward(grad, s.self, s.result, s.dim, s.keepdim) },

  cummax: { self: (grad, s) => h.select_backward(grad, s.dim, s.indices, s.self_sizes, true), indices: NO },
  cummin: { self: (grad, s) => h.select_backward(grad, s.dim, s.indices, s.self_sizes, true), indices: NO },
  cumprod: { self: (grad, s) => h.cumprod_backward(grad, s.self, s.dim, s.result) },
  logcumsumexp: { self: (grad, s) => h.logcumsumexp_backward(grad, s.self, s.result, s.dim) },

  take: { self: (grad, s) => h.take_backward(grad, s.self_sizes, s.index), index: NO },
  put: {
    self: (grad, s) => h.put_self_backward(grad, s.index, s.source_sizes, s.accumulate),
    index: NO,
    source: (grad, s) => h.take_like(grad, s.index, s.source_sizes),
  },
  masked_select: { self: (grad, s) => h.masked_select_backward(grad, s.self_sizes, s.mask), mask: NO },
  masked_scatter: {
    self: (grad, s) => grad.masked_fill(s.mask, 0),
    mask: NO,
    source: (grad, s) => h.masked_scatter_source_backward(grad, s.mask, s.source_sizes),
  },
  index_add: {
    self: (grad) => grad,
    index: NO,
    source: (grad, s) =>
      pointwise.maybe_multiply(h.index_source_backward(grad, s.dim, s.index, s.source_sizes), s.alpha),
  },
  index_copy: {
    self: (grad, s) => h.index_fill_zero(grad, s.dim, s.index),
    index: NO,
    source: (grad, s) => h.index_source_backward(grad, s.dim, s.index, s.source_sizes),
  },
  index_fill_Scalar: { self: (grad, s) => h.index_fill_zero(grad, s.dim, s.index), index: NO },
  index_fill_Tensor: {
    self: (grad, s) => h.index_fill_zero(grad, s.dim, s.index),
    index: NO,
    value: (grad, s) => grad.sub(h.index_fill_zero(grad, s.dim, s.index)).sum(),
  },
  scatter_src: {
    self: (grad, s) => h.scatter_zero(grad, s.dim, s.index),
    index: NO,
    src: (grad, s) => grad.gather(s.dim, s.index),
  },
  scatter_value: { self: (grad, s) => h.scatter_zero(grad, s.dim, s.index), index: NO },
  scatter_reduce: {
    self: (grad, s) =>
      h.scatter_reduce_self(grad, s.self, s.dim, s.index, s.src, s.reduce, s.include_self, s.result),
    index: NO,
    src: (grad, s) =>
      h.scatter_reduce_src(grad, s.self, s.dim, s.index, s.src, s.reduce, s.include_self, s.result),
  },
  renorm: { self: (grad, s) => h.renorm_backward(grad, s.self, s.p, s.dim, s.maxnorm) },
};
