/** @file exp and what is made of it, for float32: computed inline in float64, several times as fast as Math. */

const LOG2E = Math.LOG2E;
const LN2 = Math.LN2;
const LOWEST = -151;
const HIGHEST = 129;

/** 2ᵏ for every k that a float32 result can need. */
const POWERS = Float64Array.from({ length: HIGHEST - LOWEST + 1 }, (_, i) => 2 ** (i + LOWEST));

/**
 * eˣ with a relative error below 1e-11, far under half a unit in the last place of a float32.
 *
 * x = k·ln 2 + r with |r| ≤ ½ ln 2; eʳ by its Taylor series to the ninth power; times 2ᵏ.
 */
export function exp32(x: number): number {
  // Math.exp answers what overflows, underflows, or is NaN.
  if (!(x > -104 && x < 89)) return Math.exp(x);
  const k = (x * LOG2E + (x < 0 ? -0.5 : 0.5)) | 0;
  const r = x - k * LN2;
  // Summed pairwise (Estrin): the terms do not wait for each other as they do in Horner's scheme.
  const r2 = r * r;
  const r4 = r2 * r2;
  const low = 1 + r + r2 * (1 / 2 + r * (1 / 6));
  const high = 1 / 24 + r * (1 / 120) + r2 * (1 / 720 + r * (1 / 5040)) + r4 * (1 / 40320 + r * (1 / 362880));
  const s = low + r4 * high;
  return s * POWERS[k - LOWEST]!;
}

/** 1 / (1 + e⁻ˣ). */
export function sigmoid32(x: number): number {
  return 1 / (1 + exp32(-x));
}

/** 1 − 2 / (e²ˣ + 1); near 0, where that cancels, the first terms of the series. */
export function tanh32(x: number): number {
  if (x < 1e-4 && x > -1e-4) return x - (x * x * x) / 3;
  return 1 - 2 / (exp32(2 * x) + 1);
}
