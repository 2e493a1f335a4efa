/** @file Loss functions of scores and probabilities as modules. */
import { flag, optAny, optFloat, optInt, optTensor, text } from "../../ops/parameters.js";
import { fn } from "../../ops/signature.js";
import type { Tensor } from "../../tensor.js";
import * as F from "../functional.js";
import { Module } from "./module.js";

const legacy = [
  optAny<"size_average", boolean | null>("size_average", null),
  optAny<"reduce", boolean | null>("reduce", null),
] as const;

const lossArgs = (name: string) =>
  fn(`${name}.__init__`, [...legacy, text("reduction", "mean")], (_, __, reduction) => reduction);

/** A loss with nothing but a reduction: `"mean"` (default), `"sum"`, or `"none"` for a loss an element. */
export abstract class Loss extends Module {
  readonly reduction: F.Reduction;

  constructor(...args: Parameters<ReturnType<typeof lossArgs>>) {
    super();
    this.reduction = lossArgs(new.target.name)(...args) as F.Reduction;
  }
}

/** Mean of (input − target)². */
export class MSELoss extends Loss {
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.mse_loss(input, target, { reduction: this.reduction });
  }
}

/** Mean of |input − target|. */
export class L1Loss extends Loss {
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.l1_loss(input, target, { reduction: this.reduction });
  }
}

/** ln(1 + e^(−y x)). */
export class SoftMarginLoss extends Loss {
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.soft_margin_loss(input, target, { reduction: this.reduction });
  }
}

/** Margins between target and other classes. */
export class MultiLabelMarginLoss extends Loss {
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.multilabel_margin_loss(input, target, { reduction: this.reduction });
  }
}

const smoothArgs = fn(
  "SmoothL1Loss.__init__",
  [...legacy, text("reduction", "mean"), optFloat("beta", 1)],
  (_, __, ...rest) => rest,
);

/** Quadratic within `beta`, linear beyond. */
export class SmoothL1Loss extends Module {
  readonly reduction: F.Reduction;
  readonly beta: number;

  constructor(...args: Parameters<typeof smoothArgs>) {
    super();
    const [reduction, beta] = smoothArgs(...args);
    this.reduction = reduction as F.Reduction;
    this.beta = beta;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.smooth_l1_loss(input, target, { reduction: this.reduction, beta: this.beta });
  }
}

const huberArgs = fn(
  "HuberLoss.__init__",
  [text("reduction", "mean"), optFloat("delta", 1)],
  (...values) => values,
);

/** ½ d² within `delta`, linear beyond. */
export class HuberLoss extends Module {
  readonly reduction: F.Reduction;
  readonly delta: number;

  constructor(...args: Parameters<typeof huberArgs>) {
    super();
    const [reduction, delta] = huberArgs(...args);
    this.reduction = reduction as F.Reduction;
    this.delta = delta;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.huber_loss(input, target, { reduction: this.reduction, delta: this.delta });
  }
}

const klArgs = fn(
  "KLDivLoss.__init__",
  [...legacy, text("reduction", "mean"), flag("log_target", false)],
  (_, __, ...rest) => rest,
);

/** Kullback–Leibler divergence of log-probabilities from probabilities. */
export class KLDivLoss extends Module {
  readonly reduction: string;
  readonly log_target: boolean;

  constructor(...args: Parameters<typeof klArgs>) {
    super();
    [this.reduction, this.log_target] = klArgs(...args);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.kl_div(input, target, { reduction: this.reduction, log_target: this.log_target });
  }
}

const weightedArgs = (name: string) =>
  fn(
    `${name}.__init__`,
    [optTensor("weight"), ...legacy, text("reduction", "mean")],
    (weight, _, __, reduction) => [weight, reduction] as const,
  );

/** A loss that weighs classes or elements by a buffer. */
export abstract class WeightedLoss extends Module {
  readonly reduction: F.Reduction;
  declare weight: Tensor | null;

  constructor(...args: Parameters<ReturnType<typeof weightedArgs>>) {
    super();
    const [weight, reduction] = weightedArgs(new.target.name)(...args);
    this.register_buffer("weight", weight);
    this.reduction = reduction as F.Reduction;
  }
}

/** Binary cross entropy of probabilities. */
export class BCELoss extends WeightedLoss {
  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, reduction } = this;
    return F.binary_cross_entropy(input, target, { weight, reduction });
  }
}

/** Mean over classes of binary cross entropies of logits. */
export class MultiLabelSoftMarginLoss extends WeightedLoss {
  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, reduction } = this;
    return F.multilabel_soft_margin_loss(input, target, { weight, reduction });
  }
}

const logitsArgs = fn(
  "BCEWithLogitsLoss.__init__",
  [optTensor("weight"), ...legacy, text("reduction", "mean"), optTensor("pos_weight")],
  (weight, _, __, reduction, pos) => [weight, reduction, pos] as const,
);

/** Binary cross entropy of logits. */
export class BCEWithLogitsLoss extends Module {
  readonly reduction: F.Reduction;
  declare weight: Tensor | null;
  declare pos_weight: Tensor | null;

  constructor(...args: Parameters<typeof logitsArgs>) {
    super();
    const [weight, reduction, pos_weight] = logitsArgs(...args);
    this.register_buffer("weight", weight);
    this.register_buffer("pos_weight", pos_weight);
    this.reduction = reduction as F.Reduction;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, pos_weight, reduction } = this;
    return F.binary_cross_entropy_with_logits(input, target, { weight, pos_weight, reduction });
  }
}

const classArgs = (name: string) =>
  fn(
    `${name}.__init__`,
    [
      optTensor("weight"),
      optAny<"size_average", boolean | null>("size_average", null),
      optInt("ignore_index", -100),
      optAny<"reduce", boolean | null>("reduce", null),
      text("reduction", "mean"),
      optFloat("label_smoothing", 0),
    ],
    (weight, _, ignore, __, reduction, smoothing) => [weight, ignore, reduction, smoothing] as const,
  );
type ClassArgs = Parameters<ReturnType<typeof classArgs>>;

/** Losses of class numbers, some of which may count for nothing. */
abstract class ClassLoss extends Module {
  readonly reduction: F.Reduction;
  readonly ignore_index: number;
  declare weight: Tensor | null;
  protected readonly smoothing: number;

  constructor(...args: ClassArgs) {
    super();
    const [weight, ignore, reduction, smoothing] = classArgs(new.target.name)(...args);
    this.register_buffer("weight", weight);
    this.ignore_index = ignore;
    this.reduction = reduction as F.Reduction;
    this.smoothing = smoothing;
  }
}

/** Negative log likelihood of log-probabilities. */
export class NLLLoss extends ClassLoss {
  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, ignore_index, reduction } = this;
    return F.nll_loss(input, target, { weight, ignore_index, reduction });
  }
}

/** Cross entropy of logits and class numbers, or class probabilities. */
export class CrossEntropyLoss extends ClassLoss {
  get label_smoothing(): number {
    return this.smoothing;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, ignore_index, reduction, label_smoothing } = this;
    return F.cross_entropy(input, target, { weight, ignore_index, reduction, label_smoothing });
  }
}
