/** @file Losses of vectors and distributions: cosine embedding, triplets, margins, Poisson, Gaussian. */
import { int64 } from "../../dtype.js";
import { RuntimeError, ValueError } from "../../errors.js";
import { newTensor } from "../../kernels/copy.js";
import { reprFloat } from "../../print/python.js";
import { formatShape, sameShape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { call, call1 } from "../dispatch.js";
import { fullLike } from "../make.js";
import { ops } from "../op.js";
import { any, flag, optAny, optFloat, optInt, optTensor, tensor, text } from "../parameters.js";
import { masked_fill, where } from "../pointwise.js";
import { unsqueeze } from "../shape_ops.js";
import { fn } from "../signature.js";
import { pairwise_distance } from "./distance.js";
import { reduced, reductionOf } from "./losses.js";

const legacy = [
  optAny<"size_average", boolean | null>("size_average", null),
  optAny<"reduce", boolean | null>("reduce", null),
  text("reduction", "mean"),
] as const;

const pythonFloat = (x: number): string => (Number.isInteger(x) ? `${x}.0` : reprFloat(x));

/** 1 − cos where the target is 1, max(0, cos − margin) where it is −1. */
export const cosine_embedding_loss = fn(
  "cosine_embedding_loss",
  [tensor("input1"), tensor("input2"), tensor("target"), optFloat("margin", 0), ...legacy],
  (a, b, y, margin, _, __, reduction): Tensor => {
    reductionOf(reduction);
    const targetRank = y._shape.length;
    if (targetRank > 1) throw new RuntimeError("0D or 1D target tensor expected, multi-target not supported");
    if (a._shape.length !== targetRank + 1 || b._shape.length !== targetRank + 1) {
      const rank = targetRank === 1 ? "1D target tensor expects 2D" : "0D target tensor expects 1D";
      throw new RuntimeError(
        `${rank} input tensors, but found inputs with sizes ${formatShape(a._shape)} and ${formatShape(b._shape)}.`,
      );
    }
    const dim = targetRank;
    const EPSILON = 1e-12;
    const dots = a.mul(b).sum(dim);
    const squares = [a, b].map((t) => call1(ops.add_Scalar, t.mul(t).sum(dim), EPSILON, 1)) as [
      Tensor,
      Tensor,
    ];
    const cos = dots.div(squares[0].mul(squares[1]).sqrt());
    const zeros = newTensor(cos._shape, cos.dtype);
    const pos = fullLike(zeros, 1).sub(cos);
    const neg = call1(ops.clamp_min, call1(ops.sub_Scalar, cos, margin, 1), 0);
    return reduced(where(y.eq(1), pos, zeros).add(where(y.eq(-1), neg, zeros)), reduction);
  },
);

/** eˣ − y x (or x − y ln x), with Stirling's approximation of ln y! if `full`. */
export const poisson_nll_loss = fn(
  "poisson_nll_loss",
  [
    tensor("input"),
    tensor("target"),
    flag("log_input", true),
    flag("full", false),
    optAny<"size_average", boolean | null>("size_average", null),
    optFloat("eps", 1e-8),
    optAny<"reduce", boolean | null>("reduce", null),
    text("reduction", "mean"),
  ],
  (x, y, log, full, _, eps, __, reduction): Tensor => {
    reductionOf(reduction);
    const loss = log ? x.exp().sub(y.mul(x)) : x.sub(y.mul(call1(ops.add_Scalar, x, eps, 1).log()));
    if (!full) return reduced(loss, reduction);
    const stirling = y
      .mul(y.log())
      .sub(y)
      .add(call1(ops.mul_Scalar, call1(ops.mul_Scalar, y, 2 * Math.PI).log(), 0.5));
    return reduced(loss.add(masked_fill(stirling, y.le(1), 0)), reduction);
  },
);

/** ½ (ln var + (input − target)² / var), with the constant ½ ln 2π if `full`. */
export const gaussian_nll_loss = fn(
  "gaussian_nll_loss",
  [
    tensor("input"),
    tensor("target"),
    any<"var", Tensor | number>("var"),
    flag("full", false),
    optFloat("eps", 1e-6),
    text("reduction", "mean"),
  ],
  (x, y, given, full, eps, reduction): Tensor => {
    const variance = varianceOf(x, given);
    if (!["none", "mean", "sum"].includes(reduction)) throw new ValueError(`${reduction} is not valid`);
    const safe = variance.clone();
    safe.detach().clamp_({ min: eps });
    const loss = safe.log().add(x.sub(y).pow(2).div(safe)).mul(0.5);
    return reduced(full ? loss.add(0.5 * Math.log(2 * Math.PI)) : loss, reduction);
  },
);

function varianceOf(x: Tensor, given: Tensor | number): Tensor {
  if (typeof given === "number") {
    if (given < 0) throw new ValueError("var has negative entry/entries");
    return fullLike(newTensor(x._shape, x.dtype), given);
  }
  if (given.lt(0).any().item()) throw new ValueError("var has negative entry/entries");
  const [own, shape] = [x._shape, given._shape];
  if (sameShape(own, shape)) return given;
  if (own.length > 0 && sameShape(own.slice(0, -1), shape)) return unsqueeze(given, -1);
  const sum = shape.filter((n, d) => n !== own[d]).reduce((a, b) => a + b, 0);
  if (own.length === shape.length && sum === 1) return given;
  throw new ValueError("var is of incorrect size");
}

/** max(0, d(anchor, positive) − d(anchor, negative) + margin). */
export const triplet_margin_loss = fn(
  "triplet_margin_loss",
  [
    tensor("anchor"),
    tensor("positive"),
    tensor("negative"),
    optFloat("margin", 1),
    optFloat("p", 2),
    optFloat("eps", 1e-6),
    flag("swap", false),
    ...legacy,
  ],
  (anchor, positive, negative, margin, p, eps, swap, _, __, reduction): Tensor => {
    reductionOf(reduction);
    if (margin <= 0) throw new ValueError(`margin must be greater than 0, got ${pythonFloat(margin)}`);
    const [a, b, c] = [anchor, positive, negative].map((t) => t._shape.length);
    if (a !== b || b !== c) {
      throw new RuntimeError(
        `The anchor, positive, and negative tensors are expected to have the same number of dimensions, but got: anchor ${a}D, positive ${b}D, and negative ${c}D inputs`,
      );
    }
    const distance = (x: Tensor, y: Tensor): Tensor => pairwise_distance(x, y, { p, eps });
    const near = distance(anchor, positive);
    const far = distance(anchor, negative);
    const least = swap ? far.minimum(distance(positive, negative)) : far;
    const gap = call1(ops.add_Scalar, near, margin, 1).sub(least);
    return reduced(call1(ops.clamp_min, gap, 0), reduction);
  },
);

type Distance = (a: Tensor, b: Tensor) => Tensor;
/** `triplet_margin_loss` with a distance of the caller's. */
export const triplet_margin_with_distance_loss = fn(
  "triplet_margin_with_distance_loss",
  [
    tensor("anchor"),
    tensor("positive"),
    tensor("negative"),
    optAny<"distance_function", Distance | null>("distance_function", null),
    optFloat("margin", 1),
    flag("swap", false),
    text("reduction", "mean"),
  ],
  (anchor, positive, negative, given, margin, swap, reduction): Tensor => {
    reductionOf(reduction);
    if (margin <= 0) throw new ValueError(`margin must be greater than 0, got ${pythonFloat(margin)}`);
    const distance: Distance = given ?? ((x, y) => pairwise_distance(x, y));
    const near = distance(anchor, positive);
    const far = distance(anchor, negative);
    const least = swap ? far.minimum(distance(positive, negative)) : far;
    return reduced(call1(ops.clamp_min, call1(ops.add_Scalar, near.sub(least), margin, 1), 0), reduction);
  },
);

function checkScores(x: Tensor): void {
  const rank = x._shape.length;
  const ok = (rank === 2 && x._shape[1] !== 0) || (rank === 1 && x._shape[0] !== 0) || rank === 0;
  if (ok) return;
  throw new RuntimeError(
    `Expected non-empty vector or matrix with optional 0-dim batch size, but got: ${formatShape(x._shape)}`,
  );
}

/** Mean over the other classes of max(0, margin − x[y] + x[i])ᵖ, for rows of scores. */
export const multi_margin_loss = fn(
  "multi_margin_loss",
  [tensor("input"), tensor("target"), optInt("p", 1), optFloat("margin", 1), optTensor("weight"), ...legacy],
  (x, y, p, margin, weight, _, __, reduction): Tensor => {
    const code = reductionOf(reduction);
    if (p !== 1 && p !== 2) throw new ValueError("only p == 1 and p == 2 supported");
    if (weight !== null && weight._shape.length !== 1) throw new ValueError("weight must be one-dimensional");
    checkScores(x);
    const rows = x._shape.length === 2 ? x._shape[0]! : 1;
    const classes = x._shape.at(-1) ?? 1;
    if (weight !== null && weight._numel !== classes) {
      throw new RuntimeError(
        `inconsistent weight size, expected ${classes} but got ${formatShape(weight._shape)}`,
      );
    }
    if (y._shape.length > 1 || y._numel !== rows) {
      throw new RuntimeError(
        `multi_margin_loss: target tensor should be 1-D with size equal to the number of input samples (batch size). Expected target size [${rows}], but got ${formatShape(y._shape)}. Input has shape ${formatShape(x._shape)}.`,
      );
    }
    if (y.dtype !== int64) {
      throw new RuntimeError(`expected scalar type Long but found ${y.dtype.scalarName}`);
    }
    return call(ops.multi_margin_loss, x, y, p, margin, weight, code);
  },
);

/** Sum over target and other classes of max(0, 1 − (x[y] − x[i])) / classes; targets end at the first −1. */
export const multilabel_margin_loss = fn(
  "multilabel_margin_loss",
  [tensor("input"), tensor("target"), ...legacy],
  (x, y, _, __, reduction): Tensor => {
    const code = reductionOf(reduction);
    checkScores(x);
    if (String(x._shape) !== String(y._shape) && !(x._shape.length <= 1 && y._numel === x._numel)) {
      throw new RuntimeError(
        `inconsistent target size: ${formatShape(y._shape)} for input of size: ${formatShape(x._shape)}`,
      );
    }
    return call(ops.multilabel_margin_loss, x, y, code);
  },
);
