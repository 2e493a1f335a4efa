/** @file Draws that depend on a tensor of parameters: `torch.poisson` and `torch.multinomial`. */

import { RuntimeError } from "../errors.js";
import { defaultGenerator, type Generator } from "./generator.js";
import { type FloatArray, fillExponential, uniform64 } from "./uniform.js";

/**
 * `torch.poisson(rates)`: one count for each rate.
 *
 * @throws RuntimeError for a negative or NaN rate.
 */
export function fillPoisson(out: FloatArray, rates: FloatArray, gen: Generator = defaultGenerator): void {
  for (let i = 0; i < out.length; i++) out[i] = poisson(rates[i]!, gen);
}

function poisson(rate: number, gen: Generator): number {
  if (!(rate >= 0)) throw new RuntimeError("invalid Poisson rate, expected rate to be non-negative");
  if (rate === 0) return 0;
  return rate < 10 ? poissonByProducts(rate, gen) : poissonByRejection(rate, gen);
}

/** Counts how many uniforms can be multiplied before the product falls to e^-λ (Knuth). */
function poissonByProducts(rate: number, gen: Generator): number {
  const floor = Math.exp(-rate);
  let product = uniform64(gen);
  let count = 0;
  while (product > floor) {
    count += 1;
    product *= uniform64(gen);
  }
  return count;
}

/** Transformed rejection with squeeze: W. Hörmann, "The transformed rejection method … PTRS", 1993. */
function poissonByRejection(rate: number, gen: Generator): number {
  const logRate = Math.log(rate);
  const b = 0.931 + 2.53 * Math.sqrt(rate);
  const a = -0.059 + 0.02483 * b;
  const logInverseAlpha = Math.log(1.1239 + 1.1328 / (b - 3.4));
  const acceptBelow = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = uniform64(gen) - 0.5;
    const v = uniform64(gen);
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + rate + 0.43);
    if (us >= 0.07 && v <= acceptBelow) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    const hat = Math.log(v) + logInverseAlpha - Math.log(a / (us * us) + b);
    if (hat <= -rate + k * logRate - logFactorial(k)) return k;
  }
}

const HALF_LN_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/** ln k!: exact factorials where a double holds them, Stirling's series to k^-7 (error < 1e-13) beyond. */
function logFactorial(k: number): number {
  if (k < 18) {
    let factorial = 1;
    for (let i = 2; i <= k; i++) factorial *= i;
    return Math.log(factorial);
  }
  const inverse = 1 / k;
  const square = inverse * inverse;
  const series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)));
  return (k + 0.5) * Math.log(k) - k + HALF_LN_TWO_PI + series;
}

/**
 * `torch.multinomial` over rows of unnormalised probabilities: `samples` category indices a row, row-major.
 *
 * With replacement (and more than one sample) each is found in the cumulative distribution by bisection;
 * otherwise the categories with the largest p/e win, e standard exponential, in falling order.
 *
 * @throws RuntimeError for negative, infinite or NaN probabilities, and for a row that sums to 0.
 */
export function multinomial(
  probabilities: FloatArray,
  categories: number,
  samples: number,
  replacement: boolean,
  gen: Generator = defaultGenerator,
): BigInt64Array {
  const rows = categories === 0 ? 0 : probabilities.length / categories;
  const out = new BigInt64Array(rows * samples);
  const race = replacement && samples > 1 ? null : raceTimes(probabilities, categories, gen);
  for (let row = 0; row < rows; row++) {
    const [start, end] = [row * categories, (row + 1) * categories];
    const picked =
      race === null
        ? withReplacement(cumulative(probabilities.subarray(start, end)), samples, gen)
        : largest(race.subarray(start, end), samples);
    for (let i = 0; i < samples; i++) out[row * samples + i] = BigInt(picked[i]!);
  }
  return out;
}

const BAD_PROBABILITY = "probability tensor contains either `inf`, `nan` or element < 0";
const ZERO_SUM = "invalid multinomial distribution (sum of probabilities <= 0)";

/** p/e for all rows at once, as PyTorch draws them, e exponential of the element type of p. */
function raceTimes(probabilities: FloatArray, categories: number, gen: Generator): FloatArray {
  if (!probabilities.every((p) => p >= 0 && p < Number.POSITIVE_INFINITY)) {
    throw new RuntimeError(BAD_PROBABILITY);
  }
  for (let start = 0; start < probabilities.length; start += categories) {
    if (probabilities.subarray(start, start + categories).every((p) => p === 0)) {
      throw new RuntimeError(ZERO_SUM);
    }
  }
  const times = probabilities.slice();
  fillExponential(times, 1, gen);
  for (let i = 0; i < times.length; i++) times[i] = probabilities[i]! / times[i]!;
  return times;
}

/** The running sum in the element type of p, divided by the whole. */
function cumulative(p: FloatArray): FloatArray {
  const sums = p.slice();
  let sum = 0;
  for (let i = 0; i < p.length; i++) {
    const value = p[i]!;
    if (!(value >= 0))
      throw new RuntimeError("invalid multinomial distribution (encountering probability entry < 0)");
    if (value === Number.POSITIVE_INFINITY) {
      throw new RuntimeError(
        "invalid multinomial distribution (encountering probability entry = infinity or NaN)",
      );
    }
    sums[i] = sum + value;
    sum = sums[i]!;
  }
  if (!(sum > 0)) throw new RuntimeError(ZERO_SUM);
  for (let i = 0; i < sums.length; i++) sums[i] = sums[i]! / sum;
  sums[sums.length - 1] = 1;
  return sums;
}

function withReplacement(cumulated: FloatArray, samples: number, gen: Generator): number[] {
  return Array.from({ length: samples }, () => {
    const u = uniform64(gen);
    let left = 0;
    let right = cumulated.length;
    while (left < right) {
      const middle = left + ((right - left) >> 1);
      if (cumulated[middle]! < u) left = middle + 1;
      else right = middle;
    }
    return left;
  });
}

/** Indices of the largest values, largest first. */
function largest(values: FloatArray, count: number): number[] {
  const order = Array.from(values, (_, i) => i);
  return order.sort((a, b) => values[b]! - values[a]!).slice(0, count);
}
