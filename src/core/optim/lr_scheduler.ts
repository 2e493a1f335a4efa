/** @file `torch.optim.lr_scheduler`: learning rates that change from epoch to epoch. */
import { PyTypeError, pythonTypeName, ValueError } from "../errors.js";
import { Tensor } from "../tensor.js";
import { warn } from "../warnings.js";
import { type Group, Optimizer } from "./optimizer.js";

type Rated = { lr: number };
// Schedulers read and write `lr` alone: any optimiser will do.
type AnyOptimizer = { readonly param_groups: Group<Rated>[]; step(): unknown };

const stepped = new WeakSet<AnyOptimizer>();
const watched = new WeakSet<AnyOptimizer>();

/** Notes the optimiser's first step, so that calls in the wrong order can be told. */
function watch(optimizer: AnyOptimizer): void {
  if (watched.has(optimizer)) return;
  watched.add(optimizer);
  const step = optimizer.step as (...args: unknown[]) => unknown;
  Object.defineProperty(optimizer, "step", {
    configurable: true,
    writable: true,
    value(...args: unknown[]) {
      stepped.add(optimizer);
      return step.apply(optimizer, args);
    },
  });
}

/** Base class: `get_lr` says the rates of epoch `last_epoch`, one for each group. */
export abstract class LRScheduler {
  readonly base_lrs: number[];
  last_epoch: number;
  /** @internal */ _step_count = 0;
  /** @internal */ _last_lr: number[] = [];
  readonly #optimizer: AnyOptimizer;

