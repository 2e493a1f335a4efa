/** @file Views: new shapes and strides over the same storage. Arguments are checked and normal here. */
import { int64 } from "../dtype.js";
import { IndexError, RuntimeError } from "../errors.js";
import {
  contiguousStrides,
  formatShape,
  inferSize,
  isContiguous,
  normalizeDim,
  type Shape,
  type Size,
  sizeOf,
  viewStrides,
} from "../shape.js";
import { Tensor } from "../tensor.js";

/** The window itself. */
export function window(self: Tensor, shape: Shape, strides: Shape, offset: number): Tensor {
  return new Tensor(self._storage, sizeOf(shape), strides, offset, isContiguous(shape, strides));
}

export function alias(self: Tensor): Tensor {
  return new Tensor(self._storage, self._shape, self._strides, self._offset, self._contiguous);
}

export function transpose(self: Tensor, d0: number, d1: number): Tensor {
  if (self._shape.length === 0) return alias(self);
  const shape = self._shape.slice();
  const strides = self._strides.slice();
  [shape[d0], shape[d1]] = [shape[d1]!, shape[d0]!];
  [strides[d0], strides[d1]] = [strides[d1]!, strides[d0]!];
  return window(self, shape, strides, self._offset);
}

export function permute(self: Tensor, dims: readonly number[]): Tensor {
  return window(
    self,
    dims.map((d) => self._shape[d]!),
    dims.map((d) => self._strides[d]!),
    self._offset,
  );
}

/** A view of another shape; refuses where memory does not allow it. */
export function view(self: Tensor, size: Shape): Tensor {
  const shape = inferSize(size, self._numel);
  if (self._contiguous) return new Tensor(self._storage, shape, contiguousStrides(shape), self._offset, true);
  const strides = viewStrides(self._shape, self._strides, shape);
  if (strides === null) {
    throw new RuntimeError(
      "view size is not compatible with input tensor's size and stride (at least one dimension spans across " +
        "two contiguous subspaces). Use .reshape(...) instead.",
    );
  }
  return window(self, shape, strides, self._offset);
}

/** The full target of `expand`: -1 keeps a size. */
export function expandTarget(self: Tensor, size: Shape): Size {
  const lead = size.length - self._shape.length;
  if (lead < 0) {
    throw new RuntimeError(
      `expand(torch.${self.dtype.scalarName}Tensor{${formatShape(self._shape)}}, size=${formatShape(size)}): the number of sizes provided (${size.length}) must be greater or equal to the number of dimensions in the tensor (${self._shape.length})`,
    );
  }
  return sizeOf(
    size.map((n, i) => {
      const own = i < lead ? 1 : self._shape[i - lead]!;
      if (n === -1) {
        if (i < lead) {
          throw new RuntimeError(
            `The expanded size of the tensor (-1) isn't allowed in a leading, non-existing dimension ${i}`,
          );
        }
        return own;
      }
      if (own !== n && own !== 1) {
        throw new RuntimeError(
          `The expanded size of the tensor (${n}) must match the existing size (${own}) at non-singleton dimension ${i}.  Target sizes: ${formatShape(size)}.  Tensor sizes: ${formatShape(self._shape)}`,
        );
      }
      return n;
    }),
  );
}

export function expand(self: Tensor, size: Shape): Tensor {
  const shape = expandTarget(self, size);
  const lead = shape.length - self._shape.length;
  const strides = shape.map((n, i) => {
    const own = i - lead;
    if (own < 0) return 0;
    return self._shape[own] === 1 && n !== 1 ? 0 : self._strides[own]!;
  });
  return window(self, shape, strides, self._offset);
}

export function squeeze(self: Tensor, dims: readonly number[]): Tensor {
  const keep = self._shape.map((n, d) => n !== 1 || !dims.includes(d));
  return window(
    self,
    self._shape.filter((_, d) => keep[d]),
    self._strides.filter((_, d) => keep[d]),
    self._offset,
  );
}

