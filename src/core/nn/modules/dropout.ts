/** @file Dropout as modules. */
import { ValueError } from "../../errors.js";
import { flag, optScalar } from "../../ops/parameters.js";
import { fn } from "../../ops/signature.js";
import type { Tensor } from "../../tensor.js";
import * as F from "../functional.js";
import { Module } from "./module.js";
import { settings } from "./print.js";

const dropoutArgs = (name: string) =>
  fn(`${name}.__init__`, [optScalar("p", 0.5), flag("inplace", false)], (...values) => values);

abstract class DropoutBase extends Module {
  readonly p: number;
  readonly inplace: boolean;

  constructor(...args: Parameters<ReturnType<typeof dropoutArgs>>) {
    super();
    [this.p, this.inplace] = dropoutArgs(new.target.name)(...args);
    if (this.p < 0 || this.p > 1) {
      throw new ValueError(`dropout probability has to be between 0 and 1, but got ${this.p}`);
    }
  }

  override extra_repr(): string {
    return settings({ p: this.p, inplace: this.inplace });
  }
}

/** Zeroes elements with probability `p` and scales the others by 1 / (1 − p), in training. */
export class Dropout extends DropoutBase {
  override forward(input: Tensor): Tensor {
    return F.dropout(input, this.p, this.training, this.inplace);
  }
}
/** Zeroes whole channels of [N, C, L]. */
export class Dropout1d extends DropoutBase {
  override forward(input: Tensor): Tensor {
    return F.dropout1d(input, this.p, this.training, this.inplace);
  }
}
export class Dropout2d extends DropoutBase {
  override forward(input: Tensor): Tensor {
    return F.dropout2d(input, this.p, this.training, this.inplace);
  }
}
export class Dropout3d extends DropoutBase {
  override forward(input: Tensor): Tensor {
    return F.dropout3d(input, this.p, this.training, this.inplace);
  }
}
/** Dropout that keeps SELU's mean and variance. */
export class AlphaDropout extends DropoutBase {
  override forward(input: Tensor): Tensor {
    return F.alpha_dropout(input, this.p, this.training, this.inplace);
  }
}
export class FeatureAlphaDropout extends DropoutBase {
  override forward(input: Tensor): Tensor {
    return F.feature_alpha_dropout(input, this.p, this.training, this.inplace);
  }
}