  protected constructor(optimizer: AnyOptimizer, last_epoch = -1) {
    if (!(optimizer instanceof Optimizer)) {
      throw new PyTypeError(`${pythonTypeName(optimizer)} is not an Optimizer`);
    }
    this.#optimizer = optimizer as AnyOptimizer;
    for (const group of this.groups) group.initial_lr ??= group.lr;
    this.base_lrs = this.groups.map((g) => g.initial_lr!);
    this.last_epoch = last_epoch;
    watch(this.#optimizer);
  }

  protected get groups(): Group<Rated>[] {
    return this.#optimizer.param_groups;
  }

  protected get rates(): number[] {
    return this.groups.map((g) => g.lr);
  }

  protected abstract get_lr(): number[];

  /** Subclasses call it when their settings are in place: epoch 0 begins. */
  protected begin(): void {
    this.step();
  }

  get_last_lr(): number[] {
    return [...this._last_lr];
  }

  /** Goes on to the next epoch: after the optimiser's own step. */
  step(): void {
    if (this._step_count === 1 && !stepped.has(this.#optimizer)) {
      warn(
        "Detected call of `lr_scheduler.step()` before `optimizer.step()`. In PyTorch 1.1.0 and later, you should call them in the opposite order: `optimizer.step()` before `lr_scheduler.step()`.  Failure to do this will result in PyTorch skipping the first value of the learning rate schedule. See more details at https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate",
      );
    }
    this._step_count++;
    this.last_epoch++;
    const values = this.get_lr();
    this.groups.forEach((group, i) => {
      group.lr = values[i]!;
    });
    this._last_lr = this.rates;
  }

  state_dict(): Record<string, unknown> {
    return Object.fromEntries(Object.entries(this).filter(([, value]) => typeof value !== "function"));
  }

  load_state_dict(state: Readonly<Record<string, unknown>>): void {
    Object.assign(this, state);
  }
}

/** The first rate times a function of the epoch; one function for all groups, or one for each. */
export class LambdaLR extends LRScheduler {
  readonly #lambdas: readonly ((epoch: number) => number)[];

  constructor(
    optimizer: AnyOptimizer,
    lr_lambda: ((epoch: number) => number) | readonly ((epoch: number) => number)[],
    last_epoch = -1,
  ) {
    super(optimizer, last_epoch);
    const count = this.groups.length;
    const list = typeof lr_lambda === "function" ? this.groups.map(() => lr_lambda) : lr_lambda;
    if (list.length !== count) throw new ValueError(`Expected ${count} lr_lambdas, but got ${list.length}`);
    this.#lambdas = list;
    this.begin();
  }

  protected override get_lr(): number[] {
    return this.base_lrs.map((lr, i) => lr * this.#lambdas[i]!(this.last_epoch));
  }
}

/** Times `gamma` every `step_size` epochs. */
export class StepLR extends LRScheduler {
  constructor(
    optimizer: AnyOptimizer,
    readonly step_size: number,
    readonly gamma = 0.1,
    last_epoch = -1,
  ) {
    super(optimizer, last_epoch);
    this.begin();
  }

  protected override get_lr(): number[] {
    const due = this.last_epoch !== 0 && this.last_epoch % this.step_size === 0;
    return due ? this.rates.map((lr) => lr * this.gamma) : this.rates;
  }
}

/** Times `gamma` at each of the given epochs. */
export class MultiStepLR extends LRScheduler {
  constructor(
    optimizer: AnyOptimizer,
    readonly milestones: readonly number[],
    readonly gamma = 0.1,
    last_epoch = -1,
  ) {
    super(optimizer, last_epoch);
    this.begin();
  }

  protected override get_lr(): number[] {
    const times = this.milestones.filter((m) => m === this.last_epoch).length;
    return times === 0 ? this.rates : this.rates.map((lr) => lr * this.gamma ** times);
  }
}

/** Times `gamma` every epoch. */
export class ExponentialLR extends LRScheduler {
  constructor(
    optimizer: AnyOptimizer,
    readonly gamma: number,
    last_epoch = -1,
  ) {
    super(optimizer, last_epoch);
    this.begin();
  }

  protected override get_lr(): number[] {
    return this.last_epoch === 0 ? this.rates : this.rates.map((lr) => lr * this.gamma);
  }
}

/** Half a cosine from the first rate down to `eta_min` over `T_max` epochs, and back. */
export class CosineAnnealingLR extends LRScheduler {
  constructor(
    optimizer: AnyOptimizer,
    readonly T_max: number,
    readonly eta_min = 0,
    last_epoch = -1,
  ) {
    super(optimizer, last_epoch);
    this.begin();
  }

  protected override get_lr(): number[] {
    const { T_max, eta_min, last_epoch } = this;
    if (last_epoch === 0) return this.rates;
    const cosine = (epoch: number): number => 1 + Math.cos((Math.PI * epoch) / T_max);
    if (this._step_count === 1) {
      return this.base_lrs.map((lr) => eta_min + ((lr - eta_min) * cosine(last_epoch)) / 2);
    }
    // The recursion divides by zero where the cosine before was at its lowest.
    if ((last_epoch - 1 - T_max) % (2 * T_max) === 0) {
      const rise = (1 - Math.cos(Math.PI / T_max)) / 2;
      return this.rates.map((lr, i) => lr + (this.base_lrs[i]! - eta_min) * rise);
    }
    const ratio = cosine(last_epoch) / cosine(last_epoch - 1);
    return this.rates.map((lr) => ratio * (lr - eta_min) + eta_min);
  }
}

export interface PlateauOptions {
  mode?: "min" | "max";
  factor?: number;
  /** Epochs without improvement that are let pass. */
  patience?: number;
  threshold?: number;
  threshold_mode?: "rel" | "abs";
  /** Epochs to wait after a reduction. */
  cooldown?: number;
  min_lr?: number | readonly number[];
  /** Smaller changes of the rate are not made. */
  eps?: number;
}

/** Times `factor` when a measured value has not improved for some epochs. */
export class ReduceLROnPlateau {
  readonly mode: "min" | "max";
  readonly factor: number;
  readonly patience: number;
  readonly threshold: number;
  readonly threshold_mode: "rel" | "abs";
  readonly cooldown: number;
  readonly eps: number;
  readonly min_lrs: readonly number[];
  best: number;
  num_bad_epochs = 0;
  cooldown_counter = 0;
  last_epoch = 0;
  /** @internal */ _last_lr: number[];
  readonly #optimizer: AnyOptimizer;

  constructor(optimizer: AnyOptimizer, options: PlateauOptions = {}) {
    if (!(optimizer instanceof Optimizer)) {
      throw new PyTypeError(`${pythonTypeName(optimizer)} is not an Optimizer`);
    }
    const { mode = "min", factor = 0.1, threshold_mode = "rel", min_lr = 0 } = options;
    if (factor >= 1) throw new ValueError("Factor should be < 1.0.");
    if (mode !== "min" && mode !== "max") throw new ValueError(`mode ${String(mode)} is unknown!`);
    if (threshold_mode !== "rel" && threshold_mode !== "abs") {
      throw new ValueError(`threshold mode ${String(threshold_mode)} is unknown!`);
    }
    this.#optimizer = optimizer as AnyOptimizer;
    const groups = this.#optimizer.param_groups;
    if (typeof min_lr !== "number" && min_lr.length !== groups.length) {
      throw new ValueError(`expected ${groups.length} min_lrs, got ${min_lr.length}`);
    }
    this.min_lrs = typeof min_lr === "number" ? groups.map(() => min_lr) : min_lr;
    this.mode = mode;
    this.factor = factor;
    this.patience = options.patience ?? 10;
    this.threshold = options.threshold ?? 1e-4;
    this.threshold_mode = threshold_mode;
    this.cooldown = options.cooldown ?? 0;
    this.eps = options.eps ?? 1e-8;
    this.best = mode === "min" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    this._last_lr = groups.map((g) => g.lr);
  }

  get_last_lr(): number[] {
    return [...this._last_lr];
  }

  /** Ends an epoch that measured `metrics`. */
  step(metrics: number | Tensor): void {
    const current = metrics instanceof Tensor ? metrics.item() : metrics;
    this.last_epoch++;
    if (this.#improves(current)) {
      this.best = current;
      this.num_bad_epochs = 0;
    } else this.num_bad_epochs++;
    if (this.cooldown_counter > 0) {
      this.cooldown_counter--;
      this.num_bad_epochs = 0;
    }
    if (this.num_bad_epochs > this.patience) {
      this.#reduce();
      this.cooldown_counter = this.cooldown;
      this.num_bad_epochs = 0;
    }
    this._last_lr = this.#optimizer.param_groups.map((g) => g.lr);
  }

  #improves(value: number): boolean {
    const sign = this.mode === "min" ? -1 : 1;
    const bar =
      this.threshold_mode === "rel"
        ? this.best * (1 + sign * this.threshold)
        : this.best + sign * this.threshold;
    return this.mode === "min" ? value < bar : value > bar;
  }

  #reduce(): void {
    this.#optimizer.param_groups.forEach((group, i) => {
      const lr = Math.max(group.lr * this.factor, this.min_lrs[i]!);
      if (group.lr - lr > this.eps) group.lr = lr;
    });
  }

  state_dict(): Record<string, unknown> {
    return Object.fromEntries(Object.entries(this));
  }

  load_state_dict(state: Readonly<Record<string, unknown>>): void {
    Object.assign(this, state);
  }
}
