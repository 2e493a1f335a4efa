/** @file `pixel_shuffle`, `pixel_unshuffle`, `channel_shuffle`, `unfold`, `fold` of `nn.functional`. */
import { IndexError, RuntimeError } from "../../errors.js";
import type { Tensor } from "../../tensor.js";
import { call, call1 } from "../dispatch.js";
import { type Dims, each } from "../neural/dims.js";
import { ops } from "../op.js";
import { int, ints, optInts, tensor } from "../parameters.js";
import { squeeze, unsqueeze } from "../shape_ops.js";
import { fn } from "../signature.js";
import { blockCounts } from "./kernels.js";

function checkPixels(name: string, x: Tensor, factor: number, what: string): void {
  const rank = x._shape.length;
  if (rank < 3) {
    throw new RuntimeError(
      `${name} expects input to have at least 3 dimensions, but got input with ${rank} dimension(s)`,
    );
  }
  if (factor <= 0) throw new RuntimeError(`${name} expects a positive ${what}, but got ${factor}`);
}

/** [*, C·r², H, W] → [*, C, H·r, W·r]. */
export const pixel_shuffle = fn("pixel_shuffle", [tensor("input"), int("upscale_factor")], (x, r): Tensor => {
  checkPixels("pixel_shuffle", x, r, "upscale_factor");
  const channels = x._shape.at(-3)!;
  if (channels % (r * r) !== 0) {
    throw new RuntimeError(
      `pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, but input.size(-3)=${channels} is not divisible by ${r * r}`,
    );
  }
  return call1(ops.pixel_shuffle, x, r);
});

/** [*, C, H·r, W·r] → [*, C·r², H, W]. */
export const pixel_unshuffle = fn(
  "pixel_unshuffle",
  [tensor("input"), int("downscale_factor")],
  (x, r): Tensor => {
    checkPixels("pixel_unshuffle", x, r, "downscale_factor");
    for (const [name, d] of [
      ["height", -2],
      ["width", -1],
    ] as const) {
      const n = x._shape.at(d)!;
      if (n % r === 0) continue;
      throw new RuntimeError(
        `pixel_unshuffle expects ${name} to be divisible by downscale_factor, but input.size(${d})=${n} is not divisible by ${r}`,
      );
    }
    return call1(ops.pixel_unshuffle, x, r);
  },
);

/** The channels of [N, C, …] dealt out in turn to `groups`. */
export const channel_shuffle = fn(
  "channel_shuffle",
  [tensor("input"), int("groups")],
  (x, groups): Tensor => {
    const rank = x._shape.length;
    if (rank <= 2) {
      throw new RuntimeError(
        `channel_shuffle expects input with > 2 dims, but got input with sizes [${x._shape.join(", ")}]`,
      );
    }
    if (groups <= 0) {
      throw new RuntimeError(
        `Number of groups to divide channels in must be positive. Value of groups:${groups}`,
      );
    }
    if (x._shape[1]! % groups !== 0) {
      throw new RuntimeError(
        `Number of channels must be divisible by groups. Got ${x._shape[1]} channels and ${groups} groups.`,
      );
    }
    return call1(ops.channel_shuffle, x, groups);
  },
);

const pair = (list: Dims): string => `(${list.join(", ")})`;

function checkBlocks(kernel: Dims, dilation: Dims, padding: Dims, stride: Dims): void {
  for (const [name, [h, w]] of [
    ["kernel size", kernel],
    ["dilation", dilation],
    ["stride", stride],
  ] as const) {
    if (h! > 0 && w! > 0) continue;
    const short = name.split(" ")[0];
    throw new RuntimeError(
      `${name} should be greater than zero, but got ${short}_height: ${h} ${short}_width: ${w}`,
    );
  }
  if (padding.some((p) => p < 0)) {
    throw new RuntimeError(
      `padding should be non-negative, but got pad_height: ${padding[0]} pad_width: ${padding[1]}`,
    );
  }
}

/** Sliding blocks of [N, C, H, W] (or [C, H, W]) as columns: [N, C · ∏ kernel, blocks]. */
export const unfold = fn(
  "im2col",
  [tensor("input"), ints("kernel_size"), optInts("dilation"), optInts("padding"), optInts("stride")],
  (x, kernel_, dilation_, padding_, stride_): Tensor => {
    const kernel = each("kernel_size", kernel_, 2);
    const dilation = each("dilation", dilation_ ?? [1], 2);
    const padding = each("padding", padding_ ?? [0], 2);
    const stride = each("stride", stride_ ?? [1], 2);
    checkBlocks(kernel, dilation, padding, stride);
    const single = x._shape.length === 3;
    if (!single && x._shape.length !== 4) {
      const rank = x._shape.length;
      throw new IndexError(
        `Dimension out of range (expected to be in range of [-${rank}, ${rank - 1}], but got 2)`,
      );
    }
    const batch = single ? unsqueeze(x, 0) : x;
    const sizes = batch._shape.slice(2);
    const counts = blockCounts(sizes, kernel, dilation, padding, stride);
    if (counts.some((n) => n < 1)) {
      throw new RuntimeError(
        `Given input with spatial size ${pair(sizes)}, kernel_size=${pair(kernel)}, dilation=${pair(dilation)}, padding=${pair(padding)}, calculated shape of the array of sliding blocks as ${pair(counts)}, but its components must be at least one.`,
      );
    }
    const out = call(ops.im2col, batch, kernel, dilation, padding, stride);
    return single ? squeeze(out, 0) : out;
  },
);

/** Columns [N, C · ∏ kernel, blocks] added up into [N, C, …output_size]. */
export const fold = fn(
  "col2im",
  [
    tensor("input"),
    ints("output_size"),
    ints("kernel_size"),
    optInts("dilation"),
    optInts("padding"),
    optInts("stride"),
  ],
  (x, size_, kernel_, dilation_, padding_, stride_): Tensor => {
    const size = each("output_size", size_, 2);
    const kernel = each("kernel_size", kernel_, 2);
    const dilation = each("dilation", dilation_ ?? [1], 2);
    const padding = each("padding", padding_ ?? [0], 2);
    const stride = each("stride", stride_ ?? [1], 2);
    checkBlocks(kernel, dilation, padding, stride);
    const single = x._shape.length === 2;
    const batch = single ? unsqueeze(x, 0) : x;
    const [, rows, count] = batch._shape as readonly number[] as [number, number, number];
    if (rows % (kernel[0]! * kernel[1]!) !== 0) {
      throw new RuntimeError(
        `Expected size of input's dimension 1 to be divisible by the product of kernel_size, but got input.size(1)=${rows} and kernel_size=${pair(kernel)}.`,
      );
    }
    const counts = blockCounts(size, kernel, dilation, padding, stride);
    const blocks = counts[0]! * counts[1]!;
    if (blocks !== count) {
      throw new RuntimeError(
        `Given output_size=${pair(size)}, kernel_size=${pair(kernel)}, dilation=${pair(dilation)}, padding=${pair(padding)}, stride=${pair(stride)}, expected size of input's dimension 2 to match the calculated number of sliding blocks ${counts[0]} * ${counts[1]} = ${blocks}, but got input.size(2)=${count}.`,
      );
    }
    const out = call(ops.col2im, batch, size, kernel, dilation, padding, stride);
    return single ? squeeze(out, 0) : out;
  },
);
