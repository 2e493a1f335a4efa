/** @file Which kernel computes which op. */
import { type DType, getDefaultDType, promoteTypes } from "../dtype.js";
import { B, binary, resultType } from "../kernels/binary.js";
import { castTo, cloneOf, copyInto, fillWith, newTensor } from "../kernels/copy.js";
import { cat, gather, index, indexPut, indexSelect, scatterAdd } from "../kernels/indexing.js";
import { bceWithLogits, mseLoss, nllLoss, nllLossBackward } from "../kernels/losses.js";
import { dot, matmul, mv } from "../kernels/matmul.js";
import { extreme, logsumexp, prod, sum, variance, vectorNorm } from "../kernels/reduce.js";
import { cumsum } from "../kernels/scan.js";
import { where } from "../kernels/select.js";
import { flip, repeat, scatterWindow, triangle } from "../kernels/shape_ops.js";
import { softmax, softmaxBackward } from "../kernels/softmax.js";
import { floatType, U, unary, unaryFloat } from "../kernels/unary.js";
import * as v from "../kernels/views.js";
import { SCALAR } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { activationKernels } from "./activation/kernels.js";
import { comparisonKernels } from "./comparison/kernels.js";
import { distanceKernels } from "./distance/kernels.js";
import { elementwiseKernels } from "./elementwise/kernels.js";
import { layoutKernels } from "./layout/kernels.js";
import { matrixKernels } from "./matrix/kernels.js";
import { neuralKernels } from "./neural/kernels.js";
import { ops } from "./op.js";
import { productKernels } from "./products/kernels.js";
import { resampleKernels } from "./resample/kernels.js";
import { samplingKernels } from "./sampling/kernels.js";
import type { OpName } from "./schema.js";
import { selectionKernels } from "./selection/kernels.js";
import { statisticsKernels } from "./statistics/kernels.js";

type Scalar = Tensor | number;
type Dims = readonly number[];
type Type = DType | null | undefined;
// Arguments arrive in the schema's order; each kernel states the types it is given.
export type Kernel = (...args: never[]) => Tensor | Tensor[];

const floating = (a: Tensor, b: Scalar) => floatType(resultType(a, b));
const scaled = (b: Scalar, alpha: number): Scalar =>
  alpha === 1 ? b : typeof b === "number" ? b * alpha : binary(B.mul, b, alpha, b.dtype);
const cast = (a: Tensor, dtype: Type): Tensor =>
  dtype === null || dtype === undefined ? a : castTo(a, dtype);
const allDims = (t: Tensor) => t._shape.map((_, d) => d);
const clampWith = (t: Tensor, min: Scalar | null, max: Scalar | null): Tensor => {
  const low = min === null ? t : binary(B.maximum, t, min);
  return max === null ? low : binary(B.minimum, low, max);
};

