/** @file Derivatives of rolled, unfolded, split, padded and copied views. */
import * as shapes from "../formulas/shapes.js";
import type { Derivatives } from "../schema.js";
import * as h from "./formulas.js";
import type { layoutSchema } from "./schema.js";

export const layoutDerivatives: Pick<Derivatives, keyof typeof layoutSchema> = {
  roll: { self: (grad, s) => h.roll_backward(grad, s.shifts, s.dims) },
  rot90: { self: (grad, s) => h.rot90_backward(grad, s.k, s.dims) },
  unfold: { self: (grad, s) => h.unfold_backward(grad, s.self_sizes, s.dimension, s.size, s.step) },
  unfold_backward: { grad_in: (grad, s) => grad.unfold(s.dim, s.size, s.step) },
  diag_embed: { self: (grad, s) => grad.diagonal(s.offset, s.dim1, s.dim2) },
  trace: { self: (grad, s) => h.trace_backward(grad, s.self_sizes) },
  block_diag: { tensors: (grad, s) => h.block_diag_backward(grad, s.tensors_sizes) },
  unsafe_split: {
    self: (_, s, grads) => shapes.split_with_sizes_backward(grads, s.sizes, s.dim, s.self_sizes),
  },
  constant_pad_nd: { self: (grad, s) => h.constant_pad_nd_backward(grad, s.pad) },
  select_scatter: {
    self: (grad, s) => h.select_scatter_zero(grad, s.src_sizes, s.dim, s.index),
    src: (grad, s) => grad.select(s.dim, s.index),
  },
  slice_scatter: {
    self: (grad, s) => h.slice_scatter_zero(grad, s.src_sizes, s.dim, s.start, s.end, s.step),
    src: (grad, s) => grad.slice(s.dim, s.start, s.end, s.step),
  },
  diagonal_scatter: {
    self: (grad, s) => h.diagonal_scatter_zero(grad, s.src_sizes, s.offset, s.dim1, s.dim2),
    src: (grad, s) => grad.diagonal(s.offset, s.dim1, s.dim2),
  },
  as_strided_scatter: {
    self: (grad, s) => h.as_strided_scatter_zero(grad, s.src_sizes, s.size, s.stride, s.storage_offset),
    src: (grad, s) => h.as_strided_of(grad, s.size, s.stride, s.storage_offset),
  },
  _reshape_alias: { self: (grad, s) => grad.reshape(s.self_sizes) },
  squeeze_dims_: { self: (grad, s) => shapes.unsqueeze_to(grad, s.self_sizes, s.dim) },

  alias_copy: { self: (grad) => grad },
  as_strided_copy: {
    self: (grad, s) => shapes.as_strided_backward(grad, s.self_geometry, s.size, s.stride, s.storage_offset),
  },
  diagonal_copy: {
    self: (grad, s) => shapes.diagonal_backward(grad, s.self_sizes, s.offset, s.dim1, s.dim2),
  },
  expand_copy: { self: (grad, s) => grad.sum_to_size(s.self_sizes) },
  permute_copy: { self: (grad, s) => shapes.permute_backwards(grad, s.dims) },
  split_with_sizes_copy: {
    self: (_, s, grads) => shapes.split_with_sizes_backward(grads, s.sizes, s.dim, s.self_sizes),
  },
  squeeze_copy: { self: (grad, s) => shapes.unsqueeze_to(grad, s.self_sizes, null) },
  squeeze_copy_dim: { self: (grad, s) => shapes.unsqueeze_to_dim(grad, s.self_sizes, s.dim) },
  squeeze_copy_dims: { self: (grad, s) => shapes.unsqueeze_to(grad, s.self_sizes, s.dim) },
  t_copy: { self: (grad) => grad.t() },
  transpose_copy: { self: (grad, s) => grad.transpose(s.dim0, s.dim1) },
  unbind_copy: { self: (_, s, grads) => shapes.unbind_backward(grads, s.dim) },
  unfold_copy: { self: (grad, s) => h.unfold_backward(grad, s.self_sizes, s.dimension, s.size, s.step) },
  unsqueeze_copy: { self: (grad, s) => grad.squeeze(s.dim) },
  view_copy: { self: (grad, s) => grad.reshape(s.self_sizes) },
};
