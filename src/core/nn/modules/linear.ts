/** @file `Identity`, `Linear`, `Bilinear`, `Flatten`, `Unflatten`. */
import { ValueError } from "../../errors.js";
import { flag, int, optDType, optInt } from "../../ops/parameters.js";
import { fn } from "../../ops/signature.js";
import type { Tensor } from "../../tensor.js";
import { emptyOf } from "../empty.js";
import { linear } from "../functional.js";
import { _calculate_fan_in_and_fan_out, kaiming_uniform_, uniform_ } from "../init.js";
import { Parameter } from "../parameter.js";
import { Module } from "./module.js";
import { settings } from "./print.js";

/** Hands its input on, whatever it was made with. */
export class Identity extends Module {
  constructor(..._ignored: unknown[]) {
    super();
  }

  override forward(input: Tensor): Tensor {
    return input;
  }
}

/** PyTorch's default for weights and biases of linear and convolutional layers. */
export function resetLinear(weight: Tensor, bias: Tensor | null): void {
  kaiming_uniform_(weight, { a: Math.sqrt(5) });
  if (bias === null) return;
  const [fanIn] = _calculate_fan_in_and_fan_out(weight);
  const bound = fanIn > 0 ? 1 / Math.sqrt(fanIn) : 0;
  uniform_(bias, -bound, bound);
}

const linearArgs = fn(
  "Linear.__init__",
  [int("in_features"), int("out_features"), flag("bias", true), optDType("dtype")],
  (...values) => values,
);

/** x Wᵀ + b: [*, in_features] → [*, out_features]. */
export class Linear extends Module {
  readonly in_features: number;
  readonly out_features: number;
  weight: Parameter;
  bias: Parameter | null;

  constructor(...args: Parameters<typeof linearArgs>) {
    super();
    const [inputs, outputs, bias, dtype] = linearArgs(...args);
    this.in_features = inputs;
    this.out_features = outputs;
    this.weight = new Parameter(emptyOf([outputs, inputs], dtype));
    this.bias = bias ? new Parameter(emptyOf([outputs], dtype)) : null;
    this.reset_parameters();
  }

  reset_parameters(): void {
    resetLinear(this.weight, this.bias);
  }

  override forward(input: Tensor): Tensor {
    return linear(input, this.weight, this.bias);
  }

  override extra_repr(): string {
    const { in_features, out_features } = this;
    return settings({ in_features, out_features, bias: this.bias !== null });
  }
}

/** The linear layer that ends an attention; prints under the name PyTorch gives it. */
export class NonDynamicallyQuantizableLinear extends Linear {}

const flattenArgs = fn(
  "Flatten.__init__",
  [optInt("start_dim", 1), optInt("end_dim", -1)],
  (...values) => values,
);

/** Dimensions `start_dim` to `end_dim` become one; the first is left alone by default. */
export class Flatten extends Module {
  readonly start_dim: number;
  readonly end_dim: number;

  constructor(...args: Parameters<typeof flattenArgs>) {
    super();
    [this.start_dim, this.end_dim] = flattenArgs(...args);
  }

  override forward(input: Tensor): Tensor {
    return input.flatten(this.start_dim, this.end_dim);
  }

  override extra_repr(): string {
    return settings({ start_dim: this.start_dim, end_dim: this.end_dim });
  }
}

/** One dimension becomes several. */
export class Unflatten extends Module {
  constructor(
    readonly dim: number,
    readonly unflattened_size: readonly number[],
  ) {
    super();
    if (!Array.isArray(unflattened_size)) {
      throw new ValueError("unflattened_size must be tuple of ints");
    }
  }

  override forward(input: Tensor): Tensor {
    return input.unflatten(this.dim, this.unflattened_size);
  }

  override extra_repr(): string {
    return settings({ dim: this.dim, unflattened_size: this.unflattened_size });
  }
}
