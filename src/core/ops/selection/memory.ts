/** @file How these kernels see a tensor: its elements as they lie, and its lines along a dimension. */
import { copyInto } from "../../kernels/copy.js";
import { offsetsOf } from "../../kernels/reduce.js";
import type { Tensor } from "../../tensor.js";

export type Dims = readonly number[];
export type Memory = { [i: number]: number | bigint; readonly length: number };
export const memory = (t: Tensor): Memory => t._storage.data as unknown as Memory;
export const copy = (t: Tensor): Tensor => copyInto(null, t, t.dtype);

/** Lines of a row-major tensor along `dim`: where each starts, its length and step. */
export function lines(t: Tensor, dim: number): { starts: Int32Array; n: number; step: number } {
  if (t._shape.length === 0) return { starts: new Int32Array(1), n: 1, step: 1 };
  const others = t._shape.map((_, d) => d).filter((d) => d !== dim);
  return { starts: offsetsOf(t._shape, t._strides, others), n: t._shape[dim]!, step: t._strides[dim]! };
}
