/** @file Tensor methods: arithmetic, comparisons, pointwise functions, with in-place forms. */

import { named } from "../ops/arguments.js";
import * as a from "../ops/arithmetic.js";
import { operandArg } from "../ops/check.js";
import * as p from "../ops/pointwise.js";
import { Tensor } from "../tensor.js";
import { defineMethods } from "./define.js";

type Scalar = Tensor | number;
type Bound = Scalar | null;
interface Alpha {
  alpha?: number;
}
interface Rounding {
  rounding_mode?: "floor" | "trunc" | null;
}
interface Bounds {
  min?: Bound;
  max?: Bound;
}

declare module "../tensor.js" {
  interface Tensor {
    /** `self + alpha · other`, broadcast. */
    add(other: Scalar, options?: Alpha): Tensor;
    add_(other: Scalar, options?: Alpha): Tensor;
    /** `self - alpha · other`, broadcast. */
    sub(other: Scalar, options?: Alpha): Tensor;
    sub_(other: Scalar, options?: Alpha): Tensor;
    /** Same as `sub`. */
    subtract(other: Scalar, options?: Alpha): Tensor;
    subtract_(other: Scalar, options?: Alpha): Tensor;
    /** `self · other`, element by element, broadcast. */
    mul(other: Scalar): Tensor;
    mul_(other: Scalar): Tensor;
    /** Same as `mul`. */
    multiply(other: Scalar): Tensor;
    multiply_(other: Scalar): Tensor;
    /** `self / other`; integers divide to floats unless `rounding_mode` says otherwise. */
    div(other: Scalar, options?: Rounding): Tensor;
    div_(other: Scalar, options?: Rounding): Tensor;
    /** Same as `div`. */
    divide(other: Scalar, options?: Rounding): Tensor;
    divide_(other: Scalar, options?: Rounding): Tensor;
    true_divide(other: Scalar): Tensor;
    /** `floor(self / other)`; no derivative. */
    floor_divide(other: Scalar): Tensor;
    /** Python's `%`: the result has the divisor's sign. */
    remainder(other: Scalar): Tensor;
    remainder_(other: Scalar): Tensor;
    /** C's `fmod`: the result has the dividend's sign. */
    fmod(other: Scalar): Tensor;
    /** `self ** exponent`. */
    pow(exponent: Scalar): Tensor;
    pow_(exponent: Scalar): Tensor;
    square(): Tensor;
    neg(): Tensor;
    neg_(): Tensor;
    negative(): Tensor;
    /** The larger of two elements; NaN wins, ties share the gradient. */
    maximum(other: Tensor): Tensor;
    /** The smaller of two elements; NaN wins, ties share the gradient. */
    minimum(other: Tensor): Tensor;
    atan2(other: Tensor): Tensor;

    /** Element by element; a bool tensor. */
    eq(other: Scalar): Tensor;
    ne(other: Scalar): Tensor;
    lt(other: Scalar): Tensor;
    le(other: Scalar): Tensor;
    gt(other: Scalar): Tensor;
    ge(other: Scalar): Tensor;
    logical_and(other: Tensor): Tensor;
    logical_or(other: Tensor): Tensor;
    logical_xor(other: Tensor): Tensor;
    logical_not(): Tensor;

    abs(): Tensor;
    abs_(): Tensor;
    sgn(): Tensor;
    sign(): Tensor;
    sqrt(): Tensor;
    sqrt_(): Tensor;
    rsqrt(): Tensor;
    exp(): Tensor;
    exp_(): Tensor;
    exp2(): Tensor;
    expm1(): Tensor;
    log(): Tensor;
    log_(): Tensor;
    log2(): Tensor;
    log10(): Tensor;
    log1p(): Tensor;
    sin(): Tensor;
    sin_(): Tensor;
    cos(): Tensor;
    cos_(): Tensor;
    tan(): Tensor;
    asin(): Tensor;
    acos(): Tensor;
    atan(): Tensor;
    sinh(): Tensor;
    cosh(): Tensor;
    tanh(): Tensor;
    tanh_(): Tensor;
    floor(): Tensor;
    ceil(): Tensor;
    /** To the nearest integer, halves to even. */
    round(): Tensor;
    trunc(): Tensor;
    sigmoid(): Tensor;
    sigmoid_(): Tensor;
    relu(): Tensor;
    relu_(): Tensor;
    reciprocal(): Tensor;
    reciprocal_(): Tensor;
    /** Limits every element to `[min, max]`; null leaves a side open. The gradient is 0 outside. */
    clamp(min?: Bound | Bounds, max?: Bound | Bounds): Tensor;
    clamp_(min?: Bound | Bounds, max?: Bound | Bounds): Tensor;
    clip(min?: Bound | Bounds, max?: Bound | Bounds): Tensor;
    clamp_min(min: number): Tensor;
    clamp_max(max: number): Tensor;
    /** `self` where `condition` holds, else `other`. */
    where(condition: Tensor, other: Scalar): Tensor;
    /** `value` where `mask` (bool) holds. */
    masked_fill(mask: Tensor, value: number): Tensor;
    masked_fill_(mask: Tensor, value: number): Tensor;
  }
}

