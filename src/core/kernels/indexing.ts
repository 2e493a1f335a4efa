/** @file Advanced indexing: gathering and scattering by index tensors. */
import { bool, type DType, int64 } from "../dtype.js";
import { IndexError, RuntimeError } from "../errors.js";
import { broadcastShapes, expandStrides, formatShape, type Shape, sizeOf } from "../shape.js";
import type { NumberArray } from "../storage.js";
import type { Tensor } from "../tensor.js";
import { cloneOf, contiguousOf, copyInto, newTensor } from "./copy.js";
import { offsetsOf } from "./reduce.js";
import { indexNumbers, window } from "./views.js";

type Indices = readonly (Tensor | null)[];

/** Positions of the true elements, one int64 vector for each dimension (`nonzero(as_tuple=True)`). */
export function nonzero(mask: Tensor): Tensor[] {
  const hits: number[][] = mask._shape.map(() => []);
  const all = offsetsOf(
    mask._shape,
    mask._strides,
    mask._shape.map((_, d) => d),
  );
  const data = mask._storage.data;
  all.forEach((step, flat) => {
    const x = data[mask._offset + step]!;
    if (x === 0 || x === 0n) return;
    let rest = flat;
    for (let d = mask._shape.length - 1; d >= 0; d--) {
      hits[d]!.push(rest % mask._shape[d]!);
      rest = Math.floor(rest / mask._shape[d]!);
    }
  });
  return hits.map((list) => {
    const out = newTensor(sizeOf([list.length]), int64);
    list.forEach((x, i) => {
      (out._storage.data as BigInt64Array)[i] = BigInt(x);
    });
    return out;
  });
}

/** Masks become the positions of their true elements; checks types and shapes. */
export function expandMasks(self: Tensor, indices: Indices): (Tensor | null)[] {
  const out: (Tensor | null)[] = [];
  for (const index of indices) {
    if (index === null) out.push(null);
    else if (index.dtype === bool || index.dtype.name === "uint8") {
      index._shape.forEach((n, d) => {
        if (n === self._shape[out.length + d]) return;
        throw new IndexError(
          `The shape of the mask ${formatShape(index._shape)} at index ${d} does not match the shape of the indexed tensor ${formatShape(self._shape)} at index ${out.length + d}`,
        );
      });
      out.push(...nonzero(index));
    } else if (index.dtype.kind === 1) out.push(index);
    else throw new IndexError("tensors used as indices must be long, int, byte or bool tensors");
  }
  if (out.length > self._shape.length) {
    throw new IndexError(`too many indices for tensor of dimension ${self._shape.length}`);
  }
  return out;
}

/** Where an advanced index reads: the result's shape, and offsets into `self`'s memory in its order. */
interface Gather {
  readonly shape: Shape;
  readonly offsets: Int32Array;
}

function gatherPlan(self: Tensor, raw: Indices): Gather {
  const indices = expandMasks(self, raw);
  const used: number[] = [];
  indices.forEach((t, d) => {
    if (t !== null) used.push(d);
  });
  let common: Shape = [];
  for (const d of used) common = broadcastIndex(common, indices[d]!._shape);
  const picked = pickedOffsets(self, indices, used, common);
  const adjacent = used.every((d, i) => i === 0 || d === used[i - 1]! + 1);
  const rest = self._shape.map((_, d) => d).filter((d) => !used.includes(d));
  const before = adjacent ? rest.filter((d) => d < used[0]!) : [];
  const after = adjacent ? rest.filter((d) => d > used[0]!) : rest;
  const outer = offsetsOf(self._shape, self._strides, before);
  const inner = offsetsOf(self._shape, self._strides, after);
  const offsets = new Int32Array(outer.length * picked.length * inner.length);
  let o = 0;
  for (const a of outer)
    for (const b of picked) for (const c of inner) offsets[o++] = self._offset + a + b + c;
  const shape = [...before.map((d) => self._shape[d]!), ...common, ...after.map((d) => self._shape[d]!)];
  return { shape, offsets };
}

function broadcastIndex(a: Shape, b: Shape): Shape {
  try {
    return broadcastShapes(a, b);
  } catch {
    throw new IndexError(
      `shape mismatch: indexing tensors could not be broadcast together with shapes ${formatShape(a)}, ${formatShape(b)}`,
    );
  }
}

function pickedOffsets(self: Tensor, indices: Indices, used: readonly number[], common: Shape): Int32Array {
  const count = common.reduce((n, d) => n * d, 1);
  const picked = new Int32Array(count);
  for (const d of used) {
    const index = indices[d]!;
    const strides = expandStrides(index._shape, index._strides, common);
    const at = offsetsOf(
      common,
      strides,
      common.map((_, k) => k),
    );
    const data = index._storage.data;
    const n = self._shape[d]!;
    for (let i = 0; i < count; i++) {
      const k = Number(data[index._offset + at[i]!]!);
      if (k < -n || k >= n)
        throw new IndexError(`index ${k} is out of bounds for dimension ${d} with size ${n}`);
      picked[i]! += (k < 0 ? k + n : k) * self._strides[d]!;
    }
  }
  return picked;
}

