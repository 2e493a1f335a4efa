/** @file Stochastic gradient descent. */
import { ValueError } from "../errors.js";
import type { Tensor } from "../tensor.js";
import { withDefaults } from "./arguments.js";
import { atLeastZero, borrowGradients, type Group, Optimizer, type Params } from "./optimizer.js";

export interface SGDOptions {
  /** Learning rate. */
  lr: number;
  momentum: number;
  dampening: number;
  weight_decay: number;
  nesterov: boolean;
  maximize: boolean;
  /** Ways of computing that exist on other devices: accepted, and of no effect. */
  foreach: boolean | null;
  differentiable: boolean;
  fused: boolean | null;
}

const DEFAULTS: SGDOptions = {
  lr: 0.001,
  momentum: 0,
  dampening: 0,
  weight_decay: 0,
  nesterov: false,
  maximize: false,
  foreach: null,
  differentiable: false,
  fused: null,
};

/** p ← p − lr · g, with momentum if asked for. */
export class SGD extends Optimizer<SGDOptions> {
  constructor(params: Params<SGDOptions>, options?: number | Partial<SGDOptions>) {
    const o = withDefaults("SGD", DEFAULTS, options);
    atLeastZero({
      "learning rate": o.lr,
      "momentum value": o.momentum,
      "weight_decay value": o.weight_decay,
    });
    if (o.nesterov && (o.momentum <= 0 || o.dampening !== 0)) {
      throw new ValueError("Nesterov momentum requires a momentum and zero dampening");
    }
    super(params, o);
  }

  protected override update(group: Group<SGDOptions>): void {
    const { lr, momentum, dampening, weight_decay, nesterov, maximize } = group;
    for (const [param, grad, state] of this.active(group, maximize, () => ({}))) {
      let g = weight_decay === 0 ? grad : grad.add(param, { alpha: weight_decay });
      if (momentum !== 0) {
        let buffer = state.momentum_buffer as Tensor | null | undefined;
        if (buffer === null || buffer === undefined) {
          buffer = g.detach().clone();
          state.momentum_buffer = buffer;
        } else buffer.mul_(momentum).add_(g, { alpha: 1 - dampening });
        g = nesterov ? g.add(buffer, { alpha: momentum }) : buffer;
      }
      param.add_(g, { alpha: -lr });
    }
  }
}

borrowGradients(SGD);
