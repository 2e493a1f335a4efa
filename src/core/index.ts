/**
 * @file The one entry of the library: what `import * as torch from "gradwalk"` sees.
 *
 * Names, arguments, semantics and messages are PyTorch's; docs/api.md says how Python is spelled in TypeScript.
 */
import "./autograd/copy_slices.js";
import "./autograd/link.js";
import "./methods/arithmetic.js";
import "./methods/autograd.js";
import "./methods/copies.js";
import "./methods/reduction.js";
import "./methods/shape.js";
import "./ops/elementwise/methods.js";
import "./ops/comparison/methods.js";
import "./ops/layout/methods.js";
import "./ops/selection/methods.js";
import "./ops/products/methods.js";
import "./ops/statistics/methods.js";
import "./ops/alike.js";
import "./ops/kernels.js";
import { float32, float64, int32, int64, uint8 } from "./dtype.js";
import { repr } from "./methods/autograd.js";
import { legacyTensor } from "./ops/creation.js";
import { type Size as SizeArray, sizeOf } from "./shape.js";
import type { Tensor } from "./tensor.js";

export type { GradModeGuard } from "./autograd/grad_mode.js";
export {
  enable_grad,
  inference_mode,
  is_grad_enabled,
  is_inference_mode_enabled,
  no_grad,
  set_grad_enabled,
} from "./autograd/grad_mode.js";
export * as autograd from "./autograd/index.js";
export {
  bool,
  DType as dtype,
  float32,
  float32 as float,
  float64,
  float64 as double,
  getDefaultDType as get_default_dtype,
  int32,
  int32 as int,
  int64,
  int64 as long,
  setDefaultDType as set_default_dtype,
  uint8,
} from "./dtype.js";
export {
  AssertionError,
  AttributeError,
  IndexError,
  KeyError,
  NotImplementedError,
  PyTypeError as TypeError,
  RuntimeError,
  ValueError,
} from "./errors.js";
export * as func from "./func/index.js";
export * from "./functions/arithmetic.js";
export * from "./functions/matrix.js";
export * from "./functions/pointwise.js";
export { set_printoptions } from "./functions/printing.js";
export * from "./functions/reduction.js";
export { var_ as var } from "./functions/reduction.js";
export * from "./functions/rng.js";
export * from "./functions/shape.js";
export * as _C from "./internals.js";
export * as linalg from "./linalg.js";
export * as nn from "./nn/index.js";
export * from "./ops/comparison/functions.js";
export {
  atan2,
  eq,
  fmod,
  ge,
  gt,
  le,
  logical_and,
  logical_not,
  logical_or,
  logical_xor,
  lt,
  max,
  min,
  ne,
  pow,
  remainder,
  rsub,
} from "./ops/comparison/functions.js";
export type { RandomOptions, TensorOptions } from "./ops/creation.js";
export {
  empty,
  empty_like,
  eye,
  full,
  full_like,
  manual_seed,
  ones,
  ones_like,
  rand,
  rand_like,
  randint,
  randn,
  randn_like,
  randperm,
  tensor,
  zeros,
  zeros_like,
} from "./ops/creation.js";
export { cdist, pdist } from "./ops/distance/functions.js";
export * from "./ops/elementwise/closeness.js";
export { allclose, equal } from "./ops/elementwise/closeness.js";
export * from "./ops/elementwise/functions.js";
export { clamp_max, clamp_min, round } from "./ops/elementwise/functions.js";
export type { Data } from "./ops/from_data.js";
export type { Index } from "./ops/indexing.js";
export { Ellipsis, Slice } from "./ops/indexing.js";
export * from "./ops/layout/arranging.js";
export { flatten, flip } from "./ops/layout/arranging.js";
export * from "./ops/layout/diagonals.js";
export { diagonal, tril, triu } from "./ops/layout/diagonals.js";
export * from "./ops/layout/joining.js";
export { cat, concat, concatenate } from "./ops/layout/joining.js";
export * from "./ops/layout/splitting.js";
export { unbind } from "./ops/layout/splitting.js";
export * from "./ops/layout/windows.js";
export { as_strided } from "./ops/layout/windows.js";
export { einsum } from "./ops/matrix/einsum.js";
export { lu_unpack, oldLu as lu, solveWithLu as lu_solve } from "./ops/matrix/lu.js";
export { addbmm, addmm, addmv, addr, baddbmm } from "./ops/products/functions.js";
export { cross, dist, ger, inner, kron, outer, tensordot, vdot } from "./ops/products/tensor_products.js";
export { arange, linspace, logspace } from "./ops/ranges.js";
export { bernoulli, multinomial, normal, poisson, randint_like } from "./ops/sampling/functions.js";
export * from "./ops/selection/by_index.js";
export { index_select } from "./ops/selection/by_index.js";
export * from "./ops/selection/masks.js";
export { masked_fill } from "./ops/selection/masks.js";
export * from "./ops/selection/order.js";
export * from "./ops/selection/reductions.js";
export { all, amax, amin, any_ as any, prod } from "./ops/selection/reductions.js";
export * from "./ops/selection/scans.js";
export { cumsum } from "./ops/selection/scans.js";
export * from "./ops/selection/scatter.js";
export { gather, scatter_add } from "./ops/selection/scatter.js";
export * from "./ops/selection/search.js";
export { combinations } from "./ops/statistics/combinations.js";
export { corrcoef, cov } from "./ops/statistics/covariance.js";
export { histc, histogram, unravel_index } from "./ops/statistics/histograms.js";
export { cumulative_trapezoid, trapezoid, trapz } from "./ops/statistics/integrals.js";
export { nanquantile, quantile } from "./ops/statistics/quantiles.js";
export { unique, unique_consecutive } from "./ops/statistics/unique.js";
export * as optim from "./optim/index.js";
export { getPrintoptions as get_printoptions } from "./print/options.js";
export { defaultGenerator as default_generator, Generator } from "./random/generator.js";
export * as special from "./special.js";
export { Tensor } from "./tensor.js";
export { setWarningHandler as set_warning_handler } from "./warnings.js";

