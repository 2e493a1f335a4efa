/**
 * @file THE TABLE: how a gradient of each op's result becomes gradients of its inputs.
 *
 * One line for each input that can take a gradient; `"nonDifferentiable"` is said, never implied. `grad` is
 * the gradient of the result and `s` holds the op's arguments and `result`. Formulas are straight-line
 * expressions in differentiable ops, so they can themselves be differentiated, and so that tracing them gives
 * their text and what has to be saved. Broadcast gradients are summed back and cast by the engine, not here.
 */

import { activationDerivatives } from "./activation/derivatives.js";
import { comparisonDerivatives } from "./comparison/derivatives.js";
import { distanceDerivatives } from "./distance/derivatives.js";
import { elementwiseDerivatives } from "./elementwise/derivatives.js";
import * as indexing from "./formulas/indexing.js";
import * as losses from "./formulas/losses.js";
import * as pointwise from "./formulas/pointwise.js";
import * as reductions from "./formulas/reductions.js";
import * as shapes from "./formulas/shapes.js";
import { layoutDerivatives } from "./layout/derivatives.js";
import { matrixDerivatives } from "./matrix/derivatives.js";
import { neuralDerivatives } from "./neural/derivatives.js";
import { ops } from "./op.js";
import { productDerivatives } from "./products/derivatives.js";
import { resampleDerivatives } from "./resample/derivatives.js";
import { samplingDerivatives } from "./sampling/derivatives.js";
import type { Derivatives, OpName } from "./schema.js";
import { selectionDerivatives } from "./selection/derivatives.js";
import { statisticsDerivatives } from "./statistics/derivatives.js";

const NO = "nonDifferentiable";

