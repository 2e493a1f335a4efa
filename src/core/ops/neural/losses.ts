/** @file Losses of `nn.functional`. */
import { RuntimeError, ValueError } from "../../errors.js";
import { newTensor } from "../../kernels/copy.js";
import { broadcastShapes, sameShape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { call, call1 } from "../dispatch.js";
import { fullLike } from "../make.js";
import { ops } from "../op.js";
import { flag, optAny, optFloat, optTensor, tensor, text } from "../parameters.js";
import { where } from "../pointwise.js";
import { expand } from "../shape_ops.js";
import { fn } from "../signature.js";

const CODES = ["none", "mean", "sum"];
export function reductionOf(name: string): number {
  const code = CODES.indexOf(name);
  if (code < 0) throw new ValueError(`${name} is not a valid value for reduction`);
  return code;
}
export function reduced(x: Tensor, reduction: string): Tensor {
  const code = reductionOf(reduction);
  if (code === 0) return x;
  return code === 1 ? x.mean() : x.sum();
}
function both(x: Tensor, y: Tensor): [Tensor, Tensor] {
  const shape = broadcastShapes(x._shape, y._shape);
  const to = (t: Tensor): Tensor => (sameShape(t._shape, shape) ? t : expand(t, shape));
  return [to(x), to(y)];
}
const legacy = [
  optAny<"size_average", boolean | null>("size_average", null),
  optAny<"reduce", boolean | null>("reduce", null),
] as const;
const pairLoss = [tensor("input"), tensor("target"), ...legacy, text("reduction", "mean")] as const;

/** Mean of |input − target|. */
export const l1_loss = fn("l1_loss", pairLoss, (x, y, _, __, reduction): Tensor => {
  reductionOf(reduction);
  return reduced(x.sub(y).abs(), reduction);
});
/** Quadratic within `beta`, linear beyond. */
export const smooth_l1_loss = fn(
  "smooth_l1_loss",
  [...pairLoss, optFloat("beta", 1)],
  (x, y, _, __, reduction, beta) => {
    if (beta < 0) throw new RuntimeError("smooth_l1_loss does not support negative values for beta.");
    if (beta === 0) return l1_loss(x, y, { reduction });
    return call(ops.smooth_l1_loss, ...both(x, y), reductionOf(reduction), beta);
  },
);
/** ½ d² within `delta`, linear beyond. */
export const huber_loss = fn(
  "huber_loss",
  [tensor("input"), tensor("target"), text("reduction", "mean"), optFloat("delta", 1), optTensor("weight")],
  (x, y, reduction, delta) => {
    const code = reductionOf(reduction);
    if (delta <= 0) throw new RuntimeError("huber_loss does not support non-positive values for delta.");
    return call(ops.huber_loss, ...both(x, y), code, delta);
  },
);
/** ln(1 + e^(−y x)). */
export const soft_margin_loss = fn("soft_margin_loss", pairLoss, (x, y, _, __, reduction) => {
  const code = reductionOf(reduction);
  return call(ops.soft_margin_loss, ...both(x, y), code);
});
/** −(y ln x + (1 − y) ln(1 − x)), logarithms no lower than −100. */
export const binary_cross_entropy = fn(
  "binary_cross_entropy",
  [tensor("input"), tensor("target"), optTensor("weight"), ...legacy, text("reduction", "mean")],
  (x, y, weight, _, __, reduction) => {
    const code = reductionOf(reduction);
    if (!sameShape(x._shape, y._shape)) {
      throw new ValueError(
        `Using a target size (${y._shape}) that is different to the input size (${x._shape}) is deprecated. Please ensure they have the same size.`,
      );
    }
    const w = weight === null ? null : expand(weight, broadcastShapes(y._shape, weight._shape));
    return call(ops.binary_cross_entropy, x, y, w, code);
  },
);
/** y (ln y − x) for log-probabilities x. */
export const kl_div = fn(
  "kl_div",
  [...pairLoss, flag("log_target", false)],
  (x, y, _, __, reduction, log): Tensor => {
    const batch = reduction === "batchmean";
    if (!batch) reductionOf(reduction);
    const terms = log ? y.exp().mul(y.sub(x)) : y.xlogy(y).sub(y.mul(x));
    if (!batch) return reduced(terms, reduction);
    return terms.sum().div(x._shape[0] ?? 1);
  },
);
const margin = [...legacy, text("reduction", "mean")] as const;
/** x where the target is 1, max(0, margin − x) where it is −1. */
export const hinge_embedding_loss = fn(
  "hinge_embedding_loss",
  [tensor("input"), tensor("target"), optFloat("margin", 1), ...margin],
  (x, y, gap, _, __, reduction): Tensor => {
    reductionOf(reduction);
    const zeros = newTensor(x._shape, x.dtype);
    const hinge = call1(ops.clamp_min, fullLike(zeros, gap).sub(x), 0);
    const first = where(y.ne(1), hinge, zeros);
    return reduced(first.add(where(y.ne(-1), x, zeros)), reduction);
  },
);
/** max(0, −y (x₁ − x₂) + margin). */
export const margin_ranking_loss = fn(
  "margin_ranking_loss",
  [tensor("input1"), tensor("input2"), tensor("target"), optFloat("margin", 0), ...margin],
  (a, b, y, gap, _, __, reduction): Tensor => {
    reductionOf(reduction);
    const n = y._shape.length;
    if (a._shape.length !== n || b._shape.length !== n) {
      throw new RuntimeError(
        `margin_ranking_loss : All input tensors should have same dimension but got sizes: input1: ${a._shape}, input2: ${b._shape}, target: ${y._shape} `,
      );
    }
    const terms = call1(ops.add_Scalar, y.neg().mul(a.sub(b)), gap, 1);
    return reduced(call1(ops.clamp_min, terms, 0), reduction);
  },
);
/** Mean over classes of binary cross entropies of logits. */
export const multilabel_soft_margin_loss = fn(
  "multilabel_soft_margin_loss",
  [tensor("input"), tensor("target"), optTensor("weight"), ...margin],
  (x, y, weight, _, __, reduction): Tensor => {
    reductionOf(reduction);
    const logs = (t: Tensor): Tensor => call1(ops.log_sigmoid, t);
    const terms = y
      .mul(logs(x))
      .add(y.neg().add(1).mul(logs(x.neg())))
      .neg();
    const weighted = weight === null ? terms : terms.mul(weight);
    const d = x._shape.length - 1;
    return reduced(weighted.sum(d).div(x._shape[d]!), reduction);
  },
);
