/** @file add, sub, mul, div, pow and their relatives: numbers on either side build Python's graph. */
import { bool, float32, KIND_BOOL, KIND_FLOAT, promoteTypes } from "../dtype.js";
import { argumentError, RuntimeError } from "../errors.js";
import { B, type BinaryCode, binary, isBool, resultType } from "../kernels/binary.js";
import { scalarTensor } from "../kernels/copy.js";
import { SCALAR } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { operandArg, type Scalar, tensorArg } from "./check.js";
import { call, call1, call2, callUndifferentiable, finish } from "./dispatch.js";
import { ops } from "./op.js";
import { callInplace } from "./write.js";

/** Two plain numbers make a 0-dim tensor, as in PyTorch. */
function lift(x: Scalar): Tensor {
  if (typeof x !== "number") return x;
  return scalarTensor(float32, Math.fround(x), SCALAR);
}

export function add(self: Scalar, other: Scalar, alpha = 1): Tensor {
  const b = operandArg("add", "other", 2, other);
  if (typeof self !== "number") return call2(ops.add, tensorArg("add", "input", 1, self), b, alpha);
  return typeof b === "number"
    ? lift(self + alpha * b)
    : call2(ops.add, alpha === 1 ? b : mul(b, alpha), self, 1);
}

export function sub(self: Scalar, other: Scalar, alpha = 1): Tensor {
  const b = operandArg("sub", "other", 2, other);
  if (typeof self === "number") {
    return typeof b === "number"
      ? lift(self - alpha * b)
      : call1(ops.rsub_Scalar, checkBool(b, self), self, alpha);
  }
  return call2(ops.sub, checkBool(tensorArg("sub", "input", 1, self), b), b, alpha);
}

function checkBool(a: Tensor, b: Scalar): Tensor {
  if (a.dtype.kind !== KIND_BOOL) return a;
  if (typeof b === "number") {
    throw new RuntimeError(
      "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.",
    );
  }
  if (b.dtype.kind === KIND_BOOL) {
    throw new RuntimeError(
      "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` operator instead.",
    );
  }
  return a;
}

/** `other - alpha · self`. */
export function rsub(self: Tensor, other: Scalar, alpha = 1): Tensor {
  const b = operandArg("rsub", "other", 2, other);
  if (typeof b === "number") return call1(ops.rsub_Scalar, self, b, alpha);
  return call2(ops.rsub_Tensor, self, b, alpha);
}

export function mul(self: Scalar, other: Scalar): Tensor {
  const b = typeof other === "number" ? other : operandArg("mul", "other", 2, other);
  if (typeof self !== "number") return call2(ops.mul, tensorArg("mul", "input", 1, self), b);
  return typeof b === "number" ? lift(self * b) : call2(ops.mul, b, self);
}

export type RoundingMode = "floor" | "trunc" | null;

export function div(self: Scalar, other: Scalar, rounding_mode: RoundingMode = null): Tensor {
  const b = operandArg("div", "other", 2, other);
  if (typeof self === "number") {
    if (typeof b === "number") return lift(self / b);
    // Python's 1 / x is x.__rtruediv__(1): x.reciprocal() * 1.
    return call2(ops.mul, call1(ops.reciprocal, b), self);
  }
  const a = tensorArg("div", "input", 1, self);
  if (rounding_mode !== null) return call2(ops.div_mode, a, b, rounding_mode);
  return call2(ops.div, a, b);
}

export function floor_divide(self: Scalar, other: Scalar): Tensor {
  const b = operandArg("floor_divide", "other", 2, other);
  const a = lift(operandArg("floor_divide", "input", 1, self));
  const inputs = [typeof self === "number" ? null : a, typeof b === "number" ? null : b];
  return callUndifferentiable(
    "floor_divide",
    inputs.slice(0, typeof b === "number" ? 1 : 2),
    binary(B.floorDivide, a, b),
  );
}

export function remainder(self: Scalar, other: Scalar): Tensor {
  const b = operandArg("remainder", "other", 2, other);
  if (typeof self === "number") {
    if (typeof b === "number") return lift(self - b * Math.floor(self / b));
    return callUndifferentiable("remainder", [b], binary(B.remainder, lift(self), b, resultType(b, self)));
  }
  if (typeof b === "number") return call1(ops.remainder_Scalar, self, b);
  return call2(ops.remainder_Tensor, self, b);
}

export function fmod(self: Tensor, other: Scalar): Tensor {
  const b = operandArg("fmod", "other", 2, other);
  return typeof b === "number" ? call1(ops.fmod_Scalar, self, b) : call2(ops.fmod_Tensor, self, b);
}

