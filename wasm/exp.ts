/** @file eˣ and what is made of it, four float32 at a time. Errors are in units in the last place. */

/** ln 2 in two parts: the first has 9 bits, so that its product with an exponent is exact. */
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.1219444e-4;

/** 1.5 · 2²³: a number added to it is rounded to an integer, which stands in the lowest bits. */
const ROUND: f32 = 12582912;

/** (tanh x / x − 1) / x² as a polynomial in x², fitted at Chebyshev nodes for |x| ≤ 0.65: error 2⁻²⁹. */
const P0: f32 = -0.33333334;
const P1: f32 = 0.13333292;
const P2: f32 = -0.053956557;
const P3: f32 = 0.021747554;
const P4: f32 = -0.008276134;
const P5: f32 = 0.0022183694;

/**
 * eˣ within 2 units; 0 below −104, infinity from 88.8, NaN of NaN.
 *
 * x = k·ln 2 + r with |r| ≤ ½ ln 2, and eʳ by its Taylor series to the seventh power. 2ᵏ is multiplied in two
 * halves, so that results below 2⁻¹²⁶ are rounded once, into the subnormal numbers.
 */
// @ts-ignore: decorators of functions are AssemblyScript's
@inline
export function exp4(x: v128): v128 {
  // pmin and pmax keep a NaN in their first operand.
  const clamped = f32x4.pmax(f32x4.pmin(x, f32x4.splat(89)), f32x4.splat(-104));
  const rounded = f32x4.add(f32x4.mul(clamped, f32x4.splat(<f32>Math.LOG2E)), f32x4.splat(ROUND));
  const k = f32x4.sub(rounded, f32x4.splat(ROUND));
  let r = f32x4.sub(clamped, f32x4.mul(k, f32x4.splat(LN2_HIGH)));
  r = f32x4.sub(r, f32x4.mul(k, f32x4.splat(LN2_LOW)));
  let p = f32x4.splat(1.0 / 5040);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 720));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 120));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 24));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 6));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.5));
  p = f32x4.add(f32x4.mul(f32x4.mul(p, r), r), r);
  p = f32x4.add(p, f32x4.splat(1));
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

/** tanh x within 3 units: 1 − 2 / (e²ˣ + 1), and a polynomial in x² where that would cancel. */
// @ts-ignore: decorators of functions are AssemblyScript's
@inline
export function tanh4(x: v128): v128 {
  const one = f32x4.splat(1);
  const size = f32x4.abs(x);
  const e = exp4(f32x4.add(size, size));
  const far = f32x4.sub(one, f32x4.div(f32x4.splat(2), f32x4.add(e, one)));
  const z = f32x4.mul(x, x);
  let p = f32x4.splat(P5);
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(P4));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(P3));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(P2));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(P1));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(P0));
  const near = f32x4.add(x, f32x4.mul(f32x4.mul(x, z), p));
  const value = v128.bitselect(near, far, f32x4.lt(size, f32x4.splat(0.625)));
  return v128.or(value, v128.and(x, i32x4.splat(0x80000000)));
}
