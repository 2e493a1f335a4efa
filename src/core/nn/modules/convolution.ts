/** @file `Conv1d` … `Conv3d` and `ConvTranspose1d` … `ConvTranspose3d`. */
import { ValueError } from "../../errors.js";
import { any, flag, int, optAny, optDType, optInt, text } from "../../ops/parameters.js";
import { fn } from "../../ops/signature.js";
import type { Tensor } from "../../tensor.js";
import { emptyOf } from "../empty.js";
import * as F from "../functional.js";
import { Parameter } from "../parameter.js";
import { resetLinear } from "./linear.js";
import { Module } from "./module.js";
import { pythonRepr } from "./print.js";

export type Size = number | readonly number[];

/** One number for all dimensions, or one for each. */
export function tuple(size: Size, n: number): number[] {
  return typeof size === "number" ? new Array<number>(n).fill(size) : [...size];
}

const convArgs = (name: string) =>
  fn(
    `${name}.__init__`,
    [
      int("in_channels"),
      int("out_channels"),
      any<"kernel_size", Size>("kernel_size"),
      optAny<"stride", Size>("stride", 1),
      optAny<"padding", Size | "same" | "valid">("padding", 0),
      optAny<"dilation", Size>("dilation", 1),
      optInt("groups", 1),
      flag("bias", true),
      text("padding_mode", "zeros"),
      optDType("dtype"),
    ],
    (...values) => values,
  );
type ConvArgs = Parameters<ReturnType<typeof convArgs>>;

const PADDING_MODES = ["zeros", "reflect", "replicate", "circular"];

function checkChannels(inputs: number, outputs: number, groups: number): void {
  if (groups <= 0) throw new ValueError("groups must be a positive integer");
  if (inputs % groups !== 0) throw new ValueError("in_channels must be divisible by groups");
  if (outputs % groups !== 0) throw new ValueError("out_channels must be divisible by groups");
}

/** What convolutions and transposed convolutions share. */
abstract class ConvNd extends Module {
  readonly in_channels: number;
  readonly out_channels: number;
  readonly kernel_size: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[] | string;
  readonly dilation: readonly number[];
  readonly output_padding: readonly number[];
  readonly groups: number;
  readonly padding_mode: string;
  weight: Parameter;
  bias: Parameter | null;

  protected constructor(
    n: number,
    transposed: boolean,
    [inputs, outputs, kernel, stride, padding, dilation, groups, bias, mode, dtype]: ReturnType<
      ReturnType<typeof convArgs>
    >,
    extra: Size = 0,
  ) {
    super();
    checkChannels(inputs, outputs, groups);
    this.in_channels = inputs;
    this.out_channels = outputs;
    this.kernel_size = tuple(kernel, n);
    this.stride = tuple(stride, n);
    this.padding = typeof padding === "string" ? padding : tuple(padding, n);
    this.dilation = tuple(dilation, n);
    this.output_padding = tuple(extra, n);
    this.groups = groups;
    this.padding_mode = mode;
    this.#check();
    const channels = transposed ? [inputs, outputs / groups] : [outputs, inputs / groups];
    this.weight = new Parameter(emptyOf([...channels, ...this.kernel_size], dtype));
    this.bias = bias ? new Parameter(emptyOf([outputs], dtype)) : null;
    this.reset_parameters();
  }

  #check(): void {
    if (typeof this.padding === "string") {
      if (!["same", "valid"].includes(this.padding)) {
        throw new ValueError(`Invalid padding string '${this.padding}', should be one of {'same', 'valid'}`);
      }
      if (this.padding === "same" && this.stride.some((s) => s !== 1)) {
        throw new ValueError("padding='same' is not supported for strided convolutions");
      }
    }
    if (PADDING_MODES.includes(this.padding_mode)) return;
    throw new ValueError(
      `padding_mode must be one of {'zeros', 'reflect', 'replicate', 'circular'}, but got padding_mode='${this.padding_mode}'`,
    );
  }

  reset_parameters(): void {
    resetLinear(this.weight, this.bias);
  }

  override extra_repr(): string {
    const { in_channels, out_channels, kernel_size, stride, padding, dilation, output_padding } = this;
    let text = `${in_channels}, ${out_channels}, kernel_size=${pythonRepr([...kernel_size])}, stride=${pythonRepr([...stride])}`;
    if (typeof padding === "string" || padding.some((p) => p !== 0)) {
      text += `, padding=${typeof padding === "string" ? padding : pythonRepr([...padding])}`;
    }
    if (dilation.some((d) => d !== 1)) text += `, dilation=${pythonRepr([...dilation])}`;
    if (output_padding.some((p) => p !== 0)) text += `, output_padding=${pythonRepr([...output_padding])}`;
    if (this.groups !== 1) text += `, groups=${this.groups}`;
    if (this.bias === null) text += ", bias=False";
    if (this.padding_mode !== "zeros") text += `, padding_mode=${this.padding_mode}`;
    return text;
  }
}

/** Padding laid on before a convolution, in `pad`'s order: from the last dimension backwards. */
function reversedPadding(module: ConvNd): number[] {
  const { padding, kernel_size, dilation } = module;
  const sides = kernel_size.map((k, d): [number, number] => {
    if (padding === "valid") return [0, 0];
    if (padding !== "same") return [padding[d] as number, padding[d] as number];
    const total = dilation[d]! * (k - 1);
    return [Math.floor(total / 2), total - Math.floor(total / 2)];
  });
  return sides.reverse().flat();
}

