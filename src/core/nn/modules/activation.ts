/** @file Activation functions as modules: those that have nothing to set but where they write, and those along a dimension. */

import { flag, optInt } from "../../ops/parameters.js";
import { fn } from "../../ops/signature.js";
import type { Tensor } from "../../tensor.js";
import * as F from "../functional.js";
import { Module } from "./module.js";
import { settings } from "./print.js";

const inplaceArgs = (name: string) => fn(`${name}.__init__`, [flag("inplace", false)], (inplace) => inplace);

type InplaceArgs = Parameters<ReturnType<typeof inplaceArgs>>;

/** Activations whose one setting is whether they write over their input. */
abstract class Inplace extends Module {
  readonly inplace: boolean;
  protected abstract readonly run: (input: Tensor, inplace: boolean) => Tensor;

  constructor(...args: InplaceArgs) {
    super();
    this.inplace = inplaceArgs(new.target.name)(...args);
  }

  override forward(input: Tensor): Tensor {
    return this.run(input, this.inplace);
  }

  override extra_repr(): string {
    return this.inplace ? "inplace=True" : "";
  }
}

/** max(x, 0). */
export class ReLU extends Inplace {
  protected override readonly run = F.relu;
}

/** min(max(x, 0), 6). */
export class ReLU6 extends Inplace {
  protected override readonly run = F.relu6;
}

/** x σ(x). */
export class SiLU extends Inplace {
  protected override readonly run = F.silu;
}

/** x tanh softplus x. */
export class Mish extends Inplace {
  protected override readonly run = F.mish;
}

/** Scaled ELU. */
export class SELU extends Inplace {
  protected override readonly run = F.selu;
}

/** x · relu6(x + 3) / 6. */
export class Hardswish extends Inplace {
  protected override readonly run = F.hardswish;

  override extra_repr(): string {
    return "";
  }
}

/** relu6(x + 3) / 6. */
export class Hardsigmoid extends Inplace {
  protected override readonly run = F.hardsigmoid;

  override extra_repr(): string {
    return "";
  }
}

/** Activations without settings. */
abstract class Plain extends Module {
  protected abstract readonly run: (input: Tensor) => Tensor;

  override forward(input: Tensor): Tensor {
    return this.run(input);
  }
}

export class Sigmoid extends Plain {
  protected override readonly run = F.sigmoid;
}

export class Tanh extends Plain {
  protected override readonly run = F.tanh;
}

/** x − tanh x. */
export class Tanhshrink extends Plain {
  protected override readonly run = F.tanhshrink;
}

/** x / (1 + |x|). */
export class Softsign extends Plain {
  protected override readonly run = F.softsign;
}

/** ln σ(x). */
export class LogSigmoid extends Plain {
  protected override readonly run = F.logsigmoid;
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
  protected abstract readonly run: (input: Tensor, dim: number | null) => Tensor;

  constructor(...args: Parameters<ReturnType<typeof dimArgs>>) {
    super();
    this.dim = dimArgs(new.target.name)(...args);
  }

  override forward(input: Tensor): Tensor {
    return this.run(input, this.dim);
  }

  override extra_repr(): string {
    return settings({ dim: this.dim });
  }
}

/** e^x over its sum along `dim`. */
export class Softmax extends AlongDim {
  protected override readonly run = F.softmax;
}

/** The logarithm of the softmax. */
export class LogSoftmax extends AlongDim {
  protected override readonly run = F.log_softmax;
}

/** Softmax of −x. */
export class Softmin extends AlongDim {
  protected override readonly run = F.softmin;
}
