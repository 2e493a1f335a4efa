/**
 * @file Normal samples by the Box–Muller transform, on the two paths that PyTorch's CPU kernel has: one
 * element after another below 16 elements (or in non-contiguous memory), blocks of 16 otherwise.
 */

import { RuntimeError } from "../errors.js";
import { LANES, lanes, logLanes, sincosLanes } from "./cephes32.js";
import { fma32, fma64 } from "./fma.js";
import { defaultGenerator, type Generator } from "./generator.js";
import { drawUnit, type FloatArray, uniform64 } from "./uniform.js";

const HALF_BLOCK = LANES;
const BLOCK = 2 * HALF_BLOCK;

/** How the elements lie in the tensor that is filled; PyTorch takes the block path only if contiguous. */
export interface FillLayout {
  contiguous?: boolean | undefined;
}

/**
 * `normal_(mean, std)` and, with 0 and 1, `randn`.
 *
 * float32 agrees with PyTorch on AVX2 and AVX-512 machines bit for bit; float64 goes through the platform's
 * own `log`, `sin` and `cos`, in PyTorch as here, and agrees to the last few units of the 16th digit.
 *
 * @throws RuntimeError for a negative or NaN std.
 */
export function fillNormal(
  out: FloatArray,
  mean = 0,
  std = 1,
  gen: Generator = defaultGenerator,
  { contiguous = true }: FillLayout = {},
): void {
  if (!(std >= 0)) throw new RuntimeError(`normal expects std >= 0.0, but found std ${std}`);
  if (out.length < BLOCK || !contiguous) {
    for (let i = 0; i < out.length; i++) out[i] = fma64(standardNormal(gen), std, mean);
  } else if (out instanceof Float32Array) {
    const [mean32, std32] = [Math.fround(mean), Math.fround(std)];
    fillBlocks(out, gen, (start) => transformBlock32(out, start, mean32, std32));
  } else {
    fillBlocks(out, gen, (start) => transformBlock64(out, start, mean, std));
  }
}

/** `log_normal_(mean, std)`: exp of a normal sample; always one element after another. */
export function fillLogNormal(out: FloatArray, mean = 1, std = 2, gen: Generator = defaultGenerator): void {
  if (!(std > 0)) throw new RuntimeError(`log_normal_ expects std > 0.0, but found std=${std}`);
  for (let i = 0; i < out.length; i++) out[i] = Math.exp(fma64(standardNormal(gen), std, mean));
}

/**
 * One standard normal double. Box–Muller makes two from two uniforms, (r cos θ, r sin θ) with
 * r = √(−2 ln(1 − u₂)), θ = 2π u₁; the generator keeps the second for the next call.
 */
export function standardNormal(gen: Generator): number {
  const kept = gen.keptNormal;
  if (kept !== null) {
    gen.keptNormal = null;
    return kept;
  }
  const theta = 2 * Math.PI * uniform64(gen);
  const radius = Math.sqrt(-2 * Math.log1p(-uniform64(gen)));
  gen.keptNormal = radius * Math.sin(theta);
  return radius * Math.cos(theta);
}

/**
 * Draws all uniforms first, then transforms blocks of 16 in place. Where the length is no multiple of 16,
 * the last 16 elements are drawn afresh and transformed, overlapping the block before.
 */
function fillBlocks(out: FloatArray, gen: Generator, transform: (start: number) => void): void {
  const size = out.length;
  drawUnit(out, 0, gen);
  for (let start = 0; start + BLOCK <= size; start += BLOCK) transform(start);
  if (size % BLOCK === 0) return;
  drawUnit(out, size - BLOCK, gen);
  transform(size - BLOCK);
}

const TWO_PI_32 = Math.fround(2 * Math.PI);
const radius = lanes();
const theta = lanes();
const sin = lanes();
const cos = lanes();

function transformBlock32(out: Float32Array, start: number, mean: number, std: number): void {
  for (let i = 0; i < LANES; i++) {
    radius[i] = 1 - out[start + i]!; // (0, 1], for the logarithm
    theta[i] = TWO_PI_32 * out[start + LANES + i]!;
  }
  logLanes(radius, radius);
  sincosLanes(theta, sin, cos);
  for (let i = 0; i < LANES; i++) {
    const r = Math.fround(Math.sqrt(Math.fround(-2 * radius[i]!)));
    out[start + i] = fma32(Math.fround(r * cos[i]!), std, mean);
    out[start + LANES + i] = fma32(Math.fround(r * sin[i]!), std, mean);
  }
}

function transformBlock64(out: Float64Array, start: number, mean: number, std: number): void {
  for (let i = start; i < start + HALF_BLOCK; i++) {
    const radius = Math.sqrt(-2 * Math.log(1 - out[i]!));
    const theta = 2 * Math.PI * out[i + HALF_BLOCK]!;
    out[i] = fma64(radius * Math.cos(theta), std, mean);
    out[i + HALF_BLOCK] = fma64(radius * Math.sin(theta), std, mean);
  }
}
