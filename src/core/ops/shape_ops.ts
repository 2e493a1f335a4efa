/** @file Reshaping, viewing, joining. */

import { connect, gradFnOf, needsGrad } from "../autograd/edges.js";
import { mode } from "../autograd/grad_mode.js";
import { Node } from "../autograd/node.js";
import { argumentError, IndexError, RuntimeError, ValueError } from "../errors.js";
import {
  formatShape,
  inferSize,
  normalizeDim,
  type Shape,
  sameShape,
  sizeOf,
  viewStrides,
} from "../shape.js";
import type { Tensor } from "../tensor.js";
import { warn } from "../warnings.js";
import { tensorArg, tensorsArg } from "./check.js";
import { call, call1, callView, callViews } from "./dispatch.js";
import { type Op, ops } from "./op.js";
import { contiguous } from "./pointwise.js";
import { beforeWrite } from "./write.js";

const wrap = (self: Tensor, dim: number): number => normalizeDim(dim, self._shape.length);

export function view(self: Tensor, size: Shape): Tensor {
  return callView(ops.view, self, size);
}

/** A view where memory allows it, else a copy: the graph PyTorch records in each case. */
export function reshape(self: Tensor, size: Shape): Tensor {
  const shape = inferSize(size, tensorArg("reshape", "input", 1, self)._numel);
  if (self._contiguous) return view(self, shape);
  if (viewStrides(self._shape, self._strides, shape) !== null)
    return callView(ops._reshape_alias, self, shape);
  return call1(ops._unsafe_view, contiguous(self), shape);
}

export function t(self: Tensor): Tensor {
  if (self._shape.length > 2) {
    throw new RuntimeError(`t() expects a tensor with <= 2 dimensions, but self is ${self._shape.length}D`);
  }
  return callView(ops.t, self);
}

/** `x.T`: dimensions reversed. */
export function numpyT(self: Tensor): Tensor {
  const n = self._shape.length;
  if (n !== 2 && n !== 0) {
    warn(
      "The use of `x.T` on tensors of dimension other than 2 to reverse their shape is deprecated and it will " +
        "throw an error in a future release. Consider `x.mT` to transpose batches of matrices or " +
        "`x.permute(*torch.arange(x.ndim - 1, -1, -1))` to reverse the dimensions of a tensor.",
    );
  }
  return permute(
    self,
    self._shape.map((_, d) => n - 1 - d),
  );
}

export function transpose(self: Tensor, dim0: number, dim1: number): Tensor {
  return callView(ops.transpose, self, wrap(self, dim0), wrap(self, dim1));
}

export function permute(self: Tensor, dims: readonly number[]): Tensor {
  if (dims.length !== self._shape.length) {
    throw new RuntimeError(
      `permute(sparse_coo): number of dimensions in the tensor input does not match the length of the desired ordering of dimensions i.e. input.dim() = ${self._shape.length} is not equal to len(dims) = ${dims.length}`,
    );
  }
  const order = dims.map((d) => wrap(self, d));
  if (new Set(order).size !== order.length)
    throw new RuntimeError("permute(): duplicate dims are not allowed.");
  return callView(ops.permute, self, order);
}

export function expand(self: Tensor, size: Shape): Tensor {
  return callView(ops.expand, self, size);
}

export function squeeze(self: Tensor, dim?: number | readonly number[] | null): Tensor {
  if (dim === undefined || dim === null) return callView(ops.squeeze, self);
  if (typeof dim === "number") return callView(ops.squeeze_dim, self, wrap(self, dim));
  if (!Array.isArray(dim)) throw argumentError("squeeze", "dim", 1, "int", dim);
  return callView(
    ops.squeeze_dims,
    self,
    (dim as readonly number[]).map((d) => wrap(self, d)),
  );
}

export function unsqueeze(self: Tensor, dim: number): Tensor {
  return callView(ops.unsqueeze, self, normalizeDim(dim, self._shape.length + 1));
}

export function select(self: Tensor, dim: number, index: number): Tensor {
  if (self._shape.length === 0) throw new IndexError("select() cannot be applied to a 0-dim tensor.");
  return callView(ops.select, self, wrap(self, dim), index);
}

const END = 2 ** 53;

export function slice(
  self: Tensor,
  dim: number,
  start: number | null,
  end: number | null,
  step: number | null,
): Tensor {
  const s = step ?? 1;
  if (s <= 0) throw new ValueError("slice step must be positive");
  return callView(ops.slice, self, wrap(self, dim), start ?? 0, end ?? END, s);
}

export function narrow(self: Tensor, dim: number, start: number, length: number): Tensor {
  const d = wrap(self, dim);
  const n = self._shape[d]!;
  const from = start < 0 ? start + n : start;
  if (from < 0 || from + length > n) {
    throw new RuntimeError(`start (${start}) + length (${length}) exceeds dimension size (${n}).`);
  }
  return callView(ops.slice, self, d, from, from + length, 1);
}

export function as_strided(self: Tensor, size: Shape, stride: Shape, offset = self._offset): Tensor {
  return callView(ops.as_strided, self, size, stride, offset);
}

export function alias(self: Tensor): Tensor {
  return callView(ops.alias, self);
}

export function diagonal(self: Tensor, offset = 0, dim1 = 0, dim2 = 1): Tensor {
  return callView(ops.diagonal, self, offset, wrap(self, dim1), wrap(self, dim2));
}

export function unbind(self: Tensor, dim = 0): Tensor[] {
  return callViews(ops.unbind, self, wrap(self, dim));
}

