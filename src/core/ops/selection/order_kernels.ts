/** @file Kernels of sorting and order statistics. */

import { int64 } from "../../dtype.js";
import { contiguousOf, newTensor } from "../../kernels/copy.js";
import { map1 } from "../../kernels/map.js";
import * as v from "../../kernels/views.js";
import { sizeOf } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { lines, type Memory, memory } from "./memory.js";

/** NaN is larger than everything. */
export function compare(a: number | bigint, b: number | bigint): number {
  if (a < b) return -1;
  if (a > b) return 1;
  // biome-ignore lint/suspicious/noSelfCompare: NaN is the one value unlike itself, bigints included
  return (a !== a ? 1 : 0) - (b !== b ? 1 : 0);
}

/** The order of a line's elements, equal ones as they stand. */
function orderOf(from: Memory, at: number, n: number, step: number, descending: boolean): number[] {
  const sign = descending ? -1 : 1;
  return Array.from({ length: n }, (_, i) => i).sort(
    (i, j) => sign * compare(from[at + i * step]!, from[at + j * step]!) || i - j,
  );
}

/** `choose` names, for every line of sorted positions, those to keep. */
export function pick(
  self: Tensor,
  dim: number,
  descending: boolean,
  size: number,
  choose: (order: number[], value: (i: number) => number | bigint) => number[],
): [Tensor, Tensor] {
  const a = contiguousOf(self);
  const { starts, n, step } = lines(a, dim);
  const shape = a._shape.map((m, d) => (d === dim ? size : m));
  const values = newTensor(sizeOf(shape), a.dtype);
  const indices = newTensor(sizeOf(shape), int64);
  const out = lines(values, dim);
  const from = memory(a);
  starts.forEach((start, s) => {
    const at = a._offset + start;
    const chosen = choose(orderOf(from, at, n, step, descending), (i) => from[at + i * step]!);
    chosen.forEach((i, k) => {
      memory(values)[out.starts[s]! + k * out.step] = from[at + i * step]!;
      memory(indices)[out.starts[s]! + k * out.step] = BigInt(i);
    });
  });
  return [values, indices];
}

export const dropDim = ([a, b]: [Tensor, Tensor], dim: number, keepdim: boolean): [Tensor, Tensor] =>
  keepdim || a._shape.length === 0 ? [a, b] : [v.squeeze(a, [dim]), v.squeeze(b, [dim])];

export function sort(self: Tensor, dim: number, descending: boolean): [Tensor, Tensor] {
  return pick(self, dim, descending, self._shape[dim] ?? 1, (order) => order);
}

export const isNaNValue = (x: number | bigint): boolean => typeof x === "number" && Number.isNaN(x);

/** The lower of the two middle elements; NaN wins, or is passed over. */
export function medianDim(self: Tensor, dim: number, keepdim: boolean, skipNaN: boolean): [Tensor, Tensor] {
  const found = pick(self, dim, false, 1, (order, value) => {
    const firstNaN = order.findIndex((i) => isNaNValue(value(i)));
    if (firstNaN >= 0 && !skipNaN) return [order[firstNaN]!];
    const count = firstNaN < 0 ? order.length : Math.max(firstNaN, 1);
    return [order[Math.floor((count - 1) / 2)]!];
  });
  return dropDim(found, dim, keepdim);
}

export function median(self: Tensor, skipNaN: boolean): Tensor {
  if (self._numel === 0) return map1(newTensor(sizeOf([]), self.dtype), self.dtype, () => NaN);
  const flat = v.view(contiguousOf(self), [self._numel]);
  return medianDim(flat, 0, false, skipNaN)[0];
}

/** The most frequent element, the smallest of equals; its last position. */
export function mode(self: Tensor, dim: number, keepdim: boolean): [Tensor, Tensor] {
  const found = pick(self, dim, false, 1, (order, value) => {
    let best = order[0]!;
    let most = 0;
    for (let i = 0; i < order.length; ) {
      let j = i;
      while (j < order.length && compare(value(order[i]!), value(order[j]!)) === 0) j++;
      if (j - i > most) {
        most = j - i;
        best = order[j - 1]!;
      }
      i = j;
    }
    return [best];
  });
  return dropDim(found, dim, keepdim);
}
