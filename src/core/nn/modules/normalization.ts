/** @file `LayerNorm`, `GroupNorm`, `RMSNorm`, `LocalResponseNorm`. */
import { ValueError } from "../../errors.js";
import { any, flag, int, optDType, optFloat } from "../../ops/parameters.js";
import { fn } from "../../ops/signature.js";
import type { Tensor } from "../../tensor.js";
import { emptyOf } from "../empty.js";
import * as F from "../functional.js";
import { ones_, zeros_ } from "../init.js";
import { Parameter } from "../parameter.js";
import { type Size, tuple } from "./convolution.js";
import { Module } from "./module.js";
import { pythonRepr, settings } from "./print.js";

/** A parameter of the given sizes, or null where it is not wanted. */
export function affine(
  wanted: boolean,
  sizes: readonly number[],
  dtype: Parameters<typeof emptyOf>[1],
): Parameter | null {
  return wanted ? new Parameter(emptyOf(sizes, dtype)) : null;
}

/** PyTorch's default for normalisation: weights 1, biases 0. */
export function resetAffine(weight: Parameter | null, bias: Parameter | null): void {
  if (weight !== null) ones_(weight);
  if (bias !== null) zeros_(bias);
}

const layerArgs = fn(
  "LayerNorm.__init__",
  [
    any<"normalized_shape", Size>("normalized_shape"),
    optFloat("eps", 1e-5),
    flag("elementwise_affine", true),
    flag("bias", true),
    optDType("dtype"),
  ],
  (...values) => values,
);

/** Mean 0 and variance 1 over the last dimensions, then scaled and shifted. */
export class LayerNorm extends Module {
  readonly normalized_shape: readonly number[];
  readonly eps: number;
  readonly elementwise_affine: boolean;
  weight: Parameter | null;
  bias: Parameter | null;

  constructor(...args: Parameters<typeof layerArgs>) {
    super();
    const [shape, eps, elementwise, bias, dtype] = layerArgs(...args);
    this.normalized_shape = tuple(shape, 1);
    this.eps = eps;
    this.elementwise_affine = elementwise;
    this.weight = affine(elementwise, this.normalized_shape, dtype);
    this.bias = affine(elementwise && bias, this.normalized_shape, dtype);
    this.reset_parameters();
  }

  reset_parameters(): void {
    resetAffine(this.weight, this.bias);
  }

  override forward(input: Tensor): Tensor {
    return F.layer_norm(input, this.normalized_shape, this.weight, this.bias, this.eps);
  }

  override extra_repr(): string {
    const { eps, elementwise_affine } = this;
    const shape = pythonRepr([...this.normalized_shape]);
    return `${shape}, ${settings({ eps, elementwise_affine, bias: this.bias !== null })}`;
  }
}

const groupArgs = fn(
  "GroupNorm.__init__",
  [
    int("num_groups"),
    int("num_channels"),
    optFloat("eps", 1e-5),
    flag("affine", true),
    optDType("dtype"),
    flag("bias", true),
  ],
  (...values) => values,
);

/** Mean 0 and variance 1 over groups of channels, then scaled and shifted. */
export class GroupNorm extends Module {
  readonly num_groups: number;
  readonly num_channels: number;
  readonly eps: number;
  readonly affine: boolean;
  weight: Parameter | null;
  bias: Parameter | null;

  constructor(...args: Parameters<typeof groupArgs>) {
    super();
    const [groups, channels, eps, wanted, dtype, bias] = groupArgs(...args);
    if (channels % groups !== 0) {
      throw new ValueError(`num_channels (${channels}) must be divisible by num_groups (${groups})`);
    }
    this.num_groups = groups;
    this.num_channels = channels;
    this.eps = eps;
    this.affine = wanted;
    this.weight = affine(wanted, [channels], dtype);
    this.bias = affine(wanted && bias, [channels], dtype);
    this.reset_parameters();
  }

  reset_parameters(): void {
    resetAffine(this.weight, this.bias);
  }

  override forward(input: Tensor): Tensor {
    return F.group_norm(input, this.num_groups, this.weight, this.bias, this.eps);
  }

  override extra_repr(): string {
    const { num_groups, num_channels, eps } = this;
    return `${num_groups}, ${num_channels}, ${settings({ eps, affine: this.affine, bias: this.bias !== null })}`;
  }
}

const rmsArgs = fn(
  "RMSNorm.__init__",
  [
    any<"normalized_shape", Size>("normalized_shape"),
    optFloat("eps", null),
    flag("elementwise_affine", true),
    optDType("dtype"),
  ],
  (...values) => values,
);

/** Divided by the root of the mean square over the last dimensions, then scaled. */
export class RMSNorm extends Module {
  readonly normalized_shape: readonly number[];
  readonly eps: number | null;
  readonly elementwise_affine: boolean;
  weight: Parameter | null;

  constructor(...args: Parameters<typeof rmsArgs>) {
    super();
    const [shape, eps, elementwise, dtype] = rmsArgs(...args);
    this.normalized_shape = tuple(shape, 1);
    this.eps = eps;
    this.elementwise_affine = elementwise;
    this.weight = affine(elementwise, this.normalized_shape, dtype);
    this.reset_parameters();
  }

  reset_parameters(): void {
    resetAffine(this.weight, null);
  }

  override forward(input: Tensor): Tensor {
    return F.rms_norm(input, this.normalized_shape, this.weight, this.eps);
  }

  override extra_repr(): string {
    const { eps, elementwise_affine } = this;
    return `${pythonRepr([...this.normalized_shape])}, ${settings({ eps, elementwise_affine })}`;
  }
}

const responseArgs = fn(
  "LocalResponseNorm.__init__",
  [int("size"), optFloat("alpha", 1e-4), optFloat("beta", 0.75), optFloat("k", 1)],
  (...values) => values,
);

/** Divided by a power of the mean square of neighbouring channels. */
export class LocalResponseNorm extends Module {
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly k: number;

  constructor(...args: Parameters<typeof responseArgs>) {
    super();
    [this.size, this.alpha, this.beta, this.k] = responseArgs(...args);
  }

  override forward(input: Tensor): Tensor {
    return F.local_response_norm(input, this.size, this.alpha, this.beta, this.k);
  }

  override extra_repr(): string {
    const k = Number.isInteger(this.k) ? `${this.k}.0` : String(this.k);
    return `${this.size}, ${settings({ alpha: this.alpha, beta: this.beta })}, k=${k}`;
  }
}
