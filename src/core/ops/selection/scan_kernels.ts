/** @file Kernels of running and whole products and extremes along a dimension. */
import { int64, KIND_FLOAT } from "../../dtype.js";
import { castTo, contiguousOf, newTensor } from "../../kernels/copy.js";
import { plan, prod } from "../../kernels/reduce.js";
import type { Tensor } from "../../tensor.js";
import { lines, memory } from "./memory.js";
import { isNaNValue } from "./order_kernels.js";

export function scan(
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

export function logAddExp(a: number, b: number): number {
  if (a === b && !Number.isFinite(a)) return a;
  return Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
}

/** The extreme so far; later ones win ties. */
export function cumExtreme(self: Tensor, dim: number, largest: boolean): [Tensor, Tensor] {
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

export function prodDim(self: Tensor, dim: number, keepdim: boolean): Tensor {
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
