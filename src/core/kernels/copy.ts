/** @file Moving elements: strided copies, casts, fills. */

import { bool, type DType, int64, uint8 } from "../dtype.js";
import { RuntimeError } from "../errors.js";
import {
  contiguousStrides,
  denseStridesLike,
  expandStrides,
  isDense,
  type Shape,
  type Size,
} from "../shape.js";
import { allocate, allocateRaw, type NumberArray, roundTo, Storage, type TypedArray } from "../storage.js";
import { Tensor } from "../tensor.js";

/** Elements that a typed array can have on every engine that runs this. */
export const MOST_ELEMENTS = 2 ** 31;

/** PyTorch's words for sizes below zero, or beyond any memory. */
export function refuseSize(shape: Size, dtype: DType): never {
  const negative = shape.find((n) => n < 0);
  if (negative !== undefined) {
    throw new RuntimeError(
      `Trying to create tensor with negative dimension ${negative}: [${shape.join(", ")}]`,
    );
  }
  const bytes = shape.reduce((a, n) => a * n, dtype.itemsize);
  if (!(bytes < 2 ** 63)) {
    throw new RuntimeError(
      `Storage size calculation overflowed with sizes=[${shape.map((n) => (Number.isSafeInteger(n) ? n : BigInt(Math.round(Math.min(n, 2 ** 63))))).join(", ")}]`,
    );
  }
  throw new RuntimeError(
    `[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate ${BigInt(bytes)} bytes. Error code 12 (Cannot allocate memory)`,
  );
}

/** A new row-major tensor of zeros. */
export function newTensor(shape: Size, dtype: DType): Tensor {
  if (shape.length === 0) return scalarTensor(dtype, 0, shape);
  const strides = contiguousStrides(shape);
  let n = 1;
  for (let i = 0; i < shape.length; i++) n *= shape[i]!;
  if (!(n >= 0 && n <= MOST_ELEMENTS)) refuseSize(shape, dtype);
  return new Tensor(new Storage(dtype, n, n === 1 ? null : allocate(dtype, n), 0), shape, strides, 0, true);
}

/** The same for whoever writes every element: what is in it may be anything. */
export function rawTensor(shape: Size, dtype: DType): Tensor {
  if (shape.length === 0) return scalarTensor(dtype, 0, shape);
  let n = 1;
  for (let i = 0; i < shape.length; i++) n *= shape[i]!;
  if (!(n >= 0 && n <= MOST_ELEMENTS)) refuseSize(shape, dtype);
  const array = n === 1 ? null : allocateRaw(dtype, n);
  return new Tensor(new Storage(dtype, n, array, 0), shape, contiguousStrides(shape), 0, true);
}

/** A new row-major tensor over `array`. */
export function wrapArray(array: TypedArray, shape: Size, dtype: DType): Tensor {
  return new Tensor(new Storage(dtype, array.length, array, 0), shape, contiguousStrides(shape), 0, true);
}

/** One element, kept outside any array; `shape` has one element in all. */
export function scalarTensor(dtype: DType, value: number, shape: Size): Tensor {
  return new Tensor(new Storage(dtype, 1, null, value), shape, contiguousStrides(shape), 0, true);
}

/** The first element as a number (rounded where an int64 needs more than 53 bits). */
export function readNumber(t: Tensor): number {
  const s = t._storage;
  if (s.array === null) return s.value;
  if (s.dtype === int64) return Number((s.array as BigInt64Array)[t._offset]!);
  return (s.array as NumberArray)[t._offset]!;
}

export function writeNumber(t: Tensor, value: number): void {
  const s = t._storage;
  if (s.array === null) s.value = roundTo(s.dtype, value);
  else if (s.dtype === int64) (s.array as BigInt64Array)[t._offset] = BigInt(Math.trunc(value));
  else if (s.dtype === bool) s.array[t._offset] = value !== 0 ? 1 : 0;
  else s.array[t._offset] = value;
}

