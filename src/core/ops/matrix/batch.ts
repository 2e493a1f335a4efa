/** @file A batch of matrices, one after the other, in float64; and results put together from them. */
import { type DType, float64 } from "../../dtype.js";
import { castTo, contiguousOf, newTensor } from "../../kernels/copy.js";
import { sizeOf } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import type * as dense from "./dense.js";

type Dims = readonly number[];
export interface Batch {
  readonly lead: Dims;
  readonly m: number;
  readonly n: number;
  readonly count: number;
  at(i: number): dense.Matrix;
}

export function batchOf(t: Tensor): Batch {
  const c = contiguousOf(castTo(t, float64));
  const lead = t._shape.slice(0, -2);
  const [m, n] = t._shape.slice(-2) as [number, number];
  const data = c._storage.data as Float64Array;
  const count = lead.reduce((a, b) => a * b, 1);
  return { lead, m, n, count, at: (i) => data.slice(c._offset + i * m * n, c._offset + (i + 1) * m * n) };
}

export class Output {
  readonly tensor: Tensor;
  readonly #size: number;
  constructor(lead: Dims, own: Dims, dtype: DType) {
    this.tensor = newTensor(sizeOf([...lead, ...own]), dtype);
    this.#size = own.reduce((a, b) => a * b, 1);
  }
  set(i: number, values: ArrayLike<number>): void {
    (this.tensor._storage.data as Float64Array).set(values, i * this.#size);
  }
}
