/** @file Similarity, distance and products of two inputs as modules. */

import { flag, int, optDType, optFloat, optInt } from "../../ops/parameters.js";
import { fn } from "../../ops/signature.js";
import type { Tensor } from "../../tensor.js";
import { emptyOf } from "../empty.js";
import * as F from "../functional.js";
import { uniform_ } from "../init.js";
import { Parameter } from "../parameter.js";
import { Module } from "./module.js";
import { settings } from "./print.js";

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
