/** @file Products of matrices with any strides, on the plain heap or through WebAssembly. */
import type { NumberArray } from "../storage.js";
import { claim, native, scratch } from "./native.js";

export interface Matrix {
  readonly data: NumberArray;
  readonly offset: number;
  /** Steps from row to row and from column to column: a transposed operand is read where it lies. */
  readonly row: number;
  readonly col: number;
}

/**
 * Multiplications from which a product of float32 goes through WebAssembly (measured: it wins from some 4,000).
 * Below it sums run in float64 and round once; from it they round at every step, as PyTorch's do.
 */
const NATIVE_FROM = 1 << 16;
/** Floats of scratch that one product may take; a larger one is made in parts. */
export const MOST_SCRATCH = 1 << 24;

/** out[m, n] = a[m, k] · b[k, n], row-major from `at`. */
export function gemm(
  a: Matrix,
  b: Matrix,
  out: NumberArray,
  at: number,
  m: number,
  k: number,
  n: number,
): void {
  if (
    native !== null &&
    m * k * n >= NATIVE_FROM &&
    m >= 4 &&
    n >= 4 &&
    out instanceof Float32Array &&
    a.data instanceof Float32Array &&
    b.data instanceof Float32Array &&
    nativeGemm(a, b, out, at, n, m, k, n)
  ) {
    return;
  }
  if (n >= 4 && m >= 4 && b.col !== 1) tiles(a, rowMajor(b, k, n), out, at, m, k, n);
  else if (n >= 4 && b.col === 1) tiles(a, b, out, at, m, k, n);
  else dots(a, b, out, at, 0, m, 0, n, k, n);
}

/** Elements from an operand's first to its last. */
function span(x: Matrix, rows: number, cols: number): number {
  return (rows - 1) * x.row + (cols - 1) * x.col + 1;
}

/** The operand itself, or a copy without gaps of one whose elements are scattered. */
function compact(x: Matrix, rows: number, cols: number): Matrix {
  return span(x, rows, cols) > 2 * rows * cols ? rowMajor(x, rows, cols) : x;
}

/** false where memory does not suffice. `ldc` is the step from row to row of `out`. */
function nativeGemm(
  a: Matrix,
  b: Matrix,
  out: Float32Array,
  at: number,
  ldc: number,
  m: number,
  k: number,
  n: number,
): boolean {
  const kernels = native!;
  const x = compact(a, m, k);
  const y = compact(b, k, n);
  const aSize = (span(x, m, k) + 3) & ~3;
  const bSize = (span(y, k, n) + 3) & ~3;
  const size = aSize + bSize + (kernels.gemmScratch(m, k, n) >> 2);
  if (size > MOST_SCRATCH && Math.max(m, n) > 64) return inHalves(x, y, out, at, ldc, m, k, n);
  const from = claim(size);
  if (from === null) return false;
  const memory = scratch();
  const second = from + aSize;
  memory.set((x.data as Float32Array).subarray(x.offset, x.offset + span(x, m, k)), from);
  memory.set((y.data as Float32Array).subarray(y.offset, y.offset + span(y, k, n)), second);
  const result =
    kernels.gemm(4 * from, x.row, x.col, 4 * second, y.row, y.col, m, k, n, 4 * (second + bSize)) >>> 2;
  if (ldc === n) out.set(memory.subarray(result, result + m * n), at);
  else {
    for (let i = 0; i < m; i++) {
      out.set(memory.subarray(result + i * n, result + (i + 1) * n), at + i * ldc);
    }
  }
  return true;
}

function inHalves(
  a: Matrix,
  b: Matrix,
  out: Float32Array,
  at: number,
  ldc: number,
  m: number,
  k: number,
  n: number,
): boolean {
  if (m >= n) {
    const top = (m >> 1) & ~3;
    const below = { ...a, offset: a.offset + top * a.row };
    return (
      nativeGemm(a, b, out, at, ldc, top, k, n) &&
      nativeGemm(below, b, out, at + top * ldc, ldc, m - top, k, n)
    );
  }
  const left = (n >> 1) & ~7;
  const right = { ...b, offset: b.offset + left * b.col };
  return (
    nativeGemm(a, b, out, at, ldc, m, k, left) && nativeGemm(a, right, out, at + left, ldc, m, k, n - left)
  );
}

/** Row-major copy of a k×n operand, so that the inner loop reads it with step 1. */
function rowMajor(b: Matrix, k: number, n: number): Matrix {
  const data = b.data instanceof Float32Array ? new Float32Array(k * n) : new Float64Array(k * n);
  let o = 0;
  for (let i = 0; i < k; i++) {
    let q = b.offset + i * b.row;
    for (let j = 0; j < n; j++, q += b.col) data[o++] = b.data[q]!;
  }
  return { data, offset: 0, row: n, col: 1 };
}

/** Rows × columns of a product, each an inner product of its own. */
function dots(
  a: Matrix,
  b: Matrix,
  out: NumberArray,
  at: number,
  fromRow: number,
  toRow: number,
  fromCol: number,
  toCol: number,
  k: number,
  n: number,
): void {
  for (let i = fromRow; i < toRow; i++) {
    for (let j = fromCol; j < toCol; j++) {
      out[at + i * n + j] = dotStrided(
        a.data,
        a.offset + i * a.row,
        a.col,
        b.data,
        b.offset + j * b.col,
        b.row,
        k,
      );
    }
  }
}

/** Tiles of 2×4 (b has column step 1), so that each element read is used several times. */
function tiles(a: Matrix, b: Matrix, out: NumberArray, at: number, m: number, k: number, n: number): void {
  const A = a.data;
  const Bd = b.data;
  const ac = a.col;
  const br = b.row;
  const m2 = m & ~1;
  const n4 = n & ~3;
  for (let i = 0; i < m2; i += 2) {
    const a0 = a.offset + i * a.row;
    const a1 = a0 + a.row;
    for (let j = 0; j < n4; j += 4) {
      let c00 = 0;
      let c01 = 0;
      let c02 = 0;
      let c03 = 0;
      let c10 = 0;
      let c11 = 0;
      let c12 = 0;
      let c13 = 0;
      let q = b.offset + j;
      let p0 = a0;
      let p1 = a1;
      for (let l = 0; l < k; l++) {
        const x0 = A[p0]!;
        const x1 = A[p1]!;
        const y0 = Bd[q]!;
        const y1 = Bd[q + 1]!;
        const y2 = Bd[q + 2]!;
        const y3 = Bd[q + 3]!;
        c00 += x0 * y0;
        c01 += x0 * y1;
        c02 += x0 * y2;
        c03 += x0 * y3;
        c10 += x1 * y0;
        c11 += x1 * y1;
        c12 += x1 * y2;
        c13 += x1 * y3;
        p0 += ac;
        p1 += ac;
        q += br;
      }
      const o = at + i * n + j;
      out[o] = c00;
      out[o + 1] = c01;
      out[o + 2] = c02;
      out[o + 3] = c03;
      out[o + n] = c10;
      out[o + n + 1] = c11;
      out[o + n + 2] = c12;
      out[o + n + 3] = c13;
    }
  }
  if (n4 < n) dots(a, b, out, at, 0, m2, n4, n, k, n);
  if (m2 < m) dots(a, b, out, at, m2, m, 0, n, k, n);
}

export function dotStrided(
  a: NumberArray,
  i: number,
  sa: number,
  b: NumberArray,
  j: number,
  sb: number,
  n: number,
): number {
  let total = 0;
  for (let k = 0; k < n; k++, i += sa, j += sb) total += a[i]! * b[j]!;
  return total;
}