export const derivatives: Derivatives = {
  // arithmetic
  add: { self: (grad) => grad, other: (grad, s) => pointwise.maybe_multiply(grad, s.alpha) },
  sub: { self: (grad) => grad, other: (grad, s) => pointwise.maybe_multiply(grad.neg(), s.alpha) },
  rsub_Tensor: { self: (grad, s) => pointwise.maybe_multiply(grad.neg(), s.alpha), other: (grad) => grad },
  rsub_Scalar: { self: (grad, s) => pointwise.maybe_multiply(grad.neg(), s.alpha) },
  mul: { self: (grad, s) => grad.mul(s.other), other: (grad, s) => grad.mul(s.self) },
  div: {
    self: (grad, s) => grad.div(s.other),
    other: (grad, s) => grad.neg().mul(s.self.div(s.other).div(s.other)),
  },
  div_mode: { self: (grad) => pointwise.zeros_like(grad), other: (grad) => pointwise.zeros_like(grad) },
  pow_Tensor_Scalar: { self: (grad, s) => pointwise.pow_backward(grad, s.self, s.exponent) },
  pow_Tensor_Tensor: {
    self: (grad, s) => pointwise.pow_backward_self(grad, s.self, s.exponent),
    exponent: (grad, s) => pointwise.pow_backward_exponent(grad, s.self, s.exponent, s.result),
  },
  pow_Scalar: { exponent: (grad, s) => pointwise.pow_backward_exponent(grad, s.self, s.exponent, s.result) },
  remainder_Scalar: { self: (grad) => grad },
  remainder_Tensor: {
    self: (grad) => grad,
    other: (grad, s) => grad.neg().mul(s.self.div(s.other, { rounding_mode: "floor" })),
  },
  fmod_Scalar: { self: (grad) => grad },
  fmod_Tensor: {
    self: (grad) => grad,
    other: (grad, s) => grad.neg().mul(s.self.div(s.other, { rounding_mode: "trunc" })),
  },
  neg: { self: (grad) => grad.neg() },
  reciprocal: { self: (grad, s) => grad.neg().mul(s.result.mul(s.result)) },
  maximum: {
    self: (grad, s) => pointwise.extremum_backward(grad, s.self, s.other, "lt"),
    other: (grad, s) => pointwise.extremum_backward(grad, s.other, s.self, "lt"),
  },
  minimum: {
    self: (grad, s) => pointwise.extremum_backward(grad, s.self, s.other, "gt"),
    other: (grad, s) => pointwise.extremum_backward(grad, s.other, s.self, "gt"),
  },
  atan2: {
    self: (grad, s) => grad.mul(s.other.div(s.self.mul(s.self).add(s.other.mul(s.other)))),
    other: (grad, s) => grad.mul(s.self.neg().div(s.self.mul(s.self).add(s.other.mul(s.other)))),
  },

  // pointwise
  abs: { self: (grad, s) => grad.mul(s.self.sgn()) },
  sgn: { self: (grad) => pointwise.zeros_like(grad) },
  sign: { self: (grad) => pointwise.zeros_like(grad) },
  sqrt: { self: (grad, s) => grad.div(s.result.mul(2)) },
  rsqrt: { self: (grad, s) => grad.mul(-0.5).mul(s.result.pow(3)) },
  exp: { self: (grad, s) => grad.mul(s.result) },
  exp2: { self: (grad, s) => grad.mul(s.result).mul(Math.LN2) },
  expm1: { self: (grad, s) => grad.mul(s.result.add(1)) },
  log: { self: (grad, s) => grad.div(s.self) },
  log2: { self: (grad, s) => grad.div(s.self.mul(Math.LN2)) },
  log10: { self: (grad, s) => grad.div(s.self.mul(Math.LN10)) },
  log1p: { self: (grad, s) => grad.div(s.self.add(1)) },
  sin: { self: (grad, s) => grad.mul(s.self.cos()) },
  cos: { self: (grad, s) => grad.mul(s.self.sin().neg()) },
  tan: { self: (grad, s) => grad.mul(s.result.pow(2).add(1)) },
  asin: { self: (grad, s) => grad.mul(s.self.mul(s.self).neg().add(1).rsqrt()) },
  acos: { self: (grad, s) => grad.neg().mul(s.self.mul(s.self).neg().add(1).rsqrt()) },
  atan: { self: (grad, s) => grad.div(s.self.mul(s.self).add(1)) },
  sinh: { self: (grad, s) => grad.mul(s.self.cosh()) },
  cosh: { self: (grad, s) => grad.mul(s.self.sinh()) },
  tanh: { self: (grad, s) => pointwise.tanh_backward(grad, s.result) },
  floor: { self: (grad) => pointwise.zeros_like(grad) },
  ceil: { self: (grad) => pointwise.zeros_like(grad) },
  round: { self: (grad) => pointwise.zeros_like(grad) },
  trunc: { self: (grad) => pointwise.zeros_like(grad) },
  sigmoid: { self: (grad, s) => pointwise.sigmoid_backward(grad, s.result) },
  relu: { self: (grad, s) => pointwise.threshold_backward(grad, s.result, 0) },
  clamp_Tensor: {
    self: (grad, s) => pointwise.clamp_backward(grad, s.self, s.min, s.max),
    min: (grad, s) => pointwise.clamp_backward_min_max(grad, s.self, s.min, s.max, "min"),
    max: (grad, s) => pointwise.clamp_backward_min_max(grad, s.self, s.min, s.max, "max"),
  },
  clamp: { self: (grad, s) => pointwise.clamp_backward(grad, s.self, s.min, s.max) },
  clamp_min: { self: (grad, s) => pointwise.clamp_backward(grad, s.self, s.min, null) },
  clamp_max: { self: (grad, s) => pointwise.clamp_backward(grad, s.self, null, s.max) },
  where: {
    condition: NO,
    self: (grad, s) => pointwise.where_backward(s.condition, grad, true),
    other: (grad, s) => pointwise.where_backward(s.condition, grad, false),
  },
  masked_fill: { self: (grad, s) => grad.masked_fill(s.mask, 0), mask: NO },
  sigmoid_backward: {
    grad_output: (grad, s) => pointwise.sigmoid_backward(grad, s.output),
    output: (grad, s) => grad.mul(s.grad_output).mul(s.output.mul(-2).add(1)),
  },
  tanh_backward: {
    grad_output: (grad, s) => pointwise.tanh_backward(grad, s.output),
    output: (grad, s) => grad.mul(s.output.mul(-2).mul(s.grad_output)),
  },
  threshold_backward: {
    grad_output: (grad, s) => pointwise.threshold_backward(grad, s.self, s.threshold),
    self: (grad) => pointwise.zeros_like(grad),
  },
  clone: { self: (grad) => grad },
  clone_contiguous: { self: (grad) => grad },
  _to_copy: { self: (grad) => grad },

  // in-place only
  zero: { self: (grad) => pointwise.zeros_like(grad) },
  fill_Scalar: { self: (grad) => pointwise.zeros_like(grad) },
  fill_Tensor: { self: (grad) => pointwise.zeros_like(grad), value: (grad) => grad.sum() },

  // reductions
  sum: { self: (grad, s) => grad.expand(s.self_sizes) },
  sum_dim: { self: (grad, s) => reductions.sum_backward(grad, s.self_sizes, s.dim, s.keepdim) },
  mean: { self: (grad, s) => reductions.mean_backward(grad, s.self_sizes, null, false) },
  mean_dim: { self: (grad, s) => reductions.mean_backward(grad, s.self_sizes, s.dim, s.keepdim) },
  var: { self: (grad, s) => reductions.var_backward(grad, s.self, s.dim, s.correction, s.keepdim) },
  std: { self: (grad, s) => reductions.std_backward(s.result, grad, s.self, s.dim, s.correction, s.keepdim) },
  linalg_vector_norm: {
    self: (grad, s) =>
      reductions.linalg_vector_norm_backward(grad, s.self, s.ord, s.result, s.dim, s.keepdim),
  },
  prod: { self: (grad, s) => reductions.prod_backward(grad, s.self, s.result) },
  max: { self: (grad, s) => reductions.evenly_distribute_backward(grad, s.self, s.result) },
  max_dim: {
    self: (grad, s) =>
      reductions.value_selecting_reduction_backward(grad, s.dim, s.indices, s.self_sizes, s.keepdim),
    indices: NO,
  },
  min: { self: (grad, s) => reductions.evenly_distribute_backward(grad, s.self, s.result) },
  min_dim: {
    self: (grad, s) =>
      reductions.value_selecting_reduction_backward(grad, s.dim, s.indices, s.self_sizes, s.keepdim),
    indices: NO,
  },
  amax: { self: (grad, s) => reductions.scale_grad_by_count(grad, s.self, s.result, s.dim, s.keepdim) },
  amin: { self: (grad, s) => reductions.scale_grad_by_count(grad, s.self, s.result, s.dim, s.keepdim) },
  logsumexp: { self: (grad, s) => reductions.logsumexp_backward(grad, s.self, s.result, s.dim, s.keepdim) },
  cumsum: { self: (grad, s) => reductions.cumsum_backward(grad, s.dim) },
  _softmax: { self: (grad, s) => losses._softmax_backward_data(grad, s.result, s.dim) },
  _log_softmax: { self: (grad, s) => losses._log_softmax_backward_data(grad, s.result, s.dim) },
  _softmax_backward_data: {
    grad_output: (grad, s) => losses._softmax_backward_data(grad, s.output, s.dim),
    output: (grad, s) => losses.softmax_double_backward(grad, s.grad_output, s.dim, s.output),
  },
  _log_softmax_backward_data: {
    grad_output: (grad, s) => grad.sub(grad.mul(s.output.exp()).sum(s.dim, true)),
    output: (grad, s) => losses.log_softmax_double_backward(grad, s.grad_output, s.dim, s.output),
  },

  // linear algebra
  mm: {
    self: (grad, s) => shapes.mm_mat1_backward(grad, s.mat2),
    mat2: (grad, s) => shapes.mm_mat2_backward(grad, s.self),
  },
  mv: { self: (grad, s) => shapes.outer(grad, s.vec), vec: (grad, s) => s.self.t().mv(grad) },
  dot: { self: (grad, s) => grad.mul(s.tensor), tensor: (grad, s) => grad.mul(s.self) },
  bmm: {
    self: (grad, s) => grad.bmm(s.mat2.transpose(1, 2)),
    mat2: (grad, s) => s.self.transpose(1, 2).bmm(grad),
  },
  addmm: {
    self: (grad, s) => pointwise.maybe_multiply(grad, s.beta),
    mat1: (grad, s) => pointwise.maybe_multiply(shapes.mm_mat1_backward(grad, s.mat2), s.alpha),
    mat2: (grad, s) => pointwise.maybe_multiply(shapes.mm_mat2_backward(grad, s.mat1), s.alpha),
  },

  // shapes and views
  t: { self: (grad) => grad.t() },
  t_: { self: (grad) => grad.t() },
  transpose: { self: (grad, s) => grad.transpose(s.dim0, s.dim1) },
  transpose_: { self: (grad, s) => grad.transpose(s.dim0, s.dim1) },
  permute: { self: (grad, s) => shapes.permute_backwards(grad, s.dims) },
  view: { self: (grad, s) => grad.reshape(s.self_sizes) },
  _unsafe_view: { self: (grad, s) => grad.reshape(s.self_sizes) },
  expand: { self: (grad, s) => grad.sum_to_size(s.self_sizes) },
  squeeze: { self: (grad, s) => shapes.unsqueeze_to(grad, s.self_sizes, null) },
  squeeze_: { self: (grad, s) => shapes.unsqueeze_to(grad, s.self_sizes, null) },
  squeeze_dim: { self: (grad, s) => shapes.unsqueeze_to_dim(grad, s.self_sizes, s.dim) },
  squeeze_dim_: { self: (grad, s) => shapes.unsqueeze_to_dim(grad, s.self_sizes, s.dim) },
  squeeze_dims: { self: (grad, s) => shapes.unsqueeze_to(grad, s.self_sizes, s.dim) },
  unsqueeze: { self: (grad, s) => grad.squeeze(s.dim) },
  unsqueeze_: { self: (grad, s) => grad.squeeze(s.dim) },
  select: { self: (grad, s) => shapes.select_backward(grad, s.self_sizes, s.dim, s.index) },
  slice: { self: (grad, s) => shapes.slice_backward(grad, s.self_sizes, s.dim, s.start, s.end, s.step) },
  as_strided: {
    self: (grad, s) => shapes.as_strided_backward(grad, s.self_geometry, s.size, s.stride, s.storage_offset),
  },
  alias: { self: (grad) => grad },
  diagonal: { self: (grad, s) => shapes.diagonal_backward(grad, s.self_sizes, s.offset, s.dim1, s.dim2) },
  unbind: { self: (_, s, grads) => shapes.unbind_backward(grads, s.dim) },
  split: { self: (_, s, grads) => shapes.split_with_sizes_backward(grads, s.sizes, s.dim, s.self_sizes) },
  split_with_sizes: {
    self: (_, s, grads) => shapes.split_with_sizes_backward(grads, s.sizes, s.dim, s.self_sizes),
  },
  cat: { tensors: (grad, s) => shapes.cat_tensors_backward(grad, s.tensors_sizes, s.dim) },
  stack: { tensors: (grad, s) => shapes.stack_tensors_backward(grad, s.dim) },
  repeat: { self: (grad, s) => shapes.repeat_backward(grad, s.repeats, s.self_sizes) },
  flip: { self: (grad, s) => grad.flip(s.dims) },
  tril: { self: (grad, s) => grad.tril(s.diagonal) },
  triu: { self: (grad, s) => grad.triu(s.diagonal) },

  // indexing
  index: { self: (grad, s) => indexing.index_backward(grad, s.self_sizes, s.indices) },
  index_put: {
    self: (grad, s) => indexing.index_put_self_backward(grad, s.indices, s.accumulate),
    values: (grad, s) => indexing.advanced_index(grad, s.indices),
  },
  gather: { self: (grad, s) => indexing.gather_backward(grad, s.self_sizes, s.dim, s.index), index: NO },
  scatter_add: { self: (grad) => grad, index: NO, src: (grad, s) => grad.gather(s.dim, s.index) },
  index_select: {
    self: (grad, s) => indexing.index_select_backward(grad, s.self_sizes, s.dim, s.index),
    index: NO,
  },
  select_backward: { grad_output: (grad, s) => grad.select(s.dim, s.index) },
  slice_backward: { grad_output: (grad, s) => grad.slice(s.dim, s.start, s.end, s.step) },

  // losses
  mse_loss: {
    self: (grad, s) => losses.mse_loss_backward(grad, s.self, s.target, s.reduction),
    target: (grad, s) => losses.mse_loss_backward(grad, s.target, s.self, s.reduction),
  },
  mse_loss_backward: {
    grad_output: (grad, s) =>
      losses.mse_loss_double_backward_grad_output(grad, s.self, s.target, s.reduction),
    self: (grad, s) => losses.mse_loss_double_backward(grad, s.grad_output, s.self, s.target, s.reduction),
    target: (grad, s) =>
      losses.mse_loss_double_backward(grad, s.grad_output, s.self, s.target, s.reduction).neg(),
  },
  binary_cross_entropy_with_logits: {
    self: (grad, s) =>
      losses.binary_cross_entropy_with_logits_backward(
        grad,
        s.self,
        s.target,
        s.weight,
        s.pos_weight,
        s.reduction,
      ),
    target: (grad, s) =>
      losses.binary_cross_entropy_with_logits_target_backward(
        grad,
        s.self,
        s.target,
        s.weight,
        s.pos_weight,
        s.reduction,
      ),
    weight: NO,
    pos_weight: NO,
  },
  nll_loss: {
    self: (grad, s) =>
      losses.nll_loss_backward(grad, s.self, s.target, s.weight, s.reduction, s.ignore_index, s.total_weight),
    target: NO,
    weight: NO,
    total_weight: NO,
  },
  nll_loss2d: {
    self: (grad, s) =>
      losses.nll_loss_backward(grad, s.self, s.target, s.weight, s.reduction, s.ignore_index, s.total_weight),
    target: NO,
    weight: NO,
    total_weight: NO,
  },
  nll_loss_backward: {
    grad_output: (grad, s) => losses.nll_loss(grad, s.target, s.weight, s.reduction, s.ignore_index),
    self: (grad) => pointwise.zeros_like(grad),
    target: NO,
    weight: NO,
    total_weight: NO,
  },

  ...elementwiseDerivatives,
  ...neuralDerivatives,
  ...comparisonDerivatives,
  ...selectionDerivatives,
  ...layoutDerivatives,
  ...activationDerivatives,
  ...resampleDerivatives,
  ...productDerivatives,
  ...matrixDerivatives,
  ...statisticsDerivatives,
  ...distanceDerivatives,
  ...samplingDerivatives,
};

for (const key of Object.keys(derivatives) as OpName[]) ops[key].link(derivatives[key] as never);

export interface DerivativeText {
  /** As in `grad_fn.name()`. */
  readonly name: string;
  /** Input name → formula, e.g. `self` → `grad * other`. */
  readonly inputs: { readonly [input: string]: string };
}

/** The derivative of an op as people write it, from the table; by `grad_fn` name or by the op's own. */
export function describeDerivative(name: string): DerivativeText | null {
  const op =
    Object.values(ops).find((o) => o.gradFnName === name) ?? Object.values(ops).find((o) => o.base === name);
  if (op === undefined) return null;
  const inputs: { [input: string]: string } = {};
  op.inputs.forEach((arg, i) => {
    inputs[op.argNames[arg]!] = op.traces[i]!.text;
  });
  return { name: op.gradFnName, inputs };
}
