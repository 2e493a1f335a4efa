/** @file Derivatives of the activation functions. */
import type { Derivatives } from "../schema.js";
import * as h from "./formulas.js";
import type { activationSchema } from "./schema.js";

const NO = "nonDifferentiable";

export const activationDerivatives: Pick<Derivatives, keyof typeof activationSchema> = {
  leaky_relu: { self: (grad, s) => h.leaky_relu_backward(grad, s.self, s.negative_slope) },
  elu: { self: (grad, s) => h.elu_backward(grad, s.self, s.alpha, s.scale, s.input_scale) },
  celu: { self: (grad, s) => h.elu_backward(grad, s.self, s.alpha, 1, h.inverse(s.alpha)) },
  silu: { self: (grad, s) => h.silu_backward(grad, s.self) },
  mish: { self: (grad, s) => h.mish_backward(grad, s.self) },
  gelu: { self: (grad, s) => h.gelu_backward(grad, s.self, s.approximate) },
  softplus: { self: (grad, s) => h.softplus_backward(grad, s.self, s.beta, s.threshold) },
  hardtanh: { self: (grad, s) => h.hardtanh_backward(grad, s.self, s.min_val, s.max_val) },
  hardswish: { self: (grad, s) => h.hardswish_backward(grad, s.self) },
  hardsigmoid: { self: (grad, s) => h.hardsigmoid_backward(grad, s.self) },
  hardshrink: { self: (grad, s) => h.shrink_backward(grad, s.self, s.lambd) },
  softshrink: { self: (grad, s) => h.shrink_backward(grad, s.self, s.lambd) },
  log_sigmoid: { self: (grad, s) => grad.mul(s.self.neg().sigmoid()) },
  threshold: { self: (grad, s) => h.threshold_grad(grad, s.self, s.threshold) },
  glu: { self: (grad, s) => h.glu_backward(grad, s.self, s.dim) },
  _prelu_kernel: {
    self: (grad, s) => h.prelu_backward_self(grad, s.self, s.weight),
    weight: (grad, s) => h.prelu_backward_weight(grad, s.self),
  },
  rrelu_with_noise: { self: (grad, s) => grad.mul(s.noise), noise: NO },
};
