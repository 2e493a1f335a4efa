/** @file Resizing and rearranging pixels, and sliding blocks, as modules. */

import { any, optAny, text } from "../../ops/parameters.js";
import { fn } from "../../ops/signature.js";
import type { Tensor } from "../../tensor.js";
import * as F from "../functional.js";
import type { Size } from "./convolution.js";
import { Module } from "./module.js";
import { pythonRepr, settings } from "./print.js";

type Scale = number | readonly number[] | null;

const upsampleArgs = fn(
  "Upsample.__init__",
  [
    optAny<"size", Size | null>("size", null),
    optAny<"scale_factor", Scale>("scale_factor", null),
    text("mode", "nearest"),
    optAny<"align_corners", boolean | null>("align_corners", null),
    optAny<"recompute_scale_factor", boolean | null>("recompute_scale_factor", null),
  ],
  (...values) => values,
);

const floatRepr = (x: number): string => (Number.isInteger(x) ? `${x}.0` : pythonRepr(x));

/** `interpolate` as a module. */
export class Upsample extends Module {
  readonly size: Size | null;
  readonly scale_factor: Scale;
  readonly mode: string;
  readonly align_corners: boolean | null;
  readonly recompute_scale_factor: boolean | null;

  constructor(...args: Parameters<typeof upsampleArgs>) {
    super();
    [this.size, this.scale_factor, this.mode, this.align_corners, this.recompute_scale_factor] = upsampleArgs(
      ...args,
    );
  }

  override forward(input: Tensor): Tensor {
    const { size, scale_factor, mode, align_corners, recompute_scale_factor } = this;
    return F.interpolate(input, { size, scale_factor, mode, align_corners, recompute_scale_factor });
  }

  override extra_repr(): string {
    const scale = this.scale_factor;
    const by =
      scale === null
        ? `size=${pythonRepr(this.size)}`
        : `scale_factor=${typeof scale === "number" ? floatRepr(scale) : `(${scale.map(floatRepr).join(", ")})`}`;
    return `${by}, mode='${this.mode}'`;
  }
}

type UpsamplingArgs = [size?: Size | { size?: Size; scale_factor?: Scale } | null, scale_factor?: Scale];

function upsampling([size, scale]: UpsamplingArgs): { size: Size | null; scale_factor: Scale } {
  const named = typeof size === "object" && size !== null && !Array.isArray(size);
  if (named) {
    const given = size as { size?: Size; scale_factor?: Scale };
    return { size: given.size ?? null, scale_factor: given.scale_factor ?? null };
  }
  return { size: (size as Size | undefined) ?? null, scale_factor: scale ?? null };
}

export class UpsamplingNearest2d extends Upsample {
  constructor(...args: UpsamplingArgs) {
    super({ ...upsampling(args), mode: "nearest" });
  }
}

export class UpsamplingBilinear2d extends Upsample {
  constructor(...args: UpsamplingArgs) {
    super({ ...upsampling(args), mode: "bilinear", align_corners: true });
  }
}

/** [*, C·r², H, W] → [*, C, H·r, W·r]. */
export class PixelShuffle extends Module {
  constructor(readonly upscale_factor: number) {
    super();
  }
  override forward(input: Tensor): Tensor {
    return F.pixel_shuffle(input, this.upscale_factor);
  }
  override extra_repr(): string {
    return settings({ upscale_factor: this.upscale_factor });
  }
}

/** [*, C, H·r, W·r] → [*, C·r², H, W]. */
export class PixelUnshuffle extends Module {
  constructor(readonly downscale_factor: number) {
    super();
  }
  override forward(input: Tensor): Tensor {
    return F.pixel_unshuffle(input, this.downscale_factor);
  }
  override extra_repr(): string {
    return settings({ downscale_factor: this.downscale_factor });
  }
}

/** The channels dealt out in turn to `groups`. */
export class ChannelShuffle extends Module {
  constructor(readonly groups: number) {
    super();
  }
  override forward(input: Tensor): Tensor {
    return F.channel_shuffle(input, this.groups);
  }
  override extra_repr(): string {
    return settings({ groups: this.groups });
  }
}

const blockParams = [
  any<"kernel_size", Size>("kernel_size"),
  optAny<"dilation", Size>("dilation", 1),
  optAny<"padding", Size>("padding", 0),
  optAny<"stride", Size>("stride", 1),
] as const;

const unfoldArgs = fn("Unfold.__init__", blockParams, (kernel_size, dilation, padding, stride) => ({
  kernel_size,
  dilation,
  padding,
  stride,
}));

/** Layers that are a function with its settings. */
abstract class Blocks<S extends Readonly<Record<string, unknown>>> extends Module {
  constructor(readonly settings: S) {
    super();
  }
  override extra_repr(): string {
    return settings(this.settings);
  }
}

/** Sliding blocks as columns. */
export class Unfold extends Blocks<ReturnType<typeof unfoldArgs>> {
  constructor(...args: Parameters<typeof unfoldArgs>) {
    super(unfoldArgs(...args));
  }
  override forward(input: Tensor): Tensor {
    return F.unfold(input, this.settings);
  }
}

const foldArgs = fn(
  "Fold.__init__",
  [any<"output_size", Size>("output_size"), ...blockParams],
  (output_size, kernel_size, dilation, padding, stride) => ({
    output_size,
    kernel_size,
    dilation,
    padding,
    stride,
  }),
);

/** Columns added up into the image that they are blocks of. */
export class Fold extends Blocks<ReturnType<typeof foldArgs>> {
  constructor(...args: Parameters<typeof foldArgs>) {
    super(foldArgs(...args));
  }
  override forward(input: Tensor): Tensor {
    return F.fold(input, this.settings);
  }
}

/** Softmax over the channels of [N, C, H, W]. */
export class Softmax2d extends Module {
  override forward(input: Tensor): Tensor {
    return F.softmax(input, -3);
  }
}
