/** @file Derivatives of products, attention and distances. */
import * as pointwise from "../formulas/pointwise.js";
import * as reductions from "../formulas/reductions.js";
import type { Derivatives } from "../schema.js";
import * as h from "./formulas.js";
import type { productSchema } from "./schema.js";

const NO = "nonDifferentiable";

export const productDerivatives: Pick<Derivatives, keyof typeof productSchema> = {
  addmv: {
    self: (grad, s) => pointwise.maybe_multiply(grad, s.beta),
    mat: (grad, s) => pointwise.maybe_multiply(h.outer(grad, s.vec), s.alpha),
    vec: (grad, s) => pointwise.maybe_multiply(s.mat.t().mv(grad), s.alpha),
  },
  addr: {
    self: (grad, s) => pointwise.maybe_multiply(grad, s.beta),
    vec1: (grad, s) => pointwise.maybe_multiply(grad.mv(s.vec2), s.alpha),
    vec2: (grad, s) => pointwise.maybe_multiply(grad.t().mv(s.vec1), s.alpha),
  },
  baddbmm: {
    self: (grad, s) => pointwise.maybe_multiply(grad, s.beta),
    batch1: (grad, s) => pointwise.maybe_multiply(h.bmm_left(grad, s.batch2), s.alpha),
    batch2: (grad, s) => pointwise.maybe_multiply(h.bmm_right(grad, s.batch1), s.alpha),
  },
  addbmm: {
    self: (grad, s) => pointwise.maybe_multiply(grad, s.beta),
    batch1: (grad, s) => pointwise.maybe_multiply(h.bmm_left(h.for_each(grad, s.batch1), s.batch2), s.alpha),
    batch2: (grad, s) => pointwise.maybe_multiply(h.bmm_right(h.for_each(grad, s.batch1), s.batch1), s.alpha),
  },
  vdot: { self: (grad, s) => grad.mul(s.other), other: (grad, s) => grad.mul(s.self) },
  linalg_cross: {
    self: (grad, s) => h.cross(s.other, grad, s.dim),
    other: (grad, s) => h.cross(grad, s.self, s.dim),
  },
  _trilinear: {
    i1: (grad, s) => h.trilinear_left(grad, s.i2, s.i3),
    i2: (grad, s) => h.trilinear_weight(grad, s.i1, s.i3),
    i3: (grad, s) => h.trilinear_right(grad, s.i2, s.i1),
  },
  _safe_softmax: { self: (grad, s) => h.safe_softmax_backward(grad, s.result, s.dim) },
  _scaled_dot_product_flash_attention_for_cpu: {
    query: (grad, s) => h.attention_query(grad, s.query, s.key, s.value, s.is_causal, s.attn_mask, s.scale),
    key: (grad, s) => h.attention_key(grad, s.query, s.key, s.value, s.is_causal, s.attn_mask, s.scale),
    value: (grad, s) => h.attention_value(grad, s.query, s.key, s.value, s.is_causal, s.attn_mask, s.scale),
    attn_mask: NO,
  },
  norm_ScalarOpt_dim: {
    self: (grad, s) => reductions.linalg_vector_norm_backward(grad, s.self, s.p, s.result, s.dim, s.keepdim),
  },
  dist: {
    self: (grad, s) =>
      reductions.linalg_vector_norm_backward(grad, s.self.sub(s.other), s.p, s.result, null, false),
    other: (grad, s) =>
      reductions.linalg_vector_norm_backward(grad.neg(), s.self.sub(s.other), s.p, s.result, null, false),
  },
};
