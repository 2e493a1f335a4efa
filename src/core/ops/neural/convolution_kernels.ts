/** @file Kernels of convolution and of its weight's gradient. */

import { contiguousOf } from "../../kernels/copy.js";
import type { Shape } from "../../shape.js";
import type { NumberArray } from "../../storage.js";
import type { Tensor } from "../../tensor.js";
import type { Dims } from "./dims.js";
import * as w from "./windows.js";

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

export function convolution(
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

export function convolutionWeight(
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
