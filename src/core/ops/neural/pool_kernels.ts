/** @file Kernels of pools and of their gradients. */

import type { Shape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import type { Dims } from "./dims.js";
import * as w from "./windows.js";

function spansOf(
  sizes: Dims,
  kernel: Dims,
  stride: Dims,
  padding: Dims,
  dilation: Dims,
  ceil: boolean,
): w.Span[][] {
  return sizes.map((n, d) => {
    const [k, s, p, l] = [kernel[d]!, stride[d]!, padding[d]!, dilation[d]!];
    return w.slidingSpans(n, w.pooledSize(n, k, s, p, l, ceil), k, s, p, l);
  });
}
const last = (shape: Shape, n: number): number[] => shape.slice(shape.length - n);
const ones = (kernel: Dims): number[] => kernel.map(() => 1);

function divisorOf(includePad: boolean, override: number | null): w.Divisor {
  if (override !== null) return () => override;
  if (!includePad) return (_, count) => count;
  return (window) => window.reduce((n, span) => n * span.padded, 1);
}

type Average = [
  kernel: Dims,
  stride: Dims,
  padding: Dims,
  ceil: boolean,
  includePad: boolean,
  override: number | null,
];

export function avgPool(
  self: Tensor,
  ...[kernel, stride, padding, ceil, includePad, override]: Average
): Tensor {
  const spans = spansOf(last(self._shape, kernel.length), kernel, stride, padding, ones(kernel), ceil);
  return w.averageOver(self, spans, divisorOf(includePad, override));
}
export function avgPoolBackward(
  grad: Tensor,
  sizes: Shape,
  ...[kernel, stride, padding, ceil, includePad, override]: Average
) {
  const spans = spansOf(last(sizes, kernel.length), kernel, stride, padding, ones(kernel), ceil);
  return w.spreadOver(grad, sizes, spans, divisorOf(includePad, override));
}
const adaptive = (sizes: Dims, out: Dims): w.Span[][] => out.map((n, d) => w.adaptiveSpans(sizes[d]!, n));
const count: w.Divisor = (_, n) => n;
export const adaptiveAvg = (self: Tensor, out: Dims): Tensor =>
  w.averageOver(self, adaptive(last(self._shape, out.length), out), count);
export function adaptiveAvgBackward(grad: Tensor, sizes: Shape, out: Dims): Tensor {
  return w.spreadOver(grad, sizes, adaptive(last(sizes, out.length), out), count);
}

export const maxPool = (
  self: Tensor,
  kernel: Dims,
  stride: Dims,
  padding: Dims,
  dilation: Dims,
  ceil: boolean,
) => w.maxOver(self, spansOf(last(self._shape, kernel.length), kernel, stride, padding, dilation, ceil));

export const adaptiveMax = (self: Tensor, out: Dims) =>
  w.maxOver(self, adaptive(last(self._shape, out.length), out));
