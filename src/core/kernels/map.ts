/** @file Any function of one, two or three elements, broadcast: for ops too rare for loops of their own. */
import { type DType, int64 } from "../dtype.js";
import { broadcastShapes, expandStrides, isDense, type Shape, type Size, sameShape } from "../shape.js";
import type { NumberArray } from "../storage.js";
import { roundTo } from "../storage.js";
import type { Tensor } from "../tensor.js";
import { castTo, contiguousOf, emptyLike, forEachRow, newTensor, readNumber, scalarTensor } from "./copy.js";
import { offsetsOf } from "./reduce.js";

/** `fn` of every element, computed in `dtype`; keeps the strides of a tensor without gaps. */
export function map1(self: Tensor, dtype: DType, fn: (x: number) => number, result: DType = dtype): Tensor {
  const t = castTo(self, dtype);
  if (t._numel === 1 && result !== int64 && dtype !== int64) {
    return scalarTensor(result, roundTo(result, fn(readNumber(t))), t._shape);
  }
  const a = t._contiguous || isDense(t._shape, t._strides) ? t : contiguousOf(t);
  const out = emptyLike(a, result);
  const from = a._storage.data;
  const to = out._storage.data;
  const offset = a._offset;
  if (dtype !== int64 && result !== int64) {
    for (let i = 0; i < a._numel; i++) (to as NumberArray)[i] = fn((from as NumberArray)[offset + i]!);
    return out;
  }
  const cast = result === int64 ? (x: number) => BigInt(Math.trunc(x)) : (x: number) => x;
  for (let i = 0; i < a._numel; i++) {
    (to as { [i: number]: number | bigint })[i] = cast(fn(Number(from[offset + i]!)));
  }
  return out;
}

/** `fn` of pairs of elements of two tensors, broadcast; both are cast to `dtype` first. */
export function map2(
  a: Tensor,
  b: Tensor,
  dtype: DType,
  fn: (x: number, y: number) => number,
  result: DType = dtype,
): Tensor {
  const x = castTo(a, dtype);
  const y = castTo(b, dtype);
  const out = resultOf([x, y], result);
  if (out._numel === 0) return out;
  const sx = expandStrides(x._shape, x._strides, out._shape);
  const sy = expandStrides(y._shape, y._strides, out._shape);
  const p = x._storage.data as NumberArray;
  const q = y._storage.data as NumberArray;
  const to = out._storage.data as NumberArray;
  if (out._contiguous && dtype !== int64 && result !== int64) {
    const n = out._shape.at(-1) ?? 1;
    const ix = sx.at(-1) ?? 0;
    const iy = sy.at(-1) ?? 0;
    let o = 0;
    forEachRow(out._shape, sx, x._offset, sy, y._offset, (i, j) => {
      for (let k = 0; k < n; k++) to[o++] = fn(p[i + k * ix]!, q[j + k * iy]!);
    });
    return out;
  }
  return mapStrided(out, [x, y], ([v, w]) => fn(v!, w!));
}

/** As `map2`, of three. */
export function map3(
  tensors: readonly [Tensor, Tensor, Tensor],
  dtype: DType,
  fn: (x: number, y: number, z: number) => number,
): Tensor {
  const cast = tensors.map((t) => castTo(t, dtype));
  const out = resultOf(cast, dtype);
  return out._numel === 0 ? out : mapStrided(out, cast, ([x, y, z]) => fn(x!, y!, z!));
}

function mapStrided(out: Tensor, inputs: readonly Tensor[], fn: (values: number[]) => number): Tensor {
  const dims = out._shape.map((_, d) => d);
  const at = inputs.map((t) => offsetsOf(out._shape, expandStrides(t._shape, t._strides, out._shape), dims));
  const target = offsetsOf(out._shape, out._strides, dims);
  const to = out._storage.data as { [i: number]: number | bigint };
  const long = out.dtype === int64;
  const values = inputs.map(() => 0);
  for (let i = 0; i < target.length; i++) {
    for (let k = 0; k < inputs.length; k++) {
      const t = inputs[k]!;
      values[k] = Number(t._storage.data[t._offset + at[k]![i]!]!);
    }
    const value = fn(values);
    to[target[i]!] = long ? BigInt(Math.trunc(value)) : value;
  }
  return out;
}

/** An uninitialised result of broadcasting: in the memory order of operands that fill it without gaps. */
function resultOf(inputs: readonly Tensor[], dtype: DType): Tensor {
  const shape: Size = inputs.map((t) => t._shape).reduce(broadcastShapes);
  const full = inputs.find((t) => sameShape(t._shape, shape));
  if (full === undefined || full._contiguous || !isDense(full._shape, full._strides as Shape)) {
    return newTensor(shape, dtype);
  }
  return emptyLike(full, dtype);
}