export const __version__ = "0.1.0";

/** A shape, `torch.Size([2, 3])`. */
export function Size(dims: readonly number[] = []): SizeArray {
  return sizeOf(dims);
}
export type Size = SizeArray;

/** Python's `repr` of a tensor, as `console.log` prints it. */
export function inspect(value: Tensor): string {
  return repr(value);
}

type Legacy = [data: readonly unknown[]] | number[];

/** float32 from a sequence, or of the given sizes. */
export function FloatTensor(...args: Legacy): Tensor {
  return legacyTensor("FloatTensor", float32, args);
}

/** float64 from a sequence, or of the given sizes. */
export function DoubleTensor(...args: Legacy): Tensor {
  return legacyTensor("DoubleTensor", float64, args);
}

/** int64 from a sequence, or of the given sizes. */
export function LongTensor(...args: Legacy): Tensor {
  return legacyTensor("LongTensor", int64, args);
}

/** int32 from a sequence, or of the given sizes. */
export function IntTensor(...args: Legacy): Tensor {
  return legacyTensor("IntTensor", int32, args);
}

/** uint8 from a sequence, or of the given sizes. */
export function ByteTensor(...args: Legacy): Tensor {
  return legacyTensor("ByteTensor", uint8, args);
}

export const cuda = {
  /** There is no GPU here. */
  is_available: (): boolean => false,
  device_count: (): number => 0,
};

/** Whether `value` is a tensor. */
export function is_tensor(value: unknown): value is Tensor {
  return typeof value === "object" && value !== null && "_storage" in value;
}

export const pi = Math.PI;
export const e = Math.E;
export const inf = Number.POSITIVE_INFINITY;
export const nan = Number.NaN;
