/** @file Tensor methods: reductions, softmax, products. */
import type { DType } from "../dtype.js";
import { RuntimeError } from "../errors.js";
import { named } from "../ops/arguments.js";
import { maximum, minimum } from "../ops/arithmetic.js";
import { sizesArg } from "../ops/check.js";
import * as l from "../ops/linalg.js";
import type { Dims, ValuesAndIndices } from "../ops/reduction.js";
import * as r from "../ops/reduction.js";
import { sum_to_size } from "../ops/sum_to_size.js";
import { Tensor } from "../tensor.js";
import { defineMethods } from "./define.js";

interface SumOptions {
  dim?: Dims;
  keepdim?: boolean;
  dtype?: DType;
}
interface VarOptions {
  dim?: Dims;
  /** Divide by n − 1 (default) rather than by n. */
  unbiased?: boolean;
  /** Degrees of freedom to take off; 1 by default. */
  correction?: number;
  keepdim?: boolean;
}
interface NormOptions {
  p?: number | "fro";
  dim?: Dims;
  keepdim?: boolean;
}
interface DimOptions {
  dim?: number | null;
  keepdim?: boolean;
}

declare module "../tensor.js" {
  interface Tensor {
    /** Sum of all elements, or over `dim`; integers and bools sum to int64. */
    sum(options?: SumOptions): Tensor;
    sum(dim: Dims, options?: SumOptions): Tensor;
    sum(dim: Dims, keepdim: boolean, options?: SumOptions): Tensor;
    /** Mean of all elements, or over `dim`; floating-point types only. */
    mean(options?: SumOptions): Tensor;
    mean(dim: Dims, options?: SumOptions): Tensor;
    mean(dim: Dims, keepdim: boolean, options?: SumOptions): Tensor;
    /** Variance, by default with n − 1 in the denominator. */
    var(options?: VarOptions): Tensor;
    var(dim: Dims | boolean, options?: VarOptions): Tensor;
    /** Standard deviation, by default with n − 1 in the denominator. */
    std(options?: VarOptions): Tensor;
    std(dim: Dims | boolean, options?: VarOptions): Tensor;
    /** The p-norm (2 by default) of all elements, or over `dim`. */
    norm(options?: NormOptions): Tensor;
    norm(p: number | "fro", options?: NormOptions): Tensor;
    norm(p: number | "fro", dim: Dims, keepdim?: boolean): Tensor;
    prod(): Tensor;
    /** The largest element; over a dimension `[values, indices]`; of two tensors `maximum`. */
    max(): Tensor;
    max(other: Tensor): Tensor;
    max(dim: number | DimOptions, keepdim?: boolean | DimOptions): ValuesAndIndices;
    /** The smallest element; over a dimension `[values, indices]`; of two tensors `minimum`. */
    min(): Tensor;
    min(other: Tensor): Tensor;
    min(dim: number | DimOptions, keepdim?: boolean | DimOptions): ValuesAndIndices;
    amax(dim?: Dims | SumOptions, keepdim?: boolean): Tensor;
    amin(dim?: Dims | SumOptions, keepdim?: boolean): Tensor;
    /** Position of the largest element (int64), in the flattened tensor where no `dim` is given. */
    argmax(dim?: number | null | DimOptions, keepdim?: boolean): Tensor;
    argmin(dim?: number | null | DimOptions, keepdim?: boolean): Tensor;
    any(dim?: Dims | SumOptions, keepdim?: boolean): Tensor;
    all(dim?: Dims | SumOptions, keepdim?: boolean): Tensor;
    /** log Σ exp over `dim`, without overflow. */
    logsumexp(dim: number | readonly number[], keepdim?: boolean): Tensor;
    cumsum(dim: number): Tensor;
    softmax(dim: number | { dim: number; dtype?: DType }, dtype?: DType): Tensor;
    log_softmax(dim: number | { dim: number; dtype?: DType }, dtype?: DType): Tensor;
    /** Sums over dimensions until the shape is `size`, which must broadcast to this one's. */
    sum_to_size(...size: number[] | [readonly number[]]): Tensor;

    /** Matrix product, of vectors, matrices, or broadcast batches of matrices. */
    matmul(other: Tensor): Tensor;
    /** [n, k] times [k, m]. */
    mm(mat2: Tensor): Tensor;
    /** [n, k] times [k]. */
    mv(vec: Tensor): Tensor;
    /** Inner product of two 1-dim tensors. */
    dot(tensor: Tensor): Tensor;
    /** [b, n, k] times [b, k, m]. */
    bmm(mat2: Tensor): Tensor;
    addmm(mat1: Tensor, mat2: Tensor, options?: { beta?: number; alpha?: number }): Tensor;
  }
}

type Args = readonly unknown[];

function reduceArgs(fn: string, args: Args): [Dims, boolean, DType | null] {
  const [dim, keepdim, dtype] = named(fn, ["dim", "keepdim", "dtype"], args);
  return [dim as Dims, (keepdim as boolean | undefined) ?? false, (dtype as DType | undefined) ?? null];
}

