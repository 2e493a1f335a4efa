/** @file Pools as modules. */
import { any, flag, optAny } from "../../ops/parameters.js";
import { fn } from "../../ops/signature.js";
import type { Tensor } from "../../tensor.js";
import * as F from "../functional.js";
import { type Size, tuple } from "./convolution.js";
import { Module } from "./module.js";
import { pythonRepr, settings } from "./print.js";

const maxArgs = (name: string) =>
  fn(
    `${name}.__init__`,
    [
      any<"kernel_size", Size>("kernel_size"),
      optAny<"stride", Size | null>("stride", null),
      optAny<"padding", Size>("padding", 0),
      optAny<"dilation", Size>("dilation", 1),
      flag("return_indices", false),
      flag("ceil_mode", false),
    ],
    (...values) => values,
  );
type MaxArgs = Parameters<ReturnType<typeof maxArgs>>;

abstract class MaxPool extends Module {
  readonly kernel_size: Size;
  readonly stride: Size;
  readonly padding: Size;
  readonly dilation: Size;
  readonly return_indices: boolean;
  readonly ceil_mode: boolean;
  protected abstract readonly run: typeof F.max_pool1d;

  constructor(...args: MaxArgs) {
    super();
    const [kernel, stride, padding, dilation, indices, ceil] = maxArgs(new.target.name)(...args);
    this.kernel_size = kernel;
    this.stride = stride ?? kernel;
    this.padding = padding;
    this.dilation = dilation;
    this.return_indices = indices;
    this.ceil_mode = ceil;
  }

  override forward(input: Tensor): Tensor {
    const { kernel_size, stride, padding, dilation, ceil_mode, return_indices } = this;
    return this.run(input, kernel_size, stride, padding, dilation, ceil_mode, return_indices);
  }

  override extra_repr(): string {
    const { kernel_size, stride, padding, dilation, ceil_mode } = this;
    return settings({ kernel_size, stride, padding, dilation, ceil_mode });
  }
}

/** The largest element of each window. */
export class MaxPool1d extends MaxPool {
  protected override readonly run = F.max_pool1d;
}
export class MaxPool2d extends MaxPool {
  protected override readonly run = F.max_pool2d;
}
export class MaxPool3d extends MaxPool {
  protected override readonly run = F.max_pool3d;
}

const averageArgs = (name: string) =>
  fn(
    `${name}.__init__`,
    [
      any<"kernel_size", Size>("kernel_size"),
      optAny<"stride", Size | null>("stride", null),
      optAny<"padding", Size>("padding", 0),
      flag("ceil_mode", false),
      flag("count_include_pad", true),
      optAny<"divisor_override", number | null>("divisor_override", null),
    ],
    (...values) => values,
  );
type AverageArgs = Parameters<ReturnType<typeof averageArgs>>;

abstract class AvgPool extends Module {
  readonly kernel_size: Size;
  readonly stride: Size;
  readonly padding: Size;
  readonly ceil_mode: boolean;
  readonly count_include_pad: boolean;
  readonly divisor_override: number | null;
  protected abstract readonly run: typeof F.avg_pool1d;

  constructor(...args: AverageArgs) {
    super();
    const [kernel, stride, padding, ceil, include, divisor] = averageArgs(new.target.name)(...args);
    this.kernel_size = this.shown(kernel);
    this.stride = this.shown(stride ?? kernel);
    this.padding = this.shown(padding);
    this.ceil_mode = ceil;
    this.count_include_pad = include;
    this.divisor_override = divisor;
  }

  /** A size as the module keeps and prints it. */
  protected shown(size: Size): Size {
    return size;
  }

  override forward(input: Tensor): Tensor {
    const { kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override } = this;
    return this.run(input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override);
  }

  override extra_repr(): string {
    const { kernel_size, stride, padding } = this;
    return settings({ kernel_size, stride, padding });
  }
}

/** The mean of each window. */
export class AvgPool1d extends AvgPool {
  protected override shown(size: Size): Size {
    return tuple(size, 1);
  }

  protected override readonly run = F.avg_pool1d;
}
export class AvgPool2d extends AvgPool {
  protected override readonly run = F.avg_pool2d;
}
export class AvgPool3d extends AvgPool {
  protected override readonly run = F.avg_pool3d;
}

type OutputSize = number | readonly (number | null)[];

abstract class AdaptivePool extends Module {
  constructor(readonly output_size: OutputSize) {
    super();
  }

  override extra_repr(): string {
    return `output_size=${pythonRepr(this.output_size)}`;
  }
}

abstract class AdaptiveAvgPool extends AdaptivePool {
  protected abstract readonly run: (input: Tensor, output_size: OutputSize) => Tensor;

  override forward(input: Tensor): Tensor {
    return this.run(input, this.output_size);
  }
}

/** Means over windows that divide the input into `output_size` parts. */
export class AdaptiveAvgPool1d extends AdaptiveAvgPool {
  protected override readonly run = F.adaptive_avg_pool1d;
}
export class AdaptiveAvgPool2d extends AdaptiveAvgPool {
  protected override readonly run = F.adaptive_avg_pool2d;
}
export class AdaptiveAvgPool3d extends AdaptiveAvgPool {
  protected override readonly run = F.adaptive_avg_pool3d;
}

abstract class AdaptiveMaxPool extends AdaptivePool {
  readonly return_indices: boolean;
  protected abstract readonly run: typeof F.adaptive_max_pool1d;

  constructor(output_size: OutputSize, return_indices: boolean | { return_indices?: boolean } = false) {
    super(output_size);
    this.return_indices =
      typeof return_indices === "boolean" ? return_indices : (return_indices.return_indices ?? false);
  }

  override forward(input: Tensor): Tensor {
    return this.run(input, this.output_size, this.return_indices);
  }
}

/** Largest elements of windows that divide the input into `output_size` parts. */
export class AdaptiveMaxPool1d extends AdaptiveMaxPool {
  protected override readonly run = F.adaptive_max_pool1d;
}
export class AdaptiveMaxPool2d extends AdaptiveMaxPool {
  protected override readonly run = F.adaptive_max_pool2d;
}
export class AdaptiveMaxPool3d extends AdaptiveMaxPool {
  protected override readonly run = F.adaptive_max_pool3d;
}
