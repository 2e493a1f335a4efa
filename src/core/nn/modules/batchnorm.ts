/** @file `BatchNorm1d` … and `InstanceNorm1d` …: normalisation with running statistics. */
import { int64 } from "../../dtype.js";
import { ValueError } from "../../errors.js";
import { zeros } from "../../ops/creation.js";
import { flag, int, optAny, optDType, optFloat } from "../../ops/parameters.js";
import { fn } from "../../ops/signature.js";
import type { Tensor } from "../../tensor.js";
import { warn } from "../../warnings.js";
import { emptyOf } from "../empty.js";
import * as F from "../functional.js";
import type { Parameter } from "../parameter.js";
import { Module } from "./module.js";
import { affine, resetAffine } from "./normalization.js";
import { settings } from "./print.js";

const normArgs = (name: string, defaults: boolean) =>
  fn(
    `${name}.__init__`,
    [
      int("num_features"),
      optFloat("eps", 1e-5),
      optAny<"momentum", number | null>("momentum", 0.1),
      flag("affine", defaults),
      flag("track_running_stats", defaults),
      optDType("dtype"),
      flag("bias", true),
    ],
    (...values) => values,
  );
type NormArgs = Parameters<ReturnType<typeof normArgs>>;

abstract class RunningNorm extends Module {
  readonly num_features: number;
  readonly eps: number;
  readonly momentum: number | null;
  readonly affine: boolean;
  readonly track_running_stats: boolean;
  weight: Parameter | null;
  bias: Parameter | null;
  declare running_mean: Tensor | null;
  declare running_var: Tensor | null;
  declare num_batches_tracked: Tensor | null;

  constructor(defaults: boolean, args: NormArgs) {
    super();
    const [n, eps, momentum, wanted, track, dtype, bias] = normArgs(new.target.name, defaults)(...args);
    this.num_features = n;
    this.eps = eps;
    this.momentum = momentum;
    this.affine = wanted;
    this.track_running_stats = track;
    this.weight = affine(wanted, [n], dtype);
    this.bias = affine(wanted && bias, [n], dtype);
    this.register_buffer("running_mean", track ? emptyOf([n], dtype) : null);
    this.register_buffer("running_var", track ? emptyOf([n], dtype) : null);
    this.register_buffer("num_batches_tracked", track ? zeros([], { dtype: int64 }) : null);
    this.reset_parameters();
  }

  reset_running_stats(): void {
    if (!this.track_running_stats) return;
    this.running_mean?.zero_();
    this.running_var?.fill_(1);
    this.num_batches_tracked?.zero_();
  }

  reset_parameters(): void {
    this.reset_running_stats();
    resetAffine(this.weight, this.bias);
  }

  override extra_repr(): string {
    const { eps, momentum, track_running_stats } = this;
    const rest = { eps, momentum, affine: this.affine, bias: this.bias !== null, track_running_stats };
    return `${this.num_features}, ${settings(rest)}`;
  }
}

/** Refuses inputs of other ranks than the layer is for. */
function checkRank(input: Tensor, ranks: readonly number[]): void {
  const rank = input.dim();
  if (ranks.includes(rank)) return;
  const names = ranks.map((r) => `${r}D`).join(" or ");
  throw new ValueError(`expected ${names} input (got ${rank}D input)`);
}

abstract class BatchNorm extends RunningNorm {
  protected abstract get ranks(): readonly number[];

  constructor(...args: NormArgs) {
    super(true, args);
  }

  override forward(input: Tensor): Tensor {
    checkRank(input, this.ranks);
    let factor = this.momentum ?? 0;
    if (this.training && this.num_batches_tracked !== null) {
      this.num_batches_tracked.add_(1);
      // Without a momentum, the running statistics are plain means over all batches.
      if (this.momentum === null) factor = 1 / Number(this.num_batches_tracked.item());
    }
    const fromBatch = this.training || (this.running_mean === null && this.running_var === null);
    const keep = !this.training || this.track_running_stats;
    return F.batch_norm(
      input,
      keep ? this.running_mean : null,
      keep ? this.running_var : null,
      this.weight,
      this.bias,
      fromBatch,
      factor,
      this.eps,
    );
  }
}

/** Mean 0 and variance 1 over the batch, channel by channel: [N, C] or [N, C, L]. */
export class BatchNorm1d extends BatchNorm {
  protected override get ranks(): readonly number[] {
    return [2, 3];
  }
}
/** The same for [N, C, H, W]. */
export class BatchNorm2d extends BatchNorm {
  protected override get ranks(): readonly number[] {
    return [4];
  }
}
/** The same for [N, C, D, H, W]. */
export class BatchNorm3d extends BatchNorm {
  protected override get ranks(): readonly number[] {
    return [5];
  }
}

abstract class InstanceNorm extends RunningNorm {
  /** Rank of a single example. */
  protected abstract get rank(): number;

  constructor(...args: NormArgs) {
    super(false, args);
  }

  override forward(input: Tensor): Tensor {
    checkRank(input, [this.rank, this.rank + 1]);
    const single = input.dim() === this.rank;
    const channels = input.shape[single ? 0 : 1]!;
    if (channels !== this.num_features) this.#wrongChannels(single ? 0 : 1, channels);
    const { running_mean, running_var, weight, bias, eps } = this;
    const run = (x: Tensor): Tensor =>
      F.instance_norm(x, {
        running_mean,
        running_var,
        weight,
        bias,
        use_input_stats: this.training || !this.track_running_stats,
        momentum: this.momentum ?? 0,
        eps,
      });
    return single ? run(input.unsqueeze(0)).squeeze(0) : run(input);
  }

  #wrongChannels(dim: number, got: number): void {
    if (this.affine) {
      throw new ValueError(
        `expected input's size at dim=${dim} to match num_features (${this.num_features}), but got: ${got}.`,
      );
    }
    warn(
      `input's size at dim=${dim} does not match num_features. You can silence this warning by not passing in num_features, which is not used because affine=False`,
    );
  }
}

/** Mean 0 and variance 1 in each channel of each example: [N, C, L] or [C, L]. */
export class InstanceNorm1d extends InstanceNorm {
  protected override get rank(): number {
    return 2;
  }
}
export class InstanceNorm2d extends InstanceNorm {
  protected override get rank(): number {
    return 3;
  }
}
export class InstanceNorm3d extends InstanceNorm {
  protected override get rank(): number {
    return 4;
  }
}
