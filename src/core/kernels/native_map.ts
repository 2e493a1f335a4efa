/**
 * @file Large pointwise operations in float32 through WebAssembly, a piece at a time: what is copied stays in the
 * processor's first caches. Each function answers false where the plain loops have to do it.
 */
import type { NumberArray } from "../storage.js";
import { claim, native, scratch } from "./native.js";

/** Elements from which the copies pay (measured). Smaller tensors keep the plain loops' rounding. */
export const MAP_FROM = 1 << 14;
/** Elements of a piece: three of them fit into the second cache, and the calls that copy them are few (measured). */
const PIECE = 8192;
/** Room for the last four vectors, which may run over. */
const PAD = 16;

/** The functions' codes in wasm/map.ts. */
export const NATIVE_UNARY = { exp: 0, sigmoid: 1, tanh: 2 } as const;
export const NATIVE_BINARY = {
  add: 0,
  sub: 1,
  mul: 2,
  div: 3,
  tanhBackward: 4,
  sigmoidBackward: 5,
  thresholdBackward: 6,
} as const;

/** out[0 … n) = f(a[offset … offset + n)). */
export function nativeUnary(
  code: number,
  out: NumberArray,
  a: NumberArray,
  offset: number,
  n: number,
): boolean {
  if (native === null || n < MAP_FROM || !(a instanceof Float32Array) || !(out instanceof Float32Array)) {
    return false;
  }
  const x = claim(2 * (PIECE + PAD));
  if (x === null) return false;
  const memory = scratch();
  const to = x + PIECE + PAD;
  for (let i = 0; i < n; i += PIECE) {
    const length = Math.min(PIECE, n - i);
    memory.set(a.subarray(offset + i, offset + i + length), x);
    native.map1(code, 4 * x, 4 * to, length);
    out.set(memory.subarray(to, to + length), i);
  }
  return true;
}

/** An operand of a pointwise operation over a matrix. */
export interface Rows {
  readonly data: NumberArray;
  readonly offset: number;
  /** From row to row: the number of columns, or 1 or 0 where the operand is broadcast. */
  readonly row: number;
  /** From column to column: 1, or 0 where the operand is broadcast. */
  readonly col: number;
}

/** out[rows, cols] = f(x, y), row-major, of broadcast operands. */
export function nativeBinary(
  code: number,
  out: NumberArray,
  x: Rows,
  y: Rows,
  rows: number,
  cols: number,
): boolean {
  if (native === null || rows * cols < MAP_FROM || !(out instanceof Float32Array)) return false;
  if (!(x.data instanceof Float32Array) || !(y.data instanceof Float32Array)) return false;
  if (x.col + y.col === 0) return false;
  if (rows === 1) return pieces(code, out, x, y, cols);
  // Many short rows would be calls, few long ones pieces that no cache holds.
  if (cols < 16 || cols > 2 * PIECE) return false;
  const most = Math.max(1, Math.floor(PIECE / cols));
  const size = most * cols + PAD;
  const from = claim(3 * size);
  if (from === null) return false;
  const memory = scratch();
  const [b, to] = [from + size, from + 2 * size];
  const [xRow, yRow] = [4 * x.row, 4 * y.row];
  if (x.row === 0) fill(memory, from, x, 0, 1, cols);
  if (y.row === 0) fill(memory, b, y, 0, 1, cols);
  for (let i = 0; i < rows; i += most) {
    const count = Math.min(most, rows - i);
    if (x.row !== 0) fill(memory, from, x, i, count, cols);
    if (y.row !== 0) fill(memory, b, y, i, count, cols);
    native.map2(code, 4 * from, xRow, 4 * x.col, 4 * b, yRow, 4 * y.col, 4 * to, count, cols);
    out.set(memory.subarray(to, to + count * cols), i * cols);
  }
  return true;
}

/** Copies `count` rows of an operand from row `first` on. */
function fill(memory: Float32Array, to: number, t: Rows, first: number, count: number, cols: number): void {
  const start = t.offset + first * t.row;
  const length = (count - 1) * t.row + (t.col === 0 ? 1 : cols);
  memory.set((t.data as Float32Array).subarray(start, start + length), to);
}

/** One long row. */
function pieces(code: number, out: Float32Array, x: Rows, y: Rows, n: number): boolean {
  const size = PIECE + PAD;
  const from = claim(3 * size);
  if (from === null) return false;
  const memory = scratch();
  const [b, to] = [from + size, from + 2 * size];
  const a = x.data as Float32Array;
  const c = y.data as Float32Array;
  if (x.col === 0) memory[from] = a[x.offset]!;
  if (y.col === 0) memory[b] = c[y.offset]!;
  for (let i = 0; i < n; i += PIECE) {
    const length = Math.min(PIECE, n - i);
    if (x.col !== 0) memory.set(a.subarray(x.offset + i, x.offset + i + length), from);
    if (y.col !== 0) memory.set(c.subarray(y.offset + i, y.offset + i + length), b);
    native!.map2(code, 4 * from, 0, 4 * x.col, 4 * b, 0, 4 * y.col, 4 * to, 1, length);
    out.set(memory.subarray(to, to + length), i);
  }
  return true;
}
