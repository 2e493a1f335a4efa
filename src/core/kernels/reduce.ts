/** @file Reductions. Sums add in PyTorch's order where memory lies in order; others run in float64 and round once. */
import { bool, int64, KIND_FLOAT } from "../dtype.js";
import { reducedShape, reductionMask, type Shape, type Size } from "../shape.js";
import type { NumberArray } from "../storage.js";
import type { Tensor } from "../tensor.js";
import { matrixForm, sumColumns, sumRows } from "./cascade.js";
import { castTo, contiguousOf, newTensor, readNumber, scalarTensor } from "./copy.js";
import { runOf, sumOf } from "./runs.js";
import { window } from "./views.js";

/** Offsets, relative to the first, of the elements that an index over `dims` of `shape` visits, row-major. */
export function offsetsOf(shape: Shape, strides: Shape, dims: readonly number[]): Int32Array {
  let n = 1;
  for (const d of dims) n *= shape[d]!;
  const out = new Int32Array(n);
  let filled = 1;
  for (let k = dims.length - 1; k >= 0; k--) {
    const size = shape[dims[k]!]!;
    const stride = strides[dims[k]!]!;
    // Later dims are filled already: repeat the block for each index of this one.
    for (let i = size - 1; i >= 0; i--) {
      for (let j = 0; j < filled; j++) out[i * filled + j] = out[j]! + i * stride;
    }
    filled *= size;
  }
  return out;
}

/** How a reduction walks memory: bases of the outputs, and the steps from a base to its elements. */
export interface Plan {
  readonly shape: Size;
  readonly bases: Int32Array;
  readonly steps: Int32Array;
}

export function plan(self: Tensor, dims: readonly number[] | null, keepdim: boolean): Plan {
  const mask = reductionMask(dims, self._shape.length);
  const kept: number[] = [];
  const gone: number[] = [];
  mask.forEach((m, d) => {
    (m ? gone : kept).push(d);
  });
  return {
    shape: reducedShape(self._shape, mask, keepdim),
    bases: offsetsOf(self._shape, self._strides, kept),
    steps: offsetsOf(self._shape, self._strides, gone),
  };
}

/** Elements from which other layouts are copied before they are summed. */
const IN_ORDER_FROM = 1 << 14;

/** Sum over `dims` (null: all), or the mean; integers sum to int64. */
export function sum(input: Tensor, dims: readonly number[] | null, keepdim: boolean, mean = false): Tensor {
  const dtype = input.dtype.kind === KIND_FLOAT ? input.dtype : int64;
  if (dtype === int64) return sumLong(castTo(input, int64), dims, keepdim);
  const large = input._numel >= IN_ORDER_FROM && !input._contiguous;
  if (large) {
    const repeated = sumRepeated(input, dims, keepdim, mean);
    if (repeated !== null) return repeated;
  }
  // A large one is laid in order first: that costs less than walking it.
  const self = large ? contiguousOf(input) : input;
  const ndim = self._shape.length;
  const mask = reductionMask(dims, ndim);
  const shape = reducedShape(self._shape, mask, keepdim);
  if (self._numel === 1) return scalarTensor(dtype, readNumber(self), shape);
  const form = self._contiguous && self._numel > 0 ? matrixForm(self._shape, mask) : null;
  const out = newTensor(shape, dtype);
  const data = self._storage.data as Float32Array | Float64Array;
  const to = out._storage.data as Float32Array | Float64Array;
  let count = 1;
  if (form === null) count = sumGroups(self, dims, keepdim, to);
  else if (form.columns) {
    sumColumns(data, self._offset, form.rows, form.cols, to);
    count = form.rows;
  } else {
    sumRows(data, self._offset, form.rows, form.cols, to);
    count = form.cols;
  }
  if (mean) for (let i = 0; i < to.length; i++) to[i] = to[i]! / count;
  return out;
}

