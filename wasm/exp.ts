/** @file eˣ and what is made of it, four float32 at a time. Errors are in units in the last place. */

/** ln 2 in two parts: the first has 9 bits, so that its product with an exponent is exact. */
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.1219444e-4;

/** 1.5 · 2²³: a number added to it is rounded to an integer, which stands in the lowest bits. */
const ROUND: f32 = 12582912;

/** Up to here 2ᵏ fits into an exponent. */
const ORDINARY: f32 = 87;

/** eˣ within 2 units; 0 below −104, infinity from 88.8, NaN of NaN. */
// @ts-ignore: decorators of functions are AssemblyScript's
@inline
export function exp4(x: v128): v128 {
  // A comparison with NaN fails.
  return i32x4.all_true(f32x4.le(f32x4.abs(x), f32x4.splat(ORDINARY))) ? ordinary4(x) : any4(x);
}

/**
 * eˣ of |x| ≤ 87: x = k·ln 2 + r with |r| ≤ ½ ln 2; eʳ = 1 + (r + r²·p(r)) by its Taylor series to the seventh
 * power, and 2ᵏ is added to the exponent.
 */
// @ts-ignore: decorators of functions are AssemblyScript's
@inline
function ordinary4(x: v128): v128 {
  const rounded = f32x4.add(f32x4.mul(x, f32x4.splat(<f32>Math.LOG2E)), f32x4.splat(ROUND));
  const p = f32x4.add(f32x4.splat(1), series(x, f32x4.sub(rounded, f32x4.splat(ROUND))));
  return i32x4.add(p, i32x4.shl(rounded, 23));
}

/** eʳ − 1 of r = x − k·ln 2. Terms are summed pairwise (Estrin), so that they do not wait for each other. */
// @ts-ignore: decorators of functions are AssemblyScript's
@inline
function series(x: v128, k: v128): v128 {
  let r = f32x4.sub(x, f32x4.mul(k, f32x4.splat(LN2_HIGH)));
  r = f32x4.sub(r, f32x4.mul(k, f32x4.splat(LN2_LOW)));
  const r2 = f32x4.mul(r, r);
  const low = f32x4.add(f32x4.splat(0.5), f32x4.mul(r, f32x4.splat(1.0 / 6)));
  const middle = f32x4.add(f32x4.splat(1.0 / 24), f32x4.mul(r, f32x4.splat(1.0 / 120)));
  const high = f32x4.add(f32x4.splat(1.0 / 720), f32x4.mul(r, f32x4.splat(1.0 / 5040)));
  const p = f32x4.add(f32x4.add(low, f32x4.mul(r2, middle)), f32x4.mul(f32x4.mul(r2, r2), high));
  return f32x4.add(r, f32x4.mul(r2, p));
}

/** The same of any x: 2ᵏ is multiplied in two halves, so that results below 2⁻¹²⁶ are rounded once. */
function any4(x: v128): v128 {
  // pmin and pmax keep a NaN in their first operand.
  const clamped = f32x4.pmax(f32x4.pmin(x, f32x4.splat(89)), f32x4.splat(-104));
  const rounded = f32x4.add(f32x4.mul(clamped, f32x4.splat(<f32>Math.LOG2E)), f32x4.splat(ROUND));
  const p = f32x4.add(f32x4.splat(1), series(clamped, f32x4.sub(rounded, f32x4.splat(ROUND))));
  const n = i32x4.sub(rounded, f32x4.splat(ROUND));
  const half = i32x4.shr_s(n, 1);
  return f32x4.mul(f32x4.mul(p, power(half)), power(i32x4.sub(n, half)));
}

/** 2ⁿ of integers in [−126, 127]. */
// @ts-ignore: decorators of functions are AssemblyScript's
@inline
function power(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/** 1 / (1 + e⁻ˣ), within 3 units; 0 where e⁻ˣ overflows, below −88.7. */
// @ts-ignore: decorators of functions are AssemblyScript's
@inline
export function sigmoid4(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(x))));
}

/**
 * tanh x within 3 units: m / (m + 2) with m = e²ˣ − 1 = 2ᵏ·(eʳ − 1) + (2ᵏ − 1), in which nothing cancels, for
 * where x is small k is 0.
 */
// @ts-ignore: decorators of functions are AssemblyScript's
@inline
export function tanh4(x: v128): v128 {
  const size = f32x4.abs(x);
  // From 9.1 on it is 1. A NaN stays in pmin's first operand.
  const y = f32x4.pmin(f32x4.add(size, size), f32x4.splat(40));
  const rounded = f32x4.add(f32x4.mul(y, f32x4.splat(<f32>Math.LOG2E)), f32x4.splat(ROUND));
  const q = series(y, f32x4.sub(rounded, f32x4.splat(ROUND)));
  const one = f32x4.splat(1);
  const scale = i32x4.add(one, i32x4.shl(rounded, 23));
  const m = f32x4.add(f32x4.mul(scale, q), f32x4.sub(scale, one));
  const value = f32x4.div(m, f32x4.add(m, f32x4.splat(2)));
  return v128.or(value, v128.and(x, i32x4.splat(0x80000000)));
}
