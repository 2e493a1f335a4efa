/** @file Functions of one tensor, element by element, with their in-place forms. */

import { bool, type DType } from "../dtype.js";
import { RuntimeError } from "../errors.js";
import { Tensor } from "../tensor.js";
import { operandArg, type Scalar, tensorArg } from "./check.js";
import { call, call1 } from "./dispatch.js";
import { ops } from "./op.js";
import { callInplace } from "./write.js";

/** Ops whose only argument is the tensor; each has an in-place form too. */
export const unaryNames = [
  "abs",
  "sgn",
  "sign",
  "sqrt",
  "rsqrt",
  "exp",
  "exp2",
  "expm1",
  "log",
  "log2",
  "log10",
  "log1p",
  "sin",
  "cos",
  "tan",
  "asin",
  "acos",
  "atan",
  "sinh",
  "cosh",
  "tanh",
  "floor",
  "ceil",
  "round",
  "trunc",
  "sigmoid",
  "relu",
  "reciprocal",
] as const;
export type UnaryName = (typeof unaryNames)[number];

export function pointwise(name: UnaryName, self: Tensor): Tensor {
  return call1(ops[name], tensorArg(name, "input", 1, self));
}

export function pointwise_(name: UnaryName | "neg", self: Tensor): Tensor {
  return callInplace(ops[name], self);
}

type Bound = Scalar | null | undefined;

/** Limits to `[min, max]`; either may be left out, and either may be a tensor. */
export function clamp(self: Tensor, min: Bound = null, max: Bound = null): Tensor {
  const a = tensorArg("clamp", "input", 1, self);
  const [op, low, high] = clampForm(min ?? null, max ?? null);
  return op === ops.clamp ? call1(op, a, low, high) : call(op, a, low, high);
}

export function clamp_(self: Tensor, min: Bound = null, max: Bound = null): Tensor {
  const [op, low, high] = clampForm(min ?? null, max ?? null);
  return callInplace(op, self, low, high);
}

function clampForm(min: Scalar | null, max: Scalar | null) {
  if (min === null && max === null) {
    throw new RuntimeError("torch.clamp: At least one of 'min' or 'max' must not be None");
  }
  const tensors = min instanceof Tensor || max instanceof Tensor;
  return [tensors ? ops.clamp_Tensor : ops.clamp, min, max] as const;
}

export function clampSide(name: "clamp_min" | "clamp_max", self: Tensor, bound: number): Tensor {
  return call1(ops[name], self, bound);
}

export function where(condition: Tensor, self: Scalar, other: Scalar): Tensor {
  const c = tensorArg("where", "condition", 1, condition);
  if (c.dtype !== bool && c.dtype.name !== "uint8") {
    throw new RuntimeError(
      `where expected condition to be a boolean tensor, but got a tensor with dtype ${c.dtype.scalarName}`,
    );
  }
  return call(ops.where, c, operandArg("where", "input", 2, self), operandArg("where", "other", 3, other));
}

export function masked_fill(self: Tensor, mask: Tensor, value: number): Tensor {
  return call(ops.masked_fill, self, maskArg(mask), value);
}

export function masked_fill_(self: Tensor, mask: Tensor, value: number): Tensor {
  return callInplace(ops.masked_fill, self, maskArg(mask), value);
}

function maskArg(mask: Tensor): Tensor {
  if (tensorArg("masked_fill", "mask", 2, mask).dtype !== bool) {
    throw new RuntimeError(
      "masked_fill only supports boolean masks, but got mask with dtype " + mask.dtype.name,
    );
  }
  return mask;
}

export function clone(self: Tensor): Tensor {
  return call1(ops.clone, tensorArg("clone", "input", 1, self));
}

/** `self` itself where it has `dtype` already, else a differentiable cast. */
export function toDType(self: Tensor, dtype: DType, copy = false): Tensor {
  if (self.dtype === dtype) return copy ? clone(self) : self;
  return call1(ops._to_copy, self, dtype);
}

export function contiguous(self: Tensor): Tensor {
  if (self._contiguous) return self;
  return call1(ops.clone_contiguous, self);
}
