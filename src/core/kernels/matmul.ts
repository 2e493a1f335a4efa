/** @file Products of matrices and vectors. Sums run in float64 and round once, unless said. */
import { int64 } from "../dtype.js";
import { RuntimeError } from "../errors.js";
import { type Size, sizeOf } from "../shape.js";
import type { NumberArray } from "../storage.js";
import type { Tensor } from "../tensor.js";
import { newTensor } from "./copy.js";

interface Matrix {
  readonly data: NumberArray;
  readonly offset: number;
  /** Steps from row to row and from column to column: a transposed operand is read where it lies. */
  readonly row: number;
  readonly col: number;
}

function matrix(t: Tensor, batch = 0): Matrix {
  const d = t._strides.length;
  const offset = t._offset + (d === 3 ? batch * t._strides[0]! : 0);
  return { data: t._storage.data as NumberArray, offset, row: t._strides[d - 2]!, col: t._strides[d - 1]! };
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

/** out[m,n] = a[m,k] · b[k,n]. */
function gemm(a: Matrix, b: Matrix, out: NumberArray, at: number, m: number, k: number, n: number): void {
  if (n >= 4 && m >= 4 && b.col !== 1) tiles(a, rowMajor(b, k, n), out, at, m, k, n);
  else if (n >= 4 && b.col === 1) tiles(a, b, out, at, m, k, n);
  else dots(a, b, out, at, 0, m, 0, n, k, n);
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

function dotStrided(
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

/** Products and sums each rounded to float32, in order: what MKL does where it does not go by vectors. */
function dotRounded(
  a: Float32Array,
  i: number,
  sa: number,
  b: Float32Array,
  j: number,
  sb: number,
  n: number,
): number {
  let total = 0;
  for (let k = 0; k < n; k++, i += sa, j += sb) {
    total = Math.fround(total + Math.fround(a[i]! * b[j]!));
  }
  return total;
}

function dotLong(a: Tensor, i: number, sa: number, b: Tensor, j: number, sb: number, n: number): bigint {
  const x = a._storage.data as BigInt64Array;
  const y = b._storage.data as BigInt64Array;
  let total = 0n;
  for (let k = 0; k < n; k++) total += x[i + k * sa]! * y[j + k * sb]!;
  return total;
}

function sameType(a: Tensor, b: Tensor): void {
  if (a.dtype !== b.dtype) {
    throw new RuntimeError(`expected m1 and m2 to have the same dtype, but got: ${cName(a)} != ${cName(b)}`);
  }
}

/** C's name of an element type, as some messages print it. */
export function cName(t: Tensor): string {
  const names = {
    float32: "float",
    float64: "double",
    int64: "long long",
    int32: "int",
    uint8: "unsigned char",
    bool: "bool",
  };
  return names[t.dtype.name];
}

/** Matrix product [m,k]·[k,n], or for 3-dim tensors a batch of them. */
export function matmul(a: Tensor, b: Tensor): Tensor {
  sameType(a, b);
  const d = a._shape.length;
  const batches = d === 3 ? a._shape[0]! : 1;
  const m = a._shape[d - 2]!;
  const k = a._shape[d - 1]!;
  const n = b._shape[d - 1]!;
  const shape: Size = sizeOf(d === 3 ? [batches, m, n] : [m, n]);
  const out = newTensor(shape, a.dtype);
  const to = out._storage.data;
  for (let s = 0; s < batches; s++) {
    const x = matrix(a, s);
    const y = matrix(b, s);
    if (a.dtype === int64) {
      for (let i = 0; i < m * n; i++) {
        const row = x.offset + Math.floor(i / n) * x.row;
        to[s * m * n + i] = dotLong(a, row, x.col, b, y.offset + (i % n) * y.col, y.row, k);
      }
    } else gemm(x, y, to as NumberArray, s * m * n, m, k, n);
  }
  return out;
}

/** [m,k]·[k]. Rounds like PyTorch for transposed matrices and for rows of three and fewer. */
export function mv(a: Tensor, v: Tensor): Tensor {
  sameType(a, v);
  const m = a._shape[0]!;
  const k = a._shape[1]!;
  const out = newTensor(sizeOf([m]), a.dtype);
  const to = out._storage.data;
  const x = a._storage.data;
  const y = v._storage.data;
  const [row, col] = [a._strides[0]!, a._strides[1]!];
  const sv = v._strides[0]!;
  const inOrder = col !== 1 || k <= 3;
  for (let i = 0; i < m; i++) {
    const at = a._offset + i * row;
    if (a.dtype === int64) to[i] = dotLong(a, at, col, v, v._offset, sv, k);
    else if (inOrder && x instanceof Float32Array) {
      to[i] = dotRounded(x, at, col, y as Float32Array, v._offset, sv, k);
    } else to[i] = dotStrided(x as NumberArray, at, col, y as NumberArray, v._offset, sv, k);
  }
  return out;
}

/** Σ a·b over 1-dim tensors. */
export function dot(a: Tensor, b: Tensor): Tensor {
  const out = newTensor(sizeOf([]), a.dtype);
  const n = a._shape[0]!;
  out._storage.data[0] =
    a.dtype === int64
      ? dotLong(a, a._offset, a._strides[0]!, b, b._offset, b._strides[0]!, n)
      : dotStrided(
          a._storage.data as NumberArray,
          a._offset,
          a._strides[0]!,
          b._storage.data as NumberArray,
          b._offset,
          b._strides[0]!,
          n,
        );
  return out;
}
