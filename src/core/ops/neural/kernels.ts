/** @file Kernels of convolution, pooling, normalisation and losses. */
import { IndexError } from "../../errors.js";
import { contiguousOf, newTensor } from "../../kernels/copy.js";
import { indexSelect } from "../../kernels/indexing.js";
import { map2, map3 } from "../../kernels/map.js";
import { sum } from "../../kernels/reduce.js";
import { indexNumbers, view } from "../../kernels/views.js";
import { type Shape, sizeOf } from "../../shape.js";
import type { NumberArray } from "../../storage.js";
import type { Tensor } from "../../tensor.js";
import { REDUCE_MEAN, REDUCE_NONE } from "../schema.js";
import { multilabelMargin, multiMargin } from "./margins.js";
import * as w from "./windows.js";

type Dims = readonly number[];

/** Where a convolution's result has bias added, channel by channel. */
function addBias(out: Tensor, bias: Tensor | null): void {
  if (bias === null) return;
  const b = contiguousOf(bias);
  const to = out._storage.data as NumberArray;
  const channels = out._shape[1]!;
  const area = out._shape.slice(2).reduce((n, d) => n * d, 1);
  const values = b._storage.data as NumberArray;
  for (let from = 0, channel = 0; from < to.length; from += area, channel++) {
    const value = values[b._offset + (channel % channels)]!;
    for (let i = from; i < from + area; i++) to[i]! += value;
  }
}

export function convolvedShape(
  input: Shape,
  weight: Shape,
  stride: Dims,
  padding: Dims,
  dilation: Dims,
  transposed: boolean,
  outputPadding: Dims,
  groups: number,
): number[] {
  const spatial = input.slice(2).map((n, d) => {
    const reach = dilation[d]! * (weight[d + 2]! - 1);
    if (transposed) return (n - 1) * stride[d]! - 2 * padding[d]! + reach + outputPadding[d]! + 1;
    return Math.floor((n + 2 * padding[d]! - reach - 1) / stride[d]!) + 1;
  });
  return [input[0]!, transposed ? weight[1]! * groups : weight[0]!, ...spatial];
}

function convolution(
  input: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  stride: Dims,
  padding: Dims,
  dilation: Dims,
  transposed: boolean,
  outputPadding: Dims,
  groups: number,
): Tensor {
  const x = contiguousOf(input);
  const k = contiguousOf(weight);
  const shape = convolvedShape(
    x._shape,
    k._shape,
    stride,
    padding,
    dilation,
    transposed,
    outputPadding,
    groups,
  );
  const geometry = { stride, padding, dilation, groups };
  return w.correlated(shape, x, k, geometry, transposed ? "image" : "map", (out) => addBias(out, bias));
}

function convolutionWeight(
  grad: Tensor,
  input: Tensor,
  sizes: Shape,
  stride: Dims,
  padding: Dims,
  dilation: Dims,
  transposed: boolean,
  _outputPadding: Dims,
  groups: number,
): Tensor {
  const g = contiguousOf(grad);
  const x = contiguousOf(input);
  const geometry = { stride, padding, dilation, groups };
  return transposed
    ? w.correlated(sizes, g, x, geometry, "weight")
    : w.correlated(sizes, x, g, geometry, "weight");
}

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
function avgPool(self: Tensor, ...[kernel, stride, padding, ceil, includePad, override]: Average): Tensor {
  const spans = spansOf(last(self._shape, kernel.length), kernel, stride, padding, ones(kernel), ceil);
  return w.averageOver(self, spans, divisorOf(includePad, override));
}
function avgPoolBackward(
  grad: Tensor,
  sizes: Shape,
  ...[kernel, stride, padding, ceil, includePad, override]: Average
) {
  const spans = spansOf(last(sizes, kernel.length), kernel, stride, padding, ones(kernel), ceil);
  return w.spreadOver(grad, sizes, spans, divisorOf(includePad, override));
}
const adaptive = (sizes: Dims, out: Dims): w.Span[][] => out.map((n, d) => w.adaptiveSpans(sizes[d]!, n));
const count: w.Divisor = (_, n) => n;
const adaptiveAvg = (self: Tensor, out: Dims): Tensor =>
  w.averageOver(self, adaptive(last(self._shape, out.length), out), count);
