/** @file Kernels of rolled, unfolded, split and padded tensors. */
import { promoteTypes } from "../../dtype.js";
import { castTo, copyInto, fillWith, newTensor } from "../../kernels/copy.js";
import { sum } from "../../kernels/reduce.js";
import { flip } from "../../kernels/shape_ops.js";
import * as v from "../../kernels/views.js";
import { type Shape, sizeOf } from "../../shape.js";
import type { Tensor } from "../../tensor.js";

type Dims = readonly number[];

const copy = (t: Tensor): Tensor => copyInto(null, t, t.dtype);

/** Dimension by dimension: the tail of `shift` elements comes to the front. */
function roll(self: Tensor, shifts: Dims, dims: Dims): Tensor {
  // Without dimensions, over all elements in order.
  if (dims.length === 0) return v.view(roll(v.view(copy(self), [self._numel]), shifts, [0]), self._shape);
  return dims.reduce((t, dim, i) => {
    const n = t._shape[dim]!;
    if (n === 0) return copy(t);
    const shift = ((shifts[i]! % n) + n) % n;
    const out = newTensor(t._shape, t.dtype);
    copyInto(v.slice(out, dim, shift, n, 1), v.slice(t, dim, 0, n - shift, 1), t.dtype);
    copyInto(v.slice(out, dim, 0, shift, 1), v.slice(t, dim, n - shift, n, 1), t.dtype);
    return out;
  }, copy(self));
}

function rot90(self: Tensor, k: number, [a, b]: Dims): Tensor {
  const turns = ((k % 4) + 4) % 4;
  if (turns === 1) return v.transpose(flip(self, [b!]), a!, b!);
  if (turns === 2) return flip(self, [a!, b!]);
  return turns === 3 ? v.transpose(flip(self, [a!]), a!, b!) : self;
}

/** All windows of `size` along a dimension, `step` apart; the window is a new last dimension. */
function unfold(self: Tensor, dim: number, size: number, step: number): Tensor {
  const n = self._shape[dim] ?? 1;
  const stride = self._strides[dim] ?? 1;
  const count = Math.floor((n - size) / step) + 1;
  const shape = self._shape.length === 0 ? [] : [...self._shape];
  const strides = [...self._strides];
  if (shape.length > 0) {
    shape[dim] = count;
    strides[dim] = stride * step;
  }
  return v.window(self, [...shape, size], [...strides, stride], self._offset);
}

/** Adds every window back to where it came from. */
function unfoldBackward(grad: Tensor, sizes: Shape, dim: number, size: number, step: number): Tensor {
  const out = newTensor(sizeOf(sizes), grad.dtype);
  const last = grad._shape.length - 1;
  for (let k = 0; k < size; k++) {
    const term = v.select(grad, last, k);
    const target =
      sizes.length === 0 ? out : v.slice(out, dim, k, k + step * (term._shape[dim]! - 1) + 1, step);
    addInto(target, term);
  }
  return out;
}

/** target += term, element by element. */
export function addInto(target: Tensor, term: Tensor): void {
  const sum = copy(target);
  const from = copy(term)._storage.data as Float64Array;
  const to = sum._storage.data as Float64Array;
  for (let i = 0; i < to.length; i++) to[i]! += from[i]!;
  copyInto(target, sum, target.dtype);
}

function diagEmbed(self: Tensor, offset: number, d1: number, d2: number): Tensor {
  const shape = [...self._shape];
  const n = (shape.pop() ?? 1) + Math.abs(offset);
  const [low, high] = d1 < d2 ? [d1, d2] : [d2, d1];
  shape.splice(low, 0, n);
  shape.splice(high, 0, n);
  const out = newTensor(sizeOf(shape), self.dtype);
  copyInto(v.diagonal(out, offset, d1, d2), self, self.dtype);
  return out;
}

function blockDiag(tensors: readonly Tensor[]): Tensor {
  const dtype = tensors.map((t) => t.dtype).reduce(promoteTypes);
  const blocks = tensors.map((t) => {
    if (t._shape.length === 2) return t;
    return v.view(copy(t), t._shape.length === 0 ? [1, 1] : [1, t._shape[0]!]);
  });
  const rows = blocks.reduce((n, t) => n + t._shape[0]!, 0);
  const cols = blocks.reduce((n, t) => n + t._shape[1]!, 0);
  const out = newTensor(sizeOf([rows, cols]), dtype);
  let row = 0;
  let col = 0;
  for (const t of blocks) {
    const [m, n] = t._shape as Shape as [number, number];
    copyInto(v.slice(v.slice(out, 0, row, row + m, 1), 1, col, col + n, 1), t, dtype);
    row += m;
    col += n;
  }
  return out;
}

