/**
 * @file Natural logarithm, sine and cosine in float32, step by step as PyTorch's vectorised normal kernel
 * evaluates them, so that `randn` agrees to the last bit.
 *
 * Both are the minimax polynomials of the Cephes library (`logf`, `sinf`, `cosf`; S. Moshier), every
 * operation rounded to float32 and every multiply-add fused as the compiler fuses it.
 */

import { fma32 } from "./fma.js";

const f = Math.fround;

const LOG_COEFFICIENTS = Float32Array.of(
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
const SQRT_HALF = f(Math.SQRT1_2);
/** ln 2 in two parts, the larger one short enough that its multiples are exact. */
const LN2_LOW = f(-2.1219444e-4);
const LN2_HIGH = f(0.693359375);

const word = new Uint32Array(1);
const wordAsFloat = new Float32Array(word.buffer);

/** ln x for normal positive x: ln(2^e·m) = e·ln 2 + ln m with m in [√½, √2). */
export function log32(x: number): number {
  wordAsFloat[0] = x;
  let exponent = (word[0]! >>> 23) - 126;
  word[0] = (word[0]! & 0x007fffff) | 0x3f000000;
  let m = wordAsFloat[0]!;
  if (m < SQRT_HALF) {
    exponent -= 1;
    m = f(f(m - 1) + m);
  } else {
    m = f(m - 1);
  }
  const square = f(m * m);
  let y = LOG_COEFFICIENTS[0]!;
  for (let i = 1; i < LOG_COEFFICIENTS.length; i++) y = fma32(y, m, LOG_COEFFICIENTS[i]!);
  y = f(y * m);
  y = fma32(y, square, f(exponent * LN2_LOW));
  y = fma32(-0.5, square, y);
  return fma32(exponent, LN2_HIGH, f(m + y));
}

const FOUR_OVER_PI = f(1.27323954473516);
/** −π/4 in three parts (Cody–Waite reduction). */
const PI4_HIGH = f(-0.78515625);
const PI4_MIDDLE = f(-2.4187564849853516e-4);
const PI4_LOW = f(-3.774894977445941e-8);
const SIN = [f(-1.9515295891e-4), f(8.3321608736e-3), f(-1.6666654611e-1)] as const;
const COS = [f(2.443315711809948e-5), f(-1.388731625493765e-3), f(4.166664568298827e-2)] as const;

/** Sine and cosine of x ≥ 0; `out` receives them, so that no pair is allocated. */
export function sincos32(x: number, out: { sin: number; cos: number }): void {
  const octant = (Math.trunc(f(x * FOUR_OVER_PI)) + 1) & ~1;
  let r = fma32(octant, PI4_HIGH, x);
  r = fma32(octant, PI4_MIDDLE, r);
  r = fma32(octant, PI4_LOW, r);
  const z = f(r * r);
  let c = fma32(COS[0], z, COS[1]);
  c = fma32(c, z, COS[2]);
  c = f(c * z);
  c = f(fma32(c, z, f(-0.5 * z)) + 1);
  let s = fma32(SIN[0], z, SIN[1]);
  s = fma32(s, z, SIN[2]);
  s = f(s * z);
  s = fma32(s, r, r);
  const swapped = (octant & 2) !== 0;
  const sin = swapped ? c : s;
  const cos = swapped ? s : c;
  out.sin = octant & 4 ? -sin : sin;
  out.cos = (octant - 2) & 4 ? cos : -cos;
}
