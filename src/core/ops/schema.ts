/** @file Every op that can stand in a graph: its `grad_fn` name and its named inputs, in order. */
import type { DType } from "../dtype.js";
import type { Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { activationSchema } from "./activation/schema.js";
import {
  type Arg,
  type ArgKind,
  attr,
  bound,
  type Dims,
  dim,
  dims,
  flag,
  N,
  num,
  OPT,
  op,
  size,
  T,
  TS,
  unary,
} from "./args.js";
import { comparisonSchema } from "./comparison/schema.js";
import { distanceSchema } from "./distance/schema.js";
import { elementwiseSchema } from "./elementwise/schema.js";
import { layoutSchema } from "./layout/schema.js";
import { matrixSchema } from "./matrix/schema.js";
import { neuralSchema } from "./neural/schema.js";
import { productSchema } from "./products/schema.js";
import { resampleSchema } from "./resample/schema.js";
import { samplingSchema } from "./sampling/schema.js";
import { selectionSchema } from "./selection/schema.js";
import { statisticsSchema } from "./statistics/schema.js";

export type { Arg, ArgKind, OpSchema } from "./args.js";

/** Reduction of a loss, in PyTorch's numbering. */
export const REDUCE_NONE = 0;
export const REDUCE_MEAN = 1;
export const REDUCE_SUM = 2;

/** One index of `x.index([...])`: a tensor, or null for a dimension taken whole. */
export type Indices = readonly (Tensor | null)[];

export const schema = {
  // arithmetic
  add: op("add", 0, { self: T, other: N, alpha: num }),
  sub: op("sub", 0, { self: T, other: N, alpha: num }),
  rsub_Tensor: op("rsub", 0, { self: T, other: T, alpha: num }),
  rsub_Scalar: op("rsub", 1, { self: T, other: num, alpha: num }),
  mul: op("mul", 0, { self: T, other: N }),
  div: op("div", 0, { self: T, other: N }),
  div_mode: op("div", 2, { self: T, other: N, rounding_mode: attr<"floor" | "trunc">() }),
  pow_Tensor_Scalar: op("pow", 0, { self: T, exponent: num }),
  pow_Tensor_Tensor: op("pow", 1, { self: T, exponent: T }),
  pow_Scalar: op("pow", 2, { self: num, exponent: T }),
  remainder_Scalar: op("remainder", 0, { self: T, other: num }),
  remainder_Tensor: op("remainder", 1, { self: T, other: T }),
  fmod_Scalar: op("fmod", 0, { self: T, other: num }),
  fmod_Tensor: op("fmod", 1, { self: T, other: T }),
  neg: op("neg", 0, unary),
  reciprocal: op("reciprocal", 0, unary),
  maximum: op("maximum", 0, { self: T, other: T }),
  minimum: op("minimum", 0, { self: T, other: T }),
  atan2: op("atan2", 0, { self: T, other: T }),

  // pointwise
  abs: op("abs", 0, unary),
  sgn: op("sgn", 0, unary),
  sign: op("sign", 0, unary),
  sqrt: op("sqrt", 0, unary),
  rsqrt: op("rsqrt", 0, unary),
  exp: op("exp", 0, unary),
  exp2: op("exp2", 0, unary),
  expm1: op("expm1", 0, unary),
  log: op("log", 0, unary),
  log2: op("log2", 0, unary),
  log10: op("log10", 0, unary),
  log1p: op("log1p", 0, unary),
  sin: op("sin", 0, unary),
  cos: op("cos", 0, unary),
  tan: op("tan", 0, unary),
  asin: op("asin", 0, unary),
  acos: op("acos", 0, unary),
  atan: op("atan", 0, unary),
  sinh: op("sinh", 0, unary),
  cosh: op("cosh", 0, unary),
  tanh: op("tanh", 0, unary),
  floor: op("floor", 0, unary),
  ceil: op("ceil", 0, unary),
  round: op("round", 0, unary),
  trunc: op("trunc", 0, unary),
  sigmoid: op("sigmoid", 0, unary),
  relu: op("relu", 0, unary),
  clamp_Tensor: op("clamp", 0, { self: T, min: OPT, max: OPT }),
  clamp: op("clamp", 1, { self: T, min: bound, max: bound }),
  clamp_min: op("clamp_min", 0, { self: T, min: num }),
  clamp_max: op("clamp_max", 0, { self: T, max: num }),
  where: op("where", 0, { condition: T, self: N, other: N }),
  masked_fill: op("masked_fill", 0, { self: T, mask: T, value: num }),
  sigmoid_backward: op("sigmoid_backward", 0, { grad_output: T, output: T }),
  tanh_backward: op("tanh_backward", 0, { grad_output: T, output: T }),
  threshold_backward: op("threshold_backward", 0, { grad_output: T, self: T, threshold: num }),
  clone: op("clone", 0, unary),
  /** `clone` into row-major order (`contiguous`, and `reshape` where it must copy). */
  clone_contiguous: op("clone", 0, unary),
  _to_copy: op("to_copy", 0, { self: T, dtype: attr<DType>() }),

  // in-place only: the result keeps nothing of what was there
  zero: op("zero", 0, unary),
  fill_Scalar: op("fill", 2, { self: T, value: num }),
  fill_Tensor: op("fill", 3, { self: T, value: T }),

  // reductions
  sum: op("sum", 0, { self: T, dtype: attr<DType | null>() }),
  sum_dim: op("sum", 1, { self: T, dim: dims, keepdim: flag, dtype: attr<DType | null>() }),
  mean: op("mean", 0, { self: T, dtype: attr<DType | null>() }),
  mean_dim: op("mean", 1, { self: T, dim: dims, keepdim: flag, dtype: attr<DType | null>() }),
  var: op("var", 0, { self: T, dim: attr<Dims | null>(), correction: num, keepdim: flag }),
  std: op("std", 0, { self: T, dim: attr<Dims | null>(), correction: num, keepdim: flag }),
  linalg_vector_norm: op("linalg_vector_norm", 0, {
    self: T,
    ord: num,
    dim: attr<Dims | null>(),
    keepdim: flag,
  }),
  prod: op("prod", 0, { self: T }),
  max: op("max", 1, { self: T }),
  max_dim: op("max", 0, { self: T, dim, keepdim: flag, indices: T }),
  min: op("min", 1, { self: T }),
  min_dim: op("min", 0, { self: T, dim, keepdim: flag, indices: T }),
  amax: op("amax", 0, { self: T, dim: dims, keepdim: flag }),
  amin: op("amin", 0, { self: T, dim: dims, keepdim: flag }),
  logsumexp: op("logsumexp", 0, { self: T, dim: dims, keepdim: flag }),
  cumsum: op("cumsum", 0, { self: T, dim }),
  _softmax: op("softmax", 0, { self: T, dim }),
  _log_softmax: op("log_softmax", 0, { self: T, dim }),
  _softmax_backward_data: op("softmax_backward_data", 0, { grad_output: T, output: T, dim }),
  _log_softmax_backward_data: op("log_softmax_backward_data", 0, { grad_output: T, output: T, dim }),

  // linear algebra
  mm: op("mm", 0, { self: T, mat2: T }),
  mv: op("mv", 0, { self: T, vec: T }),
  dot: op("dot", 0, { self: T, tensor: T }),
  bmm: op("bmm", 0, { self: T, mat2: T }),
  addmm: op("addmm", 0, { self: T, mat1: T, mat2: T, beta: num, alpha: num }),

  // shapes and views
  t: op("t", 0, unary),
  transpose: op("transpose", 0, { self: T, dim0: dim, dim1: dim }),
  permute: op("permute", 0, { self: T, dims }),
  view: op("view", 0, { self: T, size }),
  _unsafe_view: op("unsafe_view", 0, { self: T, size }),
  expand: op("expand", 0, { self: T, size }),
  squeeze: op("squeeze", 0, unary),
  squeeze_dim: op("squeeze", 1, { self: T, dim }),
  squeeze_dims: op("squeeze", 2, { self: T, dim: dims }),
  squeeze_: op("squeeze", 3, unary),
  squeeze_dim_: op("squeeze", 4, { self: T, dim }),
  unsqueeze: op("unsqueeze", 0, { self: T, dim }),
  unsqueeze_: op("unsqueeze", 1, { self: T, dim }),
  t_: op("t", 1, unary),
  transpose_: op("transpose", 1, { self: T, dim0: dim, dim1: dim }),
  select: op("select", 0, { self: T, dim, index: num }),
  slice: op("slice", 0, { self: T, dim, start: num, end: num, step: num }),
  as_strided: op("as_strided", 0, { self: T, size, stride: size, storage_offset: num }),
  alias: op("alias", 0, unary),
  diagonal: op("diagonal", 0, { self: T, offset: num, dim1: dim, dim2: dim }),
  unbind: op("unbind", 0, { self: T, dim }),
  split: op("split", 0, { self: T, sizes: size, dim }),
  split_with_sizes: op("split_with_sizes", 0, { self: T, sizes: size, dim }),
  cat: op("cat", 0, { tensors: TS, dim }),
  stack: op("stack", 0, { tensors: TS, dim }),
  repeat: op("repeat", 0, { self: T, repeats: size }),
  flip: op("flip", 0, { self: T, dims }),
  tril: op("tril", 0, { self: T, diagonal: num }),
  triu: op("triu", 0, { self: T, diagonal: num }),

  // indexing
  index: op("index", 0, { self: T, indices: attr<Indices>() }),
  index_put: op("index_put", 0, { self: T, values: T, indices: attr<Indices>(), accumulate: flag }),
  gather: op("gather", 0, { self: T, dim, index: T }),
  scatter_add: op("scatter_add", 0, { self: T, dim, index: T, src: T }),
  index_select: op("index_select", 0, { self: T, dim, index: T }),
  select_backward: op("select_backward", 0, { grad_output: T, input_sizes: size, dim, index: num }),
  slice_backward: op("slice_backward", 0, {
    grad_output: T,
    input_sizes: size,
    dim,
    start: num,
    end: num,
    step: num,
  }),

  // losses
  mse_loss: op("mse_loss", 0, { self: T, target: T, reduction: num }),
  mse_loss_backward: op("mse_loss_backward", 0, { grad_output: T, self: T, target: T, reduction: num }),
  binary_cross_entropy_with_logits: op("binary_cross_entropy_with_logits", 0, {
    self: T,
    target: T,
    weight: OPT,
    pos_weight: OPT,
    reduction: num,
  }),
  nll_loss: op("nll_loss", 0, {
    self: T,
    target: T,
    weight: OPT,
    reduction: num,
    ignore_index: num,
    total_weight: T,
  }),
  nll_loss2d: op("nll_loss2d", 0, {
    self: T,
    target: T,
    weight: OPT,
    reduction: num,
    ignore_index: num,
    total_weight: T,
  }),
  nll_loss_backward: op("nll_loss_backward", 0, {
    grad_output: T,
    self: T,
    target: T,
    weight: OPT,
    reduction: num,
    ignore_index: num,
    total_weight: T,
  }),

  ...elementwiseSchema,
  ...neuralSchema,
  ...comparisonSchema,
  ...selectionSchema,
  ...layoutSchema,
  ...activationSchema,
  ...resampleSchema,
  ...productSchema,
  ...matrixSchema,
  ...statisticsSchema,
  ...distanceSchema,
  ...samplingSchema,
} as const;

export type Schema = typeof schema;
export type OpName = keyof Schema;
type ArgsOf<K extends OpName> = Schema[K]["args"];
type ValueOf<A> = A extends Arg<ArgKind, infer V> ? V : never;

/** Everything a formula may use: the op's arguments by name, and its result. */
export type Saved<K extends OpName> = {
  readonly [N in keyof ArgsOf<K>]: ValueOf<ArgsOf<K>[N]>;
} & {
  /** Sizes of an input, where a formula needs no more of it: does not keep its memory. */
  readonly [N in keyof ArgsOf<K> as `${N & string}_sizes`]: SizesOf<ArgsOf<K>[N]>;
} & {
  readonly [N in keyof ArgsOf<K> as `${N & string}_geometry`]: Geometry;
} & { readonly result: Tensor };

type SizesOf<A> = A extends Arg<"tensors", unknown> ? readonly Shape[] : Shape;

/** Where the elements of a strided tensor lie. */
export interface Geometry {
  readonly shape: Shape;
  readonly strides: Shape;
  readonly offset: number;
}

/** Names of the inputs that a derivative must be given, or denied, for. */
export type InputsOf<K extends OpName> = {
  [N in keyof ArgsOf<K>]: ArgsOf<K>[N] extends Arg<"attr", unknown> ? never : N;
}[keyof ArgsOf<K>];

/** What the formula of one input answers: a gradient, or one for each tensor of a list. */
type GradientOf<A> = A extends Arg<"tensors", unknown> ? (Tensor | null)[] : Tensor | null;

/** `grads` holds the gradients of all outputs, for ops that have several. */
export type Formula<K extends OpName, N extends InputsOf<K>> = (
  grad: Tensor,
  saved: Saved<K>,
  grads: readonly (Tensor | null)[],
) => GradientOf<ArgsOf<K>[N]>;

export type Derivatives = {
  readonly [K in OpName]: { readonly [N in InputsOf<K>]: Formula<K, N> | "nonDifferentiable" };
};

/** The values of an op's arguments, in order: what its kernel is called with. */
export type KernelArgs<K extends OpName> = { [N in keyof ArgsOf<K>]: ValueOf<ArgsOf<K>[N]> };
