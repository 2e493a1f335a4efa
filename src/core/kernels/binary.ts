/** @file Pointwise functions of two operands, broadcast against each other. */
import {
  bool,
  type DType,
  float32,
  getDefaultDType,
  int32,
  int64,
  KIND_BOOL,
  KIND_FLOAT,
  KIND_INT,
  promoteTypes,
} from "../dtype.js";
import { RuntimeError } from "../errors.js";
import {
  broadcastShapes,
  denseStridesLike,
  expandStrides,
  isDense,
  type Shape,
  type Size,
  sameShape,
} from "../shape.js";
import { allocate, type NumberArray, roundTo, Storage } from "../storage.js";
import { Tensor } from "../tensor.js";
import { castTo, forEachRow, newTensor, readNumber, scalarTensor } from "./copy.js";

export const B = {
  add: 0,
  sub: 1,
  mul: 2,
  div: 3,
  pow: 4,
  rsub: 5,
  maximum: 6,
  minimum: 7,
  remainder: 8,
  fmod: 9,
  floorDivide: 10,
  truncDivide: 11,
  atan2: 12,
  sigmoidBackward: 13,
  tanhBackward: 14,
  thresholdBackward: 15,
  eq: 16,
  ne: 17,
  lt: 18,
  le: 19,
  gt: 20,
  ge: 21,
  and: 22,
  or: 23,
  xor: 24,
} as const;
export type BinaryCode = (typeof B)[keyof typeof B];

/** Python's `%`: the sign of the divisor. */
function remainder(x: number, y: number): number {
  const r = x % y;
  return r !== 0 && r < 0 !== y < 0 ? r + y : r;
}

/** `floor(x / y)` without the rounding error of the division, as Python's `//`. */
function floorDivide(x: number, y: number): number {
  if (y === 0) return x / y;
  const mod = x % y;
  let div = (x - mod) / y;
  if (mod !== 0 && y < 0 !== mod < 0) div -= 1;
  if (div === 0) return x / y < 0 ? -0 : 0;
  const floor = Math.floor(div);
  return div - floor > 0.5 ? floor + 1 : floor;
}

export function binaryNumber(code: BinaryCode, x: number, y: number): number {
  switch (code) {
    case B.add:
      return x + y;
    case B.sub:
      return x - y;
    case B.mul:
      return x * y;
    case B.div:
      return x / y;
    case B.pow:
      return power(x, y);
    case B.rsub:
      return y - x;
    case B.maximum:
      return Math.max(x, y);
    case B.minimum:
      return Math.min(x, y);
    case B.remainder:
      return remainder(x, y);
    case B.fmod:
      return x % y;
    case B.floorDivide:
      return floorDivide(x, y);
    case B.truncDivide:
      return Math.trunc(x / y);
    case B.atan2:
      return Math.atan2(x, y);
    case B.sigmoidBackward:
      return x * (1 - y) * y;
    case B.tanhBackward:
      return x * (1 - y * y);
    case B.thresholdBackward:
      return y <= 0 ? 0 : x;
    case B.eq:
      return x === y ? 1 : 0;
    case B.ne:
      return x !== y ? 1 : 0;
    case B.lt:
      return x < y ? 1 : 0;
    case B.le:
      return x <= y ? 1 : 0;
    case B.gt:
      return x > y ? 1 : 0;
    case B.ge:
      return x >= y ? 1 : 0;
    case B.and:
      return x !== 0 && y !== 0 ? 1 : 0;
    case B.or:
      return x !== 0 || y !== 0 ? 1 : 0;
    case B.xor:
      return (x !== 0) !== (y !== 0) ? 1 : 0;
  }
}

/** `x ** y`; C's pow gives 1 for 1**nan and (-1)**inf where JavaScript gives NaN. */
export function power(x: number, y: number): number {
  if (y === 2) return x * x;
  if (x === 1 || (x === -1 && (y === Infinity || y === -Infinity))) return 1;
  return x ** y;
}

