/** @file Products of matrices and vectors. Small sums run in float64 and round once, unless said. */
import { int64 } from "../dtype.js";
import { RuntimeError } from "../errors.js";
import { type Size, sizeOf } from "../shape.js";
import type { NumberArray } from "../storage.js";
import type { Tensor } from "../tensor.js";
import { newTensor, rawTensor } from "./copy.js";
import { dotStrided, gemm, type Matrix } from "./gemm.js";

function matrix(t: Tensor, batch = 0): Matrix {
  const d = t._strides.length;
  const offset = t._offset + (d === 3 ? batch * t._strides[0]! : 0);
  return { data: t._storage.data as NumberArray, offset, row: t._strides[d - 2]!, col: t._strides[d - 1]! };
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
  const out = rawTensor(shape, a.dtype);
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