export function index(self: Tensor, indices: Indices): Tensor {
  const { shape, offsets } = gatherPlan(self, indices);
  const out = newTensor(sizeOf(shape), self.dtype);
  const from = self._storage.data as NumberArray;
  const to = out._storage.data as NumberArray;
  for (let i = 0; i < offsets.length; i++) to[i] = from[offsets[i]!]!;
  return out;
}

/** A copy of `self` with `values` written (or added) at `indices`. */
export function indexPut(self: Tensor, values: Tensor, indices: Indices, accumulate: boolean): Tensor {
  if (values.dtype !== self.dtype) {
    throw new RuntimeError(
      `Index put requires the source and destination dtypes match, got ${self.dtype.scalarName} for the destination and ${values.dtype.scalarName} for the source.`,
    );
  }
  const out = contiguousOf(self) === self ? cloneOf(self) : copyInto(null, self, self.dtype);
  const { shape, offsets } = gatherPlan(out, indices);
  const strides = putStrides(values, shape);
  const at = offsetsOf(
    shape,
    strides,
    shape.map((_, d) => d),
  );
  const to = out._storage.data as NumberArray;
  const from = values._storage.data as NumberArray;
  for (let i = 0; i < offsets.length; i++) {
    const x = from[values._offset + at[i]!]!;
    if (accumulate) to[offsets[i]!]! += x;
    else to[offsets[i]!] = x;
  }
  return out;
}

function putStrides(values: Tensor, shape: Shape): Shape {
  const lead = values._shape.length - shape.length;
  const fits = values._shape.every((n, d) => (d < lead ? n === 1 : n === 1 || n === shape[d - lead]));
  if (!fits) {
    throw new RuntimeError(
      `shape mismatch: value tensor of shape ${formatShape(values._shape)} cannot be broadcast to indexing result of shape ${formatShape(shape)}`,
    );
  }
  if (lead <= 0) return expandStrides(values._shape, values._strides, shape);
  return expandStrides(values._shape.slice(lead), values._strides.slice(lead), shape);
}

/** Offsets into `self` for each element of `index`, whose dimension `dim` says where to look. */
function alongDim(self: Tensor, dim: number, index: Tensor): Int32Array {
  const dims = index._shape.map((_, d) => d);
  const zeroed = self._strides.map((s, d) => (d === dim ? 0 : s));
  const base = offsetsOf(index._shape, zeroed, dims);
  const numbers = indexNumbers(index);
  const n = self._shape[dim] ?? 1;
  for (let i = 0; i < base.length; i++) {
    const k = numbers[i]!;
    if (k < 0 || k >= n)
      throw new RuntimeError(`index ${k} is out of bounds for dimension ${dim} with size ${n}`);
    base[i]! += k * (self._strides[dim] ?? 0);
  }
  return base;
}

export function gather(self: Tensor, dim: number, index_: Tensor): Tensor {
  const at = alongDim(self, dim, index_);
  const out = newTensor(index_._shape, self.dtype);
  const from = self._storage.data as NumberArray;
  const to = out._storage.data as NumberArray;
  for (let i = 0; i < at.length; i++) to[i] = from[self._offset + at[i]!]!;
  return out;
}

export function scatterAdd(self: Tensor, dim: number, index_: Tensor, src: Tensor): Tensor {
  const out = copyInto(null, self, self.dtype);
  const at = alongDim(out, dim, index_);
  const steps = offsetsOf(
    index_._shape,
    src._strides,
    index_._shape.map((_, d) => d),
  );
  const from = src._storage.data as NumberArray;
  const to = out._storage.data as NumberArray;
  for (let i = 0; i < at.length; i++) to[at[i]!]! += from[src._offset + steps[i]!]!;
  return out;
}

export function indexSelect(self: Tensor, dim: number, index_: Tensor): Tensor {
  if (self._shape.length === 0) return cloneOf(self);
  const indices: (Tensor | null)[] = self._shape.map(() => null);
  indices[dim] = index_;
  return index(self, indices);
}

/** Joins tensors along `dim`. */
export function cat(tensors: readonly Tensor[], dim: number, dtype: DType): Tensor {
  const parts = tensors.filter((t) => !(t._shape.length === 1 && t._shape[0] === 0));
  const first = parts[0] ?? tensors[0]!;
  const shape = first._shape.slice();
  if (parts.length === 0) return newTensor(sizeOf(shape), dtype);
  shape[dim] = parts.reduce((n, t) => n + t._shape[dim]!, 0);
  const out = newTensor(sizeOf(shape), dtype);
  let at = 0;
  for (const t of parts) {
    copyInto(window(out, t._shape, out._strides, at * out._strides[dim]!), t, dtype);
    at += t._shape[dim]!;
  }
  return out;
}
