/** @file One draw of fixtures/random.json, done with our own functions. */

import type { DTypeName } from "../../src/core/dtype.js";
import {
  fillBernoulli,
  fillBernoulliEach,
  fillGeometric,
  fillRandom,
  fillRandomFromTo,
  fillRandomFull64,
  fillRandperm,
} from "../../src/core/random/discrete.js";
import type { Generator } from "../../src/core/random/generator.js";
import { fillLogNormal, fillNormal } from "../../src/core/random/normal.js";
import { fillPoisson, multinomial } from "../../src/core/random/sampling.js";
import { fillStrided } from "../../src/core/random/strided.js";
import { type FloatArray, fillCauchy, fillExponential, fillUniform } from "../../src/core/random/uniform.js";
import type { TypedArray } from "../../src/core/storage.js";

export type Value = number | string;
export interface Step {
  op: string;
  size: number | number[];
  dtype: DTypeName;
  from: Value;
  to: Value;
  mean: number;
  std: number;
  p: number;
  lambd: number;
  median: number;
  sigma: number;
  step: number;
  rows: number;
  categories: number;
  replacement: boolean;
  /** Element type of the result, where it is not that of the argument. */
  result?: DTypeName;
  values?: Value[];
  head?: Value[];
  tail?: Value[];
  fnv1a?: string;
}
const ARRAYS = {
  float32: Float32Array,
  float64: Float64Array,
  int64: BigInt64Array,
  int32: Int32Array,
  uint8: Uint8Array,
  bool: Uint8Array,
};

const FILLS: Record<string, (out: TypedArray, step: Step, gen: Generator) => void> = {
  rand: (out, _, gen) => fillUniform(out as FloatArray, 0, 1, gen),
  uniform: (out, s, gen) => fillUniform(out as FloatArray, Number(s.from), Number(s.to), gen),
  uniform_sliced(out, s, gen) {
    const [rows, columns] = s.size as [number, number];
    const view = { data: out as FloatArray, shape: [rows, columns / 2], strides: [columns, 2], offset: 0 };
    fillStrided(view, (buffer) => fillUniform(buffer, Number(s.from), Number(s.to), gen));
  },
  randn: (out, _, gen) => fillNormal(out as FloatArray, 0, 1, gen),
  normal: (out, s, gen) => fillNormal(out as FloatArray, s.mean, s.std, gen),
  normal_transposed(out, s, gen) {
    const [rows, columns] = s.size as [number, number];
    const view = { data: out as FloatArray, shape: [rows, columns], strides: [1, rows], offset: 0 };
    const contiguous = rows === 1;
    fillStrided(view, (buffer) => fillNormal(buffer, s.mean, s.std, gen, { contiguous }));
  },
  bernoulli: (out, s, gen) => fillBernoulli(out, s.p, gen),
  bernoulli_each(out, _, gen) {
    const probabilities = (out as FloatArray).map((_, i) => (i % 33) / 32);
    fillBernoulliEach(out, probabilities, gen);
  },
  dropout(out, s, gen) {
    fillBernoulli(out, 1 - s.p, gen);
    (out as FloatArray).forEach((kept, i) => {
      out[i] = kept / (1 - s.p);
    });
  },
  random: (out, s, gen) => fillRandom(out, s.dtype, gen),
  random_range: (out, s, gen) => fillRandomFromTo(out, BigInt(s.from), BigInt(s.to), gen),
  random_full64: (out, _, gen) => fillRandomFull64(out, gen),
  randperm: (out, _, gen) => fillRandperm(out, gen),
  exponential: (out, s, gen) => fillExponential(out as FloatArray, s.lambd, gen),
  cauchy: (out, s, gen) => fillCauchy(out as FloatArray, s.median, s.sigma, gen),
  log_normal: (out, s, gen) => fillLogNormal(out as FloatArray, s.mean, s.std, gen),
  poisson: (out, s, gen) =>
    fillPoisson(
      out as FloatArray,
      (out as FloatArray).map((_, i) => i * s.step),
      gen,
    ),
  multinomial(out, s, gen) {
    const row = Array.from({ length: s.rows * s.categories }, (_, i) => i % 7);
    const weights = s.dtype === "float64" ? Float64Array.from(row) : Float32Array.from(row);
    const drawn = multinomial(weights, s.categories, out.length / s.rows, s.replacement, gen);
    (out as BigInt64Array).set(drawn);
  },
  geometric: (out, s, gen) => fillGeometric(out, s.p, gen),
};

/** The memory that a step fills, in address order. */
export function run(step: Step, gen: Generator): TypedArray {
  const size = Array.isArray(step.size) ? step.size.reduce((a, b) => a * b, 1) : step.size;
  const out = new ARRAYS[step.result ?? step.dtype](size);
  FILLS[step.op]!(out, step, gen);
  return out;
}
