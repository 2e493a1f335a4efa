/** @file Convolution, pooling, normalisation, dropout, padding and losses of `nn.functional`. */
import { int64 } from "../../dtype.js";
import { RuntimeError, ValueError } from "../../errors.js";
import { newTensor } from "../../kernels/copy.js";
import { fillBernoulli } from "../../random/discrete.js";
import { broadcastShapes, formatShape, type Shape, sameShape, sizeOf } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { call, call1, callMulti } from "../dispatch.js";
import { fullLike } from "../make.js";
import { ops } from "../op.js";
import { where } from "../pointwise.js";
import { expand, squeeze, unsqueeze } from "../shape_ops.js";
import {
  any,
  flag,
  fn,
  int,
  ints,
  optAny,
  optFloat,
  optInt,
  optInts,
  optTensor,
  tensor,
  text,
} from "../signature.js";

type Dims = readonly number[];

/** One number stands for all dimensions. */
function each(name: string, dims: Dims, n: number): number[] {
  if (dims.length === 1) return new Array<number>(n).fill(dims[0]!);
  if (dims.length !== n) {
    throw new RuntimeError(
      `expected ${name} to be a single integer value or a list of ${n} values to match the convolution dimensions, but got ${name}=${formatShape(dims)}`,
    );
  }
  return [...dims];
}

type Padding = number | Dims | string;

function checkTypes(x: Tensor, weight: Tensor, bias: Tensor | null): void {
  for (const [name, t] of [
    ["weight", weight],
    ["bias", bias],
  ] as const) {
    if (t === null || t.dtype === x.dtype) continue;
    throw new RuntimeError(`Input type (${cType(x)}) and ${name} type (${cType(t)}) should be the same`);
  }
}
const C_TYPES: Readonly<Record<string, string>> = {
  float32: "float",
  float64: "double",
  int64: "long int",
  int32: "int",
  uint8: "unsigned char",
};
const cType = (t: Tensor): string => C_TYPES[t.dtype.name] ?? t.dtype.name;

function checkConvolution(weight: Tensor, stride: Dims, padding: Dims, dilation: Dims, groups: number): void {
  if (groups <= 0) throw new RuntimeError("non-positive groups is not supported");
  if (weight._shape.length < 3) throw new RuntimeError("weight should have at least three dimensions");
  if (stride.some((n) => n <= 0)) throw new RuntimeError("non-positive stride is not supported");
  if (padding.some((n) => n < 0)) throw new RuntimeError("negative padding is not supported");
  if (dilation.some((n) => n <= 0)) throw new RuntimeError("dilation should be greater than zero");
  const rows = weight._shape[0]!;
  if (rows < groups) {
    throw new RuntimeError(
      `Given groups=${groups}, expected weight to be at least ${groups} at dimension 0, but got weight of size ${formatShape(weight._shape)} instead`,
    );
  }
  if (rows % groups !== 0) {
    throw new RuntimeError(
      `Given groups=${groups}, expected weight to be divisible by ${groups} at dimension 0, but got weight of size ${formatShape(weight._shape)} instead`,
    );
  }
}

function checkRank(x: Tensor, weight: Tensor): void {
  if (x._shape.length !== weight._shape.length) {
    const k = weight._shape.length;
    throw new RuntimeError(
      `Expected ${k}-dimensional input for ${k}-dimensional weight${formatShape(weight._shape)}, but got ${x._shape.length}-dimensional input of size ${formatShape(x._shape)} instead`,
    );
  }
}

function checkChannels(x: Tensor, weight: Tensor, groups: number, transposed: boolean): void {
  const wanted = transposed ? weight._shape[0]! : weight._shape[1]! * groups;
  if (x._shape[1] === wanted) return;
  throw new RuntimeError(
    `Given ${transposed ? "transposed=1" : `groups=${groups}`}, weight of size ${formatShape(weight._shape)}, expected input${formatShape(x._shape)} to have ${wanted} channels, but got ${x._shape[1]} channels instead`,
  );
}

/** Padding that keeps the size: where it is uneven, the odd one is laid on first. */
function samePadding(x: Tensor, kernel: Dims, dilation: Dims, n: number): [Tensor, number[]] {
  const total = kernel.map((k, d) => dilation[d]! * (k - 1));
  const even = total.map((t) => Math.floor(t / 2));
  const odd = total.map((t, d) => t - 2 * even[d]!);
  if (odd.every((o) => o === 0)) return [x, even];
  const pad = new Array<number>(2 * n).fill(0);
  odd.forEach((o, d) => {
    pad[2 * (n - 1 - d) + 1] = o;
  });
  return [call1(ops.constant_pad_nd, x, pad, 0), even];
}

