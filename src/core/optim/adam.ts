/** @file Adam and AdamW. */
import { tensor, zeros_like } from "../ops/creation.js";
import type { Tensor } from "../tensor.js";
import { withDefaults } from "./arguments.js";
import {
  atLeastZero,
  borrowGradients,
  checkBetas,
  type Group,
  Optimizer,
  type ParamState,
  type Params,
} from "./optimizer.js";

export interface AdamOptions {
  lr: number;
  /** Decay of the running means of the gradient and of its square. */
  betas: readonly [number, number];
  eps: number;
  weight_decay: number;
  amsgrad: boolean;
  maximize: boolean;
  /** Ways of computing that exist on other devices: accepted, and of no effect. */
  foreach: boolean | null;
  capturable: boolean;
  differentiable: boolean;
  fused: boolean | null;
  /** Shrink the parameter itself instead of adding to its gradient (AdamW). */
  decoupled_weight_decay: boolean;
}

const DEFAULTS: AdamOptions = {
  lr: 0.001,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weight_decay: 0,
  amsgrad: false,
  maximize: false,
  foreach: null,
  capturable: false,
  differentiable: false,
  fused: null,
  decoupled_weight_decay: false,
};

/** The running means that Adam and its kin keep. */
export interface Moments extends ParamState {
  step: Tensor;
  exp_avg: Tensor;
  exp_avg_sq: Tensor;
}

export function newMoments(param: Tensor): Moments {
  return { step: tensor(0), exp_avg: zeros_like(param), exp_avg_sq: zeros_like(param) };
}

/** Adam's beginning: counts the step, decays the weights, moves the running means. Answers the gradient used. */
export function moveMoments(
  param: Tensor,
  grad: Tensor,
  moments: Moments,
  o: Pick<AdamOptions, "lr" | "betas" | "weight_decay" | "decoupled_weight_decay">,
): Tensor {
  const [beta1, beta2] = o.betas;
  moments.step.add_(1);
  let g = grad;
  if (o.weight_decay !== 0) {
    if (o.decoupled_weight_decay) param.mul_(1 - o.lr * o.weight_decay);
    else g = grad.add(param, { alpha: o.weight_decay });
  }
  moments.exp_avg.lerp_(g, 1 - beta1);
  moments.exp_avg_sq.mul_(beta2).addcmul_(g, g, { value: 1 - beta2 });
  return g;
}

/** Adaptive moments: steps scaled by the running means of gradient and square. */
export class Adam extends Optimizer<AdamOptions> {
  constructor(params: Params<AdamOptions>, options?: number | Partial<AdamOptions>, defaults = DEFAULTS) {
    const o = withDefaults(new.target.name, defaults, options);
    atLeastZero({ "learning rate": o.lr, "epsilon value": o.eps });
    checkBetas(o.betas);
    atLeastZero({ "weight_decay value": o.weight_decay });
    super(params, o);
  }

  protected override update(group: Group<AdamOptions>): void {
    const { lr, betas, eps, amsgrad } = group;
    const init = (p: Tensor): Moments =>
      amsgrad ? { ...newMoments(p), max_exp_avg_sq: zeros_like(p) } : newMoments(p);
    for (const [param, grad, state] of this.active(group, group.maximize, init)) {
      const moments = state as Moments;
      moveMoments(param, grad, moments, group);
      const step = moments.step.item();
      const correction1 = 1 - betas[0] ** step;
      const correction2 = 1 - betas[1] ** step;
      let square = moments.exp_avg_sq;
      if (amsgrad) {
        const largest = state.max_exp_avg_sq as Tensor;
        square = largest.copy_(largest.maximum(square));
      }
      const denom = square.sqrt().div_(Math.sqrt(correction2)).add_(eps);
      param.addcdiv_(moments.exp_avg, denom, { value: -lr / correction1 });
    }
  }
}

/** Adam with decoupled weight decay. */
export class AdamW extends Adam {
  constructor(params: Params<AdamOptions>, options?: number | Partial<AdamOptions>) {
    super(params, options, { ...DEFAULTS, weight_decay: 0.01, decoupled_weight_decay: true });
  }
}

borrowGradients(Adam);
