/** @file Derivatives of element-by-element ops that need more than a line, in differentiable ops. */
import type { Tensor } from "../../tensor.js";
import { call, call1 } from "../dispatch.js";
import { ops } from "../op.js";
import { where } from "../pointwise.js";
import { helper } from "../trace.js";

type Scalar = Tensor | number;

export const polygamma = helper("polygamma", (n: number, x: Tensor): Tensor => call(ops.polygamma, n, x));
/** ψ⁽ⁿ⁺¹⁾. */
export const polygamma_next = helper(
  "polygamma_next",
  (n: number, x: Tensor): Tensor => call(ops.polygamma, n + 1, x),
);
export const special_i1 = helper("special_i1", (x: Tensor): Tensor => call1(ops.special_i1, x));
export const special_i1e = helper("special_i1e", (x: Tensor): Tensor => call1(ops.special_i1e, x));
export const special_erfcx = helper("special_erfcx", (x: Tensor): Tensor => call1(ops.special_erfcx, x));

export const one_minus = helper("one_minus", (weight: number): number => 1 - weight);

/** Σ ψ(x − i/2) over i < p. */
export const mvlgamma_backward = helper(
  "mvlgamma_backward",
  (grad: Tensor, self: Tensor, p: number): Tensor => {
    let sum = call1(ops.digamma, self);
    for (let i = 1; i < p; i++) sum = sum.add(call1(ops.digamma, self.sub(i / 2)));
    return grad.mul(sum);
  },
);

/** 1 where finite, else 0. */
export const is_finite = helper("is_finite", (self: Tensor): Tensor => self.sub(self).eq(0));

/** g / (x (1 − x)); without `eps` NaN outside [0, 1], with it 0 where the value was clamped. */
export const logit_backward = helper(
  "logit_backward",
  (grad: Tensor, self: Tensor, eps: number | null): Tensor => {
    const slope = grad.div(self.mul(self.neg().add(1)));
    const [low, high] = eps === null ? [0, 1] : [eps, 1 - eps];
    const outside = self.lt(low).logical_or(self.gt(high));
    return where(outside, eps === null ? NaN : 0, slope);
  },
);

/** (cos πx · πx − sin πx) / (π x²), and 0 at 0. */
export const sinc_backward = helper("sinc_backward", (grad: Tensor, self: Tensor): Tensor => {
  const pi = self.mul(Math.PI);
  const slope = pi.cos().mul(pi).sub(pi.sin()).div(self.mul(self).mul(Math.PI));
  return where(self.eq(0), 0, grad.mul(slope));
});

const EPS = 2.220446049250313e-16;

/** I₀(x) − I₁(x) / x, whose limit at 0 is ½. */
export const i1_backward = helper("i1_backward", (grad: Tensor, self: Tensor, result: Tensor): Tensor => {
  const zero = self.abs().le(EPS);
  const safe = where(zero, EPS, self);
  const slope = call1(ops.i0, safe).sub(result.mul(safe.reciprocal()));
  return grad.mul(where(zero, 0.5, slope));
});

export const i1e_backward = helper("i1e_backward", (grad: Tensor, self: Tensor, result: Tensor): Tensor => {
  const zero = self.abs().le(EPS);
  const safe = where(zero, EPS, self);
  const slope = call1(ops.special_i0e, safe).sub(result.mul(safe.sgn().add(safe.reciprocal())));
  return grad.mul(where(zero, 0.5, slope));
});

/** The sign that was put on; 0 at 0. */
export const copysign_backward = helper(
  "copysign_backward",
  (grad: Tensor, self: Tensor, result: Tensor): Tensor => grad.mul(where(self.eq(0), 0, result.div(self))),
);

export const fmax_backward = helper(
  "fmax_backward",
  (grad: Tensor, self: Tensor, other: Tensor, which: "self" | "other"): Tensor => {
    const first = self.ge(other).logical_or(other.ne(other));
    return which === "self" ? where(first, grad, 0) : where(first, 0, grad);
  },
);

export const fmin_backward = helper(
  "fmin_backward",
  (grad: Tensor, self: Tensor, other: Tensor, which: "self" | "other"): Tensor => {
    const first = self.le(other).logical_or(other.ne(other));
    return which === "self" ? where(first, grad, 0) : where(first, 0, grad);
  },
);

function isNaNOperand(x: Scalar): boolean | Tensor {
  return typeof x === "number" ? Number.isNaN(x) : x.ne(x);
}

function logSelfBackward(grad: Tensor, self: Tensor, other: Scalar, log: (y: Scalar) => Scalar): Tensor {
  const nan = isNaNOperand(other);
  const zero = self.eq(0);
  const keep =
    typeof nan === "boolean"
      ? nan
        ? zero.logical_and(zero.logical_not())
        : zero
      : zero.logical_and(nan.logical_not());
  return where(keep, 0, grad.mul(log(other)));
}

/** g · ln y, and 0 where x is 0 (unless y is NaN). */
export const xlogy_backward_self = helper(
  "xlogy_backward_self",
  (grad: Tensor, self: Tensor, other: Scalar) =>
    logSelfBackward(grad, self, other, (y) => (typeof y === "number" ? Math.log(y) : y.log())),
);

export const xlog1py_backward_self = helper(
  "xlog1py_backward_self",
  (grad: Tensor, self: Tensor, other: Scalar) =>
    logSelfBackward(grad, self, other, (y) => (typeof y === "number" ? Math.log1p(y) : y.log1p())),
);

export const clamp_bound_backward = helper(
  "clamp_bound_backward",
  (grad: Tensor, taken: Tensor): Tensor => where(taken, grad, 0),
);

export const masked_fill_value_backward = helper(
  "masked_fill_value_backward",
  (grad: Tensor, mask: Tensor): Tensor => where(mask, grad, 0).sum(),
);
