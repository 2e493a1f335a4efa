/** @file Derivatives of pointwise operations that need more than a line. Everything here is written in differentiable ops. */
import { NotImplementedError } from "../../errors.js";
import type { Tensor } from "../../tensor.js";
import { compare } from "../arithmetic.js";
import { call } from "../dispatch.js";
import { zerosOf } from "../make.js";
import { ops } from "../op.js";
import { masked_fill, where } from "../pointwise.js";
import { helper } from "../trace.js";

type Scalar = Tensor | number;

/** The wrappers below show by name in a formula's text; see `helper`. */
export const maybe_multiply = helper(
  "maybe_multiply",
  (grad: Tensor, alpha: number): Tensor => (alpha === 1 ? grad : grad.mul(alpha)),
);

export const zeros_like = helper("zeros_like", (t: Tensor): Tensor => zerosOf(t._shape, t.dtype));

export const div_tensor_self_backward = helper(
  "div_tensor_self_backward",
  (grad: Tensor, other: Scalar): Tensor => grad.div(other),
);

/** -g · (self / other) / other. */
export const div_tensor_other_backward = helper(
  "div_tensor_other_backward",
  (grad: Tensor, self: Tensor, other: Scalar): Tensor => grad.neg().mul(self.div(other).div(other)),
);

/** d xⁿ = n · xⁿ⁻¹; n = 0 has derivative 0 everywhere, at 0 too. */
export const pow_backward = helper("pow_backward", (grad: Tensor, self: Tensor, exponent: number): Tensor => {
  if (exponent === 0) return zerosOf(self._shape, self.dtype);
  return grad.mul(self.pow(exponent - 1).mul(exponent));
});

export const pow_backward_self = helper(
  "pow_backward_self",
  (grad: Tensor, self: Tensor, exponent: Tensor): Tensor =>
    where(exponent.eq(0), 0, grad.mul(exponent.mul(self.pow(exponent.sub(1))))),
);

/** g · xʸ · ln x, and 0 where x = 0 and y ≥ 0. */
export const pow_backward_exponent = helper(
  "pow_backward_exponent",
  (grad: Tensor, self: Scalar, exponent: Tensor, result: Tensor): Tensor => {
    if (typeof self === "number") {
      if (self !== 0) return grad.mul(result.mul(Math.log(self)));
      return where(exponent.ge(0), 0, grad.mul(result.mul(-Infinity)));
    }
    const zero = self.eq(0).logical_and(exponent.ge(0));
    return grad.mul(where(zero, 0, result.mul(self.log())));
  },
);

/** Passes where neither limit was hit. */
export const clamp_backward = helper(
  "clamp_backward",
  (grad: Tensor, self: Tensor, min: Scalar | null, max: Scalar | null): Tensor => {
    const low = min === null ? null : compare("ge", self, min);
    const high = max === null ? null : compare("le", self, max);
    const inside = low === null ? high! : high === null ? low : low.logical_and(high);
    return where(inside, grad, 0);
  },
);

export const clamp_backward_min_max = helper(
  "clamp_backward_min_max",
  (grad: Tensor, self: Tensor, min: Tensor | null, max: Tensor | null, which: "min" | "max"): Tensor => {
    if (which === "min") {
      const hit = max === null ? self.lt(min!) : self.lt(min!).logical_and(min!.lt(max));
      return where(hit, grad, 0);
    }
    const over = self.gt(max!);
    return where(min === null ? over : over.logical_or(max!.lt(min)), grad, 0);
  },
);

/** Ties share the gradient in halves. */
export const extremum_backward = helper(
  "extremum_backward",
  (grad: Tensor, self: Tensor, other: Tensor, loses: "lt" | "gt"): Tensor =>
    masked_fill(where(self.eq(other), grad.div(2), grad), compare(loses, self, other), 0),
);

/** `g · mask` for where: the other side gets 0. */
export const where_backward = helper(
  "where_backward",
  (condition: Tensor, grad: Tensor, taken: boolean): Tensor =>
    taken ? where(condition, grad, 0) : where(condition, 0, grad),
);

/** PyTorch has no derivative here, and says so when the gradient arrives. */
export const not_implemented = helper("not_implemented", (_grad: Tensor, name: string): Tensor => {
  throw new NotImplementedError(`the derivative for '${name}' is not implemented.`);
});

export const sigmoid_backward = helper(
  "sigmoid_backward",
  (grad: Tensor, output: Tensor): Tensor => call(ops.sigmoid_backward, grad, output),
);
export const tanh_backward = helper(
  "tanh_backward",
  (grad: Tensor, output: Tensor): Tensor => call(ops.tanh_backward, grad, output),
);
export const threshold_backward = helper(
  "threshold_backward",
  (grad: Tensor, self: Tensor, threshold: number): Tensor =>
    call(ops.threshold_backward, grad, self, threshold),
);