/** Over dimensions that repeat one element, as gradients of sums do: n·x instead of n additions. */
function sumRepeated(
  self: Tensor,
  dims: readonly number[] | null,
  keepdim: boolean,
  mean: boolean,
): Tensor | null {
  const mask = reductionMask(dims, self._shape.length);
  const repeats = self._shape.map((n, d) => (mask[d] && self._strides[d] === 0 ? n : 1));
  const count = repeats.reduce((p, n) => p * n, 1);
  if (count <= 1) return null;
  const once = self._shape.map((n, d) => (repeats[d]! > 1 ? 1 : n));
  const out = sum(window(self, once, self._strides, self._offset), dims, keepdim, mean);
  if (mean) return out;
  const to = out._storage.data as NumberArray;
  for (let i = 0; i < out._numel; i++) to[i]! *= count;
  return out;
}

/** Any other layout: each group in float64, rounded once. Returns the size of a group. */
function sumGroups(self: Tensor, dims: readonly number[] | null, keepdim: boolean, to: NumberArray): number {
  const p = plan(self, dims, keepdim);
  const data = self._storage.data as NumberArray;
  const run = runOf(self, dims);
  for (let o = 0; o < p.bases.length; o++) {
    const base = self._offset + p.bases[o]!;
    let total = 0;
    if (run > 1) for (let k = 0; k < p.steps.length; k += run) total += sumOf(data, base + p.steps[k]!, run);
    else for (let k = 0; k < p.steps.length; k++) total += data[base + p.steps[k]!]!;
    to[o] = total;
  }
  return p.steps.length;
}

function sumLong(self: Tensor, dims: readonly number[] | null, keepdim: boolean): Tensor {
  const p = plan(self, dims, keepdim);
  const out = newTensor(p.shape, int64);
  const from = self._storage.data as BigInt64Array;
  const to = out._storage.data as BigInt64Array;
  for (let o = 0; o < p.bases.length; o++) {
    let total = 0n;
    for (const step of p.steps) total += from[self._offset + p.bases[o]! + step]!;
    to[o] = total;
  }
  return out;
}

/** Folds each group with `fold`, starting from `first`; `finish` gets the group's size. */
function reduceWith(
  self: Tensor,
  dims: readonly number[] | null,
  keepdim: boolean,
  each: (data: NumberArray, base: number, steps: Int32Array) => number,
): Tensor {
  const p = plan(self, dims, keepdim);
  const out = newTensor(p.shape, self.dtype);
  const data = self._storage.data as NumberArray;
  const to = out._storage.data as NumberArray;
  for (let o = 0; o < p.bases.length; o++) to[o] = each(data, self._offset + p.bases[o]!, p.steps);
  return out;
}

/** Variance with `correction` degrees of freedom taken off (1 is unbiased); two passes in float64. */
export function variance(
  self: Tensor,
  dims: readonly number[] | null,
  correction: number,
  keepdim: boolean,
  root: boolean,
): Tensor {
  return reduceWith(self, dims, keepdim, (data, base, steps) => {
    let mean = 0;
    for (let k = 0; k < steps.length; k++) mean += data[base + steps[k]!]!;
    mean /= steps.length;
    let squares = 0;
    for (let k = 0; k < steps.length; k++) {
      const d = data[base + steps[k]!]! - mean;
      squares += d * d;
    }
    const v = squares / Math.max(steps.length - correction, 0);
    return root ? Math.sqrt(v) : v;
  });
}

