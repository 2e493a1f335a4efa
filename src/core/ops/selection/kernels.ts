/** @file Kernels of sorting, order statistics, scans and indexed writes. */
import { int64, KIND_FLOAT } from "../../dtype.js";
import { RuntimeError } from "../../errors.js";
import { castTo, contiguousOf, copyInto, newTensor } from "../../kernels/copy.js";
import { map1 } from "../../kernels/map.js";
import { extreme, offsetsOf, plan, prod, sum, variance, vectorNorm } from "../../kernels/reduce.js";
import * as v from "../../kernels/views.js";
import { broadcastShapes, expandStrides, type Shape, sizeOf } from "../../shape.js";
import type { Tensor } from "../../tensor.js";

type Dims = readonly number[];
type Memory = { [i: number]: number | bigint; readonly length: number };
const memory = (t: Tensor): Memory => t._storage.data as unknown as Memory;
const copy = (t: Tensor): Tensor => copyInto(null, t, t.dtype);

/** Lines of a row-major tensor along `dim`: where each starts, its length and step. */
function lines(t: Tensor, dim: number): { starts: Int32Array; n: number; step: number } {
  if (t._shape.length === 0) return { starts: new Int32Array(1), n: 1, step: 1 };
  const others = t._shape.map((_, d) => d).filter((d) => d !== dim);
  return { starts: offsetsOf(t._shape, t._strides, others), n: t._shape[dim]!, step: t._strides[dim]! };
}

