/** @file Kernels of layers and losses, by op: normalisation and losses here, the rest beside. */
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
import { convolution, convolutionWeight } from "./convolution_kernels.js";
import { multilabelMargin, multiMargin } from "./margins.js";
import {
  adaptiveAvg,
  adaptiveAvgBackward,
  adaptiveMax,
  avgPool,
  avgPoolBackward,
  maxPool,
} from "./pool_kernels.js";

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
