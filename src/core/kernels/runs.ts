/** @file Sums of elements that lie side by side, in float64. */
import { reductionMask } from "../shape.js";
import type { NumberArray } from "../storage.js";
import type { Tensor } from "../tensor.js";

/** How many elements that are summed lie side by side: the last of the dimensions. */
export function runOf(self: Tensor, dims: readonly number[] | null): number {
  const mask = reductionMask(dims, self._shape.length);
  let run = 1;
  for (let d = mask.length - 1; d >= 0 && mask[d] === true && self._strides[d] === run; d--) {
    run *= self._shape[d]!;
  }
  return run;
}

/** Four sums side by side, which do not wait for each other. */
export function sumOf(data: NumberArray, from: number, n: number): number {
  const end = from + n;
  let [a, b, c, d, i] = [0, 0, 0, 0, from];
  for (; i + 4 <= end; i += 4) {
    a += data[i]!;
    b += data[i + 1]!;
    c += data[i + 2]!;
    d += data[i + 3]!;
  }
  for (; i < end; i++) a += data[i]!;
  return a + b + (c + d);
}
