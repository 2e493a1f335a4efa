/**
 * @file Sums and softmax of large float32 matrices through WebAssembly. Sums make the very additions of
 * cascade.ts, so their results are the same bit for bit. Each function answers false (or how much it has done)
 * where the plain loops have to do it.
 */
import type { NumberArray } from "../storage.js";
import { claim, native, scratch } from "./native.js";

/** Elements from which the copies pay (measured). */
const FROM = 1 << 13;
/** Elements of a piece, where rows are short enough. */
const PIECE = 16384;
/** The longest that is copied at once. */
const LONGEST = 1 << 24;
/** Four levels of 32 partial sums. */
const LEVELS = 4 * 32;
const PAD = 4;

function usable(a: NumberArray, to: NumberArray, size: number): boolean {
  return native !== null && size >= FROM && a instanceof Float32Array && to instanceof Float32Array;
}

/** to[i] = Σ of row i of a row-major matrix. */
export function nativeSumRows(
  a: NumberArray,
  from: number,
  rows: number,
  cols: number,
  to: NumberArray,
): boolean {
  if (!usable(a, to, rows * cols) || cols < 8 || cols > LONGEST) return false;
  const most = Math.max(1, Math.floor(PIECE / cols));
  const levels = claim(LEVELS + most * (cols + 1));
  if (levels === null) return false;
  const memory = scratch();
  const out = levels + LEVELS;
  const data = out + most;
  for (let i = 0; i < rows; i += most) {
    const count = Math.min(most, rows - i);
    const start = from + i * cols;
    memory.set((a as Float32Array).subarray(start, start + count * cols), data);
    native!.sumRows(4 * data, count, cols, 4 * out, 4 * levels);
    for (let k = 0; k < count; k++) to[i + k] = memory[out + k]!;
  }
  return true;
}

/**
 * Sums of the first columns of a row-major matrix, in groups of 32; returns how many columns are done. `block` is
 * the number of rows that are added up before partial sums are carried on.
 */
export function nativeSumColumns(
  a: NumberArray,
  from: number,
  rows: number,
  cols: number,
  block: number,
  to: NumberArray,
): number {
  const wide = cols >> 5;
  if (!usable(a, to, rows * cols) || wide === 0 || block * cols > LONGEST) return 0;
  const most = block * Math.max(1, Math.floor(PIECE / (block * cols)));
  const levels = claim(LEVELS * wide + most * cols);
  if (levels === null) return 0;
  const memory = scratch();
  const data = levels + LEVELS * wide;
  memory.fill(0, levels, data);
  for (let i = 0; i < rows; i += most) {
    const count = Math.min(most, rows - i);
    const start = from + i * cols;
    memory.set((a as Float32Array).subarray(start, start + count * cols), data);
    native!.sumColumns(4 * data, 4 * cols, i, count, rows, block, wide, 4 * levels);
  }
  (to as Float32Array).set(memory.subarray(levels, levels + 32 * wide));
  return 32 * wide;
}

/** softmax or log-softmax of each row. */
export function nativeSoftmax(
  a: NumberArray,
  from: number,
  rows: number,
  cols: number,
  log: boolean,
  to: NumberArray,
): boolean {
  if (!usable(a, to, rows * cols) || cols < 8 || cols > LONGEST) return false;
  const most = Math.max(1, Math.floor(PIECE / cols));
  const size = most * cols + PAD;
  const x = claim(2 * size);
  if (x === null) return false;
  const memory = scratch();
  const out = x + size;
  for (let i = 0; i < rows; i += most) {
    const count = Math.min(most, rows - i);
    const start = from + i * cols;
    memory.set((a as Float32Array).subarray(start, start + count * cols), x);
    native!.softmaxRows(4 * x, count, cols, log ? 1 : 0, 4 * out);
    (to as Float32Array).set(memory.subarray(out, out + count * cols), i * cols);
  }
  return true;
}

/** Their backward, of the gradient `g` and the result `y`. */
export function nativeSoftmaxBackward(
  g: NumberArray,
  gFrom: number,
  y: NumberArray,
  yFrom: number,
  rows: number,
  cols: number,
  log: boolean,
  to: NumberArray,
): boolean {
  if (!usable(g, to, rows * cols) || !(y instanceof Float32Array) || cols < 8 || cols > LONGEST) return false;
  const most = Math.max(1, Math.floor(PIECE / cols));
  const size = most * cols + PAD;
  const x = claim(3 * size);
  if (x === null) return false;
  const memory = scratch();
  const [result, out] = [x + size, x + 2 * size];
  for (let i = 0; i < rows; i += most) {
    const length = Math.min(most, rows - i) * cols;
    const at = i * cols;
    memory.set((g as Float32Array).subarray(gFrom + at, gFrom + at + length), x);
    memory.set(y.subarray(yFrom + at, yFrom + at + length), result);
    native!.softmaxBackwardRows(4 * x, 4 * result, length / cols, cols, log ? 1 : 0, 4 * out);
    (to as Float32Array).set(memory.subarray(out, out + length), at);
  }
  return true;
}
