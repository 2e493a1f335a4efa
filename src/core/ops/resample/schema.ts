/** @file Resampling: interpolation, padding by what is there, pixels shuffled, sliding blocks. */
import { attr, dims, num, op, size, T } from "../args.js";
import type { Taps } from "./taps.js";

const plan = attr<readonly Taps[]>();
const planned = { self: T, plan };
const blocks = { kernel_size: dims, dilation: dims, padding: dims, stride: dims };

export const resampleSchema = {
  upsample_nearest1d: op("upsample_nearest1d", 0, planned),
  upsample_nearest2d: op("upsample_nearest2d", 0, planned),
  upsample_nearest3d: op("upsample_nearest3d", 0, planned),
  _upsample_nearest_exact1d: op("upsample_nearest_exact1d", 0, planned),
  _upsample_nearest_exact2d: op("upsample_nearest_exact2d", 0, planned),
  _upsample_nearest_exact3d: op("upsample_nearest_exact3d", 0, planned),
  upsample_linear1d: op("upsample_linear1d", 0, planned),
  upsample_bilinear2d: op("upsample_bilinear2d", 0, planned),
  upsample_trilinear3d: op("upsample_trilinear3d", 0, planned),
  upsample_bicubic2d: op("upsample_bicubic2d", 0, planned),
  reflection_pad1d: op("reflection_pad1d", 0, planned),
  reflection_pad2d: op("reflection_pad2d", 0, planned),
  reflection_pad3d: op("reflection_pad3d", 0, planned),
  replication_pad1d: op("replication_pad1d", 0, planned),
  replication_pad2d: op("replication_pad2d", 0, planned),
  replication_pad3d: op("replication_pad3d", 0, planned),
  /** The transpose of any of these. */
  resample_backward: op("resample_backward", 0, { grad_output: T, plan }),

  pixel_shuffle: op("pixel_shuffle", 0, { self: T, upscale_factor: num }),
  pixel_unshuffle: op("pixel_unshuffle", 0, { self: T, downscale_factor: num }),
  channel_shuffle: op("channel_shuffle", 0, { self: T, groups: num }),
  im2col: op("im2col", 0, { self: T, ...blocks }),
  col2im: op("col2im", 0, { self: T, output_size: size, ...blocks }),
} as const;