function adaptiveAvgBackward(grad: Tensor, sizes: Shape, out: Dims): Tensor {
  return w.spreadOver(grad, sizes, adaptive(last(sizes, out.length), out), count);
}
const maxPool = (self: Tensor, kernel: Dims, stride: Dims, padding: Dims, dilation: Dims, ceil: boolean) =>
  w.maxOver(self, spansOf(last(self._shape, kernel.length), kernel, stride, padding, dilation, ceil));
const adaptiveMax = (self: Tensor, out: Dims) =>
  w.maxOver(self, adaptive(last(self._shape, out.length), out));

/** Groups of elements that share a mean: `groupOf(i)`; scale and shift: `channelOf(i)`. */
function normalise(
  input: Tensor,
  weight: Tensor | null,
  bias: Tensor | null,
  groups: number,
  groupOf: (i: number) => number,
  channelOf: (i: number) => number,
  eps: number,
  known: readonly [mean: Tensor, variance: Tensor] | null,
): Tensor[] {
  const x = contiguousOf(input);
  const from = x._storage.data as NumberArray;
  const mean = new Float64Array(groups);
  const variance = new Float64Array(groups);
  const size = x._numel / Math.max(groups, 1);
  if (known === null) {
    for (let i = 0; i < x._numel; i++) mean[groupOf(i)]! += from[x._offset + i]! / size;
    for (let i = 0; i < x._numel; i++) {
      const d = from[x._offset + i]! - mean[groupOf(i)]!;
      variance[groupOf(i)]! += (d * d) / size;
    }
  } else {
    const [m, v] = known.map((t) => contiguousOf(t)) as [Tensor, Tensor];
    for (let g = 0; g < groups; g++) {
      mean[g] = (m._storage.data as NumberArray)[m._offset + g]!;
      variance[g] = (v._storage.data as NumberArray)[v._offset + g]!;
    }
  }
  const out = newTensor(x._shape, x.dtype);
  const [scale, shift] = [weight, bias].map((t) => (t === null ? null : contiguousOf(t)));
  const at = (t: Tensor | null | undefined, c: number, none: number): number =>
    t == null ? none : Number(t._storage.data[t._offset + c]!);
  for (let i = 0; i < x._numel; i++) {
    const g = groupOf(i);
    const c = channelOf(i);
    const hat = (from[x._offset + i]! - mean[g]!) / Math.sqrt(variance[g]! + eps);
    (out._storage.data as NumberArray)[i] = hat * at(scale, c, 1) + at(shift, c, 0);
  }
  const stats = [mean, variance.map((v) => 1 / Math.sqrt(v + eps))].map((values) => {
    const t = newTensor(sizeOf([groups]), x.dtype);
    values.forEach((v, g) => {
      (t._storage.data as { [i: number]: number })[g] = v;
    });
    return t;
  });
  return [out, ...stats];
}

function layerNorm(
  input: Tensor,
  weight: Tensor | null,
  bias: Tensor | null,
  shape: Shape,
  eps: number,
): Tensor[] {
  const size = shape.reduce((n, d) => n * d, 1);
  const groups = size === 0 ? 0 : input._numel / size;
  const group = (i: number): number => Math.floor(i / size);
  const [out, mean, rstd] = normalise(input, weight, bias, groups, group, (i) => i % size, eps, null);
  const kept = input._shape.map((n, d) => (d < input._shape.length - shape.length ? n : 1));
  return [out!, view(mean!, kept), view(rstd!, kept)];
}

