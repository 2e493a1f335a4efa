/**
 * @file Natural logarithm, sine and cosine in float32, step by step as PyTorch's vectorised normal kernel
 * evaluates them, so that `randn` agrees to the last bit.
 *
 * Both are the minimax polynomials of the Cephes library (`logf`, `sinf`, `cosf`; S. Moshier), every
 * operation rounded to float32 and every multiply-add fused as the compiler fuses it. A fused a·b + c is
 * computed here in double, where the product is exact, and then rounded: two roundings instead of one,
 * which a float32 result can tell apart in less than one case in 2^29.
 *
 * Eight values go through each step together: their chains of roundings are independent and overlap in
 * the processor.
 */

export const LANES = 8;

/** Eight float32 values; storing into it rounds. */
export type Lanes = Float32Array;

export function lanes(): Lanes {
  return new Float32Array(LANES);
}

const LOG_POLYNOMIAL = Float32Array.of(
  7.0376836292e-2,
  -1.151461031e-1,
  1.167699874e-1,
  -1.2420140846e-1,
  1.4249322787e-1,
  -1.6668057665e-1,
  2.0000714765e-1,
  -2.4999993993e-1,
  3.3333331174e-1,
);
const SQRT_HALF = Math.fround(Math.SQRT1_2);
/** ln 2 in two parts, the larger one short enough that its multiples are exact. */
const LN2_LOW = Math.fround(-2.1219444e-4);
const LN2_HIGH = Math.fround(0.693359375);

const exponent = new Int32Array(LANES);
const mantissa = lanes();
const mantissaBits = new Uint32Array(mantissa.buffer);
const square = lanes();
const polynomial = lanes();

/** out = ln x for normal positive x: ln(2^e·m) = e·ln 2 + ln(1 + r) with 1 + r = m in [√½, √2). */
export function logLanes(x: Lanes, out: Lanes): void {
  splitExponent(x);
  for (let i = 0; i < LANES; i++) square[i] = mantissa[i]! * mantissa[i]!;
  horner(LOG_POLYNOMIAL, mantissa, polynomial);
  for (let i = 0; i < LANES; i++) {
    const e = exponent[i]!;
    const r = mantissa[i]!;
    const z = square[i]!;
    let y = Math.fround(polynomial[i]! * r);
    y = Math.fround(y * z + Math.fround(e * LN2_LOW));
    y = Math.fround(y - 0.5 * z);
    out[i] = e * LN2_HIGH + Math.fround(r + y);
  }
}

function splitExponent(x: Lanes): void {
  mantissa.set(x);
  for (let i = 0; i < LANES; i++) {
    const bits = mantissaBits[i]!;
    mantissaBits[i] = (bits & 0x007fffff) | 0x3f000000;
    const m = mantissa[i]!; // in [½, 1)
    const low = m < SQRT_HALF;
    exponent[i] = (bits >>> 23) - (low ? 127 : 126);
    mantissa[i] = low ? Math.fround(m - 1) + m : m - 1;
  }
}

/** out = ((c₀·x + c₁)·x + …) + cₙ. */
function horner(coefficients: Float32Array, x: Lanes, out: Lanes): void {
  out.fill(coefficients[0]!);
  for (let k = 1; k < coefficients.length; k++) {
    const c = coefficients[k]!;
    for (let i = 0; i < LANES; i++) out[i] = out[i]! * x[i]! + c;
  }
}

const FOUR_OVER_PI = Math.fround(1.27323954473516);
/** −π/4 in three parts (Cody–Waite reduction). */
const MINUS_QUARTER_PI = Float32Array.of(-0.78515625, -2.4187564849853516e-4, -3.774894977445941e-8);
const SIN_POLYNOMIAL = Float32Array.of(-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1);
const COS_POLYNOMIAL = Float32Array.of(2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2);

const octant = new Int32Array(LANES);
const reduced = lanes();
const sinPolynomial = lanes();
const cosPolynomial = lanes();

/** Sine and cosine of x ≥ 0, reduced to [−π/4, π/4] by the nearest even octant. */
export function sincosLanes(x: Lanes, sin: Lanes, cos: Lanes): void {
  for (let i = 0; i < LANES; i++) octant[i] = (Math.fround(x[i]! * FOUR_OVER_PI) + 1) & ~1;
  reduced.set(x);
  for (const part of MINUS_QUARTER_PI) {
    for (let i = 0; i < LANES; i++) reduced[i] = octant[i]! * part + reduced[i]!;
  }
  for (let i = 0; i < LANES; i++) square[i] = reduced[i]! * reduced[i]!;
  horner(SIN_POLYNOMIAL, square, sinPolynomial);
  horner(COS_POLYNOMIAL, square, cosPolynomial);
  for (let i = 0; i < LANES; i++) {
    const r = reduced[i]!;
    const z = square[i]!;
    const s = Math.fround(Math.fround(sinPolynomial[i]! * z) * r + r);
    const c = Math.fround(Math.fround(Math.fround(cosPolynomial[i]! * z) * z - 0.5 * z) + 1);
    const j = octant[i]!;
    const swapped = (j & 2) !== 0;
    sin[i] = (swapped ? c : s) * (j & 4 ? -1 : 1);
    cos[i] = (swapped ? s : c) * ((j - 2) & 4 ? 1 : -1);
  }
}
