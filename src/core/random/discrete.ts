/** @file Integers, permutations and coin flips: `random_`, `randint`, `randperm`, `bernoulli`, `geometric_`. */

import type { DTypeName } from "../dtype.js";
import { RuntimeError } from "../errors.js";
import type { TypedArray } from "../storage.js";
import { defaultGenerator, type Generator } from "./generator.js";
import { uniform32, uniform64 } from "./uniform.js";

/** From this range on PyTorch takes 64 random bits; below it, the remainder of 32 is uneven by at most 5 %. */
const RANGE_64_BIT = 1n << 28n;

/**
 * `random_(from, to)` and `randint`: integers in [from, to), the remainder of 32 or 64 random bits.
 *
 * @throws RuntimeError unless from < to.
 */
export function fillRandomFromTo(
  out: TypedArray,
  from: number | bigint,
  to: number | bigint,
  gen: Generator = defaultGenerator,
): void {
  const base = BigInt(from);
  const range = BigInt(to) - base;
  if (range <= 0n) {
    throw new RuntimeError(`random_ expects 'from' to be less than 'to', but got from=${from} >= to=${to}`);
  }
  if (range >= RANGE_64_BIT) {
    fillIntegers(out, () => BigInt.asIntN(64, (gen.random64() % range) + base));
  } else {
    fillRange32(out, Number(range), base, gen);
  }
}

/** Plain numbers wherever they are exact, which is nearly always. */
function fillRange32(out: TypedArray, range: number, base: bigint, gen: Generator): void {
  const small = Number(base);
  if (Number.isSafeInteger(small) && Number.isSafeInteger(small + range)) {
    if (out instanceof BigInt64Array) {
      for (let i = 0; i < out.length; i++) out[i] = BigInt((gen.random() % range) + small);
    } else {
      for (let i = 0; i < out.length; i++) out[i] = (gen.random() % range) + small;
    }
  } else {
    fillIntegers(out, () => BigInt(gen.random() % range) + base);
  }
}

/**
 * `random_()` without bounds: non-negative integers up to the largest of an integer type, or to
 * 2^24 (float32) and 2^53 (float64), up to which every integer is exact.
 */
export function fillRandom(out: TypedArray, dtype: DTypeName, gen: Generator = defaultGenerator): void {
  const draw: Record<DTypeName, () => bigint> = {
    bool: () => BigInt(gen.random() & 1),
    uint8: () => BigInt(gen.random() & 0xff),
    int32: () => BigInt(gen.random() & 0x7fffffff),
    int64: () => BigInt.asUintN(63, gen.random64()),
    float32: () => BigInt(gen.random() % (2 ** 24 + 1)),
    float64: () => gen.random64() % ((1n << 53n) + 1n),
  };
  fillIntegers(out, draw[dtype]);
}

/** `random_(from=-2^63, to=None)`: all 64 bits, signed. */
export function fillRandomFull64(out: TypedArray, gen: Generator = defaultGenerator): void {
  fillIntegers(out, () => BigInt.asIntN(64, gen.random64()));
}

function fillIntegers(out: TypedArray, draw: () => bigint): void {
  if (out instanceof BigInt64Array) {
    for (let i = 0; i < out.length; i++) out[i] = draw();
  } else {
    for (let i = 0; i < out.length; i++) out[i] = Number(draw());
  }
}

/** From this many elements on, 32 random bits would be visibly uneven (⌊(2^32 − 1)/20⌋ in PyTorch). */
const PERMUTATION_64_BIT = 214748364;

/** `randperm(n)` for n = out.length: Fisher–Yates from the front, "inside-out" with 64 bits if very long. */
export function fillRandperm(out: TypedArray, gen: Generator = defaultGenerator): void {
  if (out instanceof BigInt64Array) {
    const order = randperm(out.length, gen);
    for (let i = 0; i < order.length; i++) out[i] = BigInt(order[i]!);
    return;
  }
  const n = out.length;
  if (n >= PERMUTATION_64_BIT) {
    for (let i = 0; i < n; i++) {
      const z = Number(gen.random64() % BigInt(i + 1));
      out[i] = out[z]!;
      out[z] = i;
    }
    return;
  }
  for (let i = 0; i < n; i++) out[i] = i;
  for (let i = 0; i < n - 1; i++) {
    const z = i + (gen.random() % (n - i));
    const other = out[z]!;
    out[z] = out[i]!;
    out[i] = other;
  }
}

/**
 * `torch.randperm(n)`, n < 2^31.
 *
 * @throws RuntimeError for negative n.
 */
export function randperm(n: number, gen: Generator = defaultGenerator): Int32Array {
  if (n < 0) throw new RuntimeError(`Trying to create tensor with negative dimension ${n}: [${n}]`);
  const out = new Int32Array(n);
  fillRandperm(out, gen);
  return out;
}

/**
 * `bernoulli_(p)` with a number: 1 where a uniform double lies below p. Dropout draws its mask here.
 *
 * This is PyTorch's own kernel, which it uses everywhere but on Intel processors with MKL: there, MKL's
 * MCG31m1 generator is seeded with one draw and gives another, equally distributed mask.
 *
 * @throws RuntimeError unless 0 ≤ p ≤ 1.
 */
export function fillBernoulli(out: TypedArray, p: number, gen: Generator = defaultGenerator): void {
  if (!(p >= 0 && p <= 1)) throw new RuntimeError(`bernoulli_ expects p to be in [0, 1], but got p=${p}`);
  if (out instanceof BigInt64Array) {
    for (let i = 0; i < out.length; i++) out[i] = uniform64(gen) < p ? 1n : 0n;
  } else {
    for (let i = 0; i < out.length; i++) out[i] = uniform64(gen) < p ? 1 : 0;
  }
}

const BAD_PROBABILITY =
  "Expected p_in >= 0 && p_in <= 1 to be true, but got false.  " +
  "(Could this error message be improved?  If so, please report an enhancement request to PyTorch.)";

/**
 * `bernoulli_(p)` and `torch.bernoulli(p)` with a tensor of probabilities, one per element of `out`: a
 * float32 uniform per element, a double one where the probabilities are float64.
 *
 * @throws RuntimeError where a probability lies outside [0, 1]; elements before it are drawn already.
 */
export function fillBernoulliEach(
  out: TypedArray,
  p: Float32Array | Float64Array,
  gen: Generator = defaultGenerator,
): void {
  const draw = p instanceof Float64Array ? uniform64 : uniform32;
  for (let i = 0; i < out.length; i++) {
    const probability = p[i]!;
    if (!(probability >= 0 && probability <= 1)) throw new RuntimeError(BAD_PROBABILITY);
    const hit = draw(gen) < probability;
    if (out instanceof BigInt64Array) out[i] = hit ? 1n : 0n;
    else out[i] = hit ? 1 : 0;
  }
}

/** `geometric_(p)`: ⌈ln u / ln(1 − p)⌉, the number of trials up to the first success. */
export function fillGeometric(out: TypedArray, p: number, gen: Generator = defaultGenerator): void {
  if (!(p > 0 && p < 1)) throw new RuntimeError(`geometric_ expects p to be in (0, 1), but got p=${p}`);
  const scale = Math.log1p(-p);
  for (let i = 0; i < out.length; i++) {
    const trials = Math.ceil(Math.log(uniform64(gen)) / scale);
    if (out instanceof BigInt64Array) out[i] = BigInt(trials);
    else out[i] = trials;
  }
}
