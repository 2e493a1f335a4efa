/** @file Reading and writing slices and elements that an index names, as functions. */
import { argumentError, IndexError, RuntimeError } from "../../errors.js";
import { indexNumbers } from "../../kernels/views.js";
import { formatShape, type Shape, sameShape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { call } from "../dispatch.js";
import { ops } from "../op.js";
import { any, flag, int, operand, optInt, optScalar, tensor } from "../parameters.js";
import { expand, flatten, unsqueeze } from "../shape_ops.js";
import { fn } from "../signature.js";
import { callInplace } from "../write.js";
import { longs, wrap } from "./common.js";

/** Elements by their number in row-major order. */
export const take = fn("take", [tensor("input"), tensor("index")], (x, index) => call(ops.take, x, index));
const putParams = [tensor("input"), tensor("index"), tensor("source"), flag("accumulate", false)] as const;
export const put = fn("put", putParams, (x, index, source, acc) => call(ops.put, x, index, source, acc));
export const put_ = fn("put_", putParams, (x, index, source, acc) =>
  callInplace(ops.put, x, index, source, acc),
);

const indexParams = [tensor("input"), int("dim"), tensor("index"), tensor("source")] as const;
const addParams = [...indexParams, optScalar("alpha", 1)] as const;
function checkIndexAdd(x: Tensor, dim: number, index: Tensor, source: Tensor): number {
  const d = wrap(x, dim);
  const others = (t: Tensor): Shape => t._shape.filter((_, k) => k !== d);
  if (x._shape.length > 0 && source._shape.length > 0 && !sameShape(others(x), others(source))) {
    throw new RuntimeError(
      `source tensor shape must match self tensor shape, excluding the specified dimension. Got self.shape = ${formatShape(x._shape)} source.shape = ${formatShape(source._shape)}`,
    );
  }
  if (index._shape.length > 1) throw new IndexError("index_add_(): Index is supposed to be a vector");
  return d;
}
/** `source`'s slices added at the places in `index`. */
export const index_add = fn("index_add", addParams, (x, dim, index, source, alpha) =>
  call(ops.index_add, x, checkIndexAdd(x, dim, index, source), index, source, alpha),
);
export const index_add_ = fn("index_add_", addParams, (x, dim, index, source, alpha) =>
  callInplace(ops.index_add, x, checkIndexAdd(x, dim, index, source), index, source, alpha),
);
/** `source`'s slices written to the places in `index`. */
export const index_copy = fn("index_copy", indexParams, (x, dim, index, source) =>
  call(ops.index_copy, x, wrap(x, dim), index, source),
);
export const index_copy_ = fn("index_copy_", indexParams, (x, dim, index, source) =>
  callInplace(ops.index_copy, x, wrap(x, dim), index, source),
);
const indexFillParams = [tensor("input"), int("dim"), tensor("index"), operand("value")] as const;
const indexFillOp = (value: Tensor | number) =>
  typeof value === "number" ? ops.index_fill_Scalar : ops.index_fill_Tensor;
export const index_fill = fn("index_fill", indexFillParams, (x, dim, index, value) =>
  call(indexFillOp(value), x, wrap(x, dim), index, value),
);
export const index_fill_ = fn("index_fill_", indexFillParams, (x, dim, index, value) =>
  callInplace(indexFillOp(value), x, wrap(x, dim), index, value),
);
/** Slices of `dim` in the order of `index`. */
export const index_select = fn(
  "index_select",
  [tensor("input"), int("dim"), tensor("index")],
  (x, dim, index) => {
    const d = wrap(x, dim);
    if (index._shape.length > 1) throw new IndexError("index_select(): Index is supposed to be a vector");
    return call(ops.index_select, x, d, index);
  },
);

type Indices = readonly (Tensor | null)[];
const indexPutParams = [
  tensor("input"),
  any<"indices", Indices>("indices"),
  tensor("values"),
  flag("accumulate", false),
] as const;
/** `values` (added) at the positions that the index tensors name. */
export const index_put = fn("index_put", indexPutParams, (x, indices, values, accumulate) =>
  call(ops.index_put, x, values, indices, accumulate),
);

/** Every element (or slice) repeated on the spot. */
export const repeat_interleave = fn(
  "repeat_interleave",
  [tensor("input"), operand("repeats"), optInt("dim", null), optInt("output_size", null)],
  (x, repeats, dim): Tensor => {
    const flat = dim === null ? x.reshape(-1) : x;
    const d = dim === null ? 0 : wrap(flat, dim);
    const n = flat._shape[d] ?? 1;
    if (typeof repeats === "number" && !Number.isInteger(repeats)) {
      throw argumentError("repeat_interleave", "repeats", 2, "Tensor", repeats);
    }
    if (typeof repeats === "number" && repeats < 0) throw new RuntimeError("Repeats must be non-negative");
    if (typeof repeats === "number") return repeatEach(flat, d, repeats);
    const counts = indexNumbers(repeats);
    if (counts.length !== 1 && counts.length !== n) {
      throw new RuntimeError("repeats must have the same size as input along dim");
    }
    const at = Array.from({ length: n }, (_, i) =>
      new Array<number>(counts[counts.length === 1 ? 0 : i]!).fill(i),
    );
    return call(ops.index_select, flat, d, longs(at.flat()));
  },
);

function repeatEach(x: Tensor, dim: number, times: number): Tensor {
  if (x._shape.length === 0) return repeatEach(x.reshape(1), 0, times);
  const wide = expand(unsqueeze(x, dim + 1), [
    ...x._shape.slice(0, dim + 1),
    times,
    ...x._shape.slice(dim + 1),
  ]);
  return flatten(wide.clone().contiguous(), dim, dim + 1);
}
