/** @file Activation functions with a shape to set, or to learn, as modules. */

import { RuntimeError } from "../../errors.js";
import { flag, optDType, optFloat, optInt, optScalar, scalar, text } from "../../ops/parameters.js";
import { fn } from "../../ops/signature.js";
import type { Tensor } from "../../tensor.js";
import { emptyOf } from "../empty.js";
import * as F from "../functional.js";
import { constant_ } from "../init.js";
import { Parameter } from "../parameter.js";
import { Module } from "./module.js";
import { settings } from "./print.js";

/** `, inplace=True` where it is. */
const also = (inplace: boolean): string => (inplace ? ", inplace=True" : "");

const leakyArgs = fn(
  "LeakyReLU.__init__",
  [optScalar("negative_slope", 0.01), flag("inplace", false)],
  (...values) => values,
);

/** x above 0, `negative_slope` · x below. */
export class LeakyReLU extends Module {
  readonly negative_slope: number;
  readonly inplace: boolean;

  constructor(...args: Parameters<typeof leakyArgs>) {
    super();
    [this.negative_slope, this.inplace] = leakyArgs(...args);
  }

  override forward(input: Tensor): Tensor {
    return F.leaky_relu(input, this.negative_slope, this.inplace);
  }

  override extra_repr(): string {
    return settings({ negative_slope: this.negative_slope }) + also(this.inplace);
  }
}

const alphaArgs = (name: string) =>
  fn(`${name}.__init__`, [optScalar("alpha", 1), flag("inplace", false)], (...values) => values);

abstract class Alpha extends Module {
  readonly alpha: number;
  readonly inplace: boolean;
  protected abstract readonly run: (input: Tensor, alpha: number, inplace: boolean) => Tensor;

  constructor(...args: Parameters<ReturnType<typeof alphaArgs>>) {
    super();
    [this.alpha, this.inplace] = alphaArgs(new.target.name)(...args);
  }

  override forward(input: Tensor): Tensor {
    return this.run(input, this.alpha, this.inplace);
  }

  /** PyTorch's default is the float 1.0. */
  override extra_repr(): string {
    const alpha = Number.isInteger(this.alpha) ? `alpha=${this.alpha}.0` : settings({ alpha: this.alpha });
    return alpha + also(this.inplace);
  }
}

/** x above 0, α (eˣ − 1) below. */
export class ELU extends Alpha {
  protected override readonly run = F.elu;
}

/** x above 0, α (e^(x/α) − 1) below. */
export class CELU extends Alpha {
  protected override readonly run = F.celu;
}

const geluArgs = fn("GELU.__init__", [text("approximate", "none")], (approximate) => approximate);

/** x Φ(x), or its approximation by `"tanh"`. */
export class GELU extends Module {
  readonly approximate: string;

  constructor(...args: Parameters<typeof geluArgs>) {
    super();
    this.approximate = geluArgs(...args);
  }

  override forward(input: Tensor): Tensor {
    return F.gelu(input, this.approximate);
  }

  override extra_repr(): string {
    return settings({ approximate: this.approximate });
  }
}

const softplusArgs = fn(
  "Softplus.__init__",
  [optFloat("beta", 1), optFloat("threshold", 20)],
  (...values) => values,
);

/** ln(1 + e^(βx)) / β. */
export class Softplus extends Module {
  readonly beta: number;
  readonly threshold: number;

  constructor(...args: Parameters<typeof softplusArgs>) {
    super();
    [this.beta, this.threshold] = softplusArgs(...args);
  }

  override forward(input: Tensor): Tensor {
    return F.softplus(input, this.beta, this.threshold);
  }

  /** PyTorch's defaults are floats. */
  override extra_repr(): string {
    return `beta=${floatText(this.beta)}, threshold=${floatText(this.threshold)}`;
  }
}

function floatText(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : settings({ value }).slice("value=".length);
}

const hardtanhArgs = fn(
  "Hardtanh.__init__",
  [optScalar("min_val", -1), optScalar("max_val", 1), flag("inplace", false)],
  (...values) => values,
);

/** Limits to [min_val, max_val]. */
export class Hardtanh extends Module {
  readonly min_val: number;
  readonly max_val: number;
  readonly inplace: boolean;

  constructor(...args: Parameters<typeof hardtanhArgs>) {
    super();
    [this.min_val, this.max_val, this.inplace] = hardtanhArgs(...args);
    if (this.max_val <= this.min_val) throw new RuntimeError("max_val must be larger than min_val");
  }

  override forward(input: Tensor): Tensor {
    return F.hardtanh(input, this.min_val, this.max_val, this.inplace);
  }

  override extra_repr(): string {
    return `min_val=${floatText(this.min_val)}, max_val=${floatText(this.max_val)}${also(this.inplace)}`;
  }
}

const lambdArgs = (name: string) => fn(`${name}.__init__`, [optScalar("lambd", 0.5)], (lambd) => lambd);

abstract class Shrink extends Module {
  readonly lambd: number;
  protected abstract readonly run: (input: Tensor, lambd: number) => Tensor;

  constructor(...args: Parameters<ReturnType<typeof lambdArgs>>) {
    super();
    this.lambd = lambdArgs(new.target.name)(...args);
  }

  override forward(input: Tensor): Tensor {
    return this.run(input, this.lambd);
  }

  override extra_repr(): string {
    return settings({ value: this.lambd }).slice("value=".length);
  }
}

/** 0 within ±`lambd`. */
export class Hardshrink extends Shrink {
  protected override readonly run = F.hardshrink;
}

/** Towards 0 by `lambd`. */
export class Softshrink extends Shrink {
  protected override readonly run = F.softshrink;
}

const thresholdArgs = fn(
  "Threshold.__init__",
  [scalar("threshold"), scalar("value"), flag("inplace", false)],
  (...values) => values,
);

/** `value` where x ≤ `threshold`. */
export class Threshold extends Module {
  readonly threshold: number;
  readonly value: number;
  readonly inplace: boolean;

  constructor(...args: Parameters<typeof thresholdArgs>) {
    super();
    [this.threshold, this.value, this.inplace] = thresholdArgs(...args);
  }

  override forward(input: Tensor): Tensor {
    return F.threshold(input, this.threshold, this.value, this.inplace);
  }

  override extra_repr(): string {
    return settings({ threshold: this.threshold, value: this.value }) + also(this.inplace);
  }
}

const preluArgs = fn(
  "PReLU.__init__",
  [optInt("num_parameters", 1), optScalar("init", 0.25), optDType("dtype")],
  (...values) => values,
);

/** x above 0, a learnt slope times x below; one slope, or one for each channel. */
export class PReLU extends Module {
  readonly num_parameters: number;
  readonly init: number;
  weight: Parameter;

  constructor(...args: Parameters<typeof preluArgs>) {
    super();
    const [count, init, dtype] = preluArgs(...args);
    this.num_parameters = count;
    this.init = init;
    this.weight = new Parameter(emptyOf([count], dtype));
    this.reset_parameters();
  }

  reset_parameters(): void {
    constant_(this.weight, this.init);
  }

  override forward(input: Tensor): Tensor {
    return F.prelu(input, this.weight);
  }

  override extra_repr(): string {
    return settings({ num_parameters: this.num_parameters });
  }
}
