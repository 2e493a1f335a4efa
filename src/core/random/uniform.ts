/** @file Uniform reals, and the distributions that PyTorch derives from one uniform double per element. */

import { RuntimeError } from "../errors.js";
import { fma32, fma64 } from "./fma.js";
import { defaultGenerator, type Generator } from "./generator.js";

export type FloatArray = Float32Array | Float64Array;

/** Uniform in [0, 1) with the 24 bits of a float32, from 32 random bits. */
export function uniform32(gen: Generator): number {
  return (gen.random() & 0xff_ffff) * 2 ** -24;
}

/** Uniform in [0, 1) with the 53 bits of a double, from 64 random bits. */
export function uniform64(gen: Generator): number {
  return gen.random53() * 2 ** -53;
}

/** Uniforms in [0, 1) for all elements from `start` on. */
export function drawUnit(out: FloatArray, start: number, gen: Generator): void {
  if (out instanceof Float32Array) for (let i = start; i < out.length; i++) out[i] = uniform32(gen);
  else for (let i = start; i < out.length; i++) out[i] = uniform64(gen);
}

/**
 * `uniform_(from, to)` and, with 0 and 1, `rand`.
 *
 * @throws RuntimeError unless from ≤ to and both, and their difference, are finite in the element type.
 */
export function fillUniform(out: FloatArray, from = 0, to = 1, gen: Generator = defaultGenerator): void {
  if (from === 0 && to === 1) {
    drawUnit(out, 0, gen);
    return;
  }
  checkUniformBounds(out, from, to);
  if (out instanceof Float32Array) {
    const low = Math.fround(from);
    const high = Math.fround(to);
    const range = Math.fround(high - low);
    for (let i = 0; i < out.length; i++) {
      const value = fma32(uniform32(gen), range, low);
      out[i] = value === high ? low : value; // [from, to) though rounding may reach `to`
    }
    return;
  }
  const range = to - from;
  for (let i = 0; i < out.length; i++) {
    const value = fma64(uniform64(gen), range, from);
    out[i] = value === to ? from : value;
  }
}

function checkUniformBounds(out: FloatArray, from: number, to: number): void {
  const single = out instanceof Float32Array;
  const max = single ? 3.4028234663852886e38 : Number.MAX_VALUE;
  const type = single ? "float" : "double";
  if (!(Math.abs(from) <= max)) throw new RuntimeError(`from is out of bounds for ${type}`);
  if (!(Math.abs(to) <= max)) throw new RuntimeError(`to is out of bounds for ${type}`);
  if (from > to) {
    throw new RuntimeError(
      `uniform_ expects to return a [from, to) range, but found from=${from} > to=${to}`,
    );
  }
  if (to - from > max) {
    throw new RuntimeError(
      `uniform_ expects to-from <= std::numeric_limits<${single ? "Float" : "Double"}>::max(), but found to=${to} and from=${from} which result in to-from to exceed the limit`,
    );
  }
}

/** `exponential_(lambd)`: −ln(1 − u)/λ. */
export function fillExponential(out: FloatArray, lambd = 1, gen: Generator = defaultGenerator): void {
  if (!(lambd > 0)) throw new RuntimeError(`exponential_ expects lambda > 0.0, but found lambda=${lambd}`);
  const scale = -1 / lambd;
  for (let i = 0; i < out.length; i++) out[i] = scale * Math.log1p(-uniform64(gen));
}

/** `cauchy_(median, sigma)`: median + σ·tan(π(u − ½)). */
export function fillCauchy(out: FloatArray, median = 0, sigma = 1, gen: Generator = defaultGenerator): void {
  if (!(sigma > 0)) throw new RuntimeError(`cauchy_ expects sigma > 0.0, but found sigma=${sigma}`);
  for (let i = 0; i < out.length; i++) {
    out[i] = fma64(sigma, Math.tan(Math.PI * (uniform64(gen) - 0.5)), median);
  }
}