/** Pads (or, with negative numbers, crops) from the last dimension backwards. */
export function constantPad(self: Tensor, pad: Dims, value: number): Tensor {
  const n = self._shape.length;
  const before = (d: number): number => pad[2 * (n - 1 - d)] ?? 0;
  const after = (d: number): number => pad[2 * (n - 1 - d) + 1] ?? 0;
  const out = newTensor(sizeOf(self._shape.map((size, d) => size + before(d) + after(d))), self.dtype);
  fillWith(out, value);
  let source = self;
  let target = out;
  self._shape.forEach((size, d) => {
    const from = Math.max(-before(d), 0);
    const to = size - Math.max(-after(d), 0);
    source = v.slice(source, d, from, to, 1);
    const start = Math.max(before(d), 0);
    target = v.slice(target, d, start, start + (to - from), 1);
  });
  copyInto(target, source, self.dtype);
  return out;
}

/** A copy of `self` with `src` written through one of its views. */
function scattered(self: Tensor, src: Tensor, at: (t: Tensor) => Tensor): Tensor {
  const out = copy(self);
  copyInto(at(out), castTo(src, self.dtype), self.dtype);
  return out;
}

const all = (t: Tensor): number[] => t._shape.map((_, d) => d);
const t2 = (t: Tensor): Tensor => (t._shape.length < 2 ? t : v.transpose(t, 0, 1));

export const layoutKernels = {
  roll,
  rot90: (self: Tensor, k: number, dims: Dims) => copy(rot90(self, k, dims)),
  unfold,
  unfold_backward: unfoldBackward,
  diag_embed: diagEmbed,
  trace: (self: Tensor) => sumAll(v.diagonal(self, 0, 0, 1)),
  block_diag: blockDiag,
  unsafe_split: (self: Tensor, sizes: Dims, dim: number) => v.split(self, sizes, dim).map(copy),
  constant_pad_nd: constantPad,
  select_scatter: (self: Tensor, src: Tensor, dim: number, index: number) =>
    scattered(self, src, (t) => v.select(t, dim, index)),
  slice_scatter: (self: Tensor, src: Tensor, dim: number, start: number, end: number, step: number) =>
    scattered(self, src, (t) => v.slice(t, dim, start, end, step)),
  diagonal_scatter: (self: Tensor, src: Tensor, offset: number, d1: number, d2: number) =>
    scattered(self, src, (t) => v.diagonal(t, offset, d1, d2)),
  as_strided_scatter: (self: Tensor, src: Tensor, size: Shape, stride: Shape, offset: number) =>
    scattered(self, src, (t) => v.window(t, size, stride, offset)),
  _reshape_alias: v.view,
  squeeze_dims_: v.squeeze,

  alias_copy: copy,
  as_strided_copy: (self: Tensor, size: Shape, stride: Shape, offset: number) =>
    copy(v.window(self, size, stride, offset)),
  diagonal_copy: (self: Tensor, offset: number, d1: number, d2: number) =>
    copy(v.diagonal(self, offset, d1, d2)),
  expand_copy: (self: Tensor, size: Shape) => copy(v.expand(self, size)),
  permute_copy: (self: Tensor, dims: Dims) => copy(v.permute(self, dims)),
  split_with_sizes_copy: (self: Tensor, sizes: Dims, dim: number) => v.split(self, sizes, dim).map(copy),
  squeeze_copy: (self: Tensor) => copy(v.squeeze(self, all(self))),
  squeeze_copy_dim: (self: Tensor, dim: number) => copy(v.squeeze(self, [dim])),
  squeeze_copy_dims: (self: Tensor, dims: Dims) => copy(v.squeeze(self, dims)),
  t_copy: (self: Tensor) => copy(t2(self)),
  transpose_copy: (self: Tensor, d0: number, d1: number) => copy(v.transpose(self, d0, d1)),
  unbind_copy: (self: Tensor, dim: number) => v.unbind(self, dim).map(copy),
  unfold_copy: (self: Tensor, dim: number, size: number, step: number) => copy(unfold(self, dim, size, step)),
  unsqueeze_copy: (self: Tensor, dim: number) => copy(v.unsqueeze(self, dim)),
  view_copy: (self: Tensor, size: Shape) => copy(v.view(self, size)),
};

function sumAll(t: Tensor): Tensor {
  return sum(t, null, false);
}
