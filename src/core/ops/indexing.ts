/** @file Python's indexing, decomposed as PyTorch decomposes it: views first, then one advanced index. */
import { int64 } from "../dtype.js";
import { IndexError, PyTypeError, RuntimeError } from "../errors.js";
import { scalarTensor } from "../kernels/copy.js";
import { expandMasks } from "../kernels/indexing.js";
import { normalizeDim, SCALAR, sameShape, sizeOf } from "../shape.js";
import { Tensor } from "../tensor.js";
import { call } from "./dispatch.js";
import { fromData } from "./from_data.js";
import { copy_, fill_ } from "./inplace.js";
import { ops } from "./op.js";
import { toDType } from "./pointwise.js";
import { alias, expand, select, slice, unsqueeze, view } from "./shape_ops.js";
import { callInplace } from "./write.js";

/** A range of indices, as Python's `slice(start, stop, step)`; see `Slice()`. */
export class SliceIndex {
  constructor(
    readonly start: number | null,
    readonly stop: number | null,
    readonly step: number | null,
  ) {}
}

/** `torch.Slice(0, 2)` is Python's `0:2`, `torch.Slice()` is `:`; null leaves a bound out. */
export function Slice(
  start: number | null = null,
  stop: number | null = null,
  step: number | null = null,
): SliceIndex {
  return new SliceIndex(start, stop, step);
}

/** Stands for as many whole dimensions as are left over: Python's `...`. */
export const Ellipsis = Symbol("Ellipsis");

export type Index = number | boolean | null | SliceIndex | typeof Ellipsis | Tensor | readonly NestedIndex[];
export type NestedIndex = number | boolean | readonly NestedIndex[];

function consumed(index: Index): number {
  if (index === null || index === Ellipsis || typeof index === "boolean") return 0;
  if (index instanceof Tensor && (index.dtype.name === "bool" || index.dtype.name === "uint8"))
    return index._shape.length;
  return 1;
}

interface Applied {
  /** After views only. */
  readonly tensor: Tensor;
  /** What is left for one advanced index; empty where views did it all. */
  readonly indices: (Tensor | null)[];
}

function applyViews(self: Tensor, spec: readonly Index[]): Applied {
  const total = spec.reduce<number>((n, i) => n + consumed(i), 0);
  if (total > self._shape.length)
    throw new IndexError(`too many indices for tensor of dimension ${self._shape.length}`);
  let tensor = self;
  let dim = 0;
  const indices: (Tensor | null)[] = [];
  const put = (index: Tensor): void => {
    while (indices.length < dim) indices.push(null);
    indices[dim] = index;
  };
  for (const index of spec) {
    if (typeof index === "number") tensor = select(tensor, dim, selectIndex(tensor, dim, index, self, spec));
    else if (index instanceof SliceIndex) {
      if (spec.length === 1 || !isWhole(index, tensor._shape[dim]!)) {
        tensor = slice(tensor, dim, index.start, index.stop, index.step);
      }
      dim++;
    } else if (index === Ellipsis) dim += self._shape.length - total;
    else if (index === null) tensor = unsqueeze(tensor, dim++);
    else if (typeof index === "boolean") {
      tensor = unsqueeze(tensor, dim);
      put(boolIndex(index));
      dim++;
    } else {
      const t = index instanceof Tensor ? index : indexTensor(index as readonly NestedIndex[]);
      if (t._shape.length === 0 && t.dtype.kind === 1 && t.dtype.name !== "uint8") {
        tensor = select(tensor, dim, Number(t._storage.data[t._offset]!));
      } else if (t._shape.length === 0 && t.dtype.kind === 0) {
        tensor = unsqueeze(tensor, dim);
        put(boolIndex(t._storage.data[t._offset] !== 0));
        dim++;
      } else {
        put(t);
        dim += consumed(t);
        while (indices.length < dim - consumed(t) + 1) indices.push(null);
      }
    }
  }
  return { tensor, indices };
}

// A range over everything makes no view, unless it stands alone.
function isWhole(range: SliceIndex, n: number): boolean {
  return (range.start ?? 0) === 0 && (range.stop ?? n) >= n && (range.step ?? 1) === 1;
}

