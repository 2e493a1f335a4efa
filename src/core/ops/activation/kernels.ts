/** @file Kernels of the activation functions. */
import { map1, map2 } from "../../kernels/map.js";
import { erf } from "../../kernels/special/error_function.js";
import { slice } from "../../kernels/views.js";
import type { Tensor } from "../../tensor.js";

const each =
  (fn: (x: number) => number) =>
  (self: Tensor): Tensor =>
    map1(self, self.dtype, fn);

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

function gelu(self: Tensor, approximate: "none" | "tanh"): Tensor {
  if (approximate === "none") return map1(self, self.dtype, (x) => 0.5 * x * (1 + erf(x * Math.SQRT1_2)));
  const beta = Math.sqrt(2 / Math.PI);
  return map1(self, self.dtype, (x) => 0.5 * x * (1 + Math.tanh(beta * (x + 0.044715 * x ** 3))));
}

function glu(self: Tensor, dim: number): Tensor {
  const half = self._shape[dim]! / 2;
  const a = slice(self, dim, 0, half, 1);
  const b = slice(self, dim, half, 2 * half, 1);
  return map2(a, b, self.dtype, (x, y) => x * sigmoid(y));
}

export const activationKernels = {
  leaky_relu: (self: Tensor, slope: number) => map1(self, self.dtype, (x) => (x > 0 ? x : x * slope)),
  elu: (self: Tensor, alpha: number, scale: number, inputScale: number) =>
    map1(self, self.dtype, (x) => (x <= 0 ? Math.expm1(x * inputScale) * alpha * scale : x * scale)),
  celu: (self: Tensor, alpha: number) =>
    map1(self, self.dtype, (x) => (x <= 0 ? Math.expm1(x / alpha) * alpha : x)),
  silu: each((x) => x / (1 + Math.exp(-x))),
  mish: each((x) => x * Math.tanh(softplus(x))),
  gelu,
  softplus: (self: Tensor, beta: number, threshold: number) =>
    map1(self, self.dtype, (x) => (x * beta > threshold ? x : Math.log1p(Math.exp(x * beta)) / beta)),
  hardtanh: (self: Tensor, min: number, max: number) =>
    map1(self, self.dtype, (x) => Math.min(Math.max(x, min), max)),
  hardswish: each((x) => (x * Math.min(Math.max(x + 3, 0), 6)) / 6),
  hardsigmoid: each((x) => Math.min(Math.max(x + 3, 0), 6) / 6),
  hardshrink: (self: Tensor, lambd: number) =>
    map1(self, self.dtype, (x) => (x >= -lambd && x <= lambd ? 0 : x)),
  softshrink: (self: Tensor, lambd: number) =>
    map1(self, self.dtype, (x) => (x > lambd ? x - lambd : x < -lambd ? x + lambd : x * 0)),
  log_sigmoid: each((x) => Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)))),
  threshold: (self: Tensor, threshold: number, value: number) =>
    map1(self, self.dtype, (x) => (x <= threshold ? value : x)),
  glu,
  _prelu_kernel: (self: Tensor, weight: Tensor) =>
    map2(self, weight, self.dtype, (x, w) => (x > 0 ? x : w * x)),
  rrelu_with_noise: (self: Tensor, noise: Tensor) => map2(self, noise, self.dtype, (x, r) => x * r),
};
