/** @file Running sums. */
import { type DType, int64, KIND_FLOAT } from "../dtype.js";
import type { Tensor } from "../tensor.js";
import { castTo, contiguousOf, newTensor, readNumber, writeNumber } from "./copy.js";
import { offsetsOf } from "./reduce.js";

/** Running sums along `dim`. */
export function cumsum(self: Tensor, dim: number): Tensor {
  const dtype: DType = self.dtype.kind === KIND_FLOAT ? self.dtype : int64;
  const src = contiguousOf(castTo(self, dtype));
  const out = newTensor(src._shape, dtype);
  if (src._shape.length === 0) {
    writeNumber(out, readNumber(src));
    return out;
  }
  const n = src._shape[dim]!;
  const step = src._strides[dim]!;
  const starts = offsetsOf(
    src._shape,
    src._strides,
    src._shape.map((_, d) => d).filter((d) => d !== dim),
  );
  const data = src._storage.data;
  const to = out._storage.data;
  for (const start of starts) {
    let total: number | bigint = dtype === int64 ? 0n : 0;
    for (let k = 0; k < n; k++) {
      const x = data[src._offset + start + k * step]!;
      total = typeof total === "bigint" ? total + (x as bigint) : total + (x as number);
      to[start + k * step] = total;
    }
  }
  return out;
}