/** `var(unbiased)`, `var(dim, unbiased, keepdim)` and the `correction` keyword. */
export function varOrStd(name: "var" | "std", self: Tensor, args: Args): Tensor {
  const shifted = typeof args[0] === "boolean" ? [null, ...args] : args;
  const [dim, unbiased, keepdim, correction] = named(
    name,
    ["dim", "unbiased", "keepdim", "correction"],
    shifted,
  );
  const off = correction ?? (unbiased === false ? 0 : 1);
  return r.varOrStd(name, self, dim as Dims, off as number, (keepdim as boolean | undefined) ?? false);
}

export function norm(self: Tensor, args: Args): Tensor {
  const [p, dim, keepdim] = named("norm", ["p", "dim", "keepdim"], args);
  if (p !== undefined && p !== null && p !== "fro" && typeof p !== "number") {
    throw new RuntimeError(`norm(): order ${String(p)} is not supported`);
  }
  const ord = typeof p === "number" ? p : 2;
  return r.vector_norm(self, ord, dim as Dims, (keepdim as boolean | undefined) ?? false);
}

export function maxOrMin(name: "max" | "min", self: Tensor, args: Args): Tensor | ValuesAndIndices {
  if (args[0] instanceof Tensor) return (name === "max" ? maximum : minimum)(self, args[0]);
  const [dim, keepdim] = named(name, ["dim", "keepdim"], args);
  if (dim === undefined || dim === null) return r.extremeAll(name, self);
  return r.extremeDim(name, self, dim as number, (keepdim as boolean | undefined) ?? false);
}

export function argExtreme(name: "argmax" | "argmin", self: Tensor, args: Args): Tensor {
  const [dim, keepdim] = named(name, ["dim", "keepdim"], args);
  return r.argExtreme(
    name,
    self,
    dim as number | null | undefined,
    (keepdim as boolean | undefined) ?? false,
  );
}

export function softmax(name: "softmax" | "log_softmax", self: Tensor, args: Args): Tensor {
  const [dim, dtype] = named(name, ["dim", "dtype"], args);
  return r.softmax(name, self, dim as number, dtype as DType | undefined);
}

defineMethods({
  sum(this: Tensor, ...args: unknown[]) {
    return args.length === 0 ? r.sum(this) : r.sum(this, ...reduceArgs("sum", args));
  },
  mean(this: Tensor, ...args: unknown[]) {
    return args.length === 0 ? r.mean(this) : r.mean(this, ...reduceArgs("mean", args));
  },
  var(this: Tensor, ...args: unknown[]) {
    return varOrStd("var", this, args);
  },
  std(this: Tensor, ...args: unknown[]) {
    return varOrStd("std", this, args);
  },
  norm(this: Tensor, ...args: unknown[]) {
    return norm(this, args);
  },
  prod(this: Tensor) {
    return r.prod(this);
  },
  max(this: Tensor, ...args: unknown[]) {
    return maxOrMin("max", this, args);
  },
  min(this: Tensor, ...args: unknown[]) {
    return maxOrMin("min", this, args);
  },
  amax(this: Tensor, ...args: unknown[]) {
    const [dim, keepdim] = reduceArgs("amax", args);
    return r.extremes("amax", this, dim, keepdim);
  },
  amin(this: Tensor, ...args: unknown[]) {
    const [dim, keepdim] = reduceArgs("amin", args);
    return r.extremes("amin", this, dim, keepdim);
  },
  argmax(this: Tensor, ...args: unknown[]) {
    return argExtreme("argmax", this, args);
  },
  argmin(this: Tensor, ...args: unknown[]) {
    return argExtreme("argmin", this, args);
  },
  any(this: Tensor, ...args: unknown[]) {
    const [dim, keepdim] = reduceArgs("any", args);
    return r.anyOrAll("any", this, dim, keepdim);
  },
  all(this: Tensor, ...args: unknown[]) {
    const [dim, keepdim] = reduceArgs("all", args);
    return r.anyOrAll("all", this, dim, keepdim);
  },
  logsumexp(this: Tensor, ...args: unknown[]) {
    const [dim, keepdim] = reduceArgs("logsumexp", args);
    return r.logsumexp(this, dim as number, keepdim);
  },
  cumsum(this: Tensor, ...args: unknown[]) {
    return r.cumsum(this, reduceArgs("cumsum", args)[0] as number);
  },
  softmax(this: Tensor, ...args: unknown[]) {
    return softmax("softmax", this, args);
  },
  log_softmax(this: Tensor, ...args: unknown[]) {
    return softmax("log_softmax", this, args);
  },
  sum_to_size(this: Tensor, ...size: unknown[]) {
    return sum_to_size(this, sizesArg("sum_to_size", size));
  },
  matmul(this: Tensor, other: Tensor) {
    return l.matmul(this, other);
  },
  mm(this: Tensor, mat2: Tensor) {
    return l.mm(this, mat2);
  },
  mv(this: Tensor, vec: Tensor) {
    return l.mv(this, vec);
  },
  dot(this: Tensor, other: Tensor) {
    return l.dot(this, other);
  },
  bmm(this: Tensor, mat2: Tensor) {
    return l.bmm(this, mat2);
  },
  addmm(this: Tensor, mat1: Tensor, mat2: Tensor, options?: { beta?: number; alpha?: number }) {
    return l.addmm(this, mat1, mat2, options?.beta, options?.alpha);
  },
});
