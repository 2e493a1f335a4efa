/** @file `quantile` and `nanquantile`. */
import { int64, KIND_FLOAT } from "../../dtype.js";
import { RuntimeError } from "../../errors.js";
import { normalizeDim } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { call1 } from "../dispatch.js";
import { fromData } from "../from_data.js";
import { ops } from "../op.js";
import { flag, operand, optInt, tensor, text } from "../parameters.js";
import { masked_fill, toDType } from "../pointwise.js";
import { sort } from "../selection/order.js";
import { gather } from "../selection/scatter.js";
import { flatten } from "../shape_ops.js";
import { fn } from "../signature.js";

const METHODS = ["linear", "lower", "higher", "midpoint", "nearest"];
/** PyTorch counts ranks in float32, which is exact up to here. */
const LARGEST = 16_000_000;

function check(x: Tensor, q: Tensor, interpolation: string): void {
  if (x._numel === 0) throw new RuntimeError("quantile() input tensor must be non-empty");
  if (q._shape.length > 1) {
    throw new RuntimeError("quantile() q must be a scalar or 1D tensor");
  }
  if (x.dtype.kind !== KIND_FLOAT) {
    throw new RuntimeError("quantile() input tensor must be either float or double dtype");
  }
  if (x.dtype !== q.dtype) {
    throw new RuntimeError("quantile() q tensor must be same dtype as the input tensor");
  }
  if (!METHODS.includes(interpolation)) {
    throw new RuntimeError(
      `quantile() interpolation must be one of linear, lower, higher, midpoint or nearest, but got ${interpolation}`,
    );
  }
  if ((q.detach().reshape(-1).tolist() as number[]).some((p) => !(p >= 0 && p <= 1))) {
    throw new RuntimeError("quantile() q values must be in the range [0, 1]");
  }
}

/** All elements, or `dim` as the last dimension, in ascending order. */
function sorted(x: Tensor, dim: number | null): Tensor {
  if (dim === null) return sort(flatten(x), -1)[0]!;
  if (dim === x._shape.length - 1) return sort(x, -1)[0]!;
  return sort(x.unsqueeze(-1).transpose(dim, -1), -1)[0]!;
}

/** Sizes of the result behind the dimension of `q`. */
function reducedSizes(x: Tensor, dim: number | null, keepdim: boolean): number[] {
  if (dim === null || x._shape.length === 0) return keepdim ? x._shape.map(() => 1) : [];
  return x._shape.flatMap((n, d) => (d === dim ? (keepdim ? [1] : []) : [n]));
}

/** Where each quantile stands among the sorted elements: the last one, NaN, where there is a NaN. */
function ranksOf(values: Tensor, q: Tensor, ignoreNaN: boolean): Tensor {
  const nan = values.detach().isnan();
  if (ignoreNaN) {
    const ranks = q.mul(nan.logical_not().sum(-1, true).sub(1));
    return masked_fill(ranks, ranks.detach().lt(0), 0);
  }
  const last = values._shape.at(-1)! - 1;
  return masked_fill(call1(ops.mul_Scalar, q, last), nan.any(-1, true), last);
}

function between(values: Tensor, ranks: Tensor, interpolation: string): Tensor {
  const at = (r: Tensor): Tensor => gather(values, -1, toDType(r.detach(), int64));
  if (interpolation === "lower") return at(ranks.floor());
  if (interpolation === "higher") return at(ranks.ceil());
  if (interpolation === "nearest") return at(ranks.round());
  const below = at(ranks);
  const middle = interpolation === "midpoint";
  const weights = middle ? ranks.detach().mul(0).add(0.5) : ranks.sub(toDType(ranks.detach(), int64));
  return below.lerp(at(ranks.ceil()), weights);
}

function quantiles(name: "quantile" | "nanquantile") {
  const params = [
    tensor("input"),
    operand("q"),
    optInt("dim", null),
    flag("keepdim", false),
    text("interpolation", "linear"),
  ] as const;
  return fn(name, params, (x, q_, dim_, keepdim, interpolation): Tensor => {
    if (typeof q_ === "number" && !(q_ >= 0 && q_ <= 1)) {
      throw new RuntimeError(`quantile() q must be in the range [0, 1] but got ${q_}`);
    }
    const q = typeof q_ === "number" ? fromData(q_, x.dtype) : q_;
    const dim = dim_ === null ? null : normalizeDim(dim_, x._shape.length);
    check(x, q, interpolation);
    if (x._numel >= LARGEST) throw new RuntimeError("quantile() input tensor is too large");
    const ordered = sorted(x, dim);
    const values = ordered.view([...reducedSizes(x, dim, keepdim), ordered._shape.at(-1)!]);
    const out = between(values, ranksOf(values, q, name === "nanquantile"), interpolation);
    return q._shape.length === 0 ? out.squeeze_(-1) : out.unsqueeze_(0).transpose_(0, -1).squeeze_(-1);
  });
}

/** The `q`-quantiles (0 ≤ q ≤ 1) of all elements, or along `dim`; a first dimension for a 1-dim `q`. */
export const quantile = quantiles("quantile");
/** The quantiles of what is not NaN. */
export const nanquantile = quantiles("nanquantile");
