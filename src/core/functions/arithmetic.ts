/** @file `torch.add(a, b)` and its siblings: numbers may stand on either side. */

import { named } from "../ops/arguments.js";
import * as a from "../ops/arithmetic.js";
import { tensorArg } from "../ops/check.js";
import * as p from "../ops/pointwise.js";
import type { Tensor } from "../tensor.js";

type Scalar = Tensor | number;

/** `input + alpha · other`. */
export function add(input: Scalar, other: Scalar, options: { alpha?: number } = {}): Tensor {
  return a.add(input, other, options.alpha);
}

/** `input - alpha · other`; `sub(1, x)` builds the graph of Python's `1 - x`. */
export function sub(input: Scalar, other: Scalar, options: { alpha?: number } = {}): Tensor {
  return a.sub(input, other, options.alpha);
}

export const subtract = sub;

/** `other - alpha · input`. */
export function rsub(input: Tensor, other: Scalar, options: { alpha?: number } = {}): Tensor {
  return a.rsub(tensorArg("rsub", "input", 1, input), other, options.alpha);
}

/** `input · other`, element by element. */
export function mul(input: Scalar, other: Scalar): Tensor {
  return a.mul(input, other);
}

export const multiply = mul;

/** `input / other`; `div(1, x)` builds the graph of Python's `1 / x`. */
export function div(
  input: Scalar,
  other: Scalar,
  options: { rounding_mode?: "floor" | "trunc" | null } = {},
): Tensor {
  return a.div(input, other, options.rounding_mode ?? null);
}

export const divide = div;
export const true_divide = div;

/** `floor(input / other)`; no derivative. */
export function floor_divide(input: Scalar, other: Scalar): Tensor {
  return a.floor_divide(input, other);
}

/** Python's `%`. */
export function remainder(input: Scalar, other: Scalar): Tensor {
  return a.remainder(input, other);
}

/** C's `fmod`. */
export function fmod(input: Tensor, other: Scalar): Tensor {
  return a.fmod(tensorArg("fmod", "input", 1, input), other);
}

/** `input ** exponent`, with a number on either side. */
export function pow(input: Scalar, exponent: Scalar): Tensor {
  return a.pow(input, exponent);
}

/** x². */
export function square(input: Tensor): Tensor {
  return a.pow(tensorArg("square", "input", 1, input), 2);
}

/** -x. */
export function neg(input: Tensor): Tensor {
  return a.neg(input);
}

export const negative = neg;
export { atan2, logical_not, maximum, minimum } from "../ops/arithmetic.js";

export function eq(input: Scalar, other: Scalar): Tensor {
  return a.compare("eq", input, other);
}

export function ne(input: Scalar, other: Scalar): Tensor {
  return a.compare("ne", input, other);
}

export function lt(input: Scalar, other: Scalar): Tensor {
  return a.compare("lt", input, other);
}

export function le(input: Scalar, other: Scalar): Tensor {
  return a.compare("le", input, other);
}

export function gt(input: Scalar, other: Scalar): Tensor {
  return a.compare("gt", input, other);
}

export function ge(input: Scalar, other: Scalar): Tensor {
  return a.compare("ge", input, other);
}

export function logical_and(input: Tensor, other: Tensor): Tensor {
  return a.logical("logical_and", input, other);
}

export function logical_or(input: Tensor, other: Tensor): Tensor {
  return a.logical("logical_or", input, other);
}

export function logical_xor(input: Tensor, other: Tensor): Tensor {
  return a.logical("logical_xor", input, other);
}

type Bound = Scalar | null;
interface Bounds {
  min?: Bound;
  max?: Bound;
}

/** Limits every element to `[min, max]`; null leaves a side open. */
export function clamp(input: Tensor, min?: Bound | Bounds, max?: Bound | Bounds): Tensor {
  const [low, high] = named("clamp", ["min", "max"], max === undefined ? [min] : [min, max]);
  return p.clamp(input, low as Bound | undefined, high as Bound | undefined);
}

export const clip = clamp;

export function clamp_min(input: Tensor, min: number): Tensor {
  return p.clampSide("clamp_min", input, min);
}

export function clamp_max(input: Tensor, max: number): Tensor {
  return p.clampSide("clamp_max", input, max);
}

export { clone, masked_fill, where } from "../ops/pointwise.js";