type Convolve = typeof F.conv1d;

abstract class Convolution extends ConvNd {
  constructor(n: number, name: string, args: ConvArgs) {
    super(n, false, convArgs(name)(...args));
  }

  protected abstract convolve(...args: Parameters<Convolve>): Tensor;

  override forward(input: Tensor): Tensor {
    const { weight, bias, stride, dilation, groups, padding, padding_mode } = this;
    if (padding_mode === "zeros") {
      return this.convolve(input, weight, bias, stride, padding, dilation, groups);
    }
    const padded = F.pad(input, reversedPadding(this), padding_mode);
    return this.convolve(padded, weight, bias, stride, 0, dilation, groups);
  }
}

/** Cross-correlation of [N, C, L]; weight [out, in / groups, K]. */
export class Conv1d extends Convolution {
  constructor(...args: ConvArgs) {
    super(1, "Conv1d", args);
  }
  protected override convolve(...args: Parameters<Convolve>): Tensor {
    return F.conv1d(...args);
  }
}

/** Cross-correlation of [N, C, H, W]; weight [out, in / groups, kH, kW]. */
export class Conv2d extends Convolution {
  constructor(...args: ConvArgs) {
    super(2, "Conv2d", args);
  }
  protected override convolve(...args: Parameters<Convolve>): Tensor {
    return F.conv2d(...args);
  }
}

/** Cross-correlation of [N, C, D, H, W]. */
export class Conv3d extends Convolution {
  constructor(...args: ConvArgs) {
    super(3, "Conv3d", args);
  }
  protected override convolve(...args: Parameters<Convolve>): Tensor {
    return F.conv3d(...args);
  }
}

const transposeArgs = (name: string) =>
  fn(
    `${name}.__init__`,
    [
      int("in_channels"),
      int("out_channels"),
      any<"kernel_size", Size>("kernel_size"),
      optAny<"stride", Size>("stride", 1),
      optAny<"padding", Size>("padding", 0),
      optAny<"output_padding", Size>("output_padding", 0),
      optInt("groups", 1),
      flag("bias", true),
      optAny<"dilation", Size>("dilation", 1),
      text("padding_mode", "zeros"),
      optDType("dtype"),
    ],
    (...values) => values,
  );
type TransposeArgs = Parameters<ReturnType<typeof transposeArgs>>;

abstract class Transposed extends ConvNd {
  constructor(n: number, name: string, args: TransposeArgs) {
    const [inputs, outputs, kernel, stride, padding, extra, groups, bias, dilation, mode, dtype] =
      transposeArgs(name)(...args);
    if (mode !== "zeros") {
      throw new ValueError(`Only "zeros" padding mode is supported for ${name}`);
    }
    super(n, true, [inputs, outputs, kernel, stride, padding, dilation, groups, bias, mode, dtype], extra);
  }

  protected abstract convolve(...args: Parameters<typeof F.conv_transpose1d>): Tensor;

  /** @param output_size asks for one of the sizes that the stride leaves open */
  override forward(input: Tensor, output_size: readonly number[] | null = null): Tensor {
    const { weight, bias, stride, padding, groups, dilation } = this;
    const extra = output_size === null ? this.output_padding : this.#paddingFor(input, output_size);
    return this.convolve(input, weight, bias, stride, padding as number[], extra, groups, dilation);
  }

  #paddingFor(input: Tensor, size: readonly number[]): number[] {
    const n = this.kernel_size.length;
    const spatial = size.slice(size.length - n);
    const own = input.shape.slice(input.dim() - n);
    const least = own.map((d, i) => {
      const reach = this.dilation[i]! * (this.kernel_size[i]! - 1);
      return (d - 1) * this.stride[i]! - 2 * (this.padding[i] as number) + reach + 1;
    });
    const most = least.map((d, i) => d + this.stride[i]! - 1);
    if (spatial.some((d, i) => d < least[i]! || d > most[i]!)) {
      throw new ValueError(
        `requested an output size of ${pythonRepr([...spatial])
          .replace("(", "[")
          .replace(
            ")",
            "]",
          )}, but valid sizes range from [${least.join(", ")}] to [${most.join(", ")}] (for an input of torch.Size([${own.join(", ")}]))`,
      );
    }
    return spatial.map((d, i) => d - least[i]!);
  }
}

/** The gradient of a convolution by its input, as a layer. */
export class ConvTranspose1d extends Transposed {
  constructor(...args: TransposeArgs) {
    super(1, "ConvTranspose1d", args);
  }
  protected override convolve(...args: Parameters<typeof F.conv_transpose1d>): Tensor {
    return F.conv_transpose1d(...args);
  }
}

export class ConvTranspose2d extends Transposed {
  constructor(...args: TransposeArgs) {
    super(2, "ConvTranspose2d", args);
  }
  protected override convolve(...args: Parameters<typeof F.conv_transpose1d>): Tensor {
    return F.conv_transpose2d(...args);
  }
}

export class ConvTranspose3d extends Transposed {
  constructor(...args: TransposeArgs) {
    super(3, "ConvTranspose3d", args);
  }
  protected override convolve(...args: Parameters<typeof F.conv_transpose1d>): Tensor {
    return F.conv_transpose3d(...args);
  }
}
