/** @file Searching sorted numbers and counting, as functions. */
import { bool, float32, float64, int64 } from "../../dtype.js";
import { RuntimeError } from "../../errors.js";
import { contiguousOf, newTensor, wrapArray } from "../../kernels/copy.js";
import { indexNumbers } from "../../kernels/views.js";
import { SCALAR } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { fromData } from "../from_data.js";
import { flag, operand, optAny, optInt, optTensor, tensor } from "../parameters.js";
import { fn } from "../signature.js";
import { longs } from "./common.js";
import { gather } from "./scatter.js";

/** How often every number from 0 on occurs. */
export const bincount = fn(
  "bincount",
  [tensor("input"), optTensor("weights"), optInt("minlength", 0)],
  (x, weights, minlength) => {
    const numbers = indexNumbers(x);
    if (numbers.some((n) => n < 0))
      throw new RuntimeError("bincount only supports 1-d non-negative integral inputs.");
    const size = Math.max(minlength, ...numbers.map((n) => n + 1));
    const totals = new Float64Array(size);
    const w = weights === null ? null : (contiguousOf(weights).tolist() as number[]);
    numbers.forEach((n, i) => {
      totals[n]! += w === null ? 1 : w[i]!;
    });
    if (w === null) return longs([...totals]);
    return fromData([...totals], weights!.dtype === float32 ? float32 : float64);
  },
);

function numbersOf(boundaries: Tensor): number[] {
  return contiguousOf(boundaries).reshape(-1).tolist() as number[];
}
function bisect(sorted: readonly number[], from: number, n: number, x: number, right: boolean): number {
  let low = 0;
  let high = n;
  while (low < high) {
    const mid = (low + high) >> 1;
    const v = sorted[from + mid]!;
    if (right ? !(v > x) : !(v >= x)) low = mid + 1;
    else high = mid;
  }
  return low;
}
/** Where each element would stand among sorted 1-dim `boundaries`. */
export const bucketize = fn(
  "bucketize",
  [operand("input"), tensor("boundaries"), flag("out_int32", false), flag("right", false)],
  (x, boundaries, out32, right) => {
    if (boundaries._shape.length !== 1) {
      throw new RuntimeError(
        `boundaries tensor must be 1 dimension, but got dim(${boundaries._shape.length})`,
      );
    }
    const sorted = numbersOf(boundaries);
    const shape = typeof x === "number" ? SCALAR : x._shape;
    const values = typeof x === "number" ? [x] : (contiguousOf(x.detach()).reshape(-1).tolist() as number[]);
    const found = longs(values.map((v) => bisect(sorted, 0, sorted.length, v, right)));
    const out = wrapArray(found._storage.data, shape, int64);
    return out32 ? out.int() : out;
  },
);
/** Where each value would stand in the sorted last dimension. */
export const searchsorted = fn(
  "searchsorted",
  [
    tensor("sorted_sequence"),
    operand("input"),
    flag("out_int32", false),
    flag("right", false),
    optAny<"side", string | null>("side", null),
    optTensor("sorter"),
  ],
  (sequence, x, out32, right, side, sorter) => {
    const ordered = sorter === null ? sequence : gather(sequence.detach(), -1, sorter);
    const sorted = numbersOf(ordered);
    const n = sequence._shape.at(-1) ?? 1;
    const shape = typeof x === "number" ? SCALAR : x._shape;
    const values = typeof x === "number" ? [x] : (contiguousOf(x.detach()).reshape(-1).tolist() as number[]);
    const width = sequence._shape.length === 1 ? values.length : (shape.at(-1) ?? 1);
    const fromRight = right || side === "right";
    const found = longs(
      values.map((v, i) =>
        bisect(sorted, sequence._shape.length === 1 ? 0 : Math.floor(i / width) * n, n, v, fromRight),
      ),
    );
    const out = wrapArray(found._storage.data, shape, int64);
    return out32 ? out.int() : out;
  },
);
/** Whether each element is among `test_elements`. */
export const isin = fn(
  "isin",
  [operand("elements"), operand("test_elements"), flag("assume_unique", false), flag("invert", false)],
  (elements, test, _, invert) => {
    const list = (t: Tensor | number): number[] =>
      typeof t === "number" ? [t] : (contiguousOf(t.detach()).reshape(-1).tolist() as number[]);
    const known = new Set(list(test));
    const out = newTensor(typeof elements === "number" ? SCALAR : elements._shape, bool);
    list(elements).forEach((x, i) => {
      out._storage.data[i] = known.has(x) !== invert ? 1 : 0;
    });
    return out;
  },
);
