/** @file Kernels of reading and writing by index or under a mask. */

import { int64 } from "../../dtype.js";
import { RuntimeError } from "../../errors.js";
import { castTo, contiguousOf, copyInto, newTensor } from "../../kernels/copy.js";
import { offsetsOf } from "../../kernels/reduce.js";
import * as v from "../../kernels/views.js";
import { expandStrides, type Shape, sizeOf } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { copy, type Memory, memory } from "./memory.js";

/** Positions in row-major order that a flat index names. */
function flatPositions(self: Tensor, index: Tensor): number[] {
  const n = self._numel;
  return v.indexNumbers(index).map((i) => {
    if (i < -n || i >= n)
      throw new RuntimeError(`out of range: tried to access index ${i} on a tensor of ${n} elements.`);
    return i < 0 ? i + n : i;
  });
}

export function take(self: Tensor, index: Tensor): Tensor {
  const a = contiguousOf(self);
  const out = newTensor(index._shape, self.dtype);
  flatPositions(self, index).forEach((p, i) => {
    memory(out)[i] = memory(a)[a._offset + p]!;
  });
  return out;
}

export function put(self: Tensor, index: Tensor, source: Tensor, accumulate: boolean): Tensor {
  const out = copy(self);
  const from = contiguousOf(source);
  const to = memory(out);
  flatPositions(self, index).forEach((p, i) => {
    const x = memory(from)[from._offset + i]!;
    to[p] = accumulate ? (to[p] as number) + (x as number) : x;
  });
  return out;
}

/** `self` and `mask` broadcast against each other: row-major offsets of elements under true. */
function maskedPositions(self: Tensor, mask: Tensor, shape: Shape): number[] {
  const dims = shape.map((_, d) => d);
  const flags = offsetsOf(shape, expandStrides(mask._shape, mask._strides, shape), dims);
  const places = offsetsOf(shape, expandStrides(self._shape, self._strides, shape), dims);
  const data = memory(mask);
  return [...places].filter((_, i) => data[mask._offset + flags[i]!] !== 0).map((p) => p + self._offset);
}

export function maskedSelect(self: Tensor, mask: Tensor, shape: Shape): Tensor {
  const at = maskedPositions(self, mask, shape);
  const out = newTensor(sizeOf([at.length]), self.dtype);
  at.forEach((p, i) => {
    memory(out)[i] = memory(self)[p]!;
  });
  return out;
}

export function maskedScatter(self: Tensor, mask: Tensor, source: Tensor, shape: Shape): Tensor {
  const out = copyInto(newTensor(sizeOf(shape), self.dtype), self, self.dtype);
  const from = contiguousOf(source);
  const at = maskedPositions(out, mask, shape);
  if (at.length > source._numel) {
    throw new RuntimeError("Number of elements of source < number of ones in mask");
  }
  at.forEach((p, i) => {
    memory(out)[p] = memory(from)[from._offset + i]!;
  });
  return out;
}

type Write = (to: Memory, at: number, x: number | bigint) => void;

/** Writes `source`'s slices along `dim` to the places that the 1-dim `index` names. */
export function indexWrite(self: Tensor, dim: number, index: Tensor, source: Tensor, write: Write): Tensor {
  const out = copy(self);
  const numbers = v.indexNumbers(index);
  const n = self._shape[dim] ?? 1;
  numbers.forEach((i, k) => {
    if (i < -n || i >= n) throw new RuntimeError("index out of range in self");
    const at = i < 0 ? i + n : i;
    const target = out._shape.length === 0 ? out : v.select(out, dim, at);
    const part = source._shape.length === 0 ? source : v.select(source, dim, k);
    const dims = target._shape.map((_, d) => d);
    const to = offsetsOf(target._shape, target._strides, dims);
    const from = offsetsOf(target._shape, expandStrides(part._shape, part._strides, target._shape), dims);
    to.forEach((o, e) => {
      write(memory(out), target._offset + o, memory(part)[part._offset + from[e]!]!);
    });
  });
  return out;
}

export const assign: Write = (to, at, x) => {
  to[at] = x;
};

export function indexFill(self: Tensor, dim: number, index: Tensor, value: number | Tensor): Tensor {
  const one = typeof value === "number" ? filledLike(self, value) : castTo(value, self.dtype);
  const sizes = self._shape.map((m, d) => (d === dim ? index._numel : m));
  return indexWrite(self, dim, index, v.expand(one, sizes), assign);
}

function filledLike(self: Tensor, value: number): Tensor {
  const out = newTensor(sizeOf([]), self.dtype);
  memory(out)[0] = self.dtype === int64 ? BigInt(value) : value;
  return out;
}

/** Visits (place in `self`, element of `src`) for every element of `index`. */
function scatterWith(out: Tensor, dim: number, index: Tensor, src: Tensor | number, write: Write): void {
  const dims = index._shape.map((_, d) => d);
  const zeroed = out._strides.map((s, d) => (d === dim ? 0 : s));
  const places = offsetsOf(index._shape, zeroed, dims);
  const from = typeof src === "number" ? null : offsetsOf(index._shape, src._strides, dims);
  const n = out._shape[dim] ?? 1;
  v.indexNumbers(index).forEach((k, i) => {
    if (k < 0 || k >= n) {
      throw new RuntimeError(`index ${k} is out of bounds for dimension ${dim} with size ${n}`);
    }
    const value = typeof src === "number" ? src : memory(src)[src._offset + from![i]!]!;
    write(memory(out), places[i]! + k * (out._strides[dim] ?? 0), value);
  });
}

export function scatter(self: Tensor, dim: number, index: Tensor, src: Tensor | number): Tensor {
  const out = copy(self);
  const value = typeof src === "number" && self.dtype === int64 ? filledLike(self, src) : src;
  const spread = typeof value === "number" || typeof src !== "number" ? value : v.expand(value, index._shape);
  scatterWith(out, dim, index, spread, assign);
  return out;
}

const FIRST: Readonly<Record<string, number>> = { sum: 0, mean: 0, prod: 1, amax: -Infinity, amin: Infinity };

/** Combines all values that meet in one place. */
export function scatterReduce(
  self: Tensor,
  dim: number,
  index: Tensor,
  src: Tensor,
  reduce: string,
  includeSelf: boolean,
): Tensor {
  const out = copy(self);
  if (index._numel === 0) return out;
  if (!includeSelf) {
    const first = FIRST[reduce]!;
    scatterWith(out, dim, index, first, assign);
  }
  const fold: Record<string, (a: number, b: number) => number> = {
    sum: (a, b) => a + b,
    mean: (a, b) => a + b,
    prod: (a, b) => a * b,
    amax: Math.max,
    amin: Math.min,
  };
  const f = fold[reduce]!;
  scatterWith(out, dim, index, src, (to, at, x) => {
    to[at] = f(to[at] as number, x as number);
  });
  if (reduce !== "mean") return out;
  const counts = new Float64Array(out._numel).fill(includeSelf ? 1 : 0);
  scatterWith(out, dim, index, 1, (_, at) => {
    counts[at]!++;
  });
  counts.forEach((c, i) => {
    memory(out)[i] = (memory(out)[i] as number) / Math.max(c, 1);
  });
  return out;
}
