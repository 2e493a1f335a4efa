/** @file Losses of vectors and distributions as modules. */
import { flag, optAny, optFloat, optInt, optTensor, text } from "../../ops/parameters.js";
import { fn } from "../../ops/signature.js";
import type { Tensor } from "../../tensor.js";
import * as F from "../functional.js";
import { Module } from "./module.js";

const legacy = [
  optAny<"size_average", boolean | null>("size_average", null),
  optAny<"reduce", boolean | null>("reduce", null),
  text("reduction", "mean"),
] as const;

const marginArgs = (name: string, margin: number) =>
  fn(
    `${name}.__init__`,
    [optFloat("margin", margin), ...legacy],
    (m, _, __, reduction) => [m, reduction] as const,
  );
type MarginArgs = Parameters<ReturnType<typeof marginArgs>>;

abstract class MarginLoss extends Module {
  readonly margin: number;
  readonly reduction: string;

  constructor(margin: number, args: MarginArgs) {
    super();
    [this.margin, this.reduction] = marginArgs(new.target.name, margin)(...args);
  }
}

/** 1 − cos where the target is 1, max(0, cos − margin) where it is −1. */
export class CosineEmbeddingLoss extends MarginLoss {
  constructor(...args: MarginArgs) {
    super(0, args);
  }

  override forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    const { margin, reduction } = this;
    return F.cosine_embedding_loss(input1, input2, target, { margin, reduction });
  }
}

/** max(0, −y (x₁ − x₂) + margin). */
export class MarginRankingLoss extends MarginLoss {
  constructor(...args: MarginArgs) {
    super(0, args);
  }

  override forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    const { margin, reduction } = this;
    return F.margin_ranking_loss(input1, input2, target, { margin, reduction });
  }
}

/** x where the target is 1, max(0, margin − x) where it is −1. */
export class HingeEmbeddingLoss extends MarginLoss {
  constructor(...args: MarginArgs) {
    super(1, args);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    const { margin, reduction } = this;
    return F.hinge_embedding_loss(input, target, { margin, reduction });
  }
}

const tripletArgs = fn(
  "TripletMarginLoss.__init__",
  [optFloat("margin", 1), optFloat("p", 2), optFloat("eps", 1e-6), flag("swap", false), ...legacy],
  (margin, p, eps, swap, _, __, reduction) => ({ margin, p, eps, swap, reduction }),
);

/** max(0, d(anchor, positive) − d(anchor, negative) + margin). */
export class TripletMarginLoss extends Module {
  readonly settings: ReturnType<typeof tripletArgs>;

  constructor(...args: Parameters<typeof tripletArgs>) {
    super();
    this.settings = tripletArgs(...args);
  }

  override forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    return F.triplet_margin_loss(anchor, positive, negative, this.settings);
  }
}

const multiArgs = fn(
  "MultiMarginLoss.__init__",
  [optInt("p", 1), optFloat("margin", 1), optTensor("weight"), ...legacy],
  (p, margin, weight, _, __, reduction) => ({ p, margin, weight, reduction }),
);

/** Margins between the target class and the others. */
export class MultiMarginLoss extends Module {
  readonly p: number;
  readonly margin: number;
  readonly reduction: string;
  declare weight: Tensor | null;

  constructor(...args: Parameters<typeof multiArgs>) {
    super();
    const { p, margin, weight, reduction } = multiArgs(...args);
    this.p = p;
    this.margin = margin;
    this.reduction = reduction;
    this.register_buffer("weight", weight);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    const { p, margin, weight, reduction } = this;
    return F.multi_margin_loss(input, target, { p, margin, weight, reduction });
  }
}

const poissonArgs = fn(
  "PoissonNLLLoss.__init__",
  [
    flag("log_input", true),
    flag("full", false),
    optAny<"size_average", boolean | null>("size_average", null),
    optFloat("eps", 1e-8),
    optAny<"reduce", boolean | null>("reduce", null),
    text("reduction", "mean"),
  ],
  (log_input, full, _, eps, __, reduction) => ({ log_input, full, eps, reduction }),
);

/** Negative log likelihood of a Poisson distribution. */
export class PoissonNLLLoss extends Module {
  readonly settings: ReturnType<typeof poissonArgs>;

  constructor(...args: Parameters<typeof poissonArgs>) {
    super();
    this.settings = poissonArgs(...args);
  }

  override forward(log_input: Tensor, target: Tensor): Tensor {
    return F.poisson_nll_loss(log_input, target, this.settings);
  }
}

const gaussianArgs = fn(
  "GaussianNLLLoss.__init__",
  [flag("full", false), optFloat("eps", 1e-6), text("reduction", "mean")],
  (full, eps, reduction) => ({ full, eps, reduction }),
);

/** Negative log likelihood of a Gaussian distribution of the given variance. */
export class GaussianNLLLoss extends Module {
  readonly settings: ReturnType<typeof gaussianArgs>;

  constructor(...args: Parameters<typeof gaussianArgs>) {
    super();
    this.settings = gaussianArgs(...args);
  }

  override forward(input: Tensor, target: Tensor, variance: Tensor): Tensor {
    return F.gaussian_nll_loss(input, target, variance, this.settings);
  }
}