function groupNorm(
  input: Tensor,
  weight: Tensor | null,
  bias: Tensor | null,
  groups: number,
  eps: number,
): Tensor[] {
  const [n, c] = input._shape as Shape as [number, number];
  const area = input._shape.slice(2).reduce((a, d) => a * d, 1);
  const size = (c / groups) * area;
  const group = (i: number): number => Math.floor(i / size);
  const channel = (i: number): number => Math.floor(i / area) % c;
  const [out, mean, rstd] = normalise(input, weight, bias, n * groups, group, channel, eps, null);
  return [out!, view(mean!, [n, groups]), view(rstd!, [n, groups])];
}

function batchNorm(
  input: Tensor,
  weight: Tensor | null,
  bias: Tensor | null,
  mean: Tensor | null,
  variance: Tensor | null,
  training: boolean,
  eps: number,
): Tensor[] {
  const c = input._shape[1]!;
  const area = input._shape.slice(2).reduce((a, d) => a * d, 1);
  const channel = (i: number): number => Math.floor(i / area) % c;
  const known = training || mean === null || variance === null ? null : ([mean, variance] as const);
  return normalise(input, weight, bias, c, channel, channel, eps, known);
}

function reduced(values: Tensor, reduction: number): Tensor {
  return reduction === REDUCE_NONE ? values : sum(values, null, false, reduction === REDUCE_MEAN);
}
const loss =
  (fn: (x: number, y: number, p: number) => number) =>
  (x: Tensor, y: Tensor, reduction: number, p = 0): Tensor =>
    reduced(
      map2(x, y, x.dtype, (a, b) => fn(a, b, p)),
      reduction,
    );

const clampedLog = (x: number): number => Math.max(Math.log(x), -100);
const crossEntropy = (x: number, y: number): number =>
  (y - 1) * Math.max(Math.log1p(-x), -100) - y * clampedLog(x);

export const neuralKernels = {
  convolution,
  convolution_weight: convolutionWeight,
  avg_pool2d: avgPool,
  avg_pool3d: avgPool,
  avg_pool_backward: avgPoolBackward,
  adaptive_avg_pool2d: adaptiveAvg,
  adaptive_avg_pool3d: adaptiveAvg,
  adaptive_avg_pool_backward: adaptiveAvgBackward,
  max_pool2d_with_indices: maxPool,
  max_pool3d_with_indices: maxPool,
  adaptive_max_pool2d: adaptiveMax,
  adaptive_max_pool3d: adaptiveMax,
  native_layer_norm: layerNorm,
  native_group_norm: groupNorm,
  native_batch_norm: batchNorm,
  embedding: (weight: Tensor, indices: Tensor) => {
    const count = weight._shape[0]!;
    if (indexNumbers(indices).some((i) => i < 0 || i >= count))
      throw new IndexError("index out of range in self");
    const rows = view(contiguousOf(indices), [indices._numel]);
    return view(indexSelect(weight, 0, rows), [...indices._shape, weight._shape[1]!]);
  },

  multi_margin_loss: (
    x: Tensor,
    y: Tensor,
    p: number,
    margin: number,
    weight: Tensor | null,
    reduction: number,
  ) => reduced(multiMargin(x, y, p, margin, weight), reduction),
  multilabel_margin_loss: (x: Tensor, y: Tensor, reduction: number) =>
    reduced(multilabelMargin(x, y), reduction),

  smooth_l1_loss: loss((x, y, beta) => {
    const d = Math.abs(x - y);
    return d < beta ? (0.5 * d * d) / beta : d - 0.5 * beta;
  }),
  huber_loss: loss((x, y, delta) => {
    const d = Math.abs(x - y);
    return d <= delta ? 0.5 * d * d : delta * (d - 0.5 * delta);
  }),
  soft_margin_loss: loss((x, y) => Math.log1p(Math.exp(-x * y))),
  binary_cross_entropy: (x: Tensor, y: Tensor, weight: Tensor | null, reduction: number) =>
    reduced(
      weight === null
        ? map2(x, y, x.dtype, crossEntropy)
        : map3([x, y, weight], x.dtype, (a, b, c) => crossEntropy(a, b) * c),
      reduction,
    ),
};
