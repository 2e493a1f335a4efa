/** @file Derivatives of convolution, pooling, normalisation and losses, in differentiable ops. */
import type { Shape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { call } from "../dispatch.js";
import { zerosOf } from "../make.js";
import { ops } from "../op.js";
import { where } from "../pointwise.js";
import { REDUCE_MEAN } from "../schema.js";
import { reshape } from "../shape_ops.js";
import { helper } from "../trace.js";
import { multilabelSlopes } from "./margins.js";

type Dims = readonly number[];
type Geometry = [
  stride: Dims,
  padding: Dims,
  dilation: Dims,
  transposed: boolean,
  outputPadding: Dims,
  groups: number,
];

/** What a transposed convolution must add at the end to have the input's size again. */
function adjustment(
  sizes: Shape,
  grad: Tensor,
  weight: Tensor,
  [stride, padding, dilation]: Geometry,
): number[] {
  return stride.map((s, d) => {
    const least =
      (grad._shape[d + 2]! - 1) * s - 2 * padding[d]! + dilation[d]! * (weight._shape[d + 2]! - 1) + 1;
    return sizes[d + 2]! - least;
  });
}

/** The input's gradient of a convolution is a transposed convolution, and the other way round. */
export const convolution_input = helper(
  "convolution_input",
  (grad: Tensor, sizes: Shape, weight: Tensor, ...geometry: Geometry): Tensor => {
    const [stride, padding, dilation, transposed, , groups] = geometry;
    const extra = transposed ? stride.map(() => 0) : adjustment(sizes, grad, weight, geometry);
    return call(ops.convolution, grad, weight, null, stride, padding, dilation, !transposed, extra, groups);
  },
);
export const convolution_weight = helper(
  "convolution_weight",
  (grad: Tensor, input: Tensor, sizes: Shape, ...geometry: Geometry): Tensor =>
    call(ops.convolution_weight, grad, input, sizes, ...geometry.slice(0, 6)),
);
export const convolution = helper(
  "convolution",
  (input: Tensor, weight: Tensor, ...geometry: Geometry): Tensor =>
    call(ops.convolution, input, weight, null, ...geometry.slice(0, 6)),
);
export const convolution_bias = helper(
  "convolution_bias",
  (grad: Tensor): Tensor => grad.sum(grad._shape.map((_, d) => d).filter((d) => d !== 1)),
);

type Average = [
  kernel: Dims,
  stride: Dims,
  padding: Dims,
  ceil: boolean,
  includePad: boolean,
  override: number | null,
];
export const avg_pool_backward = helper(
  "avg_pool_backward",
  (grad: Tensor, sizes: Shape, ...rest: Average): Tensor =>
    call(ops.avg_pool_backward, grad, sizes, ...rest.slice(0, 6)),
);
export const avg_pool = helper(
  "avg_pool",
  (grad: Tensor, ...rest: Average): Tensor => call(ops.avg_pool2d, grad, ...rest.slice(0, 6)),
);
export const adaptive_avg_pool_backward = helper(
  "adaptive_avg_pool_backward",
  (grad: Tensor, sizes: Shape, out: Dims): Tensor => call(ops.adaptive_avg_pool_backward, grad, sizes, out),
);
export const adaptive_avg_pool = helper(
  "adaptive_avg_pool",
  (grad: Tensor, out: Dims): Tensor => call(ops.adaptive_avg_pool2d, grad, out),
);

/** Every gradient goes to the element that its window chose. */
export const max_pool_backward = helper(
  "max_pool_backward",
  (grad: Tensor, indices: Tensor, sizes: Shape, dims: number): Tensor => {
    const planes = sizes.slice(0, sizes.length - dims);
    const area = sizes.slice(sizes.length - dims).reduce((n, d) => n * d, 1);
    const windows = grad._shape.slice(grad._shape.length - dims).reduce((n, d) => n * d, 1);
    const flat = reshape(grad, [...planes, windows]);
    const at = reshape(indices, [...planes, windows]);
    return reshape(
      call(ops.scatter_add, zerosOf([...planes, area], grad.dtype), planes.length, at, flat),
      sizes,
    );
  },
);

interface Hat {
  readonly hat: Tensor;
  readonly rstd: Tensor;
}
function hatOf(x: Tensor, dims: number[], eps: number): Hat {
  const centred = x.sub(x.mean(dims, true));
  const rstd = centred.mul(centred).mean(dims, true).add(eps).rsqrt();
  return { hat: centred.mul(rstd), rstd };
}
/** rstd · (g − mean g − x̂ · mean(g x̂)), over the elements that share a mean. */
function throughMean(g: Tensor, { hat, rstd }: Hat, dims: number[]): Tensor {
  return rstd.mul(g.sub(g.mean(dims, true)).sub(hat.mul(g.mul(hat).mean(dims, true))));
}

const lastDims = (x: Tensor, n: number): number[] => x._shape.map((_, d) => d).slice(x._shape.length - n);
const firstDims = (x: Tensor, n: number): number[] => x._shape.map((_, d) => d).slice(0, x._shape.length - n);

export const layer_norm_input = helper(
  "layer_norm_backward_input",
  (grad: Tensor, x: Tensor, weight: Tensor | null, shape: Shape, eps: number): Tensor => {
    const dims = lastDims(x, shape.length);
    return throughMean(weight === null ? grad : grad.mul(weight), hatOf(x, dims, eps), dims);
  },
);
export const layer_norm_weight = helper(
  "layer_norm_backward_weight",
  (grad: Tensor, x: Tensor, shape: Shape, eps: number): Tensor => {
    const product = grad.mul(hatOf(x, lastDims(x, shape.length), eps).hat);
    const dims = firstDims(x, shape.length);
    return dims.length === 0 ? product : product.sum(dims);
  },
);
export const layer_norm_bias = helper("layer_norm_backward_bias", (grad: Tensor, shape: Shape): Tensor => {
  const dims = firstDims(grad, shape.length);
  return dims.length === 0 ? grad : grad.sum(dims);
});

const channels = (t: Tensor, like: Tensor): Tensor =>
  reshape(
    t,
    like._shape.map((n, d) => (d === 1 ? n : 1)),
  );
const allButChannel = (x: Tensor): number[] => x._shape.map((_, d) => d).filter((d) => d !== 1);

export const channel_sum = helper("channel_sum", (grad: Tensor): Tensor => grad.sum(allButChannel(grad)));

const grouped = (t: Tensor, groups: number): Tensor =>
  reshape(t, [t._shape[0]!, groups, t._shape.slice(1).reduce((n, d) => n * d, 1) / groups]);
export const group_norm_input = helper(
  "group_norm_backward_input",
  (grad: Tensor, x: Tensor, weight: Tensor | null, groups: number, eps: number): Tensor => {
    const g = weight === null ? grad : grad.mul(channels(weight, x));
    return reshape(throughMean(grouped(g, groups), hatOf(grouped(x, groups), [2], eps), [2]), x._shape);
  },
);
export const group_norm_weight = helper(
  "group_norm_backward_weight",
  (grad: Tensor, x: Tensor, groups: number, eps: number): Tensor => {
    const hat = reshape(hatOf(grouped(x, groups), [2], eps).hat, x._shape);
    return grad.mul(hat).sum(allButChannel(x));
  },
);

function batchHat(x: Tensor, mean: unknown, variance: unknown, training: boolean, eps: number): Hat {
  if (training || mean === null) return hatOf(x, allButChannel(x), eps);
  const rstd = channels((variance as Tensor).add(eps).rsqrt(), x);
  return { hat: x.sub(channels(mean as Tensor, x)).mul(rstd), rstd };
}
export const batch_norm_input = helper(
  "batch_norm_backward_input",
  (
    grad: Tensor,
    x: Tensor,
    weight: Tensor | null,
    mean: unknown,
    variance: unknown,
    training: boolean,
    eps: number,
  ) => {
    const hat = batchHat(x, mean, variance, training, eps);
    const g = weight === null ? grad : grad.mul(channels(weight, x));
    return training || mean === null ? throughMean(g, hat, allButChannel(x)) : g.mul(hat.rstd);
  },
);
export const batch_norm_weight = helper(
  "batch_norm_backward_weight",
  (grad: Tensor, x: Tensor, mean: unknown, variance: unknown, training: boolean, eps: number): Tensor =>
    grad.mul(batchHat(x, mean, variance, training, eps).hat).sum(allButChannel(x)),
);

export const embedding_backward = helper(
  "embedding_backward",
  (grad: Tensor, sizes: Shape, indices: Tensor, padding: number): Tensor => {
    const kept = padding < 0 ? grad : where(indices.eq(padding).unsqueeze(-1), 0, grad);
    return call(ops.index_put, zerosOf(sizes, grad.dtype), kept, [indices], true);
  },
);

/** The gradient of a reduced loss, for each of its elements. */
function perElement(grad: Tensor, x: Tensor, reduction: number): Tensor {
  return reduction === REDUCE_MEAN ? grad.div(Math.max(x._numel, 1)) : grad;
}
export const smooth_l1_backward = helper(
  "smooth_l1_loss_backward",
  (grad: Tensor, x: Tensor, y: Tensor, reduction: number, beta: number): Tensor => {
    const d = x.sub(y);
    const slope = where(d.abs().lt(beta), d.div(beta), d.sgn());
    return perElement(grad, d, reduction).mul(slope);
  },
);
export const huber_backward = helper(
  "huber_loss_backward",
  (grad: Tensor, x: Tensor, y: Tensor, reduction: number, delta: number): Tensor => {
    const d = x.sub(y);
    return perElement(grad, d, reduction).mul(where(d.abs().le(delta), d, d.sgn().mul(delta)));
  },
);
export const soft_margin_backward = helper(
  "soft_margin_loss_backward",
  (grad: Tensor, x: Tensor, y: Tensor, reduction: number): Tensor => {
    const slope = y.neg().mul(x.mul(y).neg().sigmoid());
    return perElement(grad, slope, reduction).mul(slope);
  },
);
/** (x − y) / (x (1 − x)). */
export const binary_cross_entropy_backward = helper(
  "binary_cross_entropy_backward",
  (grad: Tensor, x: Tensor, y: Tensor, weight: Tensor | null, reduction: number): Tensor => {
    const slope = x.sub(y).div(x.neg().add(1).mul(x).clamp(1e-12, null));
    const weighted = weight === null ? slope : slope.mul(weight);
    return perElement(grad, slope, reduction).mul(weighted);
  },
);
export const binary_cross_entropy_target = helper(
  "binary_cross_entropy_target_backward",
  (grad: Tensor, x: Tensor, y: Tensor, weight: Tensor | null, reduction: number): Tensor => {
    const slope = x.neg().log1p().clamp(-100, null).sub(x.log().clamp(-100, null));
    const weighted = weight === null ? slope : slope.mul(weight);
    return perElement(grad, y, reduction).mul(weighted);
  },
);

/** The gradient of a reduced loss, for each row of scores. */
function perRow(grad: Tensor, x: Tensor, reduction: number): Tensor {
  const rows = x._shape.length === 2 ? x._shape[0]! : 1;
  const g = reduction === REDUCE_MEAN ? grad.div(Math.max(rows, 1)) : grad;
  return g._shape.length === 1 && x._shape.length === 2 ? g.unsqueeze(1) : g;
}
export const multi_margin_backward = helper(
  "multi_margin_loss_backward",
  (
    grad: Tensor,
    x: Tensor,
    target: Tensor,
    p: number,
    margin: number,
    weight: Tensor | null,
    reduction: number,
  ): Tensor => {
    const classes = x._shape.at(-1) ?? 1;
    const rows = reshape(x, [-1, classes]);
    const at = reshape(target, [-1, 1]);
    const own = rows.gather(1, at);
    const gap = rows.sub(own).add(margin);
    const others = zerosOf(rows._shape, x.dtype).scatter(1, at, 1).eq(0).logical_and(gap.gt(0));
    const slope = where(others, p === 1 ? gap.mul(0).add(1) : gap.mul(2), 0);
    const scaled = slope.div(classes).mul(weight === null ? 1 : reshape(weight.take(at), [-1, 1]));
    const full = call(ops.scatter_add, scaled, 1, at, scaled.sum(1, true).neg());
    return reshape(full, x._shape).mul(perRow(grad, x, reduction));
  },
);
export const multilabel_margin_backward = helper(
  "multilabel_margin_loss_backward",
  (grad: Tensor, x: Tensor, target: Tensor, reduction: number): Tensor =>
    multilabelSlopes(x, target).mul(perRow(grad, x, reduction)),
);