/** One row: strides 0 and 1 cover scalars and contiguous memory, others everything else. */
function binaryRow(
  code: BinaryCode,
  out: NumberArray,
  o: number,
  a: NumberArray,
  i: number,
  sa: number,
  b: NumberArray,
  j: number,
  sb: number,
  n: number,
): void {
  const end = o + n;
  switch (code) {
    case B.add:
      for (; o < end; o++, i += sa, j += sb) out[o] = a[i]! + b[j]!;
      return;
    case B.sub:
      for (; o < end; o++, i += sa, j += sb) out[o] = a[i]! - b[j]!;
      return;
    case B.mul:
      for (; o < end; o++, i += sa, j += sb) out[o] = a[i]! * b[j]!;
      return;
    case B.div:
      for (; o < end; o++, i += sa, j += sb) out[o] = a[i]! / b[j]!;
      return;
    case B.tanhBackward:
      for (; o < end; o++, i += sa, j += sb) {
        const y = b[j]!;
        out[o] = a[i]! * (1 - y * y);
      }
      return;
    case B.thresholdBackward:
      for (; o < end; o++, i += sa, j += sb) out[o] = b[j]! <= 0 ? 0 : a[i]!;
      return;
    default:
      for (; o < end; o++, i += sa, j += sb) out[o] = binaryNumber(code, a[i]!, b[j]!);
  }
}

/** One row against a plain number. */
function scalarRow(
  code: BinaryCode,
  out: NumberArray,
  a: NumberArray,
  i: number,
  sa: number,
  y: number,
  n: number,
): void {
  switch (code) {
    case B.add:
      for (let o = 0; o < n; o++, i += sa) out[o] = a[i]! + y;
      return;
    case B.sub:
      for (let o = 0; o < n; o++, i += sa) out[o] = a[i]! - y;
      return;
    case B.mul:
      for (let o = 0; o < n; o++, i += sa) out[o] = a[i]! * y;
      return;
    case B.div:
      for (let o = 0; o < n; o++, i += sa) out[o] = a[i]! / y;
      return;
    case B.pow:
      if (y === 2) {
        for (let o = 0; o < n; o++, i += sa) out[o] = a[i]! * a[i]!;
        return;
      }
      break;
  }
  for (let o = 0; o < n; o++, i += sa) out[o] = binaryNumber(code, a[i]!, y);
}

/** int64 arithmetic is exact; storing wraps modulo 2⁶⁴ as in C. */
function binaryBig(code: BinaryCode, x: bigint, y: bigint): bigint {
  switch (code) {
    case B.add:
      return x + y;
    case B.sub:
      return x - y;
    case B.rsub:
      return y - x;
    case B.mul:
      return x * y;
    case B.maximum:
      return x > y ? x : y;
    case B.minimum:
      return x < y ? x : y;
    case B.pow:
      return y < 0n ? (x === 1n ? 1n : x === -1n ? (y % 2n === 0n ? 1n : -1n) : 0n) : x ** y;
    case B.eq:
      return x === y ? 1n : 0n;
    case B.ne:
      return x !== y ? 1n : 0n;
    case B.lt:
      return x < y ? 1n : 0n;
    case B.le:
      return x <= y ? 1n : 0n;
    case B.gt:
      return x > y ? 1n : 0n;
    case B.ge:
      return x >= y ? 1n : 0n;
    case B.and:
      return x !== 0n && y !== 0n ? 1n : 0n;
    case B.or:
      return x !== 0n || y !== 0n ? 1n : 0n;
    case B.xor:
      return (x !== 0n) !== (y !== 0n) ? 1n : 0n;
  }
  if (y === 0n) throw new RuntimeError("ZeroDivisionError");
  const r = x % y;
  const differ = r !== 0n && r < 0n !== y < 0n;
  switch (code) {
    case B.remainder:
      return differ ? r + y : r;
    case B.floorDivide:
      return differ ? x / y - 1n : x / y;
    case B.fmod:
      return r;
    default:
      return x / y;
  }
}

/** What two operands compute in: PyTorch's promotion, where dimensioned tensors outrank 0-dim ones outrank numbers. */
export function resultType(a: Tensor, b: Tensor | number): DType {
  if (typeof b === "number") {
    const kind = Number.isInteger(b) ? KIND_INT : KIND_FLOAT;
    if (a.dtype.kind >= kind) return a.dtype;
    return kind === KIND_FLOAT ? getDefaultDType() : int64;
  }
  if (a.dtype === b.dtype) return a.dtype;
  const da = a._shape.length > 0;
  const db = b._shape.length > 0;
  if (da === db) return promoteTypes(a.dtype, b.dtype);
  const strong = da ? a.dtype : b.dtype;
  const weak = da ? b.dtype : a.dtype;
  return strong.kind >= weak.kind ? strong : weak;
}

