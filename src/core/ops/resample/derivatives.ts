/** @file Derivatives of resampling: the transposed maps. */
import type { Derivatives } from "../schema.js";
import * as h from "./formulas.js";
import type { resampleSchema } from "./schema.js";

const planned: Derivatives["upsample_nearest1d"] = { self: (grad, s) => h.resample_backward(grad, s.plan) };

export const resampleDerivatives: Pick<Derivatives, keyof typeof resampleSchema> = {
  upsample_nearest1d: planned,
  upsample_nearest2d: planned,
  upsample_nearest3d: planned,
  _upsample_nearest_exact1d: planned,
  _upsample_nearest_exact2d: planned,
  _upsample_nearest_exact3d: planned,
  upsample_linear1d: planned,
  upsample_bilinear2d: planned,
  upsample_trilinear3d: planned,
  upsample_bicubic2d: planned,
  reflection_pad1d: planned,
  reflection_pad2d: planned,
  reflection_pad3d: planned,
  replication_pad1d: planned,
  replication_pad2d: planned,
  replication_pad3d: planned,
  resample_backward: { grad_output: (grad, s) => h.resample(grad, s.plan) },

  pixel_shuffle: { self: (grad, s) => h.pixel_unshuffle(grad, s.upscale_factor) },
  pixel_unshuffle: { self: (grad, s) => h.pixel_shuffle(grad, s.downscale_factor) },
  channel_shuffle: { self: (grad, s) => h.channel_unshuffle(grad, s.groups) },
  im2col: {
    self: (grad, s) => h.col2im(grad, s.self_sizes, s.kernel_size, s.dilation, s.padding, s.stride),
  },
  col2im: { self: (grad, s) => h.im2col(grad, s.kernel_size, s.dilation, s.padding, s.stride) },
};
