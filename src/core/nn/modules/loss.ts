/** @file Losses as modules. */
import type { Tensor } from "../../tensor.js";
import * as F from "../functional.js";
import { Module } from "./module.js";

abstract class Loss extends Module {
  readonly reduction: F.Reduction;

  constructor(options: F.LossOptions = {}) {
    super();
    this.reduction = options.reduction ?? "mean";
  }
}

abstract class WeightedLoss extends Loss {
  weight: Tensor | null;

  constructor(options: F.LossOptions & { weight?: Tensor | null } = {}) {
    super(options);
    this.weight = options.weight ?? null;
    this._internal.buffers.set("weight", true);
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

/** Binary cross entropy of logits. */
export class BCEWithLogitsLoss extends WeightedLoss {
  pos_weight: Tensor | null;

  constructor(options: F.BceOptions = {}) {
    super(options);
    this.pos_weight = options.pos_weight ?? null;
    this._internal.buffers.set("pos_weight", true);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, pos_weight, reduction } = this;
    return F.binary_cross_entropy_with_logits(input, target, { weight, pos_weight, reduction });
  }
}

/** Negative log likelihood of log-probabilities. */
export class NLLLoss extends WeightedLoss {
  readonly ignore_index: number;

  constructor(options: F.NllOptions = {}) {
    super(options);
    this.ignore_index = options.ignore_index ?? -100;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, ignore_index, reduction } = this;
    return F.nll_loss(input, target, { weight, ignore_index, reduction });
  }
}

/** Cross entropy of logits and class numbers, or class probabilities. */
export class CrossEntropyLoss extends WeightedLoss {
  readonly ignore_index: number;

  constructor(options: F.NllOptions = {}) {
    super(options);
    this.ignore_index = options.ignore_index ?? -100;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, ignore_index, reduction } = this;
    return F.cross_entropy(input, target, { weight, ignore_index, reduction });
  }
}
