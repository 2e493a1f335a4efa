/** @file Optimisers that divide by the size of past gradients: RMSprop, Adagrad, Adadelta. */

import { ValueError } from "../errors.js";
import { full_like, tensor, zeros_like } from "../ops/creation.js";
import type { Tensor } from "../tensor.js";
import { withDefaults } from "./arguments.js";
import {
  atLeastZero,
  borrowGradients,
  type Group,
  Optimizer,
  type ParamState,
  type Params,
} from "./optimizer.js";

interface Common {
  lr: number;
  eps: number;
  weight_decay: number;
  maximize: boolean;
  /** Ways of computing that exist on other devices: accepted, and of no effect. */
  foreach: boolean | null;
  differentiable: boolean;
}

export interface RMSpropOptions extends Common {
  momentum: number;
  /** Decay of the running mean of squares. */
  alpha: number;
  /** Divide by the standard deviation instead of the root of the mean square. */
  centered: boolean;
  capturable: boolean;
}

const RMSPROP: RMSpropOptions = {
  lr: 0.01,
  momentum: 0,
  alpha: 0.99,
  eps: 1e-8,
  centered: false,
  weight_decay: 0,
  capturable: false,
  foreach: null,
  maximize: false,
  differentiable: false,
};

const decayed = (grad: Tensor, param: Tensor, weight_decay: number): Tensor =>
  weight_decay === 0 ? grad : grad.add(param, { alpha: weight_decay });

const stepped = (state: ParamState): number => (state.step as Tensor).add_(1).item();

export class RMSprop extends Optimizer<RMSpropOptions> {
  constructor(params: Params<RMSpropOptions>, options?: number | Partial<RMSpropOptions>) {
    const o = withDefaults("RMSprop", RMSPROP, options);
    atLeastZero({
      "learning rate": o.lr,
      "epsilon value": o.eps,
      "momentum value": o.momentum,
      "weight_decay value": o.weight_decay,
      "alpha value": o.alpha,
    });
    super(params, o);
  }

  protected override update(group: Group<RMSpropOptions>): void {
    const { lr, alpha, eps, weight_decay, momentum, centered } = group;
    const init = (p: Tensor): ParamState => ({
      step: tensor(0),
      square_avg: zeros_like(p),
      ...(momentum > 0 ? { momentum_buffer: zeros_like(p) } : {}),
      ...(centered ? { grad_avg: zeros_like(p) } : {}),
    });
    for (const [param, grad, state] of this.active(group, group.maximize, init)) {
      stepped(state);
      const g = decayed(grad, param, weight_decay);
      const square = state.square_avg as Tensor;
      square.mul_(alpha).addcmul_(g, g, { value: 1 - alpha });
      let size: Tensor;
      if (centered) {
        const mean = (state.grad_avg as Tensor).lerp_(g, 1 - alpha);
        size = square.addcmul(mean, mean, { value: -1 }).sqrt();
      } else size = square.sqrt();
      size.add_(eps);
      if (momentum > 0) {
        const buffer = (state.momentum_buffer as Tensor).mul_(momentum).addcdiv_(g, size);
        param.add_(buffer, { alpha: -lr });
      } else param.addcdiv_(g, size, { value: -lr });
    }
  }
}

export interface AdagradOptions extends Common {
  lr_decay: number;
  initial_accumulator_value: number;
  fused: boolean | null;
}

const ADAGRAD: AdagradOptions = {
  lr: 0.01,
  lr_decay: 0,
  eps: 1e-10,
  weight_decay: 0,
  initial_accumulator_value: 0,
  foreach: null,
  maximize: false,
  differentiable: false,
  fused: null,
};

const accumulated = (p: Tensor, group: Group<AdagradOptions>): ParamState => ({
  step: tensor(0),
  sum: full_like(p, group.initial_accumulator_value),
});

export class Adagrad extends Optimizer<AdagradOptions> {
  constructor(params: Params<AdagradOptions>, options?: number | Partial<AdagradOptions>) {
    const o = withDefaults("Adagrad", ADAGRAD, options);
    atLeastZero({
      "learning rate": o.lr,
      "lr_decay value": o.lr_decay,
      "weight_decay value": o.weight_decay,
      "initial_accumulator_value value": o.initial_accumulator_value,
      "epsilon value": o.eps,
    });
    super(params, o);
    // Unlike the others, its state is there before the first step.
    for (const group of this.param_groups) {
      for (const p of group.params) this.state.set(p, accumulated(p, group));
    }
  }

  protected override update(group: Group<AdagradOptions>): void {
    const { lr, lr_decay, eps, weight_decay } = group;
    const init = (p: Tensor): ParamState => accumulated(p, group);
    for (const [param, grad, state] of this.active(group, group.maximize, init)) {
      const rate = lr / (1 + (stepped(state) - 1) * lr_decay);
      const g = decayed(grad, param, weight_decay);
      const sum = (state.sum as Tensor).addcmul_(g, g, { value: 1 });
      param.addcdiv_(g, sum.sqrt().add_(eps), { value: -rate });
    }
  }
}

export interface AdadeltaOptions extends Common {
  /** Decay of the running means of squares. */
  rho: number;
  capturable: boolean;
}

const ADADELTA: AdadeltaOptions = {
  lr: 1,
  rho: 0.9,
  eps: 1e-6,
  weight_decay: 0,
  maximize: false,
  capturable: false,
  foreach: null,
  differentiable: false,
};

export class Adadelta extends Optimizer<AdadeltaOptions> {
  constructor(params: Params<AdadeltaOptions>, options?: number | Partial<AdadeltaOptions>) {
    const o = withDefaults("Adadelta", ADADELTA, options);
    atLeastZero({ "learning rate": o.lr });
    if (!(o.rho >= 0 && o.rho <= 1)) throw new ValueError(`Invalid rho value: ${o.rho}`);
    atLeastZero({ "epsilon value": o.eps, "weight_decay value": o.weight_decay });
    super(params, o);
  }

  protected override update(group: Group<AdadeltaOptions>): void {
    const { lr, rho, eps, weight_decay } = group;
    const init = (p: Tensor): ParamState => ({
      step: tensor(0),
      square_avg: zeros_like(p),
      acc_delta: zeros_like(p),
    });
    for (const [param, grad, state] of this.active(group, group.maximize, init)) {
      stepped(state);
      const g = decayed(grad, param, weight_decay);
      const square = (state.square_avg as Tensor).mul_(rho).addcmul_(g, g, { value: 1 - rho });
      const moved = state.acc_delta as Tensor;
      const std = square.add(eps).sqrt();
      const delta = moved.add(eps).sqrt().div_(std).mul_(g);
      moved.mul_(rho).addcmul_(delta, delta, { value: 1 - rho });
      param.add_(delta, { alpha: -lr });
    }
  }
}

borrowGradients(RMSprop, Adagrad, Adadelta);
