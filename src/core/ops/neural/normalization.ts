/** @file Normalisation of `nn.functional`. */
import { RuntimeError, ValueError } from "../../errors.js";
import { formatShape, type Shape, sameShape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { call1, callMulti } from "../dispatch.js";
import { ops } from "../op.js";
import { flag, int, ints, optFloat, optTensor, tensor } from "../parameters.js";
import { contiguous } from "../pointwise.js";
import { repeat, view } from "../shape_ops.js";
import { fn } from "../signature.js";

function checkNormalized(x: Tensor, shape: Shape, comma = ", "): void {
  if (shape.length < 1) {
    throw new RuntimeError(
      `Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one element, but got normalized_shape = ${formatShape(shape)}`,
    );
  }
  if (x._shape.length < shape.length || !sameShape(x._shape.slice(x._shape.length - shape.length), shape)) {
    throw new RuntimeError(
      `Given normalized_shape=${formatShape(shape)}, expected input with shape [*${comma}${shape.join(", ")}], but got input of size${formatShape(x._shape)}`,
    );
  }
}
function checkAffine(name: string, t: Tensor | null, shape: Shape): void {
  if (t === null || sameShape(t._shape, shape)) return;
  throw new RuntimeError(
    `Expected ${name} to be of same shape as normalized_shape, but got ${name} of shape ${formatShape(t._shape)} and normalized_shape = ${formatShape(shape)}`,
  );
}
/** Mean 0 and variance 1 over the last dimensions, then scaled and shifted. */
export const layer_norm = fn(
  "layer_norm",
  [tensor("input"), ints("normalized_shape"), optTensor("weight"), optTensor("bias"), optFloat("eps", 1e-5)],
  (x, shape, weight, bias, eps) => {
    checkNormalized(x, shape);
    checkAffine("weight", weight, shape);
    checkAffine("bias", bias, shape);
    return callMulti(ops.native_layer_norm, 1, x, weight, bias, shape, eps)[0]!;
  },
);
/** Mean 0 and variance 1 over groups of channels. */
export const group_norm = fn(
  "group_norm",
  [tensor("input"), int("num_groups"), optTensor("weight"), optTensor("bias"), optFloat("eps", 1e-5)],
  (x, groups, weight, bias, eps) => {
    if (x._shape.length < 2) {
      throw new RuntimeError(
        `Expected at least 2 dimensions for input tensor but received ${x._shape.length}`,
      );
    }
    if (x._shape[1]! % groups !== 0) {
      throw new RuntimeError(
        `Expected number of channels in input to be divisible by num_groups, but got input of shape ${formatShape(x._shape)} and num_groups=${groups}`,
      );
    }
    return callMulti(
      ops.native_group_norm,
      1,
      x.contiguous(),
      weight?.contiguous() ?? null,
      bias?.contiguous() ?? null,
      groups,
      eps,
    )[0]!;
  },
);
/** Divided by the root of the mean square over the last dimensions. */
export const rms_norm = fn(
  "rms_norm",
  [tensor("input"), ints("normalized_shape"), optTensor("weight"), optFloat("eps", null)],
  (x, shape, weight, eps): Tensor => {
    // PyTorch leaves a comma out of this message.
    checkNormalized(x, shape, "");
    checkAffine("weight", weight, shape);
    const small = eps ?? (x.dtype.name === "float32" ? 1.1920928955078125e-7 : 2.220446049250313e-16);
    const dims = shape.map((_, d) => x._shape.length - shape.length + d);
    const rstd = call1(ops.add_Scalar, x.pow(2).mean(dims, true), small, 1).rsqrt();
    const out = x.mul(rstd);
    return weight === null ? out : out.mul(weight);
  },
);

/** Mean 0 and variance 1 over everything but the channels; running statistics are updated in training. */
export const batch_norm = fn(
  "batch_norm",
  [
    tensor("input"),
    optTensor("running_mean"),
    optTensor("running_var"),
    optTensor("weight"),
    optTensor("bias"),
    flag("training", false),
    optFloat("momentum", 0.1),
    optFloat("eps", 1e-5),
  ],
  (x, mean, variance, weight, bias, training, momentum, eps): Tensor => {
    if (x._numel === 0) return x.clone();
    if (training) checkBatch(x);
    const stats = [mean?.detach().clone() ?? null, variance?.detach().clone() ?? null];
    const out = callMulti(ops.native_batch_norm, 1, x, weight, bias, ...stats, training, eps)[0]!;
    if (training) updateStatistics(x, mean, variance, momentum);
    return out;
  },
);
function checkBatch(x: Tensor): void {
  const size = x._shape.filter((_, d) => d !== 1).reduce((a, b) => a * b, 1);
  if (size === 1) {
    throw new ValueError(`Expected more than 1 value per channel when training, got input size ${x._shape}`);
  }
}
function updateStatistics(x: Tensor, mean: Tensor | null, variance: Tensor | null, momentum: number): void {
  const dims = x._shape.map((_, d) => d).filter((d) => d !== 1);
  const seen = x.detach();
  mean
    ?.detach()
    .mul_(1 - momentum)
    .add_(seen.mean(dims).mul(momentum));
  variance
    ?.detach()
    .mul_(1 - momentum)
    .add_(seen.var(dims, { correction: 1 }).mul(momentum));
}

/** Each channel of each example normalised by itself: batch norm over [1, N · C, …]. */
export const instance_norm = fn(
  "instance_norm",
  [
    tensor("input"),
    optTensor("running_mean"),
    optTensor("running_var"),
    optTensor("weight"),
    optTensor("bias"),
    flag("use_input_stats", true),
    optFloat("momentum", 0.1),
    optFloat("eps", 1e-5),
  ],
  (x, mean, variance, weight, bias, fromInput, momentum, eps): Tensor => {
    const [n, c, ...rest] = x._shape as readonly number[] as [number, number, ...number[]];
    if (fromInput && rest.reduce((a, b) => a * b, 1) === 1) {
      throw new ValueError(`Expected more than 1 spatial element when training, got input size ${x._shape}`);
    }
    if (!fromInput && (mean === null || variance === null)) {
      throw new RuntimeError(
        "Expected running_mean and running_var to be defined when use_input_stats is false",
      );
    }
    const tiled = (t: Tensor | null): Tensor | null => (t === null ? null : repeat(t, [n]));
    const stats = [mean, variance].map((t) => (t === null ? null : repeat(t.detach(), [n])));
    const [runningMean, runningVar] = stats as [Tensor | null, Tensor | null];
    const merged = view(contiguous(x), [1, n * c, ...rest]);
    const out = batch_norm(
      merged,
      runningMean,
      runningVar,
      tiled(weight),
      tiled(bias),
      fromInput,
      momentum,
      eps,
    );
    // The running statistics are the means of those of the examples.
    if (fromInput) {
      if (runningMean !== null) mean!.detach().copy_(runningMean.view(n, c).mean(0));
      if (runningVar !== null) variance!.detach().copy_(runningVar.view(n, c).mean(0));
    }
    return view(out, x._shape);
  },
);
