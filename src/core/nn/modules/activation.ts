/** @file Activation functions as modules. */
import { RuntimeError } from "../../errors.js";
import { flag, fn, optDType, optFloat, optInt, optScalar, scalar, text } from "../../ops/signature.js";
import type { Tensor } from "../../tensor.js";
import { emptyOf } from "../empty.js";
import * as F from "../functional.js";
import { constant_ } from "../init.js";
import { Parameter } from "../parameter.js";
import { Module } from "./module.js";
import { settings } from "./print.js";

const inplaceArgs = (name: string) => fn(`${name}.__init__`, [flag("inplace", false)], (inplace) => inplace);
type InplaceArgs = Parameters<ReturnType<typeof inplaceArgs>>;

/** Activations whose one setting is whether they write over their input. */
abstract class Inplace extends Module {
  readonly inplace: boolean;

  constructor(...args: InplaceArgs) {
    super();
    this.inplace = inplaceArgs(new.target.name)(...args);
  }

  override extra_repr(): string {
    return this.inplace ? "inplace=True" : "";
  }
}

/** `, inplace=True` where it is. */
const also = (inplace: boolean): string => (inplace ? ", inplace=True" : "");

/** max(x, 0). */
export class ReLU extends Inplace {
  override forward(input: Tensor): Tensor {
    return F.relu(input, this.inplace);
  }
}

/** min(max(x, 0), 6). */
export class ReLU6 extends Inplace {
  override forward(input: Tensor): Tensor {
    return F.relu6(input, this.inplace);
  }
}

/** x σ(x). */
export class SiLU extends Inplace {
  override forward(input: Tensor): Tensor {
    return F.silu(input, this.inplace);
  }
}

/** x tanh softplus x. */
export class Mish extends Inplace {
  override forward(input: Tensor): Tensor {
    return F.mish(input, this.inplace);
  }
}

/** Scaled ELU. */
export class SELU extends Inplace {
  override forward(input: Tensor): Tensor {
    return F.selu(input, this.inplace);
  }
}

/** x · relu6(x + 3) / 6. */
export class Hardswish extends Inplace {
  override forward(input: Tensor): Tensor {
    return F.hardswish(input, this.inplace);
  }

  override extra_repr(): string {
    return "";
  }
}

/** relu6(x + 3) / 6. */
export class Hardsigmoid extends Inplace {
  override forward(input: Tensor): Tensor {
    return F.hardsigmoid(input, this.inplace);
  }

  override extra_repr(): string {
    return "";
  }
}

export class Sigmoid extends Module {
  override forward(input: Tensor): Tensor {
    return F.sigmoid(input);
  }
}

export class Tanh extends Module {
  override forward(input: Tensor): Tensor {
    return F.tanh(input);
  }
}

/** x − tanh x. */
export class Tanhshrink extends Module {
  override forward(input: Tensor): Tensor {
    return F.tanhshrink(input);
  }
}

/** x / (1 + |x|). */
export class Softsign extends Module {
  override forward(input: Tensor): Tensor {
    return F.softsign(input);
  }
}

/** ln σ(x). */
export class LogSigmoid extends Module {
  override forward(input: Tensor): Tensor {
    return F.logsigmoid(input);
  }
}

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

  constructor(...args: Parameters<ReturnType<typeof alphaArgs>>) {
    super();
    [this.alpha, this.inplace] = alphaArgs(new.target.name)(...args);
  }

  /** PyTorch's default is the float 1.0. */
  override extra_repr(): string {
    const alpha = Number.isInteger(this.alpha) ? `alpha=${this.alpha}.0` : settings({ alpha: this.alpha });
    return alpha + also(this.inplace);
  }
}

/** x above 0, α (eˣ − 1) below. */
export class ELU extends Alpha {
  override forward(input: Tensor): Tensor {
    return F.elu(input, this.alpha, this.inplace);
  }
}

/** x above 0, α (e^(x/α) − 1) below. */
export class CELU extends Alpha {
  override forward(input: Tensor): Tensor {
    return F.celu(input, this.alpha, this.inplace);
  }
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

  constructor(...args: Parameters<ReturnType<typeof lambdArgs>>) {
    super();
    this.lambd = lambdArgs(new.target.name)(...args);
  }

  override extra_repr(): string {
    return settings({ value: this.lambd }).slice("value=".length);
  }
}

/** 0 within ±`lambd`. */
export class Hardshrink extends Shrink {
  override forward(input: Tensor): Tensor {
    return F.hardshrink(input, this.lambd);
  }
}

/** Towards 0 by `lambd`. */
export class Softshrink extends Shrink {
  override forward(input: Tensor): Tensor {
    return F.softshrink(input, this.lambd);
  }
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

const gluArgs = fn("GLU.__init__", [optInt("dim", -1)], (dim) => dim);

/** The first half along `dim` times the sigmoid of the second. */
export class GLU extends Module {
  readonly dim: number;

  constructor(...args: Parameters<typeof gluArgs>) {
    super();
    this.dim = gluArgs(...args);
  }

  override forward(input: Tensor): Tensor {
    return F.glu(input, this.dim);
  }

  override extra_repr(): string {
    return settings({ dim: this.dim });
  }
}

const dimArgs = (name: string) => fn(`${name}.__init__`, [optInt("dim", null)], (dim) => dim);

abstract class AlongDim extends Module {
  readonly dim: number | null;

  constructor(...args: Parameters<ReturnType<typeof dimArgs>>) {
    super();
    this.dim = dimArgs(new.target.name)(...args);
  }
}

/** e^x over its sum along `dim`. */
export class Softmax extends AlongDim {
  override forward(input: Tensor): Tensor {
    return F.softmax(input, this.dim);
  }

  override extra_repr(): string {
    return settings({ dim: this.dim });
  }
}

/** The logarithm of the softmax. */
export class LogSoftmax extends AlongDim {
  override forward(input: Tensor): Tensor {
    return F.log_softmax(input, this.dim);
  }

  override extra_repr(): string {
    return settings({ dim: this.dim });
  }
}

/** Softmax of −x. */
export class Softmin extends AlongDim {
  override forward(input: Tensor): Tensor {
    return F.softmin(input, this.dim);
  }

  override extra_repr(): string {
    return settings({ dim: this.dim });
  }
}