/** NaN is larger than everything. */
function compare(a: number | bigint, b: number | bigint): number {
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
function pick(
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

const dropDim = ([a, b]: [Tensor, Tensor], dim: number, keepdim: boolean): [Tensor, Tensor] =>
  keepdim || a._shape.length === 0 ? [a, b] : [v.squeeze(a, [dim]), v.squeeze(b, [dim])];

function sort(self: Tensor, dim: number, descending: boolean): [Tensor, Tensor] {
  return pick(self, dim, descending, self._shape[dim] ?? 1, (order) => order);
}

const isNaNValue = (x: number | bigint): boolean => typeof x === "number" && Number.isNaN(x);

/** The lower of the two middle elements; NaN wins, or is passed over. */
function medianDim(self: Tensor, dim: number, keepdim: boolean, skipNaN: boolean): [Tensor, Tensor] {
  const found = pick(self, dim, false, 1, (order, value) => {
    const firstNaN = order.findIndex((i) => isNaNValue(value(i)));
    if (firstNaN >= 0 && !skipNaN) return [order[firstNaN]!];
    const count = firstNaN < 0 ? order.length : Math.max(firstNaN, 1);
    return [order[Math.floor((count - 1) / 2)]!];
  });
  return dropDim(found, dim, keepdim);
}

function median(self: Tensor, skipNaN: boolean): Tensor {
  if (self._numel === 0) return map1(newTensor(sizeOf([]), self.dtype), self.dtype, () => NaN);
  const flat = v.view(contiguousOf(self), [self._numel]);
  return medianDim(flat, 0, false, skipNaN)[0];
}

/** The most frequent element, the smallest of equals; its last position. */
function mode(self: Tensor, dim: number, keepdim: boolean): [Tensor, Tensor] {
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

function scan(
  self: Tensor,
  dim: number,
  step1: (acc: number, x: number, k: number) => number,
  first: number,
): Tensor {
  const dtype = self.dtype.kind === KIND_FLOAT ? self.dtype : int64;
  const a = contiguousOf(castTo(self, dtype));
  const out = newTensor(a._shape, dtype);
  const { starts, n, step } = lines(a, dim);
  const from = memory(a);
  const to = memory(out);
  for (const start of starts) {
    let acc = first;
    for (let k = 0; k < n; k++) {
      acc = step1(acc, Number(from[a._offset + start + k * step]!), k);
      to[start + k * step] = dtype === int64 ? BigInt(acc) : acc;
    }
  }
  return out;
}

function logAddExp(a: number, b: number): number {
  if (a === b && !Number.isFinite(a)) return a;
  return Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
}

/** The extreme so far; later ones win ties. */
function cumExtreme(self: Tensor, dim: number, largest: boolean): [Tensor, Tensor] {
  const a = contiguousOf(self);
  const values = newTensor(a._shape, a.dtype);
  const indices = newTensor(a._shape, int64);
  const { starts, n, step } = lines(a, dim);
  const from = memory(a);
  for (const start of starts) {
    let best = 0;
    for (let k = 0; k < n; k++) {
      const x = from[a._offset + start + k * step]!;
      const b = from[a._offset + start + best * step]!;
      if (isNaNValue(x) || (!isNaNValue(b) && (largest ? x >= b : x <= b))) best = k;
      memory(values)[start + k * step] = from[a._offset + start + best * step]!;
      memory(indices)[start + k * step] = BigInt(best);
    }
  }
  return [values, indices];
}

function prodDim(self: Tensor, dim: number, keepdim: boolean): Tensor {
  if (self._shape.length === 0) return prod(self);
  const dtype = self.dtype.kind === KIND_FLOAT ? self.dtype : int64;
  const a = castTo(self, dtype);
  const p = plan(a, [dim], keepdim);
  const out = newTensor(p.shape, dtype);
  p.bases.forEach((base, o) => {
    let total = 1;
    for (const step of p.steps) total *= Number(memory(a)[a._offset + base + step]!);
    memory(out)[o] = dtype === int64 ? BigInt(total) : total;
  });
  return out;
}

/** Positions in row-major order that a flat index names. */
function flatPositions(self: Tensor, index: Tensor): number[] {
  const n = self._numel;
  return v.indexNumbers(index).map((i) => {
    if (i < -n || i >= n)
      throw new RuntimeError(`out of range: tried to access index ${i} on a tensor of ${n} elements.`);
    return i < 0 ? i + n : i;
  });
}

function take(self: Tensor, index: Tensor): Tensor {
  const a = contiguousOf(self);
  const out = newTensor(index._shape, self.dtype);
  flatPositions(self, index).forEach((p, i) => {
    memory(out)[i] = memory(a)[a._offset + p]!;
  });
  return out;
}

function put(self: Tensor, index: Tensor, source: Tensor, accumulate: boolean): Tensor {
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

function maskedSelect(self: Tensor, mask: Tensor, shape: Shape): Tensor {
  const at = maskedPositions(self, mask, shape);
  const out = newTensor(sizeOf([at.length]), self.dtype);
  at.forEach((p, i) => {
    memory(out)[i] = memory(self)[p]!;
  });
  return out;
}

function maskedScatter(self: Tensor, mask: Tensor, source: Tensor, shape: Shape): Tensor {
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
function indexWrite(self: Tensor, dim: number, index: Tensor, source: Tensor, write: Write): Tensor {
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

const assign: Write = (to, at, x) => {
  to[at] = x;
};

function indexFill(self: Tensor, dim: number, index: Tensor, value: number | Tensor): Tensor {
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

function scatter(self: Tensor, dim: number, index: Tensor, src: Tensor | number): Tensor {
  const out = copy(self);
  const value = typeof src === "number" && self.dtype === int64 ? filledLike(self, src) : src;
  const spread = typeof value === "number" || typeof src !== "number" ? value : v.expand(value, index._shape);
  scatterWith(out, dim, index, spread, assign);
  return out;
}

const FIRST: Readonly<Record<string, number>> = { sum: 0, mean: 0, prod: 1, amax: -Infinity, amin: Infinity };

/** Combines all values that meet in one place. */
function scatterReduce(
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

function nansum(self: Tensor, dims: Dims, keepdim: boolean): Tensor {
  const clean =
    self.dtype.kind === KIND_FLOAT ? map1(self, self.dtype, (x) => (Number.isNaN(x) ? 0 : x)) : self;
  return sum(clean, dims.length === 0 ? null : dims, keepdim);
}

const allOf = (t: Tensor): number[] => t._shape.map((_, d) => d);

/** Slices along `dim` scaled down to at most `maxnorm`. */
function renorm(self: Tensor, p: number, dim: number, maxnorm: number): Tensor {
  const norms = vectorNorm(
    self,
    p,
    allOf(self).filter((d) => d !== dim),
    true,
  );
  const factor = map1(norms, norms.dtype, (n) => (n > maxnorm ? maxnorm / (n + 1e-7) : 1));
  const out = copy(self);
  const spread = v.expand(factor, self._shape);
  const at = offsetsOf(self._shape, spread._strides, allOf(self));
  at.forEach((o, i) => {
    memory(out)[i] = (memory(out)[i] as number) * (memory(spread)[spread._offset + o] as number);
  });
  return out;
}

export const selectionKernels = {
  sort,
  sort_stable: sort,
  topk: (self: Tensor, k: number, dim: number, largest: boolean) =>
    pick(self, dim, largest, self._shape.length === 0 ? 1 : k, (order) => order.slice(0, k)),
  kthvalue: (self: Tensor, k: number, dim: number, keepdim: boolean) =>
    dropDim(
      pick(self, dim, false, 1, (order) => [order[k - 1]!]),
      dim,
      keepdim,
    ),
  mode,
  median: (self: Tensor) => median(self, false),
  median_dim: (self: Tensor, dim: number, keepdim: boolean) => medianDim(self, dim, keepdim, false),
  nanmedian: (self: Tensor) => median(self, true),
  nanmedian_dim: (self: Tensor, dim: number, keepdim: boolean) => medianDim(self, dim, keepdim, true),
  aminmax: (self: Tensor, dim: number | null, keepdim: boolean) => {
    const dims = dim === null ? null : [dim];
    return [extreme(self, dims, keepdim, false)[0], extreme(self, dims, keepdim, true)[0]];
  },
  var_mean: (self: Tensor, dims: Dims | null, correction: number, keepdim: boolean) => [
    variance(self, dims, correction, keepdim, false),
    sum(self, dims, keepdim, true),
  ],
  std_mean: (self: Tensor, dims: Dims | null, correction: number, keepdim: boolean) => [
    variance(self, dims, correction, keepdim, true),
    sum(self, dims, keepdim, true),
  ],
  nansum,
  prod_dim: prodDim,

  cummax: (self: Tensor, dim: number) => cumExtreme(self, dim, true),
  cummin: (self: Tensor, dim: number) => cumExtreme(self, dim, false),
  cumprod: (self: Tensor, dim: number) => scan(self, dim, (a, x) => a * x, 1),
  logcumsumexp: (self: Tensor, dim: number) => scan(self, dim, logAddExp, -Infinity),

  take,
  put,
  masked_select: (self: Tensor, mask: Tensor) =>
    maskedSelect(self, mask, broadcastShapes(self._shape, mask._shape)),
  masked_scatter: (self: Tensor, mask: Tensor, source: Tensor) =>
    maskedScatter(self, mask, source, broadcastShapes(self._shape, mask._shape)),
  index_add: (self: Tensor, dim: number, index: Tensor, source: Tensor, alpha: number) =>
    indexWrite(self, dim, index, source, (to, at, x) => {
      to[at] =
        typeof x === "bigint" ? (to[at] as bigint) + x * BigInt(alpha) : (to[at] as number) + x * alpha;
    }),
  index_copy: (self: Tensor, dim: number, index: Tensor, source: Tensor) =>
    indexWrite(self, dim, index, source, assign),
  index_fill_Scalar: indexFill,
  index_fill_Tensor: indexFill,
  scatter_src: scatter,
  scatter_value: scatter,
  scatter_reduce: scatterReduce,
  renorm,
};