function convolver(n: number) {
  const name = `conv${n}d`;
  const params = [
    tensor("input"),
    tensor("weight"),
    optTensor("bias"),
    optInts("stride"),
    optAny<"padding", Padding>("padding", 0),
    optInts("dilation"),
    optInt("groups", 1),
  ] as const;
  return fn(name, params, (input, weight, bias, stride_, padding_, dilation_, groups) => {
    const stride = each("stride", stride_ ?? [1], n);
    const dilation = each("dilation", dilation_ ?? [1], n);
    const single = input._shape.length === n + 1;
    if (!single && input._shape.length !== n + 2) {
      throw new RuntimeError(
        `Expected ${n + 1}D (unbatched) or ${n + 2}D (batched) input to ${name}, but got input of size: ${formatShape(input._shape)}`,
      );
    }
    let x = single ? unsqueeze(input, 0) : input;
    if (weight._shape.length >= 3) checkRank(x, weight);
    let padding: number[];
    if (typeof padding_ === "string") {
      if (padding_ === "valid") padding = new Array<number>(n).fill(0);
      else [x, padding] = samePadding(x, weight._shape.slice(2), dilation, n);
    } else padding = each("padding", typeof padding_ === "number" ? [padding_] : padding_, n);
    checkTypes(x, weight, bias);
    checkConvolution(weight, stride, padding, dilation, groups);
    checkChannels(x, weight, groups, false);
    const none = new Array<number>(n).fill(0);
    const out = call(ops.convolution, x, weight, bias, stride, padding, dilation, false, none, groups);
    return single ? squeeze(out, 0) : out;
  });
}
/** Cross-correlation of [N, C, L] (or [C, L]) with [O, C / groups, K]. */
export const conv1d = convolver(1);
/** Cross-correlation of [N, C, H, W] with [O, C / groups, kH, kW]. */
export const conv2d = convolver(2);
export const conv3d = convolver(3);

function transposedConvolver(n: number) {
  const name = `conv_transpose${n}d`;
  const params = [
    tensor("input"),
    tensor("weight"),
    optTensor("bias"),
    optInts("stride"),
    optInts("padding"),
    optInts("output_padding"),
    optInt("groups", 1),
    optInts("dilation"),
  ] as const;
  return fn(name, params, (input, weight, bias, stride_, padding_, output_, groups, dilation_) => {
    const stride = each("stride", stride_ ?? [1], n);
    const padding = each("padding", padding_ ?? [0], n);
    const extra = each("output_padding", output_ ?? [0], n);
    const dilation = each("dilation", dilation_ ?? [1], n);
    const single = input._shape.length === n + 1;
    const x = single ? unsqueeze(input, 0) : input;
    checkTypes(x, weight, bias);
    checkConvolution(weight, stride, padding, dilation, groups);
    checkChannels(x, weight, groups, true);
    const out = call(ops.convolution, x, weight, bias, stride, padding, dilation, true, extra, groups);
    return single ? squeeze(out, 0) : out;
  });
}
export const conv_transpose1d = transposedConvolver(1);
export const conv_transpose2d = transposedConvolver(2);
export const conv_transpose3d = transposedConvolver(3);

/** PyTorch's words for windows that cannot slide. */
function checkWindow(name: string, kernel: Dims, stride: Dims, dilation: Dims): void {
  const one = name.endsWith("1d");
  for (const [what, dims] of [
    ["kernel_size", kernel],
    ["stride", stride],
    ["dilation", dilation],
  ] as const) {
    const bad = dims.find((n) => n <= 0);
    if (bad === undefined) continue;
    if (one) throw new RuntimeError(`${name}() ${what} must be greater than zero, but got ${bad}`);
    const axes = dims.map((n, d) => `d${"THW".slice(-dims.length)[d]}: ${n}`).join(" ");
    throw new RuntimeError(
      what === "stride"
        ? "stride should not be zero"
        : `${what.replace("_", " ")} should be greater than zero, but got ${axes}`,
    );
  }
}

