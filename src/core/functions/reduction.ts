/** @file `torch.sum(x)` and its siblings: reductions and products in function form. */

import type { DType } from "../dtype.js";
import * as m from "../methods/reduction.js";
import { tensorArg } from "../ops/check.js";
import type { Dims, ValuesAndIndices } from "../ops/reduction.js";
import type { Tensor } from "../tensor.js";

interface ReduceOptions {
  dim?: Dims;
  keepdim?: boolean;
  dtype?: DType;
}
interface VarOptions {
  dim?: Dims;
  unbiased?: boolean;
  correction?: number;
  keepdim?: boolean;
}
interface DimOptions {
  dim?: number | null;
  keepdim?: boolean;
}
type Rest<O> = [options?: O] | [dim: Dims, options?: O] | [dim: Dims, keepdim: boolean, options?: O];

/** Sum of all elements, or over `dim`. */
export function sum(input: Tensor, ...rest: Rest<ReduceOptions>): Tensor {
  return tensorArg("sum", "input", 1, input).sum(...(rest as [Dims, boolean]));
}

/** Mean of all elements, or over `dim`. */
export function mean(input: Tensor, ...rest: Rest<ReduceOptions>): Tensor {
  return tensorArg("mean", "input", 1, input).mean(...(rest as [Dims, boolean]));
}

/** Variance, by default with n − 1 in the denominator. */
export function var_(input: Tensor, ...rest: [VarOptions?] | [Dims | boolean, VarOptions?]): Tensor {
  return m.varOrStd("var", tensorArg("var", "input", 1, input), rest);
}

/** Standard deviation, by default with n − 1 in the denominator. */
export function std(input: Tensor, ...rest: [VarOptions?] | [Dims | boolean, VarOptions?]): Tensor {
  return m.varOrStd("std", tensorArg("std", "input", 1, input), rest);
}

/** The p-norm (2 by default) of all elements, or over `dim`. */
export function norm(
  input: Tensor,
  p?: number | "fro" | { p?: number | "fro"; dim?: Dims; keepdim?: boolean },
  dim?: Dims,
  keepdim?: boolean,
): Tensor {
  const args = [p, dim, keepdim];
  while (args.length > 0 && args.at(-1) === undefined) args.pop();
  return m.norm(tensorArg("norm", "input", 1, input), args);
}

export function prod(input: Tensor): Tensor {
  return tensorArg("prod", "input", 1, input).prod();
}

/** The largest element; over a dimension `[values, indices]`; of two tensors `maximum`. */
export function max(input: Tensor): Tensor;
export function max(input: Tensor, other: Tensor): Tensor;
export function max(input: Tensor, dim: number | DimOptions, keepdim?: boolean): ValuesAndIndices;
export function max(input: Tensor, ...rest: unknown[]): Tensor | ValuesAndIndices {
  return m.maxOrMin("max", tensorArg("max", "input", 1, input), rest);
}

/** The smallest element; over a dimension `[values, indices]`; of two tensors `minimum`. */
export function min(input: Tensor): Tensor;
export function min(input: Tensor, other: Tensor): Tensor;
export function min(input: Tensor, dim: number | DimOptions, keepdim?: boolean): ValuesAndIndices;
export function min(input: Tensor, ...rest: unknown[]): Tensor | ValuesAndIndices {
  return m.maxOrMin("min", tensorArg("min", "input", 1, input), rest);
}

export function amax(input: Tensor, dim?: Dims, keepdim?: boolean): Tensor {
  return tensorArg("amax", "input", 1, input).amax(dim, keepdim);
}

export function amin(input: Tensor, dim?: Dims, keepdim?: boolean): Tensor {
  return tensorArg("amin", "input", 1, input).amin(dim, keepdim);
}

export function argmax(
  input: Tensor,
  ...rest: [dim?: number | null | DimOptions, keepdim?: boolean]
): Tensor {
  return m.argExtreme("argmax", tensorArg("argmax", "input", 1, input), rest);
}

export function argmin(
  input: Tensor,
  ...rest: [dim?: number | null | DimOptions, keepdim?: boolean]
): Tensor {
  return m.argExtreme("argmin", tensorArg("argmin", "input", 1, input), rest);
}

export function any(input: Tensor, dim?: Dims, keepdim?: boolean): Tensor {
  return tensorArg("any", "input", 1, input).any(dim, keepdim);
}

export function all(input: Tensor, dim?: Dims, keepdim?: boolean): Tensor {
  return tensorArg("all", "input", 1, input).all(dim, keepdim);
}

export function logsumexp(input: Tensor, dim: number | readonly number[], keepdim = false): Tensor {
  return tensorArg("logsumexp", "input", 1, input).logsumexp(dim, keepdim);
}

export function cumsum(input: Tensor, dim: number): Tensor {
  return tensorArg("cumsum", "input", 1, input).cumsum(dim);
}

export function softmax(input: Tensor, dim: number | { dim: number; dtype?: DType }, dtype?: DType): Tensor {
  return m.softmax(
    "softmax",
    tensorArg("softmax", "input", 1, input),
    dtype === undefined ? [dim] : [dim, dtype],
  );
}

export function log_softmax(
  input: Tensor,
  dim: number | { dim: number; dtype?: DType },
  dtype?: DType,
): Tensor {
  const args = dtype === undefined ? [dim] : [dim, dtype];
  return m.softmax("log_softmax", tensorArg("log_softmax", "input", 1, input), args);
}

export { bmm, dot, matmul, mm, mv } from "../ops/linalg.js";
