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
  return i32x4.add(series(x, f32x4.sub(rounded, f32x4.splat(ROUND))), i32x4.shl(rounded, 23));
}

/** eʳ of r = x − k·ln 2. Terms are summed pairwise (Estrin), so that they do not wait for each other. */
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
  return f32x4.add(f32x4.splat(1), f32x4.add(r, f32x4.mul(r2, p)));
}

/** The same of any x: 2ᵏ is multiplied in two halves, so that results below 2⁻¹²⁶ are rounded once. */
function any4(x: v128): v128 {
  // pmin and pmax keep a NaN in their first operand.
  const clamped = f32x4.pmax(f32x4.pmin(x, f32x4.splat(89)), f32x4.splat(-104));
  const rounded = f32x4.add(f32x4.mul(clamped, f32x4.splat(<f32>Math.LOG2E)), f32x4.splat(ROUND));
  const p = series(clamped, f32x4.sub(rounded, f32x4.splat(ROUND)));
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
  // From 9.1 on it is 1.
  const e = ordinary4(f32x4.pmin(f32x4.add(size, size), f32x4.splat(40)));
  const far = f32x4.sub(one, f32x4.div(f32x4.splat(2), f32x4.add(e, one)));
  const z = f32x4.mul(x, x);
  let p = f32x4.splat(P5);
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(P4));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(P3));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(P2));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(P1));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(P0));
  const near = f32x4.add(x, f32x4.mul(f32x4.mul(x, z), p));
  // NaN is not ≥ 0.625, and near keeps it.
  const value = v128.bitselect(far, near, f32x4.ge(size, f32x4.splat(0.625)));
  return v128.or(value, v128.and(x, i32x4.splat(0x80000000)));
}