function checkPadding(kernel: Dims, padding: Dims, dilation: Dims): void {
  const p = padding.find((k) => k < 0);
  if (p !== undefined) throw new RuntimeError(`pad must be non-negative, but got pad: ${p}`);
  kernel.forEach((k, d) => {
    if (padding[d]! <= Math.floor((dilation[d]! * (k - 1) + 1) / 2)) return;
    throw new RuntimeError(
      `pad should be at most half of effective kernel size, but got pad=${padding[d]}, kernel_size=${k} and dilation=${dilation[d]}`,
    );
  });
}

/** Pools over one dimension run as pools over two. */
function asPlane(x: Tensor, run: (x: Tensor) => Tensor): Tensor {
  return squeeze(run(unsqueeze(x, -2)), -2);
}

function averager(n: number) {
  const params = [
    tensor("input"),
    ints("kernel_size"),
    optInts("stride"),
    optInts("padding"),
    flag("ceil_mode", false),
    flag("count_include_pad", true),
    optAny<"divisor_override", number | null>("divisor_override", null),
  ] as const;
  return fn(`avg_pool${n}d`, params, (x, kernel_, stride_, padding_, ceil, include, override) => {
    const kernel = each("kernel_size", kernel_, n);
    const stride = stride_ === null || stride_.length === 0 ? kernel : each("stride", stride_, n);
    const padding = each("padding", padding_ ?? [0], n);
    const one = kernel.map(() => 1);
    checkWindow(`avg_pool${n}d`, kernel, stride, one);
    checkPadding(kernel, padding, one);
    if (n === 3 && x._shape.length !== 4 && x._shape.length !== 5) {
      throw new RuntimeError("non-empty 4D or 5D (batch mode) tensor expected for input");
    }
    if (override === 0) throw new RuntimeError("divisor must be not zero");
    if (n > 1)
      return call(
        n === 2 ? ops.avg_pool2d : ops.avg_pool3d,
        x,
        kernel,
        stride,
        padding,
        ceil,
        include,
        override,
      );
    return asPlane(x, (plane) =>
      call(ops.avg_pool2d, plane, [1, ...kernel], [1, ...stride], [0, ...padding], ceil, include, override),
    );
  });
}
export const avg_pool1d = averager(1);
export const avg_pool2d = averager(2);
export const avg_pool3d = averager(3);

function maximizer(n: number) {
  const params = [
    tensor("input"),
    ints("kernel_size"),
    optInts("stride"),
    optInts("padding"),
    optInts("dilation"),
    flag("ceil_mode", false),
    flag("return_indices", false),
  ] as const;
  return fn(`max_pool${n}d`, params, (x, kernel_, stride_, padding_, dilation_, ceil, indices): Tensor => {
    const kernel = each("kernel_size", kernel_, n);
    const stride = stride_ === null || stride_.length === 0 ? kernel : each("stride", stride_, n);
    const padding = each("padding", padding_ ?? [0], n);
    const dilation = each("dilation", dilation_ ?? [1], n);
    checkWindow(`max_pool${n}d`, kernel, stride, dilation);
    checkPadding(kernel, padding, dilation);
    const outs =
      n > 1
        ? callMulti(
            n === 2 ? ops.max_pool2d_with_indices : ops.max_pool3d_with_indices,
            1,
            x,
            kernel,
            stride,
            padding,
            dilation,
            ceil,
          )
        : callMulti(
            ops.max_pool2d_with_indices,
            1,
            unsqueeze(x, -2),
            [1, ...kernel],
            [1, ...stride],
            [0, ...padding],
            [1, ...dilation],
            ceil,
          ).map((t) => squeeze(t, -2));
    return indices ? (outs as unknown as Tensor) : outs[0]!;
  });
}
export const max_pool1d = maximizer(1);
export const max_pool2d = maximizer(2);
export const max_pool3d = maximizer(3);

