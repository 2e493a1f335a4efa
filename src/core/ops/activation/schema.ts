/** @file Activation functions of `nn.functional` that are ops of their own. */
import { attr, dim, num, op, T, unary } from "../args.js";

export const activationSchema = {
  leaky_relu: op("leaky_relu", 0, { self: T, negative_slope: num }),
  elu: op("elu", 0, { self: T, alpha: num, scale: num, input_scale: num }),
  celu: op("celu", 0, { self: T, alpha: num }),
  silu: op("silu", 0, unary),
  mish: op("mish", 0, unary),
  gelu: op("gelu", 0, { self: T, approximate: attr<"none" | "tanh">() }),
  softplus: op("softplus", 0, { self: T, beta: num, threshold: num }),
  hardtanh: op("hardtanh", 0, { self: T, min_val: num, max_val: num }),
  hardswish: op("hardswish", 0, unary),
  hardsigmoid: op("hardsigmoid", 0, unary),
  hardshrink: op("hardshrink", 0, { self: T, lambd: num }),
  softshrink: op("softshrink", 0, { self: T, lambd: num }),
  log_sigmoid: op("log_sigmoid", 0, unary),
  threshold: op("threshold", 0, { self: T, threshold: num, value: num }),
  glu: op("glu", 0, { self: T, dim }),
  _prelu_kernel: op("prelu_kernel", 0, { self: T, weight: T }),
  /** `noise` holds the slope drawn for each element. */
  rrelu_with_noise: op("rrelu_with_noise", 0, { self: T, noise: T }),
} as const;
