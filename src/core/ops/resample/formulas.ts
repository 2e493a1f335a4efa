/** @file Derivatives of resampling, in differentiable ops. */
import type { Shape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { call } from "../dispatch.js";
import { ops } from "../op.js";
import { helper } from "../trace.js";
import type { Taps } from "./taps.js";

type Dims = readonly number[];

export const resample_backward = helper(
  "resample_backward",
  (grad: Tensor, plan: readonly Taps[]): Tensor => call(ops.resample_backward, grad, plan),
);
export const resample = helper(
  "resample",
  (grad: Tensor, plan: readonly Taps[]): Tensor => call(ops.upsample_bilinear2d, grad, plan),
);
export const pixel_shuffle = helper(
  "pixel_shuffle",
  (grad: Tensor, factor: number): Tensor => call(ops.pixel_shuffle, grad, factor),
);
export const pixel_unshuffle = helper(
  "pixel_unshuffle",
  (grad: Tensor, factor: number): Tensor => call(ops.pixel_unshuffle, grad, factor),
);
/** Shuffling by the other factor of the channels undoes it. */
export const channel_unshuffle = helper(
  "channel_unshuffle",
  (grad: Tensor, groups: number): Tensor => call(ops.channel_shuffle, grad, grad._shape[1]! / groups),
);
export const col2im = helper(
  "col2im",
  (grad: Tensor, sizes: Shape, kernel: Dims, dilation: Dims, padding: Dims, stride: Dims): Tensor =>
    call(ops.col2im, grad, sizes.slice(2), kernel, dilation, padding, stride),
);
export const im2col = helper(
  "im2col",
  (grad: Tensor, kernel: Dims, dilation: Dims, padding: Dims, stride: Dims): Tensor =>
    call(ops.im2col, grad, kernel, dilation, padding, stride),
);
