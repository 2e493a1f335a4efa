/** @file `torch.nn.init`: fills tensors in place, drawing from the random stream as PyTorch does. */
import { no_grad } from "../autograd/grad_mode.js";
import { ValueError } from "../errors.js";
import { newTensor } from "../kernels/copy.js";
import { erf } from "../kernels/special/error_function.js";
import { eye } from "../ops/creation.js";
import { fullOf } from "../ops/make.js";
import { where } from "../ops/pointwise.js";
import { normal_ as fillNormal, uniform_ as fillUniform } from "../ops/random_fill.js";
import { defaultGenerator, type Generator } from "../random/generator.js";
import type { Tensor } from "../tensor.js";
import { warn } from "../warnings.js";

export type Nonlinearity =
  | "linear"
  | "conv1d"
  | "conv2d"
  | "conv3d"
  | "conv_transpose1d"
  | "conv_transpose2d"
  | "conv_transpose3d"
  | "sigmoid"
  | "tanh"
  | "relu"
  | "leaky_relu"
  | "selu";

interface Drawn {
  generator?: Generator | null;
}

/** The factor that keeps the variance of activations through a nonlinearity. */
export function calculate_gain(nonlinearity: Nonlinearity, param: number | null = null): number {
  switch (nonlinearity) {
    case "tanh":
      return 5 / 3;
    case "relu":
      return Math.sqrt(2);
    case "leaky_relu": {
      const slope = param ?? 0.01;
      if (typeof slope !== "number")
        throw new ValueError(`negative_slope ${String(slope)} not a valid number`);
      return Math.sqrt(2 / (1 + slope ** 2));
    }
    case "selu":
      return 3 / 4;
    default:
      if (/^(linear|conv(_transpose)?[123]d|sigmoid)$/.test(nonlinearity)) return 1;
      throw new ValueError(`Unsupported nonlinearity ${String(nonlinearity)}`);
  }
}

export function uniform_(tensor: Tensor, a = 0, b = 1, options: Drawn = {}): Tensor {
  return no_grad(() => fillUniform(tensor, a, b, options.generator ?? defaultGenerator));
}

export function normal_(tensor: Tensor, mean = 0, std = 1, options: Drawn = {}): Tensor {
  return no_grad(() => fillNormal(tensor, mean, std, options.generator ?? defaultGenerator));
}

export function constant_(tensor: Tensor, val: number): Tensor {
  return no_grad(() => tensor.fill_(val));
}

export function ones_(tensor: Tensor): Tensor {
  return constant_(tensor, 1);
}

export function zeros_(tensor: Tensor): Tensor {
  return constant_(tensor, 0);
}

/** The identity matrix. */
export function eye_(tensor: Tensor): Tensor {
  const [n, m] = tensor._shape;
  if (tensor._shape.length !== 2) throw new ValueError("Only tensors with 2 dimensions are supported");
  return no_grad(() => tensor.copy_(eye(n!, m!)));
}

function fans(tensor: Tensor): [fanIn: number, fanOut: number] {
  const shape = tensor._shape;
  if (shape.length < 2) {
    throw new ValueError("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions");
  }
  const field = shape.slice(2).reduce((n, d) => n * d, 1);
  return [shape[1]! * field, shape[0]! * field];
}

/** @internal numbers of inputs and outputs of a unit of this weight */
export const _calculate_fan_in_and_fan_out = fans;

/** Uniform in ±gain √(6 / (fan_in + fan_out)). */
export function xavier_uniform_(tensor: Tensor, gain = 1, options: Drawn = {}): Tensor {
  const [fanIn, fanOut] = fans(tensor);
  const std = gain * Math.sqrt(2 / (fanIn + fanOut));
  const a = Math.sqrt(3) * std;
  return uniform_(tensor, -a, a, options);
}

/** Normal with standard deviation gain √(2 / (fan_in + fan_out)). */
export function xavier_normal_(tensor: Tensor, gain = 1, options: Drawn = {}): Tensor {
  const [fanIn, fanOut] = fans(tensor);
  return normal_(tensor, 0, gain * Math.sqrt(2 / (fanIn + fanOut)), options);
}

export interface KaimingOptions extends Drawn {
  /** Negative slope of the leaky ReLU that follows. */
  a?: number;
  mode?: "fan_in" | "fan_out";
  nonlinearity?: Nonlinearity;
}

