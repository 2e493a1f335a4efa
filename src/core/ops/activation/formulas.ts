/** @file Derivatives of activation functions, in differentiable ops. */
import type { Tensor } from "../../tensor.js";
import { call1 } from "../dispatch.js";
import { ops } from "../op.js";
import { where } from "../pointwise.js";
import { cat, narrow } from "../shape_ops.js";
import { helper } from "../trace.js";

export const inverse = helper("inverse", (x: number): number => 1 / x);

export const leaky_relu_backward = helper(
  "leaky_relu_backward",
  (grad: Tensor, self: Tensor, slope: number): Tensor => where(self.gt(0), grad, grad.mul(slope)),
);

/** Below 0: α · scale · s · e^(s·x); above: scale. */
export const elu_backward = helper(
  "elu_backward",
  (grad: Tensor, self: Tensor, alpha: number, scale: number, inputScale: number): Tensor => {
    const below = grad.mul(
      self
        .mul(inputScale)
        .exp()
        .mul(alpha * scale * inputScale),
    );
    return where(self.le(0), below, grad.mul(scale));
  },
);

/** σ(x) (1 + x (1 − σ(x))). */
export const silu_backward = helper("silu_backward", (grad: Tensor, self: Tensor): Tensor => {
  const sig = self.sigmoid();
  return grad.mul(sig.mul(self.mul(sig.neg().add(1)).add(1)));
});

/** t + x σ(x) (1 − t²) with t = tanh softplus x. */
export const mish_backward = helper("mish_backward", (grad: Tensor, self: Tensor): Tensor => {
  const t = call1(ops.softplus, self, 1, 20).tanh();
  return grad.mul(t.add(self.mul(self.sigmoid()).mul(t.mul(t).neg().add(1))));
});

/** Φ(x) + x φ(x), or the derivative of the approximation by tanh. */
export const gelu_backward = helper(
  "gelu_backward",
  (grad: Tensor, self: Tensor, approximate: "none" | "tanh"): Tensor => {
    if (approximate === "none") {
      const cdf = call1(ops.erf, self.mul(Math.SQRT1_2)).add(1).mul(0.5);
      const pdf = self
        .mul(self)
        .mul(-0.5)
        .exp()
        .mul(1 / Math.sqrt(2 * Math.PI));
      return grad.mul(cdf.add(self.mul(pdf)));
    }
    const beta = Math.sqrt(2 / Math.PI);
    const square = self.mul(self);
    const t = self.mul(square.mul(0.044715).add(1)).mul(beta).tanh();
    const inner = square
      .mul(3 * 0.044715)
      .add(1)
      .mul(beta);
    const right = self.mul(0.5).mul(t.mul(t).neg().add(1)).mul(inner);
    return grad.mul(t.add(1).mul(0.5).add(right));
  },
);

export const softplus_backward = helper(
  "softplus_backward",
  (grad: Tensor, self: Tensor, beta: number, threshold: number): Tensor => {
    const scaled = self.mul(beta);
    return where(scaled.gt(threshold), grad, grad.mul(scaled.sigmoid()));
  },
);

export const hardtanh_backward = helper(
  "hardtanh_backward",
  (grad: Tensor, self: Tensor, min: number, max: number): Tensor =>
    where(self.le(min).logical_or(self.ge(max)), 0, grad),
);

export const hardswish_backward = helper("hardswish_backward", (grad: Tensor, self: Tensor): Tensor => {
  const middle = grad.mul(self.div(3).add(0.5));
  return where(self.le(-3), 0, where(self.lt(3), middle, grad));
});

export const hardsigmoid_backward = helper(
  "hardsigmoid_backward",
  (grad: Tensor, self: Tensor): Tensor => where(self.gt(-3).logical_and(self.lt(3)), grad.div(6), 0),
);

export const shrink_backward = helper(
  "shrink_backward",
  (grad: Tensor, self: Tensor, lambd: number): Tensor =>
    where(self.ge(-lambd).logical_and(self.le(lambd)), 0, grad),
);

export const threshold_grad = helper("threshold_backward", (grad: Tensor, self: Tensor, threshold: number) =>
  where(self.le(threshold), 0, grad),
);

/** a σ(b) → [g σ(b), g a σ(b) (1 − σ(b))]. */
export const glu_backward = helper("glu_backward", (grad: Tensor, self: Tensor, dim: number): Tensor => {
  const half = self._shape[dim]! / 2;
  const a = narrow(self, dim, 0, half);
  const sig = narrow(self, dim, half, half).sigmoid();
  const first = grad.mul(sig);
  return cat([first, first.mul(a).mul(sig.neg().add(1))], dim);
});

export const prelu_backward_self = helper(
  "prelu_backward_self",
  (grad: Tensor, self: Tensor, weight: Tensor): Tensor => where(self.gt(0), grad, grad.mul(weight)),
);

export const prelu_backward_weight = helper(
  "prelu_backward_weight",
  (grad: Tensor, self: Tensor): Tensor => where(self.gt(0), 0, grad.mul(self)),
);
