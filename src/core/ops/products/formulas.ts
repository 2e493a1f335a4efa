/** @file Derivatives of products and attention, in differentiable ops. */
import type { Tensor } from "../../tensor.js";
import { call, call1 } from "../dispatch.js";
import { fullOf } from "../make.js";
import { ops } from "../op.js";
import { where } from "../pointwise.js";
import { expand, unsqueeze } from "../shape_ops.js";
import { helper } from "../trace.js";

export const outer = helper("outer", (a: Tensor, b: Tensor): Tensor => unsqueeze(a, 1).mul(b));
export const bmm_left = helper("bmm_left", (grad: Tensor, b: Tensor): Tensor => grad.bmm(b.transpose(1, 2)));
export const bmm_right = helper(
  "bmm_right",
  (grad: Tensor, a: Tensor): Tensor => a.transpose(1, 2).bmm(grad),
);
/** The gradient of a sum over a batch is the same for each of its members. */
export const for_each = helper(
  "expand",
  (grad: Tensor, batch: Tensor): Tensor => expand(grad, [batch._shape[0]!, ...grad._shape]),
);
export const cross = helper(
  "cross",
  (a: Tensor, b: Tensor, dim: number): Tensor => call(ops.linalg_cross, ...same(a, b), dim),
);
function same(a: Tensor, b: Tensor): [Tensor, Tensor] {
  const shape = a._shape.map((n, d) => Math.max(n, b._shape[d]!));
  return [expand(a, shape), expand(b, shape)];
}

/** Σ over o and j of grad[n, o] · weight[o, i, j] · y[n, j]. */
export const trilinear_left = helper(
  "trilinear_backward",
  (grad: Tensor, weight: Tensor, y: Tensor): Tensor => call(ops._trilinear, grad, weight.permute(1, 0, 2), y),
);
export const trilinear_right = helper(
  "trilinear_backward",
  (grad: Tensor, weight: Tensor, x: Tensor): Tensor => call(ops._trilinear, grad, weight.permute(2, 0, 1), x),
);
/** Σ over n of grad[n, o] · x[n, i] · y[n, j]. */
export const trilinear_weight = helper(
  "trilinear_backward_weight",
  (grad: Tensor, x: Tensor, y: Tensor): Tensor => {
    const [n, o] = grad._shape as readonly number[] as [number, number];
    const [i, j] = [x._shape[1]!, y._shape[1]!];
    const pairs = unsqueeze(x, 2)
      .mul(unsqueeze(y, 1))
      .reshape([n, i * j]);
    return grad.t().mm(pairs).reshape([o, i, j]);
  },
);

interface Heads {
  readonly weights: Tensor;
  readonly grad: Tensor;
}

/** The attention weights again, and the gradient that arrives at the scores. */
function heads(
  grad: Tensor,
  q: Tensor,
  k: Tensor,
  v: Tensor,
  causal: boolean,
  mask: Tensor | null,
  scale: number,
): Heads {
  let scores = q.matmul(k.transpose(-2, -1)).mul(scale);
  if (mask !== null) scores = scores.add(mask);
  if (causal) {
    const [m, n] = scores._shape.slice(-2) as [number, number];
    const past = fullOf([m, n], 1, scores.dtype).tril().ne(0);
    scores = where(past, scores, Number.NEGATIVE_INFINITY);
  }
  const weights = call1(ops._safe_softmax, scores, scores._shape.length - 1);
  const dweights = grad.matmul(v.transpose(-2, -1));
  return { weights, grad: weights.mul(dweights.sub(weights.mul(dweights).sum(-1, true))) };
}

export const attention_query = helper(
  "attention_backward_query",
  (g: Tensor, q: Tensor, k: Tensor, v: Tensor, causal: boolean, mask: Tensor | null, scale: number): Tensor =>
    heads(g, q, k, v, causal, mask, scale).grad.matmul(k).mul(scale),
);
export const attention_key = helper(
  "attention_backward_key",
  (g: Tensor, q: Tensor, k: Tensor, v: Tensor, causal: boolean, mask: Tensor | null, scale: number): Tensor =>
    heads(g, q, k, v, causal, mask, scale).grad.transpose(-2, -1).matmul(q).mul(scale),
);
export const attention_value = helper(
  "attention_backward_value",
  (g: Tensor, q: Tensor, k: Tensor, v: Tensor, causal: boolean, mask: Tensor | null, scale: number): Tensor =>
    heads(g, q, k, v, causal, mask, scale).weights.transpose(-2, -1).matmul(g),
);
export const safe_softmax_backward = helper(
  "softmax_backward_data",
  (grad: Tensor, result: Tensor, dim: number): Tensor => call(ops._softmax_backward_data, grad, result, dim),
);