export function pow(self: Scalar, exponent: Scalar): Tensor {
  const e = operandArg("pow", "exponent", 2, exponent);
  if (typeof self === "number") {
    return typeof e === "number" ? lift(self ** e) : call(ops.pow_Scalar, self, e);
  }
  const a = tensorArg("pow", "input", 1, self);
  if (typeof e !== "number") return call2(ops.pow_Tensor_Tensor, a, e);
  if (a.dtype.kind !== KIND_FLOAT && Number.isInteger(e) && e < 0) {
    throw new RuntimeError("Integers to negative integer powers are not allowed.");
  }
  return call1(ops.pow_Tensor_Scalar, a, e);
}

export function neg(self: Tensor): Tensor {
  const a = tensorArg("neg", "input", 1, self);
  if (a.dtype.kind === KIND_BOOL) {
    throw new RuntimeError(
      "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.",
    );
  }
  return call1(ops.neg, a);
}

export function maximum(self: Tensor, other: Tensor): Tensor {
  return call2(ops.maximum, tensorArg("maximum", "input", 1, self), tensorArg("maximum", "other", 2, other));
}

export function minimum(self: Tensor, other: Tensor): Tensor {
  return call2(ops.minimum, tensorArg("minimum", "input", 1, self), tensorArg("minimum", "other", 2, other));
}

export function atan2(self: Tensor, other: Tensor): Tensor {
  return call2(ops.atan2, tensorArg("atan2", "input", 1, self), tensorArg("atan2", "other", 2, other));
}

const MIRROR: { readonly [name: string]: BinaryCode } = {
  eq: B.eq,
  ne: B.ne,
  lt: B.gt,
  le: B.ge,
  gt: B.lt,
  ge: B.le,
};

/** Comparisons: bool tensors, never differentiable. */
export function compare(name: "eq" | "ne" | "lt" | "le" | "gt" | "ge", self: Scalar, other: Scalar): Tensor {
  const a = operandArg(name, "input", 1, self);
  const b = operandArg(name, "other", 2, other);
  if (typeof a === "number") {
    if (typeof b === "number") throw argumentError(name, "input", 1, "Tensor", self);
    return finish(name, [null, b], compareKernel(MIRROR[name]!, b, a));
  }
  return finish(name, [a, typeof b === "number" ? null : b], compareKernel(B[name], a, b));
}

function compareKernel(code: BinaryCode, a: Tensor, b: Scalar): Tensor {
  let type = resultType(a, b);
  if (isBool(type)) type = promoteTypes(type, bool);
  return binary(code, a, b, type, bool);
}

export function logical(
  name: "logical_and" | "logical_or" | "logical_xor",
  self: Tensor,
  other: Tensor,
): Tensor {
  const code = { logical_and: B.and, logical_or: B.or, logical_xor: B.xor }[name];
  const b = tensorArg(name, "other", 2, other);
  return finish(name, [self, b], binary(code, self, b, resultType(self, b), bool));
}

export function logical_not(self: Tensor): Tensor {
  return finish("logical_not", [self], binary(B.eq, self, 0, resultType(self, 0), bool));
}

// In-place forms.

export function add_(self: Tensor, other: Scalar, alpha = 1): Tensor {
  return callInplace(ops.add, self, operandArg("add_", "other", 1, other), alpha);
}

export function sub_(self: Tensor, other: Scalar, alpha = 1): Tensor {
  const b = operandArg("sub_", "other", 1, other);
  return callInplace(ops.sub, checkBool(self, b), b, alpha);
}

export function mul_(self: Tensor, other: Scalar): Tensor {
  return callInplace(ops.mul, self, operandArg("mul_", "other", 1, other));
}

export function div_(self: Tensor, other: Scalar, rounding_mode: RoundingMode = null): Tensor {
  const b = operandArg("div_", "other", 1, other);
  return rounding_mode === null
    ? callInplace(ops.div, self, b)
    : callInplace(ops.div_mode, self, b, rounding_mode);
}

export function pow_(self: Tensor, exponent: Scalar): Tensor {
  const e = operandArg("pow_", "exponent", 1, exponent);
  return callInplace(typeof e === "number" ? ops.pow_Tensor_Scalar : ops.pow_Tensor_Tensor, self, e);
}

export function remainder_(self: Tensor, other: Scalar): Tensor {
  const b = operandArg("remainder_", "other", 1, other);
  return callInplace(typeof b === "number" ? ops.remainder_Scalar : ops.remainder_Tensor, self, b);
}