/** Pieces of `size` along `dim` (the last may be smaller), or of the sizes listed. */
export function split(self: Tensor, size: number | readonly number[], dim = 0): Tensor[] {
  const d = wrap(self, dim);
  const n = self._shape[d]!;
  if (typeof size !== "number") {
    if (!Array.isArray(size)) throw argumentError("split", "split_size", 1, "int", size);
    const total = size.reduce((sum, part) => sum + part, 0);
    if (total !== n) {
      throw new RuntimeError(
        `split_with_sizes expects split_sizes to sum exactly to ${n} (input tensor's size at dimension ${d}), but got split_sizes=${formatShape(size)}`,
      );
    }
    return callViews(ops.split_with_sizes, self, size, d);
  }
  if (size < 0) {
    throw new RuntimeError(`split expects split_size be non-negative, but got split_size=${size}`);
  }
  if (!(size > 0) && n > 0) {
    throw new RuntimeError(`split_size can only be 0 if dimension size is 0, but got dimension size of ${n}`);
  }
  const sizes: number[] = [];
  for (let at = 0; at < n || sizes.length === 0; at += size) sizes.push(Math.min(size, n - at));
  return callViews(ops.split, self, sizes, d);
}

export function chunk(self: Tensor, chunks: number, dim = 0): Tensor[] {
  const n = self._shape[wrap(self, dim)]!;
  if (!(chunks > 0)) throw new RuntimeError(`chunk expects \`chunks\` to be greater than 0, got: ${chunks}`);
  return split(self, Math.max(Math.ceil(n / chunks), 1), dim);
}

export function flatten(self: Tensor, start = 0, end = -1): Tensor {
  if (self._shape.length === 0) return reshape(self, [1]);
  const a = wrap(self, start);
  const b = wrap(self, end);
  if (a === b) return self;
  const middle = self._shape.slice(a, b + 1).reduce((n, d) => n * d, 1);
  return reshape(self, [...self._shape.slice(0, a), middle, ...self._shape.slice(b + 1)]);
}

export function cat(tensors: readonly Tensor[], dim = 0): Tensor {
  const first = tensors[0];
  if (first === undefined) throw new ValueError("torch.cat(): expected a non-empty list of Tensors");
  tensors.forEach((x, i) => {
    tensorArg("cat", "tensors", i, x);
  });
  // Empty vectors go with everything.
  const shaped = tensors.find((x) => x._shape.length !== 1 || x._shape[0] !== 0) ?? first;
  const d = wrap(shaped, dim);
  tensors.forEach((x, i) => {
    if (x._shape.length === 0)
      throw new RuntimeError(`zero-dimensional tensor (at position ${i}) cannot be concatenated`);
    if (x._shape.length !== shaped._shape.length && !(x._shape.length === 1 && x._shape[0] === 0)) {
      throw new RuntimeError(
        `Tensors must have same number of dimensions: got ${shaped._shape.length} and ${x._shape.length}`,
      );
    }
    x._shape.forEach((n, k) => {
      if (k === d || n === shaped._shape[k] || x._shape.length !== shaped._shape.length) return;
      throw new RuntimeError(
        `Sizes of tensors must match except in dimension ${d}. Expected size ${shaped._shape[k]} but got size ${n} for tensor number ${i} in the list.`,
      );
    });
  });
  return call(ops.cat, tensors, d);
}

export function stack(tensors: readonly Tensor[], dim = 0): Tensor {
  if (!Array.isArray(tensors)) throw argumentError("stack", "tensors", 1, "tuple of Tensors", tensors);
  tensorsArg("stack", tensors);
  const first = tensors[0];
  if (first === undefined) throw new RuntimeError("stack expects a non-empty TensorList");
  tensors.forEach((x, i) => {
    if (!sameShape(x._shape, first._shape)) {
      throw new RuntimeError(
        `stack expects each tensor to be equal size, but got ${formatShape(first._shape)} at entry 0 and ${formatShape(x._shape)} at entry ${i}`,
      );
    }
  });
  return call(ops.stack, tensors, normalizeDim(dim, first._shape.length + 1));
}

export function repeat(self: Tensor, repeats: Shape): Tensor {
  if (repeats.length < self._shape.length) {
    throw new RuntimeError(
      "Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor",
    );
  }
  return call1(ops.repeat, self, repeats);
}

export function flip(self: Tensor, dims: readonly number[]): Tensor {
  return call1(
    ops.flip,
    self,
    dims.map((d) => wrap(self, d)),
  );
}

export function triangle(name: "tril" | "triu", self: Tensor, diagonal = 0): Tensor {
  return call1(ops[name], self, diagonal);
}

/** Metadata-only in-place ops (`t_`, `unsqueeze_` …): the tensor becomes its own view. */
export function restride(op: Op, self: Tensor, ...args: unknown[]): Tensor {
  beforeWrite(self);
  const next = (op.kernel as (...a: unknown[]) => Tensor)(self, ...args);
  const record = mode.grad && needsGrad(self);
  const old = gradFnOf(self);
  if (record && old !== null) {
    const node = new Node(op, next._shape, self.dtype, false, null);
    connect(node, [self]);
    node.saved = op.slots.flatMap((slot) => [
      slot.name === "self_sizes" ? sizeOf(self._shape) : args[op.argNames.indexOf(slot.name) - 1],
      -1,
    ]);
    self._gradFn = node;
    self._outputNr = 0;
  }
  self._shape = next._shape;
  self._strides = next._strides;
  self._contiguous = next._contiguous;
  self._storage.version++;
  if (self._view !== null) self._view.version = self._storage.version;
  return self;
}