type OutputSize = number | readonly (number | null)[];
function outputSize(kind: "avg" | "max", x: Tensor, size: OutputSize, n: number): number[] {
  const name = `adaptive_${kind}_pool${n}d`;
  const list = typeof size === "number" ? new Array<number>(n).fill(size) : size;
  if (n > 1 && list.length > 0 && x._shape.length <= list.length) {
    throw new ValueError(`Input dimension should be at least ${list.length + 1}`);
  }
  if (list.length !== n) {
    if (n === 1)
      throw new RuntimeError(`${name}() argument 'output_size' should contain one int (got ${list.length})`);
    throw new RuntimeError(
      kind === "avg"
        ? `${name}: output_size must be ${n}`
        : `${name}(): internal error: output_size.size() must be ${n}`,
    );
  }
  const full = (n === 1 ? [1, ...list] : list).map((s) => s ?? 0);
  if (full.some((s) => s < 0)) {
    if (kind === "max") {
      const lead = x._shape.slice(0, x._shape.length - n);
      const shape = formatShape([...lead, ...full]);
      throw new RuntimeError(
        `Trying to create tensor with negative dimension ${full.find((s) => s < 0)}: ${shape}`,
      );
    }
    const text = n === 3 ? `${full[0]}, ${full[1]},${full[2]}` : full.join(", ");
    throw new RuntimeError(
      `adaptive_avg_pool${Math.max(n, 2)}d: elements of output_size must be greater than or equal to 0 but received {${text}}`,
    );
  }
  const own = x._shape.slice(x._shape.length - n);
  return list.map((s, d) => s ?? own[d]!);
}
function adaptiveAverager(n: number) {
  return fn(
    `adaptive_avg_pool${n}d`,
    [tensor("input"), any<"output_size", OutputSize>("output_size")],
    (x, size) => {
      const out = outputSize("avg", x, size, n);
      const op = n === 3 ? ops.adaptive_avg_pool3d : ops.adaptive_avg_pool2d;
      const run = (t: Tensor, to: Dims): Tensor =>
        to.every((s) => s === 1)
          ? t.mean(
              to.map((_, d) => d - to.length),
              true,
            )
          : call1(op, t, to);
      return n === 1 ? asPlane(x, (t) => run(t, [1, ...out])) : run(x, out);
    },
  );
}
export const adaptive_avg_pool1d = adaptiveAverager(1);
export const adaptive_avg_pool2d = adaptiveAverager(2);
export const adaptive_avg_pool3d = adaptiveAverager(3);
function adaptiveMaximizer(n: number) {
  const params = [
    tensor("input"),
    any<"output_size", OutputSize>("output_size"),
    flag("return_indices", false),
  ] as const;
  return fn(`adaptive_max_pool${n}d`, params, (x, size, indices): Tensor => {
    const out = outputSize("max", x, size, n);
    const op = n === 3 ? ops.adaptive_max_pool3d : ops.adaptive_max_pool2d;
    const outs =
      n === 1
        ? callMulti(op, 1, unsqueeze(x, -2), [1, ...out]).map((t) => squeeze(t, -2))
        : callMulti(op, 1, x, out);
    return indices ? (outs as unknown as Tensor) : outs[0]!;
  });
}
export const adaptive_max_pool1d = adaptiveMaximizer(1);
export const adaptive_max_pool2d = adaptiveMaximizer(2);
export const adaptive_max_pool3d = adaptiveMaximizer(3);