type Converter = (from: TypedArray, i: number, to: TypedArray, o: number) => void;

const sameKind: Converter = (from, i, to, o) => {
  (to as NumberArray)[o] = (from as NumberArray)[i]!;
};
const bigToBig: Converter = (from, i, to, o) => {
  (to as BigInt64Array)[o] = (from as BigInt64Array)[i]!;
};
const bigToNumber: Converter = (from, i, to, o) => {
  (to as NumberArray)[o] = Number((from as BigInt64Array)[i]!);
};
const bigToSmall: Converter = (from, i, to, o) => {
  (to as NumberArray)[o] = Number(BigInt.asIntN(32, (from as BigInt64Array)[i]!));
};
const numberToBig: Converter = (from, i, to, o) => {
  const x = (from as NumberArray)[i]!;
  // C++ on x86 gives the most negative integer for what does not fit.
  (to as BigInt64Array)[o] = Math.abs(x) < 2 ** 63 ? BigInt(Math.trunc(x)) : -(2n ** 63n);
};
const toBool: Converter = (from, i, to, o) => {
  const x = from[i]!;
  (to as NumberArray)[o] = x === 0 || x === 0n ? 0 : 1;
};

function converter(from: DType, to: DType): Converter {
  if (to === bool) return toBool;
  if (from === int64) {
    if (to === int64) return bigToBig;
    return to.kind === 2 ? bigToNumber : bigToSmall;
  }
  return to === int64 ? numberToBig : sameKind;
}

/** Visits rows of `shape`'s innermost dimension: offsets of the row's first element in two operands. */
export function forEachRow(
  shape: Shape,
  sa: Shape,
  oa: number,
  sb: Shape,
  ob: number,
  visit: (a: number, b: number) => void,
): void {
  const outer = shape.length - 1;
  if (outer <= 0) {
    visit(oa, ob);
    return;
  }
  for (let d = 0; d < outer; d++) if (shape[d] === 0) return;
  const at = new Array<number>(outer).fill(0);
  let a = oa;
  let b = ob;
  for (;;) {
    visit(a, b);
    let d = outer - 1;
    for (; d >= 0; d--) {
      a += sa[d]!;
      b += sb[d]!;
      if (++at[d]! < shape[d]!) break;
      a -= sa[d]! * shape[d]!;
      b -= sb[d]! * shape[d]!;
      at[d] = 0;
    }
    if (d < 0) return;
  }
}

/**
 * Copies `src`, broadcast and cast, into `dst`'s elements. With `dst` null a new tensor of `src`'s shape is
 * made, row-major.
 */
export function copyInto(dst: Tensor | null, src: Tensor, dtype: DType): Tensor {
  const out = dst ?? rawTensor(src._shape, dtype);
  if (out._numel === 0) return out;
  if (out._numel === 1 && src._numel === 1 && src.dtype !== int64 && dtype !== int64) {
    writeNumber(out, readNumber(src));
    return out;
  }
  const from = src._storage.data;
  let to = out._storage.data;
  const strides =
    src._shape === out._shape ? src._strides : expandStrides(src._shape, src._strides, out._shape);
  let source = from;
  let sourceOffset = src._offset;
  if (dst !== null && from.buffer === to.buffer && !sameLayout(dst, src)) {
    // Source and destination overlap: go through a copy.
    source = from.slice() as TypedArray;
    sourceOffset = src._offset;
  }
  if (src.dtype === dtype && out._contiguous && src._contiguous && src._numel === out._numel) {
    to.set(source.subarray(sourceOffset, sourceOffset + src._numel) as never, out._offset);
    return out;
  }
  to = out._storage.data;
  copyRows(out, strides, source, sourceOffset, to, src.dtype, dtype);
  return out;
}

