/** @file Derivatives of softmax and losses, and the derivatives of those. */
import { broadcastShapes } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { call, callMulti } from "../dispatch.js";
import { ops } from "../op.js";
import { REDUCE_MEAN, REDUCE_NONE } from "../schema.js";
import { helper } from "../trace.js";

export const _softmax_backward_data = helper(
  "_softmax_backward_data",
  (grad: Tensor, output: Tensor, dim: number): Tensor => call(ops._softmax_backward_data, grad, output, dim),
);
export const _log_softmax_backward_data = helper(
  "_log_softmax_backward_data",
  (grad: Tensor, output: Tensor, dim: number): Tensor =>
    call(ops._log_softmax_backward_data, grad, output, dim),
);

/** d/dy of y·(g − Σ g·y). */
export const softmax_double_backward = helper(
  "softmax_double_backward",
  (grad: Tensor, grad_output: Tensor, dim: number, output: Tensor): Tensor =>
    grad_output
      .sub(grad_output.mul(output).sum(dim, true))
      .mul(grad)
      .sub(grad_output.mul(output.mul(grad).sum(dim, true))),
);

/** d/dy of g − exp(y) · Σ g. */
export const log_softmax_double_backward = helper(
  "log_softmax_double_backward",
  (grad: Tensor, grad_output: Tensor, dim: number, output: Tensor): Tensor =>
    grad.mul(output.exp()).mul(grad_output.sum(dim, true)).neg(),
);

export const mse_loss_backward = helper(
  "mse_loss_backward",
  (grad: Tensor, self: Tensor, target: Tensor, reduction: number): Tensor =>
    call(ops.mse_loss_backward, grad, self, target, reduction),
);

/** d/dself of c · (self − target) · g. */
export const mse_loss_double_backward = helper(
  "mse_loss_double_backward",
  (grad: Tensor, grad_output: Tensor, self: Tensor, target: Tensor, reduction: number): Tensor =>
    grad.mul(grad_output).mul(mseScale(self, target, reduction)),
);

export const mse_loss_double_backward_grad_output = helper(
  "mse_loss_double_backward_grad_output",
  (grad: Tensor, self: Tensor, target: Tensor, reduction: number): Tensor => {
    const full = grad.mul(self.sub(target)).mul(mseScale(self, target, reduction));
    return reduction === REDUCE_NONE ? full : full.sum();
  },
);

function mseScale(self: Tensor, target: Tensor, reduction: number): number {
  const n = broadcastShapes(self._shape, target._shape).reduce((p, d) => p * d, 1);
  return reduction === REDUCE_MEAN ? 2 / Math.max(n, 1) : 2;
}

/** g · (sigmoid(x)·(1 + (p − 1)y) − p·y), weighted and averaged as the loss was. */
export const binary_cross_entropy_with_logits_backward = helper(
  "binary_cross_entropy_with_logits_backward",
  (
    grad: Tensor,
    input: Tensor,
    target: Tensor,
    weight: Tensor | null,
    pos_weight: Tensor | null,
    reduction: number,
  ): Tensor => {
    let g: Tensor;
    if (pos_weight === null) g = input.sigmoid().sub(target).mul(grad);
    else {
      const t = pos_weight.mul(target);
      g = t.add(1).sub(target).mul(input.sigmoid()).sub(t).mul(grad);
    }
    if (weight !== null) g = g.mul(weight);
    return reduction === REDUCE_MEAN ? g.div(input._numel) : g;
  },
);

export const binary_cross_entropy_with_logits_target_backward = helper(
  "binary_cross_entropy_with_logits_target_backward",
  (
    grad: Tensor,
    self: Tensor,
    target: Tensor,
    weight: Tensor | null,
    pos_weight: Tensor | null,
    reduction: number,
  ): Tensor => {
    let g: Tensor;
    if (pos_weight === null) g = self.neg().mul(grad);
    else {
      const logSigmoid = (x: Tensor): Tensor => x.neg().clamp(0).add(x.abs().neg().exp().log1p()).neg();
      g = logSigmoid(self.neg())
        .sub(pos_weight.mul(logSigmoid(self)))
        .mul(grad);
    }
    if (weight !== null) g = g.mul(weight);
    return reduction === REDUCE_MEAN ? g.div(target._numel) : g;
  },
);

export const nll_loss_backward = helper(
  "nll_loss_backward",
  (
    grad: Tensor,
    self: Tensor,
    target: Tensor,
    weight: Tensor | null,
    reduction: number,
    ignore_index: number,
    total_weight: Tensor,
  ): Tensor => call(ops.nll_loss_backward, grad, self, target, weight, reduction, ignore_index, total_weight),
);

export const nll_loss = helper(
  "nll_loss",
  (self: Tensor, target: Tensor, weight: Tensor | null, reduction: number, ignore_index: number): Tensor =>
    callMulti(ops.nll_loss, 1, self, target, weight, reduction, ignore_index)[0]!,
);