function operand(fn: string, value: unknown, name = "other"): Scalar {
  return typeof value === "number" || value instanceof Tensor ? value : operandArg(fn, name, 1, value);
}

function alphaOf(fn: string, options?: Alpha): number {
  return options === undefined ? 1 : ((named(fn, ["alpha"], [options])[0] as number | undefined) ?? 1);
}

function roundingOf(options?: Rounding): a.RoundingMode {
  return options?.rounding_mode ?? null;
}

function boundsOf(fn: string, args: readonly unknown[]): [Bound, Bound] {
  const [min, max] = named(fn, ["min", "max"], args);
  return [(min as Bound | undefined) ?? null, (max as Bound | undefined) ?? null];
}

const arithmetic = {
  add(this: Tensor, other: Scalar, options?: Alpha) {
    return a.add(this, operand("add", other), alphaOf("add", options));
  },
  add_(this: Tensor, other: Scalar, options?: Alpha) {
    return a.add_(this, operand("add_", other), alphaOf("add_", options));
  },
  sub(this: Tensor, other: Scalar, options?: Alpha) {
    return a.sub(this, operand("sub", other), alphaOf("sub", options));
  },
  sub_(this: Tensor, other: Scalar, options?: Alpha) {
    return a.sub_(this, operand("sub_", other), alphaOf("sub_", options));
  },
  mul(this: Tensor, other: Scalar) {
    return a.mul(this, operand("mul", other));
  },
  mul_(this: Tensor, other: Scalar) {
    return a.mul_(this, operand("mul_", other));
  },
  div(this: Tensor, other: Scalar, options?: Rounding) {
    return a.div(this, operand("div", other), roundingOf(options));
  },
  div_(this: Tensor, other: Scalar, options?: Rounding) {
    return a.div_(this, operand("div_", other), roundingOf(options));
  },
  floor_divide(this: Tensor, other: Scalar) {
    return a.floor_divide(this, operand("floor_divide", other));
  },
  remainder(this: Tensor, other: Scalar) {
    return a.remainder(this, operand("remainder", other));
  },
  remainder_(this: Tensor, other: Scalar) {
    return a.remainder_(this, operand("remainder_", other));
  },
  fmod(this: Tensor, other: Scalar) {
    return a.fmod(this, operand("fmod", other));
  },
  pow(this: Tensor, exponent: Scalar) {
    return a.pow(this, operand("pow", exponent, "exponent"));
  },
  pow_(this: Tensor, exponent: Scalar) {
    return a.pow_(this, operand("pow_", exponent, "exponent"));
  },
  square(this: Tensor) {
    return a.pow(this, 2);
  },
  neg(this: Tensor) {
    return a.neg(this);
  },
  neg_(this: Tensor) {
    return p.pointwise_("neg", this);
  },
  maximum(this: Tensor, other: Tensor) {
    return a.maximum(this, other);
  },
  minimum(this: Tensor, other: Tensor) {
    return a.minimum(this, other);
  },
  atan2(this: Tensor, other: Tensor) {
    return a.atan2(this, other);
  },
  logical_and(this: Tensor, other: Tensor) {
    return a.logical("logical_and", this, other);
  },
  logical_or(this: Tensor, other: Tensor) {
    return a.logical("logical_or", this, other);
  },
  logical_xor(this: Tensor, other: Tensor) {
    return a.logical("logical_xor", this, other);
  },
  logical_not(this: Tensor) {
    return a.logical_not(this);
  },
  clamp(this: Tensor, ...args: unknown[]) {
    return p.clamp(this, ...boundsOf("clamp", args));
  },
  clamp_(this: Tensor, ...args: unknown[]) {
    return p.clamp_(this, ...boundsOf("clamp_", args));
  },
  clamp_min(this: Tensor, min: number) {
    return p.clampSide("clamp_min", this, min);
  },
  clamp_max(this: Tensor, max: number) {
    return p.clampSide("clamp_max", this, max);
  },
  where(this: Tensor, condition: Tensor, other: Scalar) {
    return p.where(condition, this, other);
  },
  masked_fill(this: Tensor, mask: Tensor, value: number) {
    return p.masked_fill(this, mask, value);
  },
  masked_fill_(this: Tensor, mask: Tensor, value: number) {
    return p.masked_fill_(this, mask, value);
  },
};

defineMethods(arithmetic);
defineMethods({
  subtract: arithmetic.sub,
  subtract_: arithmetic.sub_,
  multiply: arithmetic.mul,
  multiply_: arithmetic.mul_,
  divide: arithmetic.div,
  divide_: arithmetic.div_,
  true_divide: arithmetic.div,
  negative: arithmetic.neg,
  clip: arithmetic.clamp,
});

for (const name of ["eq", "ne", "lt", "le", "gt", "ge"] as const) {
  defineMethods({
    [name](this: Tensor, other: Scalar) {
      return a.compare(name, this, operand(name, other));
    },
  });
}

for (const name of p.unaryNames) {
  defineMethods({
    [name](this: Tensor) {
      return p.pointwise(name, this);
    },
    [`${name}_`](this: Tensor) {
      return p.pointwise_(name, this);
    },
  });
}
