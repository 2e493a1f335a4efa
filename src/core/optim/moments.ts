/** @file NAdam and RAdam: Adam with Nesterov's momentum, and with a warm-up by the variance. */
import { tensor } from "../ops/creation.js";
import type { Tensor } from "../tensor.js";
import { type AdamOptions, type Moments, moveMoments, newMoments } from "./adam.js";
import { withDefaults } from "./arguments.js";
import { atLeastZero, borrowGradients, checkBetas, type Group, Optimizer, type Params } from "./optimizer.js";

export type RAdamOptions = Omit<AdamOptions, "amsgrad" | "fused">;
export interface NAdamOptions extends RAdamOptions {
  momentum_decay: number;
}

const RADAM: RAdamOptions = {
  lr: 0.001,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weight_decay: 0,
  maximize: false,
  foreach: null,
  capturable: false,
  decoupled_weight_decay: false,
  differentiable: false,
};

const NADAM: NAdamOptions = {
  lr: 0.002,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weight_decay: 0,
  momentum_decay: 0.004,
  decoupled_weight_decay: false,
  maximize: false,
  foreach: null,
  capturable: false,
  differentiable: false,
};

function check(o: RAdamOptions): void {
  atLeastZero({ "learning rate": o.lr, "epsilon value": o.eps });
  checkBetas(o.betas);
  atLeastZero({ "weight_decay value": o.weight_decay });
}

export class NAdam extends Optimizer<NAdamOptions> {
  constructor(params: Params<NAdamOptions>, options?: number | Partial<NAdamOptions>) {
    const o = withDefaults("NAdam", NADAM, options);
    check(o);
    atLeastZero({ "momentum_decay value": o.momentum_decay });
    super(params, o);
  }

  protected override update(group: Group<NAdamOptions>): void {
    const { lr, betas, eps, momentum_decay } = group;
    const init = (p: Tensor) => ({ ...newMoments(p), mu_product: tensor(1) });
    for (const [param, grad, state] of this.active(group, group.maximize, init)) {
      const moments = state as Moments;
      const product = state.mu_product as Tensor;
      const g = moveMoments(param, grad, moments, group);
      const step = moments.step.item();
      const mu = betas[0] * (1 - 0.5 * 0.96 ** (step * momentum_decay));
      const next = betas[0] * (1 - 0.5 * 0.96 ** ((step + 1) * momentum_decay));
      product.mul_(mu);
      const p = product.item();
      const denom = moments.exp_avg_sq
        .div(1 - betas[1] ** step)
        .sqrt()
        .add_(eps);
      param.addcdiv_(g, denom, { value: (-lr * (1 - mu)) / (1 - p) });
      param.addcdiv_(moments.exp_avg, denom, { value: (-lr * next) / (1 - p * next) });
    }
  }
}

export class RAdam extends Optimizer<RAdamOptions> {
  constructor(params: Params<RAdamOptions>, options?: number | Partial<RAdamOptions>) {
    const o = withDefaults("RAdam", RADAM, options);
    check(o);
    super(params, o);
  }

  protected override update(group: Group<RAdamOptions>): void {
    const { lr, betas, eps } = group;
    for (const [param, grad, state] of this.active(group, group.maximize, newMoments)) {
      const moments = state as Moments;
      moveMoments(param, grad, moments, group);
      const step = moments.step.item();
      const correction2 = 1 - betas[1] ** step;
      const mean = moments.exp_avg.div(1 - betas[0] ** step);
      // Length of the running mean of squares: too short a one has no finite variance yet.
      const limit = 2 / (1 - betas[1]) - 1;
      const length = limit - (2 * step * betas[1] ** step) / correction2;
      let move = mean.mul(lr);
      if (length > 5) {
        const rectifier = Math.sqrt(
          ((length - 4) * (length - 2) * limit) / ((limit - 4) * (limit - 2) * length),
        );
        const adaptive = moments.exp_avg_sq.sqrt().add_(eps).reciprocal().mul(Math.sqrt(correction2));
        move = move.mul(adaptive).mul(rectifier);
      }
      param.add_(move, { alpha: -1 });
    }
  }
}

borrowGradients(NAdam, RAdam);
