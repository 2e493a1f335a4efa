/** @file `nll_loss` and `cross_entropy`: losses of class scores [C], [N, C] or [N, C, d₁, …]. */
import { int64, uint8 } from "../../dtype.js";
import { PyTypeError, RuntimeError, ValueError } from "../../errors.js";
import * as m from "../../methods/reduction.js";
import { formatShape, sameShape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { call1, callMulti } from "../dispatch.js";
import { ops } from "../op.js";
import { optAny, optFloat, optInt, optTensor, tensor, text } from "../parameters.js";
import { masked_fill, toDType } from "../pointwise.js";
import { reshape } from "../shape_ops.js";
import { fn } from "../signature.js";
import { reductionOf } from "./losses.js";

const classParams = [
  tensor("input"),
  tensor("target"),
  /** One weight for each class. */
  optTensor("weight"),
  optAny<"size_average", boolean | null>("size_average", null),
  /** Targets that count for nothing. */
  optInt("ignore_index", -100),
  optAny<"reduce", boolean | null>("reduce", null),
  text("reduction", "mean"),
] as const;

function checkLabels(x: Tensor, y: Tensor, weight: Tensor | null): void {
  if (y.dtype !== int64 && y.dtype !== uint8) {
    throw new RuntimeError(`expected target dtype to be Long or Byte, but got ${y.dtype.scalarName}`);
  }
  const classes = x._shape[x._shape.length === 1 ? 0 : 1]!;
  if (weight !== null && (weight._shape.length !== 1 || weight._numel !== classes)) {
    throw new RuntimeError(
      `weight tensor should be defined either for all ${classes} classes or no classes but got weight tensor of shape: ${formatShape(weight._shape)}`,
    );
  }
}

/** Rows of classes, one after the other. */
function plainNll(x: Tensor, y: Tensor, weight: Tensor | null, reduction: number, ignore: number): Tensor {
  if (y._shape.length > 1)
    throw new RuntimeError("0D or 1D target tensor expected, multi-target not supported");
  checkLabels(x, y, weight);
  // One row of scores and one label, whichever of them has a dimension for the row.
  const labels = x._shape.length === 1 && y._shape.length === 1 ? reshape(y, []) : y;
  return callMulti(ops.nll_loss, 1, x, toDType(labels, int64), weight, reduction, ignore)[0]!;
}

function spatialNll(x: Tensor, y: Tensor, weight: Tensor | null, reduction: number, ignore: number): Tensor {
  if (y._shape.length !== 3) {
    throw new RuntimeError(
      `only batches of spatial targets supported (3D tensors) but got targets of dimension: ${y._shape.length}`,
    );
  }
  checkLabels(x, y, weight);
  const [n, , h, w] = x._shape;
  if (!sameShape(y._shape, [n!, h!, w!])) {
    throw new RuntimeError(
      `size mismatch (got input: ${formatShape(x._shape)} , target: ${formatShape(y._shape)}`,
    );
  }
  return callMulti(ops.nll_loss2d, 1, x, toDType(y, int64), weight, reduction, ignore)[0]!;
}

function nll(x: Tensor, y: Tensor, weight: Tensor | null, reduction: number, ignore: number): Tensor {
  const rank = x._shape.length;
  if (rank === 0) throw new ValueError("Expected 1 or more dimensions (got 0)");
  if (rank !== 1 && x._shape[0] !== y._shape[0]) {
    throw new ValueError(
      `Expected input batch_size (${x._shape[0]}) to match target batch_size (${y._shape[0]}).`,
    );
  }
  if (rank <= 2) return plainNll(x, y, weight, reduction, ignore);
  if (rank === 4) return spatialNll(x, y, weight, reduction, ignore);
  const [n, c, ...rest] = x._shape;
  const out = [n!, ...rest];
  if (!sameShape(y._shape.slice(1), rest)) {
    throw new RuntimeError(`Expected target size ${formatShape(out)}, got ${formatShape(y._shape)}`);
  }
  const area = rest.reduce((a, b) => a * b, 1);
  const loss = spatialNll(
    reshape(x, [n!, c!, 1, area]),
    reshape(y, [n!, 1, area]),
    weight,
    reduction,
    ignore,
  );
  return reduction === 0 ? reshape(loss, out) : loss;
}

/** Negative log likelihood: `input` of log-probabilities, `target` of class numbers (int64), without the dimension of classes. */
export const nll_loss = fn("nll_loss", classParams, (x, y, weight, _, ignore, __, reduction): Tensor => {
  return nll(x, y, weight, reductionOf(reduction), ignore);
});

/** One factor for each class, along the dimension of classes. */
function byClass(weight: Tensor, x: Tensor, dim: number): Tensor {
  return reshape(
    weight,
    x._shape.map((n, d) => (d === dim ? n : 1)),
  );
}

function probabilities(
  x: Tensor,
  y: Tensor,
  weight: Tensor | null,
  reduction: number,
  smoothing: number,
): Tensor {
  const dim = x._shape.length === 1 ? 0 : 1;
  const classes = x._shape[dim]!;
  const logs = m.softmax("log_softmax", x, [dim]);
  const target = smoothing > 0 ? y.mul(1 - smoothing).add(smoothing / classes) : y;
  const terms = logs.mul(target);
  const weighted = weight === null ? terms : terms.mul(byClass(weight, x, dim));
  if (reduction === 0) return weighted.sum(dim).neg();
  const total = weighted.sum().neg();
  return reduction === 2 ? total : call1(ops.div_Scalar, total, x._numel / classes);
}

/** (1 − ε) · loss + ε / C · the mean loss over all classes. */
function smoothed(
  x: Tensor,
  y: Tensor,
  weight: Tensor | null,
  reduction: number,
  ignore: number,
  smoothing: number,
): Tensor {
  const dim = x._shape.length === 1 ? 0 : 1;
  const logs = m.softmax("log_softmax", x, [dim]);
  const loss = nll(logs, y, weight, reduction, ignore);
  const all = weight === null ? logs : logs.mul(byClass(weight, x, dim));
  const ignored = y.eq(ignore);
  const smooth = masked_fill(all.sum(dim).neg(), ignored, 0);
  const counted = ignored.logical_not();
  let spread = smooth;
  if (reduction === 2) spread = smooth.sum();
  else if (reduction === 1) {
    const by = weight === null ? counted.sum() : weight.gather(0, y.masked_select(counted)).sum();
    spread = smooth.sum().div(by);
  }
  return loss.mul(1 - smoothing).add(spread.mul(smoothing / x._shape[dim]!));
}

/** Cross entropy of logits and class numbers, or class probabilities of the logits' shape. */
export const cross_entropy = fn(
  "cross_entropy_loss",
  [...classParams, optFloat("label_smoothing", 0)],
  (x, y, weight, _, ignore, __, reduction, smoothing): Tensor => {
    const code = reductionOf(reduction);
    if (smoothing < 0 || smoothing > 1) {
      throw new RuntimeError(`label_smoothing must be between 0.0 and 1.0. Got: ${smoothing}`);
    }
    if (x._shape.length === 0)
      throw new PyTypeError("cross_entropy_loss(): input must have a dimension of classes");
    if (
      sameShape(x._shape, y._shape) &&
      !(x._shape.length === 1 && x._numel === 1 && !y.is_floating_point())
    ) {
      if (!y.is_floating_point()) {
        throw new RuntimeError(
          `Expected floating point type for target with class probabilities, got ${y.dtype.scalarName}`,
        );
      }
      if (ignore >= 0) throw new RuntimeError("ignore_index is not supported for floating point target");
      return probabilities(x, y, weight, code, smoothing);
    }
    if (smoothing > 0) return smoothed(x, y, weight, code, ignore, smoothing);
    return nll(m.softmax("log_softmax", x, [x._shape.length === 1 ? 0 : 1]), y, weight, code, ignore);
  },
);
