/** @file Ops that rearrange elements into new memory. */
import { type Shape, sizeOf } from "../shape.js";
import type { NumberArray } from "../storage.js";
import type { Tensor } from "../tensor.js";
import { copyInto, newTensor } from "./copy.js";
import { offsetsOf } from "./reduce.js";
import { window } from "./views.js";

export function repeat(self: Tensor, repeats: Shape): Tensor {
  const lead = repeats.length - self._shape.length;
  const own = repeats.map((_, d) => (d < lead ? 1 : self._shape[d - lead]!));
  const out = newTensor(sizeOf(own.map((n, d) => n * repeats[d]!)), self.dtype);
  // Seen as [repeat, own, repeat, own, …] the output is a broadcast of the input.
  const shape = own.flatMap((n, d) => [repeats[d]!, n]);
  const strides = own.flatMap((n, d) => [n * out._strides[d]!, out._strides[d]!]);
  const source = own.flatMap((_, d) => [0, d < lead ? 0 : self._strides[d - lead]!]);
  copyInto(window(out, shape, strides, 0), window(self, shape, source, self._offset), self.dtype);
  return out;
}

export function flip(self: Tensor, dims: readonly number[]): Tensor {
  const out = newTensor(self._shape, self.dtype);
  const all = self._shape.map((_, d) => d);
  const from = offsetsOf(
    self._shape,
    self._strides.map((s, d) => (dims.includes(d) ? -s : s)),
    all,
  );
  let start = self._offset;
  for (const d of dims) start += (self._shape[d]! - 1) * self._strides[d]!;
  const a = self._storage.data as NumberArray;
  const to = out._storage.data as NumberArray;
  for (let i = 0; i < from.length; i++) to[i] = a[start + from[i]!]!;
  return out;
}

/** The lower (or upper) triangle of the last two dimensions; zeros elsewhere. */
export function triangle(self: Tensor, diagonal: number, lower: boolean): Tensor {
  const out = copyInto(null, self, self.dtype);
  const rows = out._shape.at(-2)!;
  const cols = out._shape.at(-1)!;
  const data = out._storage.data;
  for (let at = 0; at < out._numel; at++) {
    const i = Math.floor(at / cols) % rows;
    const j = at % cols;
    if (lower ? j - i > diagonal : j - i < diagonal)
      (data as { [k: number]: unknown })[at] = typeof data[0] === "bigint" ? 0n : 0;
  }
  return out;
}

/** Zeros of shape `sizes` with `grad` written through the window `(shape, strides, offset)`. */
export function scatterWindow(grad: Tensor, sizes: Shape, at: (zeros: Tensor) => Tensor): Tensor {
  const out = newTensor(sizeOf(sizes), grad.dtype);
  copyInto(at(out), grad, grad.dtype);
  return out;
}