/** `code` over both operands in type `compute`; the result is of type `result`. */
export function binary(
  code: BinaryCode,
  a: Tensor,
  b: Tensor | number,
  compute: DType = resultType(a, b),
  result: DType = compute,
): Tensor {
  if (compute === int64) return binaryLong(code, a, b, result);
  if (typeof b === "number") return withNumber(code, a, b, compute, result);
  if (a._numel === 1 && b._numel === 1) {
    const shape = a._shape.length >= b._shape.length ? a._shape : b._shape;
    const x = castNumber(a, compute);
    const y = castNumber(b, compute);
    const r = compute === int32 && code === B.mul ? Math.imul(x, y) : binaryNumber(code, x, y);
    return scalarTensor(result, roundTo(result, r), shape);
  }
  const x = a.dtype === compute ? a : castTo(a, compute);
  const y = b.dtype === compute ? b : castTo(b, compute);
  const out = emptyResult(x, y, result);
  const data = out._storage.data as NumberArray;
  const p = x._storage.data as NumberArray;
  const q = y._storage.data as NumberArray;
  if (compute === int32 && code === B.mul) return multiplyInt32(out, x, y);
  if (x._contiguous && y._contiguous && out._contiguous) {
    // Equal counts are not enough: [2, 1] and [2] make [2, 2].
    const n = out._numel;
    if ((x._numel === n || x._numel === 1) && (y._numel === n || y._numel === 1)) {
      const sx = x._numel === 1 ? 0 : 1;
      const sy = y._numel === 1 ? 0 : 1;
      binaryRow(code, data, 0, p, x._offset, sx, q, y._offset, sy, out._numel);
      return out;
    }
  } else if (sameLayout(x, y) && sameShape(out._strides, x._strides)) {
    binaryRow(code, data, 0, p, x._offset, 1, q, y._offset, 1, out._numel);
    return out;
  }
  return broadcastRows(code, out, x, y);
}

function castNumber(t: Tensor, compute: DType): number {
  const x = readNumber(t);
  return t.dtype === compute ? x : roundTo(compute, x);
}

function sameLayout(x: Tensor, y: Tensor): boolean {
  return sameShape(x._shape, y._shape) && sameShape(x._strides, y._strides) && isDense(x._shape, x._strides);
}

function broadcastRows(code: BinaryCode, out: Tensor, x: Tensor, y: Tensor): Tensor {
  if (out._numel === 0) return out;
  const data = out._storage.data as NumberArray;
  const p = x._storage.data as NumberArray;
  const q = y._storage.data as NumberArray;
  const target = out._contiguous ? out : newTensor(out._shape, out.dtype);
  const sx = expandStrides(x._shape, x._strides, out._shape);
  const sy = expandStrides(y._shape, y._strides, out._shape);
  const row = target._storage.data as NumberArray;
  const n = out._shape.at(-1)!;
  let o = 0;
  forEachRow(out._shape, sx, x._offset, sy, y._offset, (i, j) => {
    binaryRow(code, row, o, p, i, sx.at(-1)!, q, j, sy.at(-1)!, n);
    o += n;
  });
  if (target !== out) {
    o = 0;
    forEachRow(out._shape, out._strides, 0, out._strides, 0, (i) => {
      for (let k = 0; k < n; k++) data[i + k * out._strides.at(-1)!] = row[o++]!;
    });
  }
  return out;
}

