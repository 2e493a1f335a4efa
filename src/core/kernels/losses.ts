/** @file Fused losses. `reduction` is 0 (none), 1 (mean) or 2 (sum). */
import { IndexError } from "../errors.js";
import { broadcastShapes, SCALAR, type Size, sizeOf } from "../shape.js";
import { type NumberArray, roundTo } from "../storage.js";
import type { Tensor } from "../tensor.js";
import { contiguousOf, newTensor, scalarTensor } from "./copy.js";
import { expand, indexNumbers } from "./views.js";

function reduced(values: Float64Array, shape: Size, like: Tensor, reduction: number): Tensor {
  if (reduction === 0) {
    const out = newTensor(shape, like.dtype);
    (out._storage.data as NumberArray).set(values);
    return out;
  }
  let total = 0;
  for (let i = 0; i < values.length; i++) total += roundTo(like.dtype, values[i]!);
  return scalarTensor(
    like.dtype,
    roundTo(like.dtype, reduction === 1 ? total / values.length : total),
    SCALAR,
  );
}

function broadcastTo(t: Tensor, shape: Size): { data: NumberArray; at: number } {
  const full = contiguousOf(expand(t, shape));
  return { data: full._storage.data as NumberArray, at: full._offset };
}

/** (self − target)². */
export function mseLoss(self: Tensor, target: Tensor, reduction: number): Tensor {
  const shape = broadcastShapes(self._shape, target._shape);
  const a = broadcastTo(self, shape);
  const b = broadcastTo(target, shape);
  const n = shape.reduce((p, d) => p * d, 1);
  const values = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const d = a.data[a.at + i]! - b.data[b.at + i]!;
    values[i] = d * d;
  }
  return reduced(values, shape, self, reduction);
}

/** (1 − y)·x + w·(log(1 + e^−|x|) + max(−x, 0)), with w = 1 + (pos_weight − 1)·y. */
export function bceWithLogits(
  self: Tensor,
  target: Tensor,
  weight: Tensor | null,
  posWeight: Tensor | null,
  reduction: number,
): Tensor {
  const shape = self._shape;
  const x = broadcastTo(self, shape);
  const y = broadcastTo(target, shape);
  const w = weight === null ? null : broadcastTo(weight, shape);
  const p = posWeight === null ? null : broadcastTo(posWeight, shape);
  const n = self._numel;
  const values = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const xi = x.data[x.at + i]!;
    const yi = y.data[y.at + i]!;
    const scale = p === null ? 1 : 1 + (p.data[p.at + i]! - 1) * yi;
    const v = (1 - yi) * xi + scale * (Math.log1p(Math.exp(-Math.abs(xi))) + Math.max(-xi, 0));
    values[i] = w === null ? v : v * w.data[w.at + i]!;
  }
  return reduced(values, shape, self, reduction);
}

/** Rows of class scores [N, C, area] (or [C]); class `k` of row `i` stands at `(⌊i / area⌋ · c + k) · area + i mod area`. */
interface Classes {
  readonly labels: number[];
  readonly n: number;
  readonly at: (i: number, k: number) => number;
}

function classes(self: Tensor, target: Tensor, ignore: number): Classes {
  const single = self._shape.length === 1;
  const c = self._shape[single ? 0 : 1]!;
  const area = self._shape.slice(2).reduce((p, d) => p * d, 1);
  const labels = indexNumbers(target);
  for (const k of labels) {
    if (k !== ignore && (k < 0 || k >= c)) throw new IndexError(`Target ${k} is out of bounds.`);
  }
  const at = (i: number, k: number): number => (Math.floor(i / area) * c + k) * area + (i % area);
  return { labels, n: labels.length, at };
}

/** −w[y]·x[y] over rows of class scores: `[loss, total_weight]`. */
export function nllLoss(
  self: Tensor,
  target: Tensor,
  weight: Tensor | null,
  reduction: number,
  ignore: number,
): [Tensor, Tensor] {
  const { labels, n, at } = classes(self, target, ignore);
  const x = contiguousOf(self);
  const w = weight === null ? null : contiguousOf(weight);
  const data = x._storage.data as NumberArray;
  const out = new Float64Array(n);
  let total = 0;
  for (let i = 0; i < n; i++) {
    const k = labels[i]!;
    if (k === ignore) continue;
    const scale = w === null ? 1 : (w._storage.data as NumberArray)[w._offset + k]!;
    out[i] = -data[x._offset + at(i, k)]! * scale;
    total += scale;
  }
  const totalWeight = scalarTensor(self.dtype, roundTo(self.dtype, reduction === 0 ? 0 : total), SCALAR);
  if (reduction !== 1) return [reduced(out, sizeOf(target._shape), self, reduction), totalWeight];
  let sum = 0;
  for (let i = 0; i < n; i++) sum += out[i]!;
  return [scalarTensor(self.dtype, roundTo(self.dtype, sum / total), SCALAR), totalWeight];
}

export function nllLossBackward(
  grad: Tensor,
  self: Tensor,
  target: Tensor,
  weight: Tensor | null,
  reduction: number,
  ignore: number,
  totalWeight: Tensor,
): Tensor {
  const { labels, n, at } = classes(self, target, ignore);
  const out = newTensor(self._shape, self.dtype);
  const to = out._storage.data as NumberArray;
  const g = contiguousOf(grad);
  const gd = g._storage.data as NumberArray;
  const w = weight === null ? null : contiguousOf(weight);
  const scale = reduction === 1 ? 1 / (totalWeight._storage.data[totalWeight._offset] as number) : 1;
  for (let i = 0; i < n; i++) {
    const k = labels[i]!;
    if (k === ignore) continue;
    const own = w === null ? 1 : (w._storage.data as NumberArray)[w._offset + k]!;
    to[at(i, k)] = -own * gd[g._offset + (reduction === 0 ? i : 0)]! * scale;
  }
  return out;
}
