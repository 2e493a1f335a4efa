/** @file Pointwise functions of two operands, broadcast against each other. */
import { bool, type DType, float32, int32, int64, KIND_BOOL } from "../dtype.js";
import { broadcastShapes, expandStrides, isDense, type Shape, sameShape } from "../shape.js";
import { allocateRaw, type NumberArray, roundTo, Storage } from "../storage.js";
import { Tensor } from "../tensor.js";
import { B, type BinaryCode, binaryNumber } from "./binary_element.js";
import { binaryLong, multiplyInt32 } from "./binary_integers.js";
import { emptyResult, isExpanded, resultType } from "./binary_result.js";
import { binaryRow, scalarRow } from "./binary_rows.js";
import { castTo, copyInto, forEachRow, rawTensor, readNumber, scalarTensor } from "./copy.js";
import { MAP_FROM, NATIVE_BINARY, nativeBinary, type Rows } from "./native_map.js";
import { expand, window } from "./views.js";

export { B, type BinaryCode } from "./binary_element.js";
export { resultType } from "./binary_result.js";

/** Codes of the functions that have kernels in WebAssembly. */
const NATIVE: { readonly [code: number]: number | undefined } = {
  [B.add]: NATIVE_BINARY.add,
  [B.sub]: NATIVE_BINARY.sub,
  [B.mul]: NATIVE_BINARY.mul,
  [B.div]: NATIVE_BINARY.div,
  [B.tanhBackward]: NATIVE_BINARY.tanhBackward,
  [B.sigmoidBackward]: NATIVE_BINARY.sigmoidBackward,
  [B.thresholdBackward]: NATIVE_BINARY.thresholdBackward,
};

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
      run(code, data, p, x._offset, sx, q, y._offset, sy, n);
      return out;
    }
  } else if (sameLayout(x, y) && sameShape(out._strides, x._strides)) {
    run(code, data, p, x._offset, 1, q, y._offset, 1, out._numel);
    return out;
  }
  return broadcastRows(code, out, x, y);
}

/** The elements that an expanded tensor repeats, once each. */
function collapsed(t: Tensor): Tensor {
  const shape = t._shape.map((n, d) => (t._strides[d] === 0 ? Math.min(n, 1) : n));
  return window(t, shape, t._strides, t._offset);
}

/** All elements as one row. */
function run(
  code: BinaryCode,
  out: NumberArray,
  a: NumberArray,
  i: number,
  sa: number,
  b: NumberArray,
  j: number,
  sb: number,
  n: number,
): void {
  if (n >= MAP_FROM) {
    const code32 = NATIVE[code];
    const x = { data: a, offset: i, row: 0, col: sa };
    const y = { data: b, offset: j, row: 0, col: sb };
    if (code32 !== undefined && nativeBinary(code32, out, x, y, 1, n)) return;
  }
  binaryRow(code, out, 0, a, i, sa, b, j, sb, n);
}

/** Both operands as matrices, where their dimensions fold so. */
function broadcastNative(code: BinaryCode, out: Tensor, x: Tensor, sx: Shape, y: Tensor, sy: Shape): boolean {
  const code32 = NATIVE[code];
  if (code32 === undefined || out._numel < MAP_FROM) return false;
  const p = rowsOf(x, sx, out._shape);
  const q = rowsOf(y, sy, out._shape);
  const cols = out._shape.at(-1)!;
  return (
    p !== null &&
    q !== null &&
    nativeBinary(code32, out._storage.data as NumberArray, p, q, out._numel / cols, cols)
  );
}

/** A broadcast operand as rows of its last dimension; null where the others do not step evenly. */
function rowsOf(t: Tensor, strides: Shape, shape: Shape): Rows | null {
  const last = shape.length - 1;
  const col = strides[last]!;
  let row = 0;
  for (let d = last - 1; d >= 0; d--) {
    const expected = d === last - 1 ? strides[d]! : strides[d + 1]! * shape[d + 1]!;
    if (shape[d] !== 1 && strides[d] !== expected) return null;
  }
  if (last > 0) row = strides[last - 1]!;
  const even = row === 0 || (col === 1 ? row === shape[last] : row === 1);
  return even && (col === 1 || col === 0)
    ? { data: t._storage.data as NumberArray, offset: t._offset, row, col }
    : null;
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
  const target = out._contiguous ? out : rawTensor(out._shape, out.dtype);
  const sx = expandStrides(x._shape, x._strides, out._shape);
  const sy = expandStrides(y._shape, y._strides, out._shape);
  const row = target._storage.data as NumberArray;
  const n = out._shape.at(-1)!;
  if (target === out && broadcastNative(code, out, x, sx, y, sy)) return out;
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
  if (a._numel >= MAP_FROM && isExpanded(a)) {
    const part = withNumber(code, collapsed(a), b, compute, result);
    return copyInto(null, expand(part, a._shape), result);
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
      ? rawTensor(x._shape, result)
      : new Tensor(
          new Storage(result, x._numel, allocateRaw(result, x._numel), 0),
          x._shape,
          strides,
          0,
          x._contiguous,
        );
  const data = out._storage.data as NumberArray;
  const p = x._storage.data as NumberArray;
  if (dense) {
    if (x._numel >= MAP_FROM) {
      const code32 = NATIVE[code];
      const row = { data: p, offset: x._offset, row: 0, col: 1 };
      const number = { data: Float32Array.of(scalar), offset: 0, row: 0, col: 0 };
      if (code32 !== undefined && nativeBinary(code32, data, row, number, 1, x._numel)) return out;
    }
    scalarRow(code, data, p, x._offset, 1, scalar, x._numel);
  } else {
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
export const COMPARE_TYPE = bool;

/** The type comparisons are made in; bool operands compare as bools. */
export function isBool(dtype: DType): boolean {
  return dtype.kind === KIND_BOOL;
}