export function unsqueeze(self: Tensor, dim: number): Tensor {
  const shape = self._shape.slice();
  const strides = self._strides.slice();
  strides.splice(dim, 0, dim < shape.length ? shape[dim]! * strides[dim]! : 1);
  shape.splice(dim, 0, 1);
  return window(self, shape, strides, self._offset);
}

export function select(self: Tensor, dim: number, index: number): Tensor {
  if (self._shape.length === 0) throw new IndexError("select() cannot be applied to a 0-dim tensor.");
  const n = self._shape[dim]!;
  if (index < -n || index >= n) {
    throw new IndexError(`index ${index} is out of bounds for dimension ${dim} with size ${n}`);
  }
  const at = index < 0 ? index + n : index;
  const shape = self._shape.filter((_, d) => d !== dim);
  const strides = self._strides.filter((_, d) => d !== dim);
  return window(self, shape, strides, self._offset + at * self._strides[dim]!);
}

/** `self[start:end:step]` along `dim`; bounds are clamped as Python clamps them. */
export function slice(self: Tensor, dim: number, start: number, end: number, step: number): Tensor {
  if (self._shape.length === 0) throw new RuntimeError("slice() cannot be applied to a 0-dim tensor.");
  if (step <= 0) throw new RuntimeError("slice step must be positive");
  const [from, to] = sliceBounds(self._shape[dim]!, start, end);
  const shape = self._shape.slice();
  const strides = self._strides.slice();
  shape[dim] = Math.ceil((to - from) / step);
  strides[dim] = self._strides[dim]! * step;
  return window(self, shape, strides, self._offset + from * self._strides[dim]!);
}

function sliceBounds(n: number, start: number, end: number): [number, number] {
  const clamp = (i: number): number => Math.min(Math.max(i < 0 ? i + n : i, 0), n);
  const from = clamp(start);
  return [from, Math.max(clamp(end), from)];
}

export function diagonal(self: Tensor, offset: number, d1: number, d2: number): Tensor {
  const n1 = self._shape[d1]!;
  const n2 = self._shape[d2]!;
  const n = offset >= 0 ? Math.max(Math.min(n1, n2 - offset), 0) : Math.max(Math.min(n1 + offset, n2), 0);
  const start = n === 0 ? 0 : offset >= 0 ? offset * self._strides[d2]! : -offset * self._strides[d1]!;
  const rest = self._shape.map((_, d) => d).filter((d) => d !== d1 && d !== d2);
  return window(
    self,
    [...rest.map((d) => self._shape[d]!), n],
    [...rest.map((d) => self._strides[d]!), self._strides[d1]! + self._strides[d2]!],
    self._offset + start,
  );
}

export function unbind(self: Tensor, dim: number): Tensor[] {
  return Array.from({ length: self._shape[dim]! }, (_, i) => select(self, dim, i));
}

export function split(self: Tensor, sizes: readonly number[], dim: number): Tensor[] {
  let at = 0;
  return sizes.map((n) => {
    const part = slice(self, dim, at, at + n, 1);
    at += n;
    return part;
  });
}

export function wrapDim(self: Tensor, dim: number): number {
  return normalizeDim(dim, self._shape.length);
}

/** Integers of an index tensor. */
export function indexNumbers(t: Tensor): number[] {
  const out: number[] = [];
  const walk = (d: number, at: number): void => {
    if (d === t._shape.length) out.push(Number(t._storage.data[at]!));
    else for (let i = 0; i < t._shape[d]!; i++) walk(d + 1, at + i * t._strides[d]!);
  };
  if (t.dtype === int64 && t._contiguous) {
    const data = t._storage.data as BigInt64Array;
    for (let i = 0; i < t._numel; i++) out.push(Number(data[t._offset + i]!));
    return out;
  }
  walk(0, t._offset);
  return out;
}
