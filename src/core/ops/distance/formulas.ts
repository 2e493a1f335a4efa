/** @file The gradient of ‖x − y‖ₚ along x − y, in differentiable ops. */
import type { Tensor } from "../../tensor.js";
import { zerosOf } from "../make.js";
import { where } from "../pointwise.js";
import { helper } from "../trace.js";
import { pairsOf } from "./pairs.js";

/** g · sign(d) |d|ᵖ⁻¹ / ‖d‖ᵖ⁻¹, by cases of p; 0 where the distance is, as PyTorch has it. */
function alongDifference(grad: Tensor, d: Tensor, p: number, distance: Tensor): Tensor | null {
  if (p === 0) return null;
  if (p === 1) return grad.mul(d.sgn());
  if (p === 2) return where(distance.eq(0), 0, grad.div(distance)).mul(d);
  if (p === Number.POSITIVE_INFINITY) return grad.mul(d.sgn()).mul(d.abs().eq(distance));
  const scale = where(distance.eq(0), 0, grad.div(distance.pow(p - 1)));
  const power = d.sgn().mul(d.abs().pow(p - 1));
  return scale.mul(p < 1 ? where(d.eq(0), 0, power) : power);
}

const differences = (x1: Tensor, x2: Tensor): Tensor => x1.unsqueeze(-2).sub(x2.unsqueeze(-3));

function pulled(grad: Tensor, x1: Tensor, x2: Tensor, p: number, distance: Tensor): Tensor | null {
  return alongDifference(grad.unsqueeze(-1), differences(x1, x2), p, distance.unsqueeze(-1));
}

export const cdist_backward = helper(
  "_cdist_backward",
  (grad: Tensor, x1: Tensor, x2: Tensor, p: number, distance: Tensor): Tensor =>
    pulled(grad, x1, x2, p, distance)?.sum(-2) ?? zerosOf(x1._shape, grad.dtype),
);
export const cdist_backward_other = helper(
  "_cdist_backward_other",
  (grad: Tensor, x1: Tensor, x2: Tensor, p: number, distance: Tensor): Tensor =>
    pulled(grad, x1, x2, p, distance)?.sum(-3).neg() ?? zerosOf(x2._shape, grad.dtype),
);

export const pdist_backward = helper(
  "_pdist_backward",
  (grad: Tensor, x: Tensor, p: number, distance: Tensor): Tensor => {
    const [first, second] = pairsOf(x._shape[0]!);
    const d = x.index_select(0, first).sub(x.index_select(0, second));
    const along = alongDifference(grad.unsqueeze(-1), d, p, distance.unsqueeze(-1));
    const out = zerosOf(x._shape, grad.dtype);
    if (along === null) return out;
    return out.index_add(0, first, along).index_add(0, second, along.neg());
  },
);
