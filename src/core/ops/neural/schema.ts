/** @file Convolution, pooling, normalisation and losses of `nn.functional` that are ops of their own. */
import { attr, dims, flag, num, OPT, op, size, T } from "../args.js";

const geometry = {
  stride: dims,
  padding: dims,
  dilation: dims,
  transposed: flag,
  output_padding: dims,
  groups: num,
};
const window = { kernel_size: dims, stride: dims, padding: dims };
const average = {
  ...window,
  ceil_mode: flag,
  count_include_pad: flag,
  divisor_override: attr<number | null>(),
};
const maximum = { self: T, ...window, dilation: dims, ceil_mode: flag, indices: T };
const pointwiseLoss = { self: T, target: T, reduction: num };

export const neuralSchema = {
  convolution: op("convolution", 0, { input: T, weight: T, bias: OPT, ...geometry }),
  /** The gradient of a convolution's weight: linear in both of its tensors. */
  convolution_weight: op("convolution_weight", 0, {
    grad_output: T,
    input: T,
    weight_sizes: size,
    ...geometry,
  }),

  avg_pool2d: op("avg_pool2d", 0, { self: T, ...average }),
  avg_pool3d: op("avg_pool3d", 0, { self: T, ...average }),
  avg_pool_backward: op("avg_pool2d_backward", 0, { grad_output: T, input_sizes: size, ...average }),
  adaptive_avg_pool2d: op("adaptive_avg_pool2d", 0, { self: T, output_size: dims }),
  adaptive_avg_pool3d: op("adaptive_avg_pool3d", 0, { self: T, output_size: dims }),
  adaptive_avg_pool_backward: op("adaptive_avg_pool2d_backward", 0, {
    grad_output: T,
    input_sizes: size,
    output_size: dims,
  }),
  max_pool2d_with_indices: op("max_pool2d_with_indices", 0, maximum),
  max_pool3d_with_indices: op("max_pool3d_with_indices", 0, maximum),
  adaptive_max_pool2d: op("adaptive_max_pool2d", 0, { self: T, output_size: dims, indices: T }),
  adaptive_max_pool3d: op("adaptive_max_pool3d", 0, { self: T, output_size: dims, indices: T }),

  native_layer_norm: op("native_layer_norm", 0, {
    input: T,
    weight: OPT,
    bias: OPT,
    normalized_shape: size,
    eps: num,
  }),
  native_group_norm: op("native_group_norm", 0, { input: T, weight: OPT, bias: OPT, groups: num, eps: num }),
  native_batch_norm: op("native_batch_norm", 0, {
    input: T,
    weight: OPT,
    bias: OPT,
    running_mean: attr<unknown>(),
    running_var: attr<unknown>(),
    training: flag,
    eps: num,
  }),
  embedding: op("embedding", 0, { weight: T, indices: T, padding_idx: num }),

  multi_margin_loss: op("multi_margin_loss", 0, {
    self: T,
    target: T,
    p: num,
    margin: num,
    weight: OPT,
    reduction: num,
  }),
  multilabel_margin_loss: op("multilabel_margin_loss", 0, { self: T, target: T, reduction: num }),

  smooth_l1_loss: op("smooth_l1_loss", 0, { ...pointwiseLoss, beta: num }),
  huber_loss: op("huber_loss", 0, { ...pointwiseLoss, delta: num }),
  soft_margin_loss: op("soft_margin_loss", 0, pointwiseLoss),
  binary_cross_entropy: op("binary_cross_entropy", 0, { self: T, target: T, weight: OPT, reduction: num }),
} as const;
