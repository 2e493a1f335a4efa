/** @file Where elements lie: rolled, unfolded, split, padded and copied views. */
import { attr, type Dims, dim, dims, num, op, size, T, TS, unary } from "../args.js";

export const layoutSchema = {
  roll: op("roll", 0, { self: T, shifts: dims, dims }),
  rot90: op("rot90", 0, { self: T, k: num, dims }),
  unfold: op("unfold", 0, { self: T, dimension: dim, size: num, step: num }),
  unfold_backward: op("unfold_backward", 0, {
    grad_in: T,
    input_sizes: size,
    dim,
    size: num,
    step: num,
  }),
  diag_embed: op("diag_embed", 0, { self: T, offset: num, dim1: dim, dim2: dim }),
  trace: op("trace", 0, unary),
  block_diag: op("block_diag", 0, { tensors: TS }),
  unsafe_split: op("unsafe_split", 0, { self: T, sizes: size, dim }),
  constant_pad_nd: op("constant_pad_nd", 0, { self: T, pad: dims, value: num }),
  select_scatter: op("select_scatter", 0, { self: T, src: T, dim, index: num }),
  slice_scatter: op("slice_scatter", 0, { self: T, src: T, dim, start: num, end: num, step: num }),
  diagonal_scatter: op("diagonal_scatter", 0, { self: T, src: T, offset: num, dim1: dim, dim2: dim }),
  as_strided_scatter: op("as_strided_scatter", 0, {
    self: T,
    src: T,
    size,
    stride: size,
    storage_offset: num,
  }),
  /** `reshape` where the memory allows a view of a tensor that is not row-major. */
  _reshape_alias: op("reshape_alias", 0, { self: T, size }),

  squeeze_dims_: op("squeeze", 5, { self: T, dim: dims }),

  // Views' copies.
  alias_copy: op("alias", "0_copy", unary),
  as_strided_copy: op("as_strided", "0_copy", { self: T, size, stride: size, storage_offset: num }),
  diagonal_copy: op("diagonal", "0_copy", { self: T, offset: num, dim1: dim, dim2: dim }),
  expand_copy: op("expand", "0_copy", { self: T, size }),
  permute_copy: op("permute", "0_copy", { self: T, dims }),
  split_with_sizes_copy: op("split_with_sizes", "0_copy", { self: T, sizes: size, dim }),
  squeeze_copy: op("squeeze", "0_copy", unary),
  squeeze_copy_dim: op("squeeze", "1_copy", { self: T, dim }),
  squeeze_copy_dims: op("squeeze", "2_copy", { self: T, dim: attr<Dims>() }),
  t_copy: op("t", "0_copy", unary),
  transpose_copy: op("transpose", "0_copy", { self: T, dim0: dim, dim1: dim }),
  unbind_copy: op("unbind", "0_copy", { self: T, dim }),
  unfold_copy: op("unfold", "0_copy", { self: T, dimension: dim, size: num, step: num }),
  unsqueeze_copy: op("unsqueeze", "0_copy", { self: T, dim }),
  view_copy: op("view", "0_copy", { self: T, size }),
} as const;
