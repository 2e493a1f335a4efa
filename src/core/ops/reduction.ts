/** @file Reductions: over everything, or over dimensions. */
import { type DType, KIND_FLOAT } from "../dtype.js";
import { IndexError, NotImplementedError, PyTypeError, pythonTypeName, RuntimeError } from "../errors.js";
import { anyAll, extreme } from "../kernels/reduce.js";
import { normalizeDim } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { warn } from "../warnings.js";
import { tensorArg } from "./check.js";
import { call1, callMulti, finish } from "./dispatch.js";
import { ops } from "./op.js";
import { toDType } from "./pointwise.js";

export type Dims = number | readonly number[] | null | undefined;

export interface ReduceOptions {
  dim?: Dims;
  keepdim?: boolean;
  dtype?: DType;
}

/** `null` where no dimension was named. */
export function dimsArg(dim: Dims): readonly number[] | null {
  if (dim === null || dim === undefined) return null;
  const list: readonly unknown[] = Array.isArray(dim) ? dim : [dim];
  for (const d of list) {
    if (typeof d === "number" && Number.isInteger(d)) continue;
    throw new PyTypeError(`argument 'dim' must be tuple of ints, not ${pythonTypeName(d)}`);
  }
  return list as readonly number[];
}

export function sum(self: Tensor, dim?: Dims, keepdim = false, dtype: DType | null = null): Tensor {
  const a = tensorArg("sum", "input", 1, self);
  const dims = dimsArg(dim);
  return dims === null && !keepdim
    ? call1(ops.sum, a, dtype)
    : call1(ops.sum_dim, a, dims ?? [], keepdim, dtype);
}

export function mean(self: Tensor, dim?: Dims, keepdim = false, dtype: DType | null = null): Tensor {
  const a = tensorArg("mean", "input", 1, self);
  if ((dtype ?? a.dtype).kind !== KIND_FLOAT) {
    throw new RuntimeError(
      dtype === null
        ? `mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: ${a.dtype.scalarName}`
        : `mean(): could not infer output dtype. Optional dtype must be either a floating point or complex dtype. Got: ${dtype.scalarName}`,
    );
  }
  const dims = dimsArg(dim);
  return dims === null && !keepdim
    ? call1(ops.mean, a, dtype)
    : call1(ops.mean_dim, a, dims ?? [], keepdim, dtype);
}

export function varOrStd(
  name: "var" | "std",
  self: Tensor,
  dim: Dims,
  correction: number,
  keepdim: boolean,
): Tensor {
  const a = tensorArg(name, "input", 1, self);
  if (a.dtype.kind !== KIND_FLOAT)
    throw new RuntimeError("std and var only support floating point and complex dtypes");
  const dims = dimsArg(dim);
  const count =
    dims === null || dims.length === 0
      ? a._numel
      : dims.reduce((n, d) => n * (a._shape[normalizeDim(d, a._shape.length)] ?? 1), 1);
  if (count - correction <= 0) {
    warn(
      `${name}(): degrees of freedom is <= 0. Correction should be strictly less than the reduction factor (input numel divided by output numel).`,
    );
  }
  return call1(ops[name], a, dims, correction, keepdim);
}

export function vector_norm(self: Tensor, ord: number, dim: Dims, keepdim: boolean): Tensor {
  const a = tensorArg("linalg_vector_norm", "input", 1, self);
  if (a.dtype.kind !== KIND_FLOAT) {
    throw new RuntimeError(
      `linalg.vector_norm: Expected a floating point or complex tensor as input. Got ${a.dtype.scalarName}`,
    );
  }
  return call1(ops.linalg_vector_norm, a, ord, dimsArg(dim), keepdim);
}

export function prod(self: Tensor): Tensor {
  return call1(ops.prod, tensorArg("prod", "input", 1, self));
}

/** What `max(dim)` and `min(dim)` answer: an array with the names as properties. */
export type ValuesAndIndices = [Tensor, Tensor] & { values: Tensor; indices: Tensor };

function checkNonEmpty(name: string, self: Tensor): void {
  if (self._numel > 0) return;
  const Kind = name.startsWith("arg") ? IndexError : RuntimeError;
  throw new Kind(
    `${name}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument.`.replace(
      name.startsWith("arg") ? " Specify the reduction dim with the 'dim' argument." : "\0",
      "",
    ),
  );
}

export function extremeAll(name: "max" | "min", self: Tensor): Tensor {
  checkNonEmpty(name, self);
  return call1(ops[name], self);
}

export function extremeDim(
  name: "max" | "min",
  self: Tensor,
  dim: number,
  keepdim: boolean,
): ValuesAndIndices {
  const d = normalizeDim(dim, self._shape.length);
  const [values, indices] = callMulti(name === "max" ? ops.max_dim : ops.min_dim, 1, self, d, keepdim) as [
    Tensor,
    Tensor,
  ];
  return Object.assign([values, indices] as [Tensor, Tensor], { values, indices });
}

export function extremes(name: "amax" | "amin", self: Tensor, dim: Dims, keepdim: boolean): Tensor {
  return call1(ops[name], self, dimsArg(dim) ?? [], keepdim);
}

export function argExtreme(
  name: "argmax" | "argmin",
  self: Tensor,
  dim?: number | null,
  keepdim = false,
): Tensor {
  if (dim === null || dim === undefined) checkNonEmpty(name, self);
  const [, indices] = extreme(
    self,
    dim === null || dim === undefined ? null : [dim],
    keepdim,
    name === "argmax",
  );
  return finish(name, [self], indices);
}

export function anyOrAll(name: "any" | "all", self: Tensor, dim: Dims, keepdim = false): Tensor {
  return finish(name, [self], anyAll(self, dimsArg(dim), keepdim, name === "all"));
}

export function logsumexp(self: Tensor, dim: number | readonly number[], keepdim = false): Tensor {
  return call1(ops.logsumexp, self, dimsArg(dim), keepdim);
}

export function cumsum(self: Tensor, dim: number): Tensor {
  return call1(ops.cumsum, self, normalizeDim(dim, self._shape.length));
}

export function softmax(name: "softmax" | "log_softmax", self: Tensor, dim: number, dtype?: DType): Tensor {
  const a = dtype === undefined ? self : toDType(self, dtype);
  if (a.dtype.kind !== KIND_FLOAT) {
    throw new NotImplementedError(
      `"${name}_lastdim_kernel_impl" not implemented for '${a.dtype.scalarName}'`,
    );
  }
  const d = normalizeDim(dim, a._shape.length);
  return call1(name === "softmax" ? ops._softmax : ops._log_softmax, a, d);
}
