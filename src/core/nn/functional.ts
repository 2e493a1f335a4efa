/** @file `torch.nn.functional`: losses and activations as functions. */

import type { DType } from "../dtype.js";
import { argumentError, ValueError } from "../errors.js";
import * as m from "../methods/reduction.js";
import { tensorArg } from "../ops/check.js";
import { call } from "../ops/dispatch.js";
import { linear as linearOp } from "../ops/linalg.js";
import { ops } from "../ops/op.js";
import { pointwise } from "../ops/pointwise.js";
import { expand } from "../ops/shape_ops.js";
import { broadcastShapes, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { warn } from "../warnings.js";

export type Reduction = "none" | "mean" | "sum";

function reductionOf(name: Reduction): number {
  const code = ["none", "mean", "sum"].indexOf(name);
  if (code < 0) throw new ValueError(`${String(name)} is not a valid value for reduction`);
  return code;
}

export interface LossOptions {
  /** `"mean"` (default), `"sum"`, or `"none"` for a loss an element. */
  reduction?: Reduction;
}

/** Mean of (input − target)². */
export function mse_loss(input: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  const x = tensorArg("mse_loss", "input", 1, input);
  const y = tensorArg("mse_loss", "target", 2, target);
  if (!sameShape(x._shape, y._shape)) {
    warn(
      `Using a target size (${y._shape}) that is different to the input size (${x._shape}). This will likely lead to incorrect results due to broadcasting. Please ensure they have the same size.`,
    );
  }
  const shape = broadcastShapes(x._shape, y._shape);
  const a = sameShape(x._shape, shape) ? x : expand(x, shape);
  const b = sameShape(y._shape, shape) ? y : expand(y, shape);
  return call(ops.mse_loss, a, b, reductionOf(options.reduction ?? "mean"));
}

export interface BceOptions extends LossOptions {
  /** Rescales the loss of each element; broadcast. */
  weight?: Tensor | null;
  /** Weight of positive examples; broadcast. */
  pos_weight?: Tensor | null;
}

/** Binary cross entropy between a sigmoid of `input` (logits) and `target` in [0, 1]. */
export function binary_cross_entropy_with_logits(
  input: Tensor,
  target: Tensor,
  options: BceOptions = {},
): Tensor {
  const x = tensorArg("binary_cross_entropy_with_logits", "input", 1, input);
  const y = tensorArg("binary_cross_entropy_with_logits", "target", 2, target);
  if (!sameShape(x._shape, y._shape)) {
    throw new ValueError(`Target size (${y._shape}) must be the same as input size (${x._shape})`);
  }
  return call(
    ops.binary_cross_entropy_with_logits,
    x,
    y,
    options.weight ?? null,
    options.pos_weight ?? null,
    reductionOf(options.reduction ?? "mean"),
  );
}

/** `input @ weightᵀ + bias`: [*, in] · [out, in] → [*, out]. */
export function linear(input: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor {
  return linearOp(input, weight, bias);
}

export function sigmoid(input: Tensor): Tensor {
  return pointwise("sigmoid", input);
}

export function tanh(input: Tensor): Tensor {
  return pointwise("tanh", input);
}

interface SoftmaxOptions {
  dim?: number | null;
  dtype?: DType;
}

function softmaxForm(
  name: "softmax" | "log_softmax",
  input: Tensor,
  dim: number | SoftmaxOptions | null | undefined,
): Tensor {
  const x = tensorArg(name, "input", 1, input);
  const options = typeof dim === "object" && dim !== null ? dim : { dim: dim ?? null };
  let d = options.dim ?? null;
  if (d === null) {
    warn(
      `Implicit dimension choice for ${name} has been deprecated. Change the call to include dim=X as an argument.`,
    );
    d = [0, 1, 3].includes(x._shape.length) ? 0 : 1;
  }
  if (typeof d !== "number") throw argumentError(name, "dim", 2, "int", d);
  return m.softmax(name, x, options.dtype === undefined ? [d] : [d, options.dtype]);
}

export function softmax(input: Tensor, dim?: number | SoftmaxOptions | null): Tensor {
  return softmaxForm("softmax", input, dim);
}

export function log_softmax(input: Tensor, dim?: number | SoftmaxOptions | null): Tensor {
  return softmaxForm("log_softmax", input, dim);
}

export * from "../ops/activation/functions.js";
export { pdist } from "../ops/distance/functions.js";
export * from "../ops/neural/attention.js";
export * from "../ops/neural/class_losses.js";
export * from "../ops/neural/convolution.js";
export * from "../ops/neural/distance.js";
export * from "../ops/neural/dropout.js";
export * from "../ops/neural/embedding.js";
export * from "../ops/neural/losses.js";
export * from "../ops/neural/normalization.js";
export * from "../ops/neural/padding.js";
export * from "../ops/neural/pooling.js";
export * from "../ops/neural/vector_losses.js";
export * from "../ops/resample/interpolate.js";
export * from "../ops/resample/pixels.js";