function kaimingStd(tensor: Tensor, options: KaimingOptions): number {
  const mode = String(options.mode ?? "fan_in").toLowerCase();
  if (mode !== "fan_in" && mode !== "fan_out") {
    throw new ValueError(`Mode ${mode} not supported, please use one of ['fan_in', 'fan_out']`);
  }
  const fan = fans(tensor)[mode === "fan_in" ? 0 : 1];
  return calculate_gain(options.nonlinearity ?? "leaky_relu", options.a ?? 0) / Math.sqrt(fan);
}

function emptyWarning(tensor: Tensor): boolean {
  if (!tensor._shape.includes(0)) return false;
  warn("Initializing zero-element tensors is a no-op");
  return true;
}

/** Uniform in ±gain √(3 / fan). */
export function kaiming_uniform_(tensor: Tensor, options: KaimingOptions = {}): Tensor {
  if (emptyWarning(tensor)) return tensor;
  const bound = Math.sqrt(3) * kaimingStd(tensor, options);
  return uniform_(tensor, -bound, bound, options);
}

/** Normal with standard deviation gain / √fan. */
export function kaiming_normal_(tensor: Tensor, options: KaimingOptions = {}): Tensor {
  if (emptyWarning(tensor)) return tensor;
  return normal_(tensor, 0, kaimingStd(tensor, options), options);
}

/** Dirac's delta: convolutions that hand their input on. Three to five dimensions. */
export function dirac_(tensor: Tensor, groups = 1): Tensor {
  const shape = tensor._shape;
  if (shape.length < 3 || shape.length > 5) {
    throw new ValueError("Only tensors with 3, 4, or 5 dimensions are supported");
  }
  if (shape[0]! % groups !== 0) throw new ValueError("dim 0 must be divisible by groups");
  const perGroup = shape[0]! / groups;
  const centre = shape.slice(2).map((d) => Math.floor(d / 2));
  return no_grad(() => {
    tensor.zero_();
    for (let g = 0; g < groups; g++) {
      for (let d = 0; d < Math.min(perGroup, shape[1]!); d++) {
        tensor.index_put_([g * perGroup + d, d, ...centre], 1);
      }
    }
    return tensor;
  });
}

/** Normal, but cut off at [a, b]: what falls outside is drawn again. */
export function trunc_normal_(tensor: Tensor, mean = 0, std = 1, a = -2, b = 2, options: Drawn = {}): Tensor {
  const generator = options.generator ?? defaultGenerator;
  if (mean < a - 2 * std || mean > b + 2 * std) {
    warn(
      "mean is more than 2 std from [a, b] in nn.init.trunc_normal_. The distribution of values may be incorrect.",
    );
  }
  const cdf = (x: number): number => (1 + erf(x / Math.SQRT2)) / 2;
  const inside = cdf((b - mean) / std) - cdf((a - mean) / std);
  return no_grad(() => {
    const drawn =
      inside > 0.3
        ? rejectOutside(tensor, mean, std, a, b, generator)
        : rejectByDensity(tensor, mean, std, a, b, generator);
    return tensor.copy_(drawn);
  });
}

/** Draws normally until all lie within the bounds, in the precision of the tensor. */
function rejectOutside(
  t: Tensor,
  mean: number,
  std: number,
  a: number,
  b: number,
  generator: Generator,
): Tensor {
  const draw = (): Tensor => fillNormal(newTensor(t._shape, t.dtype), mean, std, generator);
  const low = fullOf([], a, t.dtype).item();
  const high = fullOf([], b, t.dtype).item();
  let result = draw();
  for (;;) {
    const outside = result.lt(low).logical_or(result.gt(high));
    if (!outside.any().item()) return result;
    result = where(outside, draw(), result);
  }
}

/** Far in the tail: uniform candidates, each kept with the probability of its density over the largest one. */
function rejectByDensity(
  t: Tensor,
  mean: number,
  std: number,
  a: number,
  b: number,
  generator: Generator,
): Tensor {
  const empty = (): Tensor => newTensor(t._shape, t.dtype);
  const peak = -0.5 * ((Math.max(a, Math.min(mean, b)) - mean) / std) ** 2;
  const refused = (candidates: Tensor): Tensor => {
    const density = candidates.sub(mean).div_(std).pow_(2).mul_(-0.5).sub_(peak);
    return fillUniform(empty(), 0, 1, generator).log_().gt(density);
  };
  let result = fillUniform(empty(), a, b, generator);
  let pending = refused(result);
  while (pending.any().item()) {
    const candidates = fillUniform(empty(), a, b, generator);
    result = where(pending, candidates, result);
    pending = pending.logical_and(refused(candidates));
  }
  return result;
}