function checkNormalized(x: Tensor, shape: Shape): void {
  if (shape.length < 1) {
    throw new RuntimeError(
      `Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one element, but got normalized_shape = ${formatShape(shape)}`,
    );
  }
  if (x._shape.length < shape.length || !sameShape(x._shape.slice(x._shape.length - shape.length), shape)) {
    throw new RuntimeError(
      `Given normalized_shape=${formatShape(shape)}, expected input with shape [*${shape.map((n) => `, ${n}`).join("")}], but got input of size${formatShape(x._shape)}`,
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
    checkNormalized(x, shape);
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

function checkProbability(p: number): void {
  if (p < 0 || p > 1) throw new ValueError(`dropout probability has to be between 0 and 1, but got ${p}`);
}
/** Zeroes elements with probability `p` and scales the others up, in training. */
export const dropout = fn(
  "dropout",
  [tensor("input"), optFloat("p", 0.5), flag("training", true), flag("inplace", false)],
  (x, p, training, inplace): Tensor => {
    checkProbability(p);
    if (p === 0 || !training || x._numel === 0) return x;
    const noise = p === 1 ? newTensor(x._shape, x.dtype) : dropMask(x, x._shape, p);
    return inplace ? x.mul_(noise) : x.mul(noise);
  },
);
function dropMask(x: Tensor, shape: Shape, p: number): Tensor {
  const out = newTensor(sizeOf(shape), x.dtype);
  fillBernoulli(out._storage.data, 1 - p);
  return out.div_(1 - p);
}
function channelDropout(name: string, least: number) {
  return fn(
    name,
    [tensor("input"), optFloat("p", 0.5), flag("training", true), flag("inplace", false)],
    (x, p, training, inplace): Tensor => {
      checkProbability(p);
      const single = least !== 2 && x._shape.length === least + 1;
      const t = single ? unsqueeze(x, 0) : x;
      if (p === 0 || !training || x._numel === 0) return single ? squeeze(t, 0) : t;
      const shape = t._shape.map((n, d) => (d < 2 ? n : 1));
      const noise = p === 1 ? newTensor(sizeOf(shape), x.dtype) : dropMask(t, shape, p);
      const out = inplace ? t.mul_(noise) : t.mul(noise);
      return single ? squeeze(out, 0) : out;
    },
  );
}
/** Zeroes whole channels. */
export const dropout1d = channelDropout("dropout1d", 1);
export const dropout2d = channelDropout("dropout2d", 2);
export const dropout3d = channelDropout("dropout3d", 3);

/** Rows of `weight` by number. */
export const embedding = fn(
  "embedding",
  [
    tensor("input"),
    tensor("weight"),
    optAny<"padding_idx", number | null>("padding_idx", null),
    optAny<"max_norm", number | null>("max_norm", null),
    optFloat("norm_type", 2),
    flag("scale_grad_by_freq", false),
    flag("sparse", false),
  ],
  (indices, weight, padding) => {
    if (indices.dtype !== int64 && indices.dtype.name !== "int32") {
      throw new RuntimeError(
        `Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got torch.${indices.dtype.scalarName}Tensor instead (while checking arguments for embedding)`,
      );
    }
    const rows = weight._shape[0]!;
    const p = padding === null ? -1 : padding < 0 ? padding + rows : padding;
    return call(ops.embedding, weight, indices, p);
  },
);

/** Pads from the last dimension backwards: "constant" here. */
export const pad = fn(
  "pad",
  [tensor("input"), ints("pad"), text("mode", "constant"), optAny<"value", number | null>("value", null)],
  (x, by, mode, value) => {
    if (by.length % 2 !== 0) throw new RuntimeError("Padding length must be divisible by 2");
    if (mode === "constant") return call1(ops.constant_pad_nd, x, by, value ?? 0);
    throw new RuntimeError(`Unrecognised padding mode ${mode}`);
  },
);

const CODES = ["none", "mean", "sum"];
function reductionOf(name: string): number {
  const code = CODES.indexOf(name);
  if (code < 0) throw new ValueError(`${name} is not a valid value for reduction`);
  return code;
}
function reduced(x: Tensor, reduction: string): Tensor {
  const code = reductionOf(reduction);
  if (code === 0) return x;
  return code === 1 ? x.mean() : x.sum();
}
function both(x: Tensor, y: Tensor): [Tensor, Tensor] {
  const shape = broadcastShapes(x._shape, y._shape);
  const to = (t: Tensor): Tensor => (sameShape(t._shape, shape) ? t : expand(t, shape));
  return [to(x), to(y)];
}
const legacy = [
  optAny<"size_average", boolean | null>("size_average", null),
  optAny<"reduce", boolean | null>("reduce", null),
] as const;
const pairLoss = [tensor("input"), tensor("target"), ...legacy, text("reduction", "mean")] as const;

/** Mean of |input − target|. */
export const l1_loss = fn("l1_loss", pairLoss, (x, y, _, __, reduction): Tensor => {
  reductionOf(reduction);
  return reduced(x.sub(y).abs(), reduction);
});
/** Quadratic within `beta`, linear beyond. */
export const smooth_l1_loss = fn(
  "smooth_l1_loss",
  [...pairLoss, optFloat("beta", 1)],
  (x, y, _, __, reduction, beta) => {
    if (beta < 0) throw new RuntimeError("smooth_l1_loss does not support negative values for beta.");
    if (beta === 0) return l1_loss(x, y, { reduction });
    return call(ops.smooth_l1_loss, ...both(x, y), reductionOf(reduction), beta);
  },
);
/** ½ d² within `delta`, linear beyond. */
export const huber_loss = fn(
  "huber_loss",
  [tensor("input"), tensor("target"), text("reduction", "mean"), optFloat("delta", 1), optTensor("weight")],
  (x, y, reduction, delta) => {
    const code = reductionOf(reduction);
    if (delta <= 0) throw new RuntimeError("huber_loss does not support non-positive values for delta.");
    return call(ops.huber_loss, ...both(x, y), code, delta);
  },
);
/** ln(1 + e^(−y x)). */
export const soft_margin_loss = fn("soft_margin_loss", pairLoss, (x, y, _, __, reduction) => {
  const code = reductionOf(reduction);
  return call(ops.soft_margin_loss, ...both(x, y), code);
});
/** −(y ln x + (1 − y) ln(1 − x)), logarithms no lower than −100. */
export const binary_cross_entropy = fn(
  "binary_cross_entropy",
  [tensor("input"), tensor("target"), optTensor("weight"), ...legacy, text("reduction", "mean")],
  (x, y, weight, _, __, reduction) => {
    const code = reductionOf(reduction);
    if (!sameShape(x._shape, y._shape)) {
      throw new ValueError(
        `Using a target size (${y._shape}) that is different to the input size (${x._shape}) is deprecated. Please ensure they have the same size.`,
      );
    }
    const w = weight === null ? null : expand(weight, broadcastShapes(y._shape, weight._shape));
    return call(ops.binary_cross_entropy, x, y, w, code);
  },
);
/** y (ln y − x) for log-probabilities x. */
export const kl_div = fn(
  "kl_div",
  [...pairLoss, flag("log_target", false)],
  (x, y, _, __, reduction, log): Tensor => {
    const batch = reduction === "batchmean";
    if (!batch) reductionOf(reduction);
    const terms = log ? y.exp().mul(y.sub(x)) : y.xlogy(y).sub(y.mul(x));
    if (!batch) return reduced(terms, reduction);
    return terms.sum().div(x._shape[0] ?? 1);
  },
);
const margin = [...legacy, text("reduction", "mean")] as const;
/** x where the target is 1, max(0, margin − x) where it is −1. */
export const hinge_embedding_loss = fn(
  "hinge_embedding_loss",
  [tensor("input"), tensor("target"), optFloat("margin", 1), ...margin],
  (x, y, gap, _, __, reduction): Tensor => {
    reductionOf(reduction);
    const zeros = newTensor(x._shape, x.dtype);
    const hinge = call1(ops.clamp_min, fullLike(zeros, gap).sub(x), 0);
    const first = where(y.ne(1), hinge, zeros);
    return reduced(first.add(where(y.ne(-1), x, zeros)), reduction);
  },
);
/** max(0, −y (x₁ − x₂) + margin). */
export const margin_ranking_loss = fn(
  "margin_ranking_loss",
  [tensor("input1"), tensor("input2"), tensor("target"), optFloat("margin", 0), ...margin],
  (a, b, y, gap, _, __, reduction): Tensor => {
    reductionOf(reduction);
    const n = y._shape.length;
    if (a._shape.length !== n || b._shape.length !== n) {
      throw new RuntimeError(
        `margin_ranking_loss : All input tensors should have same dimension but got sizes: input1: ${a._shape}, input2: ${b._shape}, target: ${y._shape} `,
      );
    }
    const terms = call1(ops.add_Scalar, y.neg().mul(a.sub(b)), gap, 1);
    return reduced(call1(ops.clamp_min, terms, 0), reduction);
  },
);
/** Mean over classes of binary cross entropies of logits. */
export const multilabel_soft_margin_loss = fn(
  "multilabel_soft_margin_loss",
  [tensor("input"), tensor("target"), optTensor("weight"), ...margin],
  (x, y, weight, _, __, reduction): Tensor => {
    reductionOf(reduction);
    const logs = (t: Tensor): Tensor => call1(ops.log_sigmoid, t);
    const terms = y
      .mul(logs(x))
      .add(y.neg().add(1).mul(logs(x.neg())))
      .neg();
    const weighted = weight === null ? terms : terms.mul(weight);
    const d = x._shape.length - 1;
    return reduced(weighted.sum(d).div(x._shape[d]!), reduction);
  },
);

/** x / max(‖x‖, eps). */
export const normalize = fn(
  "normalize",
  [tensor("input"), optFloat("p", 2), optInt("dim", 1), optFloat("eps", 1e-12)],
  (x, p, dim, eps): Tensor =>
    x.div(expand(call1(ops.clamp_min, call(ops.linalg_vector_norm, x, p, [dim], true), eps), x._shape)),
);
