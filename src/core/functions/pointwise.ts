/** @file `torch.sin(x)` and its siblings: pointwise functions in function form. */
import { pointwise } from "../ops/pointwise.js";
import type { Tensor } from "../tensor.js";

/** |x|. */
export function abs(input: Tensor): Tensor {
  return pointwise("abs", input);
}

/** The sign: -1, 0 or 1. */
export function sgn(input: Tensor): Tensor {
  return pointwise("sgn", input);
}

/** The sign: -1, 0 or 1. */
export function sign(input: Tensor): Tensor {
  return pointwise("sign", input);
}

/** √x. */
export function sqrt(input: Tensor): Tensor {
  return pointwise("sqrt", input);
}

/** 1 / √x. */
export function rsqrt(input: Tensor): Tensor {
  return pointwise("rsqrt", input);
}

/** eˣ. */
export function exp(input: Tensor): Tensor {
  return pointwise("exp", input);
}

/** 2ˣ. */
export function exp2(input: Tensor): Tensor {
  return pointwise("exp2", input);
}

/** eˣ − 1, exact near 0. */
export function expm1(input: Tensor): Tensor {
  return pointwise("expm1", input);
}

/** Natural logarithm. */
export function log(input: Tensor): Tensor {
  return pointwise("log", input);
}

/** Logarithm to base 2. */
export function log2(input: Tensor): Tensor {
  return pointwise("log2", input);
}

/** Logarithm to base 10. */
export function log10(input: Tensor): Tensor {
  return pointwise("log10", input);
}

/** ln(1 + x), exact near 0. */
export function log1p(input: Tensor): Tensor {
  return pointwise("log1p", input);
}

/** Sine, of radians. */
export function sin(input: Tensor): Tensor {
  return pointwise("sin", input);
}

/** Cosine, of radians. */
export function cos(input: Tensor): Tensor {
  return pointwise("cos", input);
}

/** Tangent, of radians. */
export function tan(input: Tensor): Tensor {
  return pointwise("tan", input);
}

/** Arcsine. */
export function asin(input: Tensor): Tensor {
  return pointwise("asin", input);
}

/** Arccosine. */
export function acos(input: Tensor): Tensor {
  return pointwise("acos", input);
}

/** Arctangent. */
export function atan(input: Tensor): Tensor {
  return pointwise("atan", input);
}

/** Hyperbolic sine. */
export function sinh(input: Tensor): Tensor {
  return pointwise("sinh", input);
}

/** Hyperbolic cosine. */
export function cosh(input: Tensor): Tensor {
  return pointwise("cosh", input);
}

/** Hyperbolic tangent. */
export function tanh(input: Tensor): Tensor {
  return pointwise("tanh", input);
}

/** The next integer below. */
export function floor(input: Tensor): Tensor {
  return pointwise("floor", input);
}

/** The next integer above. */
export function ceil(input: Tensor): Tensor {
  return pointwise("ceil", input);
}

/** The nearest integer, halves to even. */
export function round(input: Tensor): Tensor {
  return pointwise("round", input);
}

/** The integer part. */
export function trunc(input: Tensor): Tensor {
  return pointwise("trunc", input);
}

/** 1 / (1 + e⁻ˣ). */
export function sigmoid(input: Tensor): Tensor {
  return pointwise("sigmoid", input);
}

/** max(x, 0). */
export function relu(input: Tensor): Tensor {
  return pointwise("relu", input);
}

/** 1 / x. */
export function reciprocal(input: Tensor): Tensor {
  return pointwise("reciprocal", input);
}
