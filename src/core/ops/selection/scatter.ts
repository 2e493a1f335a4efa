/** @file `gather`, `scatter` and their kin, as functions. */
import { int64 } from "../../dtype.js";
import { RuntimeError } from "../../errors.js";
import { broadcastShapes, formatShape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { call } from "../dispatch.js";
import { fromData } from "../from_data.js";
import { ops } from "../op.js";
import { flag, int, optAny, optInt, tensor, text } from "../parameters.js";
import { expand } from "../shape_ops.js";
import { fn } from "../signature.js";
import { callInplace } from "../write.js";
import { wrap } from "./common.js";

function checkScatter(x: Tensor, dim: number, index: Tensor, src: Tensor | null, self = "self"): number {
  const d = wrap(x, dim);
  if (index._numel === 0) return d;
  const rank = (t: Tensor): number => Math.max(t._shape.length, 1);
  if (rank(index) !== rank(x)) {
    throw new RuntimeError(`Index tensor must have the same number of dimensions as ${self} tensor`);
  }
  if (src !== null && rank(index) !== rank(src)) {
    throw new RuntimeError("Index tensor must have the same number of dimensions as src tensor");
  }
  checkSizes(x, d, index, src);
  return d;
}

function checkSizes(x: Tensor, d: number, index: Tensor, src: Tensor | null): void {
  const tooLarge = index._shape.some(
    (n, k) => (k !== d && n > x._shape[k]!) || (src !== null && n > src._shape[k]!),
  );
  if (!tooLarge) return;
  const apart = `Expected index ${formatShape(index._shape)} to be no larger than self ${formatShape(x._shape)} apart from dimension ${d}`;
  throw new RuntimeError(
    src === null ? apart : `${apart} and to be no larger size than src ${formatShape(src._shape)}`,
  );
}

/** Elements along `dim` at the positions in `index`. */
export const gather = fn("gather", [tensor("input"), int("dim"), tensor("index")], (x, dim, index) => {
  const d = wrap(x, dim);
  if (index._numel === 0) return call(ops.gather, x, d, index);
  if (index.dtype !== int64 && index.dtype.name !== "int32") {
    throw new RuntimeError("gather(): Expected dtype int32/int64 for index");
  }
  if (Math.max(index._shape.length, 1) !== Math.max(x._shape.length, 1)) {
    throw new RuntimeError("Index tensor must have the same number of dimensions as input tensor");
  }
  index._shape.forEach((n, k) => {
    if (k === d || n <= (x._shape[k] ?? 1)) return;
    throw new RuntimeError(
      `Size does not match at dimension ${k} expected index ${formatShape(index._shape)} to be no larger than self ${formatShape(x._shape)} apart from dimension ${d}`,
    );
  });
  return call(ops.gather, x, d, index);
});

const REDUCED: Readonly<Record<string, string>> = { add: "sum", multiply: "prod" };
const scatterParams = [
  tensor("input"),
  int("dim"),
  tensor("index"),
  optAny<"src", Tensor | number | null>("src", null),
  optAny<"reduce", string | null>("reduce", null),
  optAny<"value", number | null>("value", null),
] as const;
type ScatterArgs = readonly [Tensor, number, Tensor, Tensor | number | null, string | null, number | null];
type Run = (op: (typeof ops)["scatter_src"], ...args: [Tensor, ...unknown[]]) => Tensor;
function scatterForm([x, dim, index, src, reduce, value]: ScatterArgs, run: Run): Tensor {
  const from = src ?? value ?? 0;
  const d = checkScatter(x, dim, index, typeof from === "number" ? null : from);
  if (typeof from !== "number" && from.dtype !== x.dtype) {
    throw new RuntimeError("scatter(): Expected self.dtype to be equal to src.dtype");
  }
  if (reduce !== null) {
    const spread = typeof from === "number" ? expand(fromData(from, x.dtype), index._shape) : from;
    return run(ops.scatter_reduce, x, d, index, spread, REDUCED[reduce] ?? reduce, true);
  }
  return run(typeof from === "number" ? ops.scatter_value : ops.scatter_src, x, d, index, from);
}
/** `src` (or one number) written along `dim` to the positions in `index`. */
export const scatter = fn("scatter", scatterParams, (...args) => scatterForm(args, call));
export const scatter_ = fn("scatter_", scatterParams, (...args) => scatterForm(args, callInplace));
const scatterAddParams = [tensor("input"), int("dim"), tensor("index"), tensor("src")] as const;
function addArgs(x: Tensor, dim: number, index: Tensor, src: Tensor) {
  const d = checkScatter(x, dim, index, src);
  if (src.dtype !== x.dtype)
    throw new RuntimeError("scatter(): Expected self.dtype to be equal to src.dtype");
  return [d, index, src] as const;
}
export const scatter_add = fn("scatter_add", scatterAddParams, (x, dim, index, src) =>
  call(ops.scatter_add, x, ...addArgs(x, dim, index, src)),
);
export const scatter_add_ = fn("scatter_add_", scatterAddParams, (x, dim, index, src) =>
  callInplace(ops.scatter_add, x, ...addArgs(x, dim, index, src)),
);
const reduceParams = [...scatterAddParams, text("reduce", "sum"), flag("include_self", true)] as const;
function reduceArgs(x: Tensor, dim: number, index: Tensor, src: Tensor, reduce: string, own: boolean) {
  if (!["sum", "prod", "mean", "amax", "amin"].includes(reduce)) {
    throw new RuntimeError(`reduce argument must be either sum, prod, mean, amax or amin, got ${reduce}`);
  }
  return [checkScatter(x, dim, index, src), index, src, reduce, own] as const;
}
/** Combines what meets in one place: "sum", "prod", "mean", "amax" or "amin". */
export const scatter_reduce = fn("scatter_reduce", reduceParams, (x, ...rest) =>
  call(ops.scatter_reduce, x, ...reduceArgs(x, ...rest)),
);
export const scatter_reduce_ = fn("scatter_reduce_", reduceParams, (x, ...rest) =>
  callInplace(ops.scatter_reduce, x, ...reduceArgs(x, ...rest)),
);

/** `gather` with `input` and `indices` broadcast; without `dim` over all elements in order. */
export const take_along_dim = fn(
  "take_along_dim",
  [tensor("input"), tensor("indices"), optInt("dim", null)],
  (x, indices, dim): Tensor => {
    if (dim === null) return gather(x.reshape(-1), 0, indices.reshape(-1));
    const d = wrap(x, dim);
    const ones = (t: Tensor): number[] => t._shape.map((n, k) => (k === d ? 1 : n));
    const common = broadcastShapes(ones(x), ones(indices));
    const to = (t: Tensor): number[] => common.map((n, k) => (k === d ? t._shape[d]! : n));
    return gather(expand(x, to(x)), d, expand(indices, to(indices)));
  },
);
