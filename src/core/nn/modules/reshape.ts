/** @file Padding, resizing and rearranging as modules; similarity and distance; `Bilinear`. */
import { any, flag, fn, int, optAny, optDType, optFloat, optInt, text } from "../../ops/signature.js";
import type { Tensor } from "../../tensor.js";
import { emptyOf } from "../empty.js";
import * as F from "../functional.js";
import { uniform_ } from "../init.js";
import { Parameter } from "../parameter.js";
import { type Size, tuple } from "./convolution.js";
import { Module } from "./module.js";
import { pythonRepr, settings } from "./print.js";

abstract class Pad extends Module {
  readonly padding: readonly number[];

  constructor(padding: Size) {
    super();
    this.padding = tuple(padding, 2 * Number(/\d/.exec(new.target.name)?.[0] ?? 1));
  }

  protected abstract get mode(): string;

  override forward(input: Tensor): Tensor {
    return F.pad(input, this.padding, this.mode);
  }

  override extra_repr(): string {
    return pythonRepr([...this.padding]);
  }
}

abstract class ReflectionPad extends Pad {
  protected override get mode(): string {
    return "reflect";
  }
}
export class ReflectionPad1d extends ReflectionPad {}
export class ReflectionPad2d extends ReflectionPad {}
export class ReflectionPad3d extends ReflectionPad {}

abstract class ReplicationPad extends Pad {
  protected override get mode(): string {
    return "replicate";
  }
}
export class ReplicationPad1d extends ReplicationPad {}
export class ReplicationPad2d extends ReplicationPad {}
export class ReplicationPad3d extends ReplicationPad {}

abstract class CircularPad extends Pad {
  protected override get mode(): string {
    return "circular";
  }
}
export class CircularPad1d extends CircularPad {}
export class CircularPad2d extends CircularPad {}
export class CircularPad3d extends CircularPad {}

abstract class ZeroPad extends Pad {
  protected override get mode(): string {
    return "constant";
  }
}
export class ZeroPad1d extends ZeroPad {}
export class ZeroPad2d extends ZeroPad {}
export class ZeroPad3d extends ZeroPad {}

abstract class ConstantPad extends ZeroPad {
  readonly value: number;

  constructor(padding: Size, value: number) {
    super(padding);
    this.value = value;
  }

  override forward(input: Tensor): Tensor {
    return F.pad(input, this.padding, "constant", this.value);
  }

  override extra_repr(): string {
    return settings({ padding: [...this.padding], value: this.value });
  }
}
export class ConstantPad1d extends ConstantPad {}
export class ConstantPad2d extends ConstantPad {}
export class ConstantPad3d extends ConstantPad {}

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
/** Sliding blocks as columns. */
export class Unfold extends Module {
  readonly settings: ReturnType<typeof unfoldArgs>;
  constructor(...args: Parameters<typeof unfoldArgs>) {
    super();
    this.settings = unfoldArgs(...args);
  }
  override forward(input: Tensor): Tensor {
    return F.unfold(input, this.settings);
  }
  override extra_repr(): string {
    return settings({ ...this.settings });
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
export class Fold extends Module {
  readonly settings: ReturnType<typeof foldArgs>;
  constructor(...args: Parameters<typeof foldArgs>) {
    super();
    this.settings = foldArgs(...args);
  }
  override forward(input: Tensor): Tensor {
    return F.fold(input, this.settings);
  }
  override extra_repr(): string {
    return settings({ ...this.settings });
  }
}

const similarityArgs = fn(
  "CosineSimilarity.__init__",
  [optInt("dim", 1), optFloat("eps", 1e-8)],
  (...values) => values,
);
/** The cosine of the angle between vectors along `dim`. */
export class CosineSimilarity extends Module {
  readonly dim: number;
  readonly eps: number;
  constructor(...args: Parameters<typeof similarityArgs>) {
    super();
    [this.dim, this.eps] = similarityArgs(...args);
  }
  override forward(x1: Tensor, x2: Tensor): Tensor {
    return F.cosine_similarity(x1, x2, this.dim, this.eps);
  }
}
const distanceArgs = fn(
  "PairwiseDistance.__init__",
  [optFloat("p", 2), optFloat("eps", 1e-6), flag("keepdim", false)],
  (...values) => values,
);
/** The p-norm of the difference over the last dimension. */
export class PairwiseDistance extends Module {
  readonly norm: number;
  readonly eps: number;
  readonly keepdim: boolean;
  constructor(...args: Parameters<typeof distanceArgs>) {
    super();
    [this.norm, this.eps, this.keepdim] = distanceArgs(...args);
  }
  override forward(x1: Tensor, x2: Tensor): Tensor {
    return F.pairwise_distance(x1, x2, this.norm, this.eps, this.keepdim);
  }
}

const bilinearArgs = fn(
  "Bilinear.__init__",
  [int("in1_features"), int("in2_features"), int("out_features"), flag("bias", true), optDType("dtype")],
  (...values) => values,
);
/** x₁ᵀ W x₂ + b. */
export class Bilinear extends Module {
  readonly in1_features: number;
  readonly in2_features: number;
  readonly out_features: number;
  weight: Parameter;
  bias: Parameter | null;

  constructor(...args: Parameters<typeof bilinearArgs>) {
    super();
    const [in1, in2, out, bias, dtype] = bilinearArgs(...args);
    this.in1_features = in1;
    this.in2_features = in2;
    this.out_features = out;
    this.weight = new Parameter(emptyOf([out, in1, in2], dtype));
    this.bias = bias ? new Parameter(emptyOf([out], dtype)) : null;
    this.reset_parameters();
  }

  reset_parameters(): void {
    const bound = 1 / Math.sqrt(this.in1_features);
    uniform_(this.weight, -bound, bound);
    if (this.bias !== null) uniform_(this.bias, -bound, bound);
  }

  override forward(input1: Tensor, input2: Tensor): Tensor {
    return F.bilinear(input1, input2, this.weight, this.bias);
  }

  override extra_repr(): string {
    const { in1_features, in2_features, out_features } = this;
    return settings({ in1_features, in2_features, out_features, bias: this.bias !== null });
  }
}

/** Softmax over the channels of [N, C, H, W]. */
export class Softmax2d extends Module {
  override forward(input: Tensor): Tensor {
    return F.softmax(input, -3);
  }
}
