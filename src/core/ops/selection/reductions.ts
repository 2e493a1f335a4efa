/** @file Extremes, quantifiers, moments, sums and products over dimensions, as functions. */
import { IndexError, RuntimeError } from "../../errors.js";
import { anyAll } from "../../kernels/reduce.js";
import type { Tensor } from "../../tensor.js";
import { call1, callMulti, finish } from "../dispatch.js";
import { ops } from "../op.js";
import { flag, int, optAny, optDType, optInt, optInts, scalar, tensor } from "../parameters.js";
import { prod as prodAll } from "../reduction.js";
import { fn } from "../signature.js";
import { callInplace } from "../write.js";
import { cast, named, wrap } from "./common.js";

/** The smallest and the largest element: `[min, max]`. */
export const aminmax = fn(
  "aminmax",
  [tensor("input"), optInt("dim", null), flag("keepdim", false)],
  (x, dim, keepdim) => {
    checkDims(x);
    if (dim === null && x._numel === 0) {
      throw new RuntimeError(
        "aminmax(): cannot compute aminmax over an empty dimension as the operation has no identity.",
      );
    }
    const d = dim === null ? null : wrap(x, dim);
    if (d !== null && x._shape[d] === 0) {
      throw new IndexError(`aminmax: Expected reduction dim ${d} to have non-zero size.`);
    }
    const kernel = ops.aminmax.kernel as unknown as (...a: unknown[]) => Tensor[];
    const [low, high] = kernel(x.detach(), d, keepdim);
    return named(callMulti(ops.aminmax, 2, x, d, keepdim, low, high), ["min", "max"]);
  },
);

function checkDims(x: Tensor): void {
  if (x._shape.length > 64) throw new RuntimeError("only tensors with up to 64 dims are supported");
}

function extremes(name: "amax" | "amin") {
  return fn(name, [tensor("input"), optInts("dim"), flag("keepdim", false)], (x, dim, keepdim) => {
    checkDims(x);
    const dims = dim ?? [];
    if (x._numel === 0) {
      if (dims.length === 0) {
        throw new RuntimeError(
          `${name}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument.`,
        );
      }
      for (const d of dims.map((n) => wrap(x, n))) {
        if (x._shape[d] === 0)
          throw new IndexError(`${name}(): Expected reduction dim ${d} to have non-zero size.`);
      }
    }
    return call1(ops[name], x, dims, keepdim);
  });
}
/** The largest element, or over dimensions; ties share the gradient evenly. */
export const amax = extremes("amax");
export const amin = extremes("amin");

function quantifier(name: "any" | "all") {
  return fn(name, [tensor("input"), optInts("dim"), flag("keepdim", false)], (x, dim, keepdim) =>
    finish(name, [x], anyAll(x, dim, keepdim, name === "all")),
  );
}
export const any_ = quantifier("any");
export const all = quantifier("all");

type Unbiased = readonly number[] | number | boolean | null;
function momentPair(name: "var_mean" | "std_mean") {
  const params = [
    tensor("input"),
    optAny<"dim", Unbiased>("dim", null),
    flag("unbiased", true),
    flag("keepdim", false),
    optAny<"correction", number | null>("correction", null),
  ] as const;
  return fn(name, params, (x, dim, unbiased, keepdim, correction) => {
    const dims = typeof dim === "boolean" || dim === null ? null : typeof dim === "number" ? [dim] : dim;
    const whole = typeof dim === "boolean" ? dim : unbiased;
    const c = correction ?? (whole ? 1 : 0);
    if (name === "var_mean") return callMulti(ops.var_mean, 2, x, dims, c, keepdim);
    return callMulti(ops.std_mean, 2, x, dims, c, keepdim);
  });
}
/** Variance and mean at once. */
export const var_mean = momentPair("var_mean");
export const std_mean = momentPair("std_mean");

const sumParams = [tensor("input"), optInts("dim"), flag("keepdim", false), optDType("dtype")] as const;

/** The sum with NaN as 0. */
export const nansum = fn("nansum", sumParams, (x, dim, keepdim, dtype) =>
  call1(ops.nansum, cast(x, dtype), dim ?? [], keepdim),
);
/** The mean of what is not NaN. */
export const nanmean = fn("nanmean", sumParams, (x, dim, keepdim, dtype): Tensor => {
  const counted = x.detach().eq(x.detach()).sum(dim, keepdim);
  return nansum(x, dim, keepdim, dtype).div(counted);
});
/** How many elements are not 0. */
export const count_nonzero = fn(
  "count_nonzero",
  [tensor("input"), optInts("dim")],
  (x, dim): Tensor => x.detach().ne(0).sum(dim),
);

/** The product of all elements, or along `dim`. */
export const prod = fn(
  "prod",
  [tensor("input"), optAny<"dim", number | null>("dim", null), flag("keepdim", false), optDType("dtype")],
  (x, dim, keepdim, dtype) => {
    const a = cast(x, dtype);
    return dim === null ? prodAll(a) : call1(ops.prod_dim, a, wrap(a, dim), keepdim);
  },
);

/** Slices along `dim` scaled down to a `p`-norm of at most `maxnorm`. */
const renormParams = [tensor("input"), scalar("p"), int("dim"), scalar("maxnorm")] as const;
function renormArgs(x: Tensor, p: number, dim: number, maxnorm: number): readonly [number, number, number] {
  if (x._shape.length < 2) {
    throw new RuntimeError(`renorm: input needs at least 2 dimensions, got ${x._shape.length} dimensions`);
  }
  if (p <= 0) throw new RuntimeError("renorm: non-positive-norm not supported");
  if (maxnorm < 0) throw new RuntimeError(`renorm: expected maxnorm to be >= 0 but got ${maxnorm}`);
  return [p, wrap(x, dim), maxnorm];
}
export const renorm = fn("renorm", renormParams, (x, ...rest) =>
  call1(ops.renorm, x, ...renormArgs(x, ...rest)),
);
export const renorm_ = fn("renorm_", renormParams, (x, ...rest) =>
  callInplace(ops.renorm, x, ...renormArgs(x, ...rest)),
);