function withNumber(code: BinaryCode, a: Tensor, b: number, compute: DType, result: DType): Tensor {
  const y = compute === float32 ? b : roundTo(compute, b);
  if (a._numel === 1) {
    const x = castNumber(a, compute);
    const r = compute === int32 && code === B.mul ? Math.imul(x, y) : binaryNumber(code, x, y);
    return scalarTensor(result, roundTo(result, r), a._shape);
  }
  const x = a.dtype === compute ? a : castTo(a, compute);
  if (compute === int32 && code === B.mul) {
    return binary(code, x, scalarTensor(int32, y, broadcastShapes([], [])), compute, result);
  }
  // A float32 operation rounds the number first, as PyTorch's kernels do.
  const scalar = compute === float32 ? Math.fround(y) : y;
  const dense = x._contiguous || isDense(x._shape, x._strides);
  const strides = dense ? x._strides : null;
  const out =
    strides === null
      ? newTensor(x._shape, result)
      : new Tensor(
          new Storage(result, x._numel, allocate(result, x._numel), 0),
          x._shape,
          strides,
          0,
          x._contiguous,
        );
  const data = out._storage.data as NumberArray;
  const p = x._storage.data as NumberArray;
  if (dense) scalarRow(code, data, p, x._offset, 1, scalar, x._numel);
  else {
    const q = Float64Array.of(scalar);
    const n = x._shape.at(-1)!;
    let o = 0;
    if (x._numel === 0) return out;
    forEachRow(x._shape, x._strides, x._offset, x._strides, 0, (i) => {
      binaryRow(code, data, o, p, i, x._strides.at(-1)!, q as NumberArray, 0, 0, n);
      o += n;
    });
  }
  return out;
}

function multiplyInt32(out: Tensor, x: Tensor, y: Tensor): Tensor {
  return pairwise(out, x, y, (p, q) => Math.imul(Number(p), Number(q)));
}

/** Any function of two elements, one call an element: for the rare types. */
function pairwise(
  out: Tensor,
  x: Tensor,
  y: Tensor,
  fn: (a: number | bigint, b: number | bigint) => number | bigint,
): Tensor {
  if (out._numel === 0) return out;
  const data = out._storage.data;
  const p = x._storage.data;
  const q = y._storage.data;
  const sx = expandStrides(x._shape, x._strides, out._shape);
  const sy = expandStrides(y._shape, y._strides, out._shape);
  const n = out._shape.at(-1) ?? 1;
  const ix = sx.at(-1) ?? 0;
  const iy = sy.at(-1) ?? 0;
  let o = 0;
  forEachRow(out._shape, sx, x._offset, sy, y._offset, (i, j) => {
    for (let k = 0; k < n; k++) data[o++] = fn(p[i + k * ix]!, q[j + k * iy]!);
  });
  return out;
}

function binaryLong(code: BinaryCode, a: Tensor, b: Tensor | number, result: DType): Tensor {
  const x = castTo(a, int64);
  const y = typeof b === "number" ? scalarTensor(int64, b, broadcastShapes([], [])) : castTo(b, int64);
  const out = newTensor(broadcastShapes(x._shape, y._shape), result);
  if (result === int64) return pairwise(out, x, y, (p, q) => binaryBig(code, p as bigint, q as bigint));
  return pairwise(out, x, y, (p, q) => Number(binaryBig(code, p as bigint, q as bigint)));
}

/** The output of a pointwise op: broadcast shape, and the operands' order of dimensions where they agree. */
function emptyResult(x: Tensor, y: Tensor, dtype: DType): Tensor {
  const shape: Size = sameShape(x._shape, y._shape) ? x._shape : broadcastShapes(x._shape, y._shape);
  const lead = x._shape === shape || sameShape(x._shape, shape) ? x : y;
  if (lead._contiguous && sameShape(lead._shape, shape)) {
    return new Tensor(
      new Storage(dtype, lead._numel, allocate(dtype, lead._numel), 0),
      shape,
      lead._strides,
      0,
      true,
    );
  }
  const strides = resultStrides(x, y, shape);
  if (strides === null) return newTensor(shape, dtype);
  let n = 1;
  for (const d of shape) n *= d;
  return new Tensor(new Storage(dtype, n, allocate(dtype, n), 0), shape, strides, 0, false);
}

function resultStrides(x: Tensor, y: Tensor, shape: Shape): Shape | null {
  const lead = sameShape(x._shape, shape) ? x : sameShape(y._shape, shape) ? y : null;
  if (lead === null || lead._contiguous) return null;
  return denseStridesLike(shape, lead._strides);
}

export const COMPARE_TYPE = bool;

/** The type comparisons are made in; bool operands compare as bools. */
export function isBool(dtype: DType): boolean {
  return dtype.kind === KIND_BOOL;
}
