/** @file Sorting and order statistics, as functions. */
import { RuntimeError } from "../../errors.js";
import type { Tensor } from "../../tensor.js";
import { call1, callMulti } from "../dispatch.js";
import { ops } from "../op.js";
import { flag, int, optAny, optInt, tensor } from "../parameters.js";
import { fn } from "../signature.js";
import { pair, wrap } from "./common.js";

const sortParams = [
  tensor("input"),
  optInt("dim", -1),
  flag("descending", false),
  optAny<"stable", boolean | null>("stable", null),
] as const;
/** Sorted along `dim`, with the positions that the elements had: `[values, indices]`. */
export const sort = fn("sort", sortParams, (x, dim, descending, stable) => {
  const op = stable === null ? ops.sort : ops.sort_stable;
  return pair(callMulti(op, 1, x, wrap(x, dim), descending));
});
/** The positions that would sort `dim`. */
export const argsort = fn("argsort", sortParams, (x, dim, descending) => {
  const [, indices] = callMulti(ops.sort, 1, x.detach(), wrap(x, dim), descending);
  return indices!;
});
export const msort = fn("msort", [tensor("input")], (x) => callMulti(ops.sort, 1, x, 0, false)[0]!);

/** The `k` largest (or smallest) along `dim`. */
export const topk = fn(
  "topk",
  [tensor("input"), int("k"), optInt("dim", -1), flag("largest", true), flag("sorted", true)],
  (x, k, dim, largest) => {
    const d = wrap(x, dim);
    if (k < 0 || k > (x._shape[d] ?? 1)) throw new RuntimeError("selected index k out of range");
    return pair(callMulti(ops.topk, 1, x, k, d, largest));
  },
);
/** The `k`-th smallest along `dim`, counted from 1. */
export const kthvalue = fn(
  "kthvalue",
  [tensor("input"), int("k"), optInt("dim", -1), flag("keepdim", false)],
  (x, k, dim, keepdim) => {
    const d = wrap(x, dim);
    if (k < 1 || k > (x._shape[d] ?? 1)) {
      throw new RuntimeError(`kthvalue(): selected number k out of range for dimension ${d}`);
    }
    return pair(callMulti(ops.kthvalue, 1, x, k, d, keepdim));
  },
);
/** The most frequent element along `dim`. */
export const mode = fn(
  "mode",
  [tensor("input"), optInt("dim", -1), flag("keepdim", false)],
  (x, dim, keepdim) => pair(callMulti(ops.mode, 1, x, wrap(x, dim), keepdim)),
);

function medianOf(name: "median" | "nanmedian") {
  return fn(name, [tensor("input"), optInt("dim", null), flag("keepdim", false)], (x, dim, keepdim) => {
    if (dim === null) return call1(ops[name], x) as Tensor & ReturnType<typeof pair>;
    const op = name === "median" ? ops.median_dim : ops.nanmedian_dim;
    return pair(callMulti(op, 1, x, wrap(x, dim), keepdim)) as Tensor & ReturnType<typeof pair>;
  });
}
/** The (lower) median of all elements, or `[values, indices]` along `dim`. */
export const median = medianOf("median");
/** The median of what is not NaN. */
export const nanmedian = medianOf("nanmedian");
