/** @file Padding as modules. */

import type { Tensor } from "../../tensor.js";
import * as F from "../functional.js";
import { type Size, tuple } from "./convolution.js";
import { Module } from "./module.js";
import { pythonRepr, settings } from "./print.js";

abstract class Pad extends Module {
  readonly padding: readonly number[];

  constructor(padding: Size) {
    super();
    this.padding = tuple(padding, 2 * Number(/\d/.exec(new.target.name)?.[0] ?? 1));
  }

  protected abstract readonly mode: string;

  override forward(input: Tensor): Tensor {
    return F.pad(input, this.padding, this.mode);
  }

  override extra_repr(): string {
    return pythonRepr([...this.padding]);
  }
}

abstract class ReflectionPad extends Pad {
  protected override readonly mode: string = "reflect";
}

export class ReflectionPad1d extends ReflectionPad {}

export class ReflectionPad2d extends ReflectionPad {}

export class ReflectionPad3d extends ReflectionPad {}

abstract class ReplicationPad extends Pad {
  protected override readonly mode: string = "replicate";
}

export class ReplicationPad1d extends ReplicationPad {}

export class ReplicationPad2d extends ReplicationPad {}

export class ReplicationPad3d extends ReplicationPad {}

abstract class CircularPad extends Pad {
  protected override readonly mode: string = "circular";
}

export class CircularPad1d extends CircularPad {}

export class CircularPad2d extends CircularPad {}

export class CircularPad3d extends CircularPad {}

abstract class ZeroPad extends Pad {
  protected override readonly mode: string = "constant";
}

export class ZeroPad1d extends ZeroPad {}

export class ZeroPad2d extends ZeroPad {}

export class ZeroPad3d extends ZeroPad {}

abstract class ConstantPad extends ZeroPad {
  readonly value: number;

  constructor(padding: Size, value: number) {
    super(padding);
    this.value = value;
  }

  override forward(input: Tensor): Tensor {
    return F.pad(input, this.padding, "constant", this.value);
  }

  override extra_repr(): string {
    return settings({ padding: [...this.padding], value: this.value });
  }
}

export class ConstantPad1d extends ConstantPad {}

export class ConstantPad2d extends ConstantPad {}

export class ConstantPad3d extends ConstantPad {}
