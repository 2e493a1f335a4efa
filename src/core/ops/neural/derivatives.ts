/** @file Derivatives of convolution, pooling, normalisation and losses. */
import type { Shape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import type { Derivatives, Saved } from "../schema.js";
import * as h from "./formulas.js";
import type { neuralSchema } from "./schema.js";

const NO = "nonDifferentiable";

type Convolved = Saved<"convolution"> | Saved<"convolution_weight">;
const geometry = (s: Convolved) =>
  [s.stride, s.padding, s.dilation, s.transposed, s.output_padding, s.groups] as const;

type Averaged = Saved<"avg_pool2d"> | Saved<"avg_pool3d"> | Saved<"avg_pool_backward">;
const windows = (s: Averaged) =>
  [s.kernel_size, s.stride, s.padding, s.ceil_mode, s.count_include_pad, s.divisor_override] as const;

/** A max pool sends each gradient to the element that was the largest of its window. */
const largest =
  (spatial: 2 | 3) =>
  (grad: Tensor, s: { readonly indices: Tensor; readonly self_sizes: Shape }): Tensor =>
    h.max_pool_backward(grad, s.indices, s.self_sizes, spatial);

export const neuralDerivatives: Pick<Derivatives, keyof typeof neuralSchema> = {
  convolution: {
    input: (grad, s) => h.convolution_input(grad, s.input_sizes, s.weight, ...geometry(s)),
    weight: (grad, s) => h.convolution_weight(grad, s.input, s.weight_sizes, ...geometry(s)),
    bias: (grad) => h.convolution_bias(grad),
  },
  convolution_weight: {
    grad_output: (grad, s) => h.convolution(s.input, grad, ...geometry(s)),
    input: (grad, s) => h.convolution_input(s.grad_output, s.input_sizes, grad, ...geometry(s)),
  },
  avg_pool2d: {
    self: (grad, s) => h.avg_pool_backward(grad, s.self_sizes, ...windows(s)),
  },
  avg_pool3d: {
    self: (grad, s) => h.avg_pool_backward(grad, s.self_sizes, ...windows(s)),
  },
  avg_pool_backward: {
    grad_output: (grad, s) => h.avg_pool(grad, ...windows(s)),
  },
  adaptive_avg_pool2d: { self: (grad, s) => h.adaptive_avg_pool_backward(grad, s.self_sizes, s.output_size) },
  adaptive_avg_pool3d: { self: (grad, s) => h.adaptive_avg_pool_backward(grad, s.self_sizes, s.output_size) },
  adaptive_avg_pool_backward: { grad_output: (grad, s) => h.adaptive_avg_pool(grad, s.output_size) },
  max_pool2d_with_indices: { self: largest(2), indices: NO },
  max_pool3d_with_indices: { self: largest(3), indices: NO },
  adaptive_max_pool2d: { self: largest(2), indices: NO },
  adaptive_max_pool3d: { self: largest(3), indices: NO },

  native_layer_norm: {
    input: (grad, s) => h.layer_norm_input(grad, s.input, s.weight, s.normalized_shape, s.eps),
    weight: (grad, s) => h.layer_norm_weight(grad, s.input, s.normalized_shape, s.eps),
    bias: (grad, s) => h.layer_norm_bias(grad, s.normalized_shape),
  },
  native_group_norm: {
    input: (grad, s) => h.group_norm_input(grad, s.input, s.weight, s.groups, s.eps),
    weight: (grad, s) => h.group_norm_weight(grad, s.input, s.groups, s.eps),
    bias: (grad) => h.channel_sum(grad),
  },
  native_batch_norm: {
    input: (grad, s) =>
      h.batch_norm_input(grad, s.input, s.weight, s.running_mean, s.running_var, s.training, s.eps),
    weight: (grad, s) => h.batch_norm_weight(grad, s.input, s.running_mean, s.running_var, s.training, s.eps),
    bias: (grad) => h.channel_sum(grad),
  },
  embedding: {
    weight: (grad, s) => h.embedding_backward(grad, s.weight_sizes, s.indices, s.padding_idx),
    indices: NO,
  },

  multi_margin_loss: {
    self: (grad, s) => h.multi_margin_backward(grad, s.self, s.target, s.p, s.margin, s.weight, s.reduction),
    target: NO,
    weight: NO,
  },
  multilabel_margin_loss: {
    self: (grad, s) => h.multilabel_margin_backward(grad, s.self, s.target, s.reduction),
    target: NO,
  },

  smooth_l1_loss: {
    self: (grad, s) => h.smooth_l1_backward(grad, s.self, s.target, s.reduction, s.beta),
    target: (grad, s) => h.smooth_l1_backward(grad, s.self, s.target, s.reduction, s.beta).neg(),
  },
  huber_loss: {
    self: (grad, s) => h.huber_backward(grad, s.self, s.target, s.reduction, s.delta),
    target: (grad, s) => h.huber_backward(grad, s.self, s.target, s.reduction, s.delta).neg(),
  },
  soft_margin_loss: {
    self: (grad, s) => h.soft_margin_backward(grad, s.self, s.target, s.reduction),
    target: NO,
  },
  binary_cross_entropy: {
    self: (grad, s) => h.binary_cross_entropy_backward(grad, s.self, s.target, s.weight, s.reduction),
    target: (grad, s) => h.binary_cross_entropy_target(grad, s.self, s.target, s.weight, s.reduction),
    weight: NO,
  },
};
