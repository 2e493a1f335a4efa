/** @file Derivatives of the element-by-element ops. */

import * as pointwise from "../formulas/pointwise.js";
import type { Derivatives } from "../schema.js";
import * as h from "./formulas.js";
import type { elementwiseSchema } from "./schema.js";

const NO = "nonDifferentiable";
const SQRT_PI = Math.sqrt(Math.PI);

export const elementwiseDerivatives: Pick<Derivatives, keyof typeof elementwiseSchema> = {
  add_Scalar: { self: (grad) => grad },
  sub_Scalar: { self: (grad) => grad },
  mul_Scalar: { self: (grad, s) => grad.mul(s.other) },
  div_Scalar: { self: (grad, s) => grad.div(s.other) },

  acosh: { self: (grad, s) => grad.mul(s.self.pow(2).sub(1).rsqrt()) },
  asinh: { self: (grad, s) => grad.mul(s.self.pow(2).add(1).rsqrt()) },
  atanh: { self: (grad, s) => grad.div(s.self.pow(2).neg().add(1)) },
  erf: {
    self: (grad, s) =>
      s.self
        .pow(2)
        .neg()
        .exp()
        .mul(2 / SQRT_PI)
        .mul(grad),
  },
  erfc: {
    self: (grad, s) =>
      s.self
        .pow(2)
        .neg()
        .exp()
        .mul(-2 / SQRT_PI)
        .mul(grad),
  },
  erfinv: {
    self: (grad, s) =>
      s.result
        .pow(2)
        .exp()
        .mul(SQRT_PI / 2)
        .mul(grad),
  },
  lgamma: { self: (grad, s) => grad.mul(s.self.digamma()) },
  digamma: { self: (grad, s) => grad.mul(h.polygamma(1, s.self)) },
  polygamma: { self: (grad, s) => grad.mul(h.polygamma_next(s.n, s.self)) },
  mvlgamma: { self: (grad, s) => h.mvlgamma_backward(grad, s.self, s.p) },
  frac: { self: (grad) => grad },
  deg2rad: { self: (grad) => grad.mul(Math.PI / 180) },
  rad2deg: { self: (grad) => grad.mul(180 / Math.PI) },
  nan_to_num: { self: (grad, s) => grad.mul(h.is_finite(s.self)) },
  logit: { self: (grad, s) => h.logit_backward(grad, s.self, s.eps) },
  sinc: { self: (grad, s) => h.sinc_backward(grad, s.self) },
  angle: { self: (grad) => pointwise.zeros_like(grad) },
  round_decimals: { self: (grad) => pointwise.zeros_like(grad) },
  i0: { self: (grad, s) => grad.mul(h.special_i1(s.self)) },
  special_i0e: { self: (grad, s) => grad.mul(h.special_i1e(s.self).sub(s.self.sgn().mul(s.result))) },
  special_i1: { self: (grad, s) => h.i1_backward(grad, s.self, s.result) },
  special_i1e: { self: (grad, s) => h.i1e_backward(grad, s.self, s.result) },
  special_entr: { self: (grad, s) => grad.mul(s.self.log().neg().sub(1)) },
  special_ndtri: { self: (grad, s) => grad.mul(Math.sqrt(2 * Math.PI)).mul(s.result.square().div(2).exp()) },
  special_log_ndtr: {
    self: (grad, s) => grad.div(h.special_erfcx(s.self.div(-Math.SQRT2))).mul(Math.sqrt(2 / Math.PI)),
  },
  special_erfcx: {
    self: (grad, s) =>
      s.self
        .mul(2)
        .mul(s.result)
        .sub(2 / SQRT_PI)
        .mul(grad),
  },

  hypot: {
    self: (grad, s) => grad.mul(s.self.div(s.result)),
    other: (grad, s) => grad.mul(s.other.div(s.result)),
  },
  copysign_Tensor: {
    self: (grad, s) => h.copysign_backward(grad, s.self, s.result),
    other: (grad) => pointwise.zeros_like(grad),
  },
  copysign_Scalar: { self: (grad, s) => h.copysign_backward(grad, s.self, s.result) },
  fmax: {
    self: (grad, s) => h.fmax_backward(grad, s.self, s.other, "self"),
    other: (grad, s) => h.fmax_backward(grad, s.self, s.other, "other"),
  },
  fmin: {
    self: (grad, s) => h.fmin_backward(grad, s.self, s.other, "self"),
    other: (grad, s) => h.fmin_backward(grad, s.self, s.other, "other"),
  },
  logaddexp: {
    self: (grad, s) => grad.mul(s.other.sub(s.self).exp().add(1).reciprocal()),
    other: (grad, s) => grad.mul(s.self.sub(s.other).exp().add(1).reciprocal()),
  },
  logaddexp2: {
    self: (grad, s) => grad.mul(s.other.sub(s.self).exp2().add(1).reciprocal()),
    other: (grad, s) => grad.mul(s.self.sub(s.other).exp2().add(1).reciprocal()),
  },
  xlogy_Tensor: {
    self: (grad, s) => h.xlogy_backward_self(grad, s.self, s.other),
    other: (grad, s) => grad.mul(s.self).div(s.other),
  },
  xlogy_Self: { other: (grad, s) => grad.mul(s.self).div(s.other) },
  xlogy_Other: { self: (grad, s) => h.xlogy_backward_self(grad, s.self, s.other) },
  special_xlog1py_Tensor: {
    self: (grad, s) => h.xlog1py_backward_self(grad, s.self, s.other),
    other: (grad, s) => grad.mul(s.self).div(s.other.add(1)),
  },
  special_xlog1py_Self: { other: (grad, s) => grad.mul(s.self).div(s.other.add(1)) },
  special_xlog1py_Other: { self: (grad, s) => h.xlog1py_backward_self(grad, s.self, s.other) },
  ldexp: {
    self: (grad, s) => grad.mul(s.other.exp2()),
    other: (grad, s) => grad.mul(s.result).mul(Math.LN2),
  },
  lerp_Scalar: {
    self: (grad, s) => grad.mul(h.one_minus(s.weight)),
    end: (grad, s) => grad.mul(s.weight),
  },
  lerp_Tensor: {
    self: (grad, s) => grad.mul(s.weight.neg().add(1)),
    end: (grad, s) => grad.mul(s.weight),
    weight: (grad, s) => grad.mul(s.end.sub(s.self)),
  },
  addcmul: {
    self: (grad) => grad,
    tensor1: (grad, s) => pointwise.maybe_multiply(grad.mul(s.tensor2), s.value),
    tensor2: (grad, s) => pointwise.maybe_multiply(grad.mul(s.tensor1), s.value),
  },
  addcdiv: {
    self: (grad) => grad,
    tensor1: (grad, s) => pointwise.maybe_multiply(grad.div(s.tensor2), s.value),
    tensor2: (grad, s) =>
      pointwise.maybe_multiply(grad.mul(s.tensor1.div(s.tensor2.mul(s.tensor2))).neg(), s.value),
  },
  clamp_min_Tensor: {
    self: (grad, s) => h.clamp_bound_backward(grad, s.self.ge(s.min)),
    min: (grad, s) => h.clamp_bound_backward(grad, s.self.lt(s.min)),
  },
  clamp_max_Tensor: {
    self: (grad, s) => h.clamp_bound_backward(grad, s.self.le(s.max)),
    max: (grad, s) => h.clamp_bound_backward(grad, s.self.gt(s.max)),
  },
  masked_fill_Tensor: {
    self: (grad, s) => grad.masked_fill(s.mask, 0),
    mask: NO,
    value: (grad, s) => h.masked_fill_value_backward(grad, s.mask),
  },
  fill_out_Scalar: { self: (grad) => pointwise.zeros_like(grad) },
  fill_out_Tensor: { self: (grad) => pointwise.zeros_like(grad), value: (grad) => grad.sum() },
};