function copyRows(
  out: Tensor,
  strides: Shape,
  source: TypedArray,
  sourceOffset: number,
  to: TypedArray,
  fromType: DType,
  toType: DType,
): void {
  const convert = converter(fromType, toType);
  const n = out._shape.length === 0 ? 1 : out._shape.at(-1)!;
  const so = out._strides.at(-1) ?? 0;
  const si = strides.at(-1) ?? 0;
  const plain = convert === sameKind;
  forEachRow(out._shape, out._strides, out._offset, strides, sourceOffset, (o, i) => {
    if (plain) copyRow(to as NumberArray, o, so, source as NumberArray, i, si, n);
    else for (let k = 0; k < n; k++) convert(source, i + k * si, to, o + k * so);
  });
}

function copyRow(
  to: NumberArray,
  o: number,
  so: number,
  from: NumberArray,
  i: number,
  si: number,
  n: number,
): void {
  // The engine's own loops, where a row is long enough to pay for the call.
  if (so === 1 && n >= 64) {
    if (si === 0) {
      to.fill(from[i]!, o, o + n);
      return;
    }
    if (si === 1) {
      to.set(from.subarray(i, i + n), o);
      return;
    }
  }
  for (let k = 0; k < n; k++) {
    to[o] = from[i]!;
    o += so;
    i += si;
  }
}

function sameLayout(a: Tensor, b: Tensor): boolean {
  return a._offset === b._offset && a._strides.every((s, i) => s === b._strides[i]);
}

/** `t` itself where row-major, else a row-major copy. No history. */
export function contiguousOf(t: Tensor): Tensor {
  return t._contiguous ? t : copyInto(null, t, t.dtype);
}

/** `t` itself where it has `dtype`, else a cast copy. No history. */
export function castTo(t: Tensor, dtype: DType): Tensor {
  if (t.dtype === dtype) return t;
  if (!t._contiguous && isDense(t._shape, t._strides)) return copyInto(emptyLike(t, dtype), t, dtype);
  return copyInto(null, t, dtype);
}

/**
 * A new tensor with `t`'s shape that keeps its order of dimensions where `t` has no gaps. What is in it may be
 * anything.
 */
export function emptyLike(t: Tensor, dtype: DType): Tensor {
  if (t._contiguous) {
    const n = t._numel;
    return new Tensor(
      new Storage(dtype, n, n === 1 ? null : allocateRaw(dtype, n), 0),
      t._shape,
      t._strides,
      0,
      true,
    );
  }
  const strides = denseStridesLike(t._shape, t._strides);
  return new Tensor(
    new Storage(dtype, t._numel, allocateRaw(dtype, t._numel), 0),
    t._shape,
    strides,
    0,
    false,
  );
}

/** A copy that keeps a dense input's strides, as `clone` does. */
export function cloneOf(t: Tensor): Tensor {
  if (t._numel === 1 && t.dtype !== int64) return scalarLike(t, readNumber(t));
  if (!t._contiguous && isDense(t._shape, t._strides)) return copyInto(emptyLike(t, t.dtype), t, t.dtype);
  return copyInto(null, t, t.dtype);
}

function scalarLike(t: Tensor, value: number): Tensor {
  return scalarTensor(t.dtype, value, t._shape);
}

/** Writes one value into every element. */
export function fillWith(t: Tensor, value: number | bigint): void {
  const { dtype } = t;
  if (t._numel === 1 && dtype !== int64) {
    writeNumber(t, Number(value));
    return;
  }
  const data = t._storage.data;
  const v = dtype === int64 ? BigInt(value) : dtype === bool ? (value ? 1 : 0) : Number(value);
  if (t._contiguous) {
    (data as { fill(v: unknown, a: number, b: number): unknown }).fill(v, t._offset, t._offset + t._numel);
    return;
  }
  const n = t._shape.at(-1)!;
  const s = t._strides.at(-1)!;
  forEachRow(t._shape, t._strides, t._offset, t._strides, 0, (o) => {
    for (let k = 0; k < n; k++) (data as { [i: number]: unknown })[o + k * s] = v;
  });
}

export const isByte = (dtype: DType): boolean => dtype === bool || dtype === uint8;
