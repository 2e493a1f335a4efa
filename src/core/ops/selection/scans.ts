/** @file Running sums, products and extremes, and differences of neighbours, as functions. */
import { bool } from "../../dtype.js";
import { RuntimeError } from "../../errors.js";
import { newTensor } from "../../kernels/copy.js";
import type { Tensor } from "../../tensor.js";
import { call1, callMulti } from "../dispatch.js";
import { ops } from "../op.js";
import { int, optDType, optInt, optTensor, tensor } from "../parameters.js";
import { cumsum as cumsumOp } from "../reduction.js";
import { cat, slice } from "../shape_ops.js";
import { fn } from "../signature.js";
import { callInplace } from "../write.js";
import { cast, pair, wrap } from "./common.js";

const scanParams = [tensor("input"), int("dim"), optDType("dtype")] as const;
/** Running sums along `dim`. */
export const cumsum = fn("cumsum", scanParams, (x, dim, dtype) => cumsumOp(cast(x, dtype), dim));
export const cumsum_ = fn("cumsum_", scanParams, (x, dim) => callInplace(ops.cumsum, x, wrap(x, dim)));
/** Running products. */
export const cumprod = fn("cumprod", scanParams, (x, dim, dtype) => {
  const a = cast(x, dtype);
  return call1(ops.cumprod, a, wrap(a, dim));
});
export const cumprod_ = fn("cumprod_", scanParams, (x, dim) => callInplace(ops.cumprod, x, wrap(x, dim)));
/** ln of running sums of eˣ. */
export const logcumsumexp = fn("logcumsumexp", [tensor("input"), int("dim")], (x, dim) =>
  call1(ops.logcumsumexp, x, wrap(x, dim)),
);
/** The largest so far, with its position. */
export const cummax = fn("cummax", [tensor("input"), int("dim")], (x, dim) =>
  pair(callMulti(ops.cummax, 1, x, wrap(x, dim))),
);
export const cummin = fn("cummin", [tensor("input"), int("dim")], (x, dim) =>
  pair(callMulti(ops.cummin, 1, x, wrap(x, dim))),
);

/** Differences of neighbours along `dim`, `n` times. */
export const diff = fn(
  "diff",
  [tensor("input"), optInt("n", 1), optInt("dim", -1), optTensor("prepend"), optTensor("append")],
  (x, n, dim, prepend, append): Tensor => {
    if (x._shape.length === 0) throw new RuntimeError("diff expects input to be at least one-dimensional");
    if (n < 0) throw new RuntimeError(`order must be non-negative but got ${n}`);
    const d = wrap(x, dim);
    if (n === 0) return zeroDiff(x);
    const parts = [prepend, x, append].filter((t): t is Tensor => t !== null);
    let out = parts.length > 1 ? cat(parts, d) : x;
    for (let k = 0; k < Math.min(n, x._shape[d]!); k++) {
      const size = out._shape[d]!;
      const later = slice(out, d, 1, size, 1);
      const earlier = slice(out, d, 0, Math.max(size - 1, 0), 1);
      out = out.dtype === bool ? later.logical_xor(earlier) : later.sub(earlier);
    }
    return out;
  },
);
// PyTorch copies into a fresh tensor here, and its graph says so.
function zeroDiff(x: Tensor): Tensor {
  return newTensor(x._shape, x.dtype).copy_(x);
}