/** The `ord`-norm; 0 counts non-zeros, ±Infinity take the extreme absolute value. */
export function vectorNorm(
  self: Tensor,
  ord: number,
  dims: readonly number[] | null,
  keepdim: boolean,
): Tensor {
  return reduceWith(self, dims, keepdim, (data, base, steps) => {
    let acc = ord === -Infinity ? Infinity : 0;
    for (let k = 0; k < steps.length; k++) {
      const x = Math.abs(data[base + steps[k]!]!);
      if (ord === 2) acc += x * x;
      else if (ord === 1) acc += x;
      else if (ord === 0) acc += x !== 0 ? 1 : 0;
      else if (ord === Infinity) acc = Math.max(acc, x);
      else if (ord === -Infinity) acc = Math.min(acc, x);
      else acc += x ** ord;
    }
    if (ord === 2) return Math.sqrt(acc);
    return ord === 1 || ord === 0 || !Number.isFinite(ord) ? acc : acc ** (1 / ord);
  });
}

export function prod(self: Tensor): Tensor {
  const dtype = self.dtype.kind === KIND_FLOAT ? self.dtype : int64;
  if (dtype === int64) {
    const flat = contiguousOf(castTo(self, int64));
    const data = flat._storage.data as BigInt64Array;
    const out = newTensor(reducedShape([], [], false), int64);
    let total = 1n;
    for (let i = 0; i < flat._numel; i++) total *= data[flat._offset + i]!;
    (out._storage.data as BigInt64Array)[0] = total;
    return out;
  }
  return reduceWith(self, null, false, (data, base, steps) => {
    let total = 1;
    for (let k = 0; k < steps.length; k++) total *= data[base + steps[k]!]!;
    return total;
  });
}

/** log Σ exp, stable. */
export function logsumexp(self: Tensor, dims: readonly number[], keepdim: boolean): Tensor {
  return reduceWith(self, dims, keepdim, (data, base, steps) => {
    let top = -Infinity;
    for (let k = 0; k < steps.length; k++) top = Math.max(top, data[base + steps[k]!]!);
    if (!Number.isFinite(top)) return top;
    let total = 0;
    for (let k = 0; k < steps.length; k++) total += Math.exp(data[base + steps[k]!]! - top);
    return top + Math.log(total);
  });
}

/** Whether candidate `x` beats `best`: NaN beats everything, as in PyTorch. Ties keep the first. */
function beats(x: number | bigint, best: number | bigint, largest: boolean): boolean {
  // biome-ignore lint/suspicious/noSelfCompare: NaN is the one value unlike itself, bigints included
  if (best !== best) return false;
  // biome-ignore lint/suspicious/noSelfCompare: as above
  if (x !== x) return true;
  return largest ? x > best : x < best;
}

/** Extremes along `dims` with the position of the first one in each group: `[values, indices]`. */
export function extreme(
  self: Tensor,
  dims: readonly number[] | null,
  keepdim: boolean,
  largest: boolean,
): [Tensor, Tensor] {
  const p = plan(self, dims, keepdim);
  const values = newTensor(p.shape, self.dtype);
  const indices = newTensor(p.shape, int64);
  const data = self._storage.data;
  const to = values._storage.data;
  const at = indices._storage.data as BigInt64Array;
  for (let o = 0; o < p.bases.length; o++) {
    const base = self._offset + p.bases[o]!;
    let best = data[base]!;
    let where = 0;
    for (let k = 1; k < p.steps.length; k++) {
      const x = data[base + p.steps[k]!]!;
      if (beats(x, best, largest)) {
        best = x;
        where = k;
      }
    }
    to[o] = best;
    at[o] = BigInt(where);
  }
  return [values, indices];
}

/** `any` (or `all`) of the elements along `dims`. */
export function anyAll(self: Tensor, dims: readonly number[] | null, keepdim: boolean, all: boolean): Tensor {
  const p = plan(self, dims, keepdim);
  const out = newTensor(p.shape, bool);
  const data = self._storage.data;
  for (let o = 0; o < p.bases.length; o++) {
    let found = false;
    for (const step of p.steps) {
      const x = data[self._offset + p.bases[o]! + step]!;
      if ((x !== 0 && x !== 0n) !== all) {
        found = true;
        break;
      }
    }
    out._storage.data[o] = found !== all ? 1 : 0;
  }
  return out;
}
