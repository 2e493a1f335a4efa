/** @file erf, its complement, inverse and relatives, to full double precision. */

const TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);

/** erf x = 2/√π · e^(−x²) · Σ 2ⁿ x²ⁿ⁺¹ / (2n+1)!!, for small |x|. */
function erfSeries(x: number): number {
  const square = x * x;
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * square) / (2 * n + 1);
    sum += term;
  }
  return TWO_OVER_SQRT_PI * Math.exp(-square) * sum;
}

/** e^(x²) · erfc x for x ≥ 2: the continued fraction 1/(x + ½/(x + 1/(x + 3⁄2/(x + …)))), from its tail. */
function scaledTail(x: number): number {
  const terms = Math.ceil(20 + 400 / (x * x));
  let tail = 0;
  for (let k = terms; k >= 1; k--) tail = k / 2 / (x + tail);
  return 1 / (Math.sqrt(Math.PI) * (x + tail));
}

/** e^(−x²) without the rounding error of x² where that is large. */
function gaussian(x: number): number {
  const high = Math.round(x * 16) / 16;
  return Math.exp(-high * high) * Math.exp(-(x - high) * (x + high));
}

export function erf(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x === 0) return x;
  if (Math.abs(x) < 2) return erfSeries(x);
  return Math.sign(x) * (1 - erfc(Math.abs(x)));
}

export function erfc(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x < 2) return x > 0.5 ? erfcMiddle(x) : 1 - erf(x);
  return x > 27.3 ? 0 : gaussian(x) * scaledTail(x);
}

// Between ½ and 2 the series loses no more than three bits to the subtraction.
function erfcMiddle(x: number): number {
  return 1 - erfSeries(x);
}

/** e^(x²) · erfc x. */
export function erfcx(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x >= 2) return x === Infinity ? 0 : scaledTail(x);
  return x < -26.7 ? Infinity : Math.exp(x * x) * erfc(x);
}

/** A start good to three digits, then Halley's steps on erf (on erfc, where that keeps more digits). */
export function erfinv(y: number): number {
  if (Number.isNaN(y) || Math.abs(y) > 1) return NaN;
  if (Math.abs(y) === 1) return y * Infinity;
  if (y === 0) return y;
  // Winitzki's approximation, good to 2e-3.
  const a = 0.147;
  const l = Math.log1p(-y * y);
  const b = 2 / (Math.PI * a) + l / 2;
  let x = Math.sign(y) * Math.sqrt(Math.sqrt(b * b - l / a) - b);
  for (let i = 0; i < 4; i++) {
    const error = Math.abs(y) < 0.5 ? erf(x) - y : y > 0 ? 1 - y - erfc(x) : erfc(-x) - (1 + y);
    const step = error / (TWO_OVER_SQRT_PI * Math.exp(-x * x));
    x -= step / (1 + x * step);
  }
  return x;
}

/** The standard normal distribution function. */
export function ndtr(x: number): number {
  return 0.5 * erfc(-x * Math.SQRT1_2);
}

/** ln of the standard normal distribution function, without underflow. */
export function logNdtr(x: number): number {
  const t = x * Math.SQRT1_2;
  return x < -1 ? Math.log(erfcx(-t) / 2) - t * t : Math.log1p(-erfc(t) / 2);
}

/** The standard normal quantile. */
export function ndtri(p: number): number {
  if (Number.isNaN(p) || p < 0 || p > 1) return NaN;
  if (p === 0) return -Infinity;
  if (p === 1) return Infinity;
  // Close to 0 the argument of erfinv would round to −1: Newton's steps on ln Φ instead.
  if (p > 1e-8) return Math.SQRT2 * erfinv(2 * p - 1);
  let x = -Math.sqrt(-2 * Math.log(p));
  for (let i = 0; i < 30; i++) {
    const slope = Math.SQRT2 / (Math.sqrt(Math.PI) * erfcx(-x * Math.SQRT1_2));
    const step = (logNdtr(x) - Math.log(p)) / slope;
    x -= step;
    if (Math.abs(step) < 1e-15 * Math.abs(x)) break;
  }
  return x;
}