const kernels: { readonly [K in OpName]: Kernel } = {
  add: (a: Tensor, b: Scalar, alpha: number) => binary(B.add, a, scaled(b, alpha)),
  sub: (a: Tensor, b: Scalar, alpha: number) => binary(B.sub, a, scaled(b, alpha)),
  rsub_Tensor: (a: Tensor, b: Tensor, alpha: number) => binary(B.rsub, scaled(a, alpha) as Tensor, b),
  rsub_Scalar: (a: Tensor, b: number, alpha: number) => binary(B.rsub, scaled(a, alpha) as Tensor, b),
  mul: (a: Tensor, b: Scalar) => binary(B.mul, a, b),
  div: (a: Tensor, b: Scalar) => binary(B.div, a, b, floating(a, b)),
  div_mode: (a: Tensor, b: Scalar, mode: "floor" | "trunc") =>
    binary(mode === "floor" ? B.floorDivide : B.truncDivide, a, b),
  pow_Tensor_Scalar: (a: Tensor, b: number) => binary(B.pow, a, b),
  pow_Tensor_Tensor: (a: Tensor, b: Tensor) => binary(B.pow, a, b),
  pow_Scalar: (a: number, b: Tensor) => {
    const dtype = resultType(b, a);
    const base = newTensor(SCALAR, dtype);
    fillWith(base, a);
    return binary(B.pow, base, b, dtype);
  },
  remainder_Scalar: (a: Tensor, b: number) => binary(B.remainder, a, b),
  remainder_Tensor: (a: Tensor, b: Tensor) => binary(B.remainder, a, b),
  fmod_Scalar: (a: Tensor, b: number) => binary(B.fmod, a, b),
  fmod_Tensor: (a: Tensor, b: Tensor) => binary(B.fmod, a, b),
  neg: (a: Tensor) => unary(U.neg, a),
  reciprocal: (a: Tensor) => unaryFloat(U.reciprocal, a),
  maximum: (a: Tensor, b: Tensor) => binary(B.maximum, a, b),
  minimum: (a: Tensor, b: Tensor) => binary(B.minimum, a, b),
  atan2: (a: Tensor, b: Tensor) => binary(B.atan2, a, b, floating(a, b)),

  abs: (a: Tensor) => unary(U.abs, a),
  sgn: (a: Tensor) => unary(U.sign, a),
  sign: (a: Tensor) => unary(U.sign, a),
  sqrt: (a: Tensor) => unaryFloat(U.sqrt, a),
  rsqrt: (a: Tensor) => unaryFloat(U.rsqrt, a),
  exp: (a: Tensor) => unaryFloat(U.exp, a),
  exp2: (a: Tensor) => unaryFloat(U.exp2, a),
  expm1: (a: Tensor) => unaryFloat(U.expm1, a),
  log: (a: Tensor) => unaryFloat(U.log, a),
  log2: (a: Tensor) => unaryFloat(U.log2, a),
  log10: (a: Tensor) => unaryFloat(U.log10, a),
  log1p: (a: Tensor) => unaryFloat(U.log1p, a),
  sin: (a: Tensor) => unaryFloat(U.sin, a),
  cos: (a: Tensor) => unaryFloat(U.cos, a),
  tan: (a: Tensor) => unaryFloat(U.tan, a),
  asin: (a: Tensor) => unaryFloat(U.asin, a),
  acos: (a: Tensor) => unaryFloat(U.acos, a),
  atan: (a: Tensor) => unaryFloat(U.atan, a),
  sinh: (a: Tensor) => unaryFloat(U.sinh, a),
  cosh: (a: Tensor) => unaryFloat(U.cosh, a),
  tanh: (a: Tensor) => unaryFloat(U.tanh, a),
  floor: (a: Tensor) => unary(U.floor, a),
  ceil: (a: Tensor) => unary(U.ceil, a),
  round: (a: Tensor) => unary(U.round, a),
  trunc: (a: Tensor) => unary(U.trunc, a),
  sigmoid: (a: Tensor) => unaryFloat(U.sigmoid, a),
  relu: (a: Tensor) => unary(U.relu, a),
  clamp_Tensor: clampWith,
  clamp: clampWith,
  clamp_min: (a: Tensor, min: number) => clampWith(a, min, null),
  clamp_max: (a: Tensor, max: number) => clampWith(a, null, max),
  where: (c: Tensor, a: Scalar, b: Scalar) => where(c, a, b, whereType(a, b)),
  masked_fill: (a: Tensor, mask: Tensor, value: number) => where(mask, value, a, a.dtype),
  sigmoid_backward: (g: Tensor, y: Tensor) => binary(B.sigmoidBackward, g, y),
  tanh_backward: (g: Tensor, y: Tensor) => binary(B.tanhBackward, g, y),
  threshold_backward: (g: Tensor, x: Tensor, threshold: number) =>
    binary(B.thresholdBackward, g, threshold === 0 ? x : binary(B.sub, x, threshold)),
  clone: cloneOf,
  clone_contiguous: (a: Tensor) => copyInto(null, a, a.dtype),
  _to_copy: castTo,

  zero: (a: Tensor) => unary(U.zero, a),
  fill_Scalar: (a: Tensor, value: number) => filled(a, value),
  fill_Tensor: (a: Tensor, value: Tensor) => copyInto(newTensor(a._shape, a.dtype), value, a.dtype),

  sum: (a: Tensor, dtype: Type) => sum(cast(a, dtype), null, false),
  sum_dim: (a: Tensor, dims: Dims, keepdim: boolean, dtype: Type) => sum(cast(a, dtype), dims, keepdim),
  mean: (a: Tensor, dtype: Type) => sum(cast(a, dtype), null, false, true),
  mean_dim: (a: Tensor, dims: Dims, keepdim: boolean, dtype: Type) =>
    sum(cast(a, dtype), dims, keepdim, true),
  var: (a: Tensor, dims: Dims | null, correction: number, keepdim: boolean) =>
    variance(a, dims, correction, keepdim, false),
  std: (a: Tensor, dims: Dims | null, correction: number, keepdim: boolean) =>
    variance(a, dims, correction, keepdim, true),
  linalg_vector_norm: (a: Tensor, ord: number, dims: Dims | null, keepdim: boolean) =>
    vectorNorm(a, ord, dims, keepdim),
  prod,
  max: (a: Tensor) => extreme(a, null, false, true)[0],
  max_dim: (a: Tensor, dim: number, keepdim: boolean) => extreme(a, [dim], keepdim, true),
  min: (a: Tensor) => extreme(a, null, false, false)[0],
  min_dim: (a: Tensor, dim: number, keepdim: boolean) => extreme(a, [dim], keepdim, false),
  amax: (a: Tensor, dims: Dims, keepdim: boolean) => extreme(a, dims, keepdim, true)[0],
  amin: (a: Tensor, dims: Dims, keepdim: boolean) => extreme(a, dims, keepdim, false)[0],
  logsumexp,
  cumsum,
  _softmax: (a: Tensor, dim: number) => softmax(a, dim, false),
  _log_softmax: (a: Tensor, dim: number) => softmax(a, dim, true),
  _softmax_backward_data: (g: Tensor, y: Tensor, dim: number) => softmaxBackward(g, y, dim, false),
  _log_softmax_backward_data: (g: Tensor, y: Tensor, dim: number) => softmaxBackward(g, y, dim, true),

  mm: matmul,
  mv,
  dot,
  bmm: matmul,
  addmm: (self: Tensor, a: Tensor, b: Tensor, beta: number, alpha: number) => {
    const product = scaled(matmul(a, b), alpha) as Tensor;
    return binary(B.add, product, scaled(self, beta));
  },

  t: (a: Tensor) => (a._shape.length < 2 ? v.alias(a) : v.transpose(a, 0, 1)),
  t_: (a: Tensor) => (a._shape.length < 2 ? v.alias(a) : v.transpose(a, 0, 1)),
  transpose: v.transpose,
  transpose_: v.transpose,
  permute: v.permute,
  view: v.view,
  _unsafe_view: v.view,
  expand: v.expand,
  squeeze: (a: Tensor) => v.squeeze(a, allDims(a)),
  squeeze_: (a: Tensor) => v.squeeze(a, allDims(a)),
  squeeze_dim: (a: Tensor, dim: number) => v.squeeze(a, [dim]),
  squeeze_dim_: (a: Tensor, dim: number) => v.squeeze(a, [dim]),
  squeeze_dims: v.squeeze,
  unsqueeze: v.unsqueeze,
  unsqueeze_: v.unsqueeze,
  select: v.select,
  slice: v.slice,
  as_strided: v.window,
  alias: v.alias,
  diagonal: v.diagonal,
  unbind: v.unbind,
  split: v.split,
  split_with_sizes: v.split,
  cat: (tensors: readonly Tensor[], dim: number) => cat(tensors, dim, commonType(tensors)),
  stack: (tensors: readonly Tensor[], dim: number) =>
    cat(
      tensors.map((t) => v.unsqueeze(t, dim)),
      dim,
      commonType(tensors),
    ),
  repeat,
  flip,
  tril: (a: Tensor, diagonal: number) => triangle(a, diagonal, true),
  triu: (a: Tensor, diagonal: number) => triangle(a, diagonal, false),

  index,
  index_put: indexPut,
  gather,
  scatter_add: scatterAdd,
  index_select: indexSelect,
  select_backward: (g: Tensor, sizes: Dims, dim: number, at: number) =>
    scatterWindow(g, sizes, (z) => v.select(z, dim, at)),
  slice_backward: (g: Tensor, sizes: Dims, dim: number, start: number, end: number, step: number) =>
    scatterWindow(g, sizes, (z) => v.slice(z, dim, start, end, step)),

  mse_loss: mseLoss,
  mse_loss_backward: (g: Tensor, a: Tensor, b: Tensor, reduction: number) => {
    const d = binary(B.sub, a, b);
    const scale = reduction === 1 ? 2 / Math.max(d._numel, 1) : 2;
    return binary(B.mul, binary(B.mul, d, scale, d.dtype), g);
  },
  binary_cross_entropy_with_logits: bceWithLogits,
  nll_loss: nllLoss,
  nll_loss2d: nllLoss,
  nll_loss_backward: nllLossBackward,

  ...elementwiseKernels,
  ...neuralKernels,
  ...comparisonKernels,
  ...selectionKernels,
  ...statisticsKernels,
  ...distanceKernels,
  ...samplingKernels,
  ...layoutKernels,
  ...activationKernels,
  ...resampleKernels,
  ...productKernels,
  ...matrixKernels,
};

function whereType(a: Scalar, b: Scalar) {
  if (typeof a !== "number") return resultType(a, b);
  return typeof b !== "number" ? resultType(b, a) : getDefaultDType();
}

function commonType(tensors: readonly Tensor[]) {
  return tensors.map((t) => t.dtype).reduce(promoteTypes);
}

function filled(like: Tensor, value: number): Tensor {
  const out = newTensor(like._shape, like.dtype);
  fillWith(out, value);
  return out;
}

for (const key of Object.keys(kernels) as OpName[]) ops[key].kernel = kernels[key];