// Errors name the dimension as the user counts it, in the tensor that was indexed.
function selectIndex(
  tensor: Tensor,
  dim: number,
  index: number,
  self: Tensor,
  spec: readonly Index[],
): number {
  const n = tensor._shape[dim]!;
  if (index >= -n && index < n) return index;
  let own = 0;
  for (const item of spec) {
    if (item === index) break;
    own +=
      item === Ellipsis
        ? self._shape.length - spec.reduce<number>((k, i) => k + consumed(i), 0)
        : consumed(item);
  }
  throw new IndexError(`index ${index} is out of bounds for dimension ${own} with size ${n}`);
}

function boolIndex(value: boolean): Tensor {
  const out = scalarTensor(int64, 0, sizeOf([1]));
  return value ? out : new Tensor(out._storage, sizeOf([0]), [1], 0, true);
}

function indexTensor(list: readonly NestedIndex[]): Tensor {
  const t = fromData(list, null);
  return t.dtype.kind === 2 ? toDType(t, int64) : t;
}

function specOf(spec: unknown): readonly Index[] {
  const list = Array.isArray(spec) ? (spec as Index[]) : [spec as Index];
  for (const index of list) {
    if (typeof index === "number" && !Number.isInteger(index)) {
      throw new IndexError(
        "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid indices (got float)",
      );
    }
    if (index === undefined || typeof index === "string") {
      throw new PyTypeError(
        "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid indices",
      );
    }
  }
  return list;
}

/** `x[...]`, in the C++ frontend's spelling. */
export function index(self: Tensor, spec: readonly Index[]): Tensor {
  const list = specOf(spec);
  if (self._shape.length === 0 && list.some((i) => typeof i === "number")) {
    throw new IndexError(
      "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in C++ to convert a 0-dim tensor to a number",
    );
  }
  const { tensor, indices } = applyViews(self, list);
  if (indices.length === 0) return tensor === self ? alias(self) : tensor;
  return advanced(tensor, indices);
}

function advanced(tensor: Tensor, indices: readonly (Tensor | null)[]): Tensor {
  return call(ops.index, tensor, expandMasks(tensor, compact(indices)));
}

/** A mask takes several dimensions: drop the placeholders that stand for its others. */
function compact(indices: readonly (Tensor | null)[]): (Tensor | null)[] {
  const out: (Tensor | null)[] = [];
  for (let i = 0; i < indices.length; ) {
    const index = indices[i] ?? null;
    out.push(index);
    i += index !== null && index.dtype.kind === 0 ? Math.max(index._shape.length, 1) : 1;
  }
  return out;
}

/** `x[...] = value`. */
export function index_put_(
  self: Tensor,
  spec: readonly Index[],
  value: Tensor | number,
  accumulate = false,
): Tensor {
  const { tensor, indices } = applyViews(self, specOf(spec));
  const source = typeof value === "number" ? scalarTensor(self.dtype, value, SCALAR) : value;
  if (indices.length === 0) {
    if (accumulate) throw new RuntimeError("index_put_(): accumulate needs an index tensor");
    assign(tensor, source);
    return self;
  }
  const values = source.dtype === self.dtype ? source : toDType(source, self.dtype);
  callInplace(ops.index_put, tensor, values, expandMasks(tensor, compact(indices)), accumulate);
  return self;
}

/** Writes `source` over `target`; leading dimensions of size 1 may be dropped. */
function assign(target: Tensor, source: Tensor): void {
  if (sameShape(source._shape, target._shape)) copy_(target, source);
  else if (source._shape.length === 0) fill_(target, source);
  else {
    const first = source._shape.findIndex((n) => n !== 1);
    const kept = source._shape.slice(first < 0 ? source._shape.length - 1 : first);
    copy_(target, expand(view(source, kept), target._shape));
  }
}

export function gather(self: Tensor, dim: number, index_: Tensor): Tensor {
  return call(ops.gather, self, normalizeDim(dim, self._shape.length), index_);
}

export function scatter_add(self: Tensor, dim: number, index_: Tensor, src: Tensor): Tensor {
  return call(ops.scatter_add, self, normalizeDim(dim, self._shape.length), index_, src);
}

export function index_select(self: Tensor, dim: number, index_: Tensor): Tensor {
  return call(ops.index_select, self, normalizeDim(dim, self._shape.length), index_);
}
