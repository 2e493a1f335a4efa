/**
 * @file Fused multiply-add: a·b + c with one rounding.
 *
 * PyTorch's CPU kernels for x86-64 with AVX2 and later contract `a * b + c` to one instruction; without
 * the same contraction, drawn numbers would differ in their last bit.
 */

/** a·b + c rounded once to float32; arguments are float32 values. Small, so that engines inline it. */
export function fma32(a: number, b: number, c: number): number {
  const product = a * b; // exact: 24 + 24 bits fit in 53
  const sum = product + c;
  const rounded = Math.fround(sum);
  const mirrored = sum + (sum - rounded);
  if (Math.fround(mirrored) !== mirrored || mirrored === rounded) return rounded;
  return breakTie(product, c, sum, rounded, mirrored);
}

/**
 * `sum`, itself rounded to double, lies half way between the float32 values `even` and `other`: what that
 * first rounding lost decides.
 */
function breakTie(product: number, c: number, sum: number, even: number, other: number): number {
  const error = sumError(product, c, sum);
  return error !== 0 && error > 0 === other > even ? other : even;
}

/** a·b + c rounded once to float64, barring overflow and underflow of the exact product's parts. */
export function fma64(a: number, b: number, c: number): number {
  const product = a * b;
  const sum = product + c;
  if (!Number.isFinite(sum)) return sum;
  return sum + (sumError(product, c, sum) + productError(a, b, product));
}

/** What rounding lost in sum = a + b (Knuth's TwoSum). */
function sumError(a: number, b: number, sum: number): number {
  const bPart = sum - a;
  return a - (sum - bPart) + (b - bPart);
}

/** 2^27 + 1 splits a double into two halves of 26 bits (Veltkamp). */
const SPLITTER = 134217729;

/** What rounding lost in product = a·b (Dekker's TwoProduct). */
function productError(a: number, b: number, product: number): number {
  const aScaled = a * SPLITTER;
  const aHigh = aScaled - (aScaled - a);
  const aLow = a - aHigh;
  const bScaled = b * SPLITTER;
  const bHigh = bScaled - (bScaled - b);
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}
