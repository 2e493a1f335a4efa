/** @file ln Γ, ψ and its derivatives, and Riemann's zeta, to full double precision. */

/** B₂ₖ / (2k)! · (2k)! for k = 1 … 10: the Bernoulli numbers of Stirling's and Euler–Maclaurin's series. */
const BERNOULLI = [
  1 / 6,
  -1 / 30,
  1 / 42,
  -1 / 30,
  5 / 66,
  -691 / 2730,
  7 / 6,
  -3617 / 510,
  43867 / 798,
  -174611 / 330,
] as const;

/** Below this, arguments are shifted up by recurrence until the asymptotic series converge. */
const ASYMPTOTIC = 12;

/** sin πx, exact in its zeros. */
function sinPi(x: number): number {
  const r = x - 2 * Math.floor(x / 2);
  if (r === 0 || r === 1) return 0;
  return Math.sin(Math.PI * r);
}

/** Stirling: (x − ½) ln x − x + ½ ln 2π + Σ B₂ₖ / (2k (2k−1) x²ᵏ⁻¹), for large x. */
function stirling(x: number): number {
  const square = x * x;
  let series = 0;
  let power = x;
  for (let k = 1; k <= 8; k++) {
    series += BERNOULLI[k - 1]! / (2 * k * (2 * k - 1) * power);
    power *= square;
  }
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series;
}

// ζ(k) − 1 for k = 2 … 40, for the series of ln Γ around 1 and 2.
const ZETA_MINUS_1 = Array.from({ length: 39 }, (_, i) => zeta(i + 2, 2));

/** ln Γ(1 + z) for |z| ≤ ½: −ln(1+z) + z (1 − γ) + Σ (−1)ᵏ (ζ(k) − 1) zᵏ / k. */
function nearOne(z: number): number {
  const EULER = 0.5772156649015329;
  let series = 0;
  let power = z * z;
  for (let k = 2; k <= 40; k++) {
    series += ((k % 2 === 0 ? 1 : -1) * ZETA_MINUS_1[k - 2]! * power) / k;
    power *= z;
  }
  return -Math.log1p(z) + z * (1 - EULER) + series;
}

/** ln |Γ(x)|. */
export function lgamma(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (!Number.isFinite(x)) return Infinity;
  if (x <= 0) {
    if (Number.isInteger(x)) return Infinity;
    // Reflection: Γ(x) Γ(1 − x) = π / sin πx.
    return Math.log(Math.PI / Math.abs(sinPi(x))) - lgamma(1 - x);
  }
  if (x >= 0.5 && x <= 1.5) return nearOne(x - 1);
  if (x > 1.5 && x <= 2.5) return nearOne(x - 2) + Math.log1p(x - 2);
  let shift = 1;
  let y = x;
  while (y < ASYMPTOTIC) shift *= y++;
  return stirling(y) - Math.log(shift);
}

/** ψ(x) = d ln Γ(x) / dx; −∞ at 0 (∞ at −0) and NaN at the negative integers, as in PyTorch. */
export function digamma(x: number): number {
  if (x === 0) return Object.is(x, -0) ? Infinity : -Infinity;
  if (x === -Infinity) return NaN;
  if (x < 0) {
    if (Number.isInteger(x)) return NaN;
    const r = x - Math.trunc(x);
    return digamma(1 - x) - Math.PI / Math.tan(Math.PI * r);
  }
  if (x === Infinity) return Infinity;
  let result = 0;
  let y = x;
  while (y < ASYMPTOTIC) result -= 1 / y++;
  const square = 1 / (y * y);
  let power = square;
  let series = 0;
  for (let k = 1; k <= 8; k++) {
    series += (BERNOULLI[k - 1]! / (2 * k)) * power;
    power *= square;
  }
  return result + Math.log(y) - 0.5 / y - series;
}

/** Hurwitz's ζ(s, q) = Σ (q + n)⁻ˢ, s > 1, by Euler–Maclaurin. */
export function zeta(s: number, q: number): number {
  if (s === 1) return Infinity;
  if (s < 1 || Number.isNaN(s) || Number.isNaN(q)) return NaN;
  if (q <= 0) {
    if (Number.isInteger(q)) return Infinity;
    if (!Number.isInteger(s)) return NaN;
  }
  let sum = 0;
  let a = q;
  while (a < ASYMPTOTIC) sum += (a++) ** -s;
  sum += a ** (1 - s) / (s - 1) + 0.5 * a ** -s;
  let factor = s * a ** (-s - 1);
  let factorial = 2;
  for (let k = 1; k <= 10; k++) {
    sum += (BERNOULLI[k - 1]! * factor) / factorial;
    factor *= ((s + 2 * k - 1) * (s + 2 * k)) / (a * a);
    factorial *= (2 * k + 1) * (2 * k + 2);
  }
  return sum;
}

/** The `n`-th derivative of ψ: (−1)ⁿ⁺¹ n! ζ(n + 1, x). */
export function polygamma(n: number, x: number): number {
  if (n === 0) return digamma(x);
  if (n === 1 && x < 0.5) {
    // Trigamma's reflection: ψ₁(x) + ψ₁(1 − x) = (π / sin πx)².
    const s = Math.sin(Math.PI * x);
    return (Math.PI * Math.PI) / (s * s) - polygamma(1, 1 - x);
  }
  let factorial = 1;
  for (let k = 2; k <= n && factorial < Infinity; k++) factorial *= k;
  return (n % 2 === 1 ? 1 : -1) * factorial * zeta(n + 1, x);
}
