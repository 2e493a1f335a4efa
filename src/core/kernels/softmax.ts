/** @file softmax and log-softmax along one dimension, and their backward kernels. */
import type { NumberArray } from "../storage.js";
import type { Tensor } from "../tensor.js";
import { contiguousOf, rawTensor } from "./copy.js";
import { nativeSoftmax, nativeSoftmaxBackward } from "./native_rows.js";
import { offsetsOf } from "./reduce.js";

/** The lines of a contiguous tensor along `dim`: where they start, how long they are, their step. */
function lines(t: Tensor, dim: number): { starts: Int32Array; n: number; step: number } {
  if (t._shape.length === 0) return { starts: new Int32Array(1), n: 1, step: 1 };
  const others = t._shape.map((_, d) => d).filter((d) => d !== dim);
  return { starts: offsetsOf(t._shape, t._strides, others), n: t._shape[dim]!, step: t._strides[dim]! };
}

export function softmax(self: Tensor, dim: number, log: boolean): Tensor {
  const src = contiguousOf(self);
  const out = rawTensor(src._shape, src.dtype);
  if (src._numel === 0) return out;
  const a = src._storage.data as NumberArray;
  const to = out._storage.data as NumberArray;
  const { starts, n, step } = lines(src, dim);
  if (step === 1 && nativeSoftmax(a, src._offset, starts.length, n, log, to)) return out;
  for (let s = 0; s < starts.length; s++) {
    const start = starts[s]!;
    const from = src._offset + start;
    let top = -Infinity;
    for (let k = 0; k < n; k++) top = Math.max(top, a[from + k * step]!);
    let total = 0;
    for (let k = 0; k < n; k++) total += Math.exp(a[from + k * step]! - top);
    const logTotal = Math.log(total);
    for (let k = 0; k < n; k++) {
      const x = a[from + k * step]! - top;
      to[start + k * step] = log ? x - logTotal : Math.exp(x) / total;
    }
  }
  return out;
}

/** softmax: `y · (g − Σ g·y)`; log-softmax: `g − exp(y) · Σ g`. */
export function softmaxBackward(grad: Tensor, output: Tensor, dim: number, log: boolean): Tensor {
  const g = contiguousOf(grad);
  const y = contiguousOf(output);
  const out = rawTensor(y._shape, y.dtype);
  if (y._numel === 0) return out;
  const a = g._storage.data as NumberArray;
  const b = y._storage.data as NumberArray;
  const to = out._storage.data as NumberArray;
  const { starts, n, step } = lines(y, dim);
  if (step === 1 && nativeSoftmaxBackward(a, g._offset, b, y._offset, starts.length, n, log, to)) return out;
  for (let s = 0; s < starts.length; s++) {
    const start = starts[s]!;
    let total = 0;
    for (let k = 0; k < n; k++) {
      const x = a[g._offset + start + k * step]!;
      total += log ? x : x * b[y._offset + start + k * step]!;
    }
    for (let k = 0; k < n; k++) {
      const x = a[g._offset + start + k * step]!;
      const r = b[y._offset + start + k * step]!;
      to[start + k * step] = log ? x - Math.exp(r) * total : r * (x - total);
    }
  }
  return out;
}
