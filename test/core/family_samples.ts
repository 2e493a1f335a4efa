/** @file Ways to call the ops of the families (layout, selection …), for numerical checks. */
import * as torch from "../../src/core/index.js";
import { call, callMulti } from "../../src/core/ops/dispatch.js";
import { ops } from "../../src/core/ops/op.js";
import type { OpName } from "../../src/core/ops/schema.js";
import { fill, type Sample } from "./samples.js";

type T = torch.Tensor;

const x = (...shape: number[]): T => fill(shape, -1.4, 1.4).requires_grad_();
const pos = (...shape: number[]): T => fill(shape, 0.3, 1.7).requires_grad_();
const long = (data: unknown): T => torch.tensor(data as number[], { dtype: torch.int64 });
const mask = torch.tensor([
  [true, false, true],
  [false, true, true],
]);

const one = (inputs: T[], run: (...i: T[]) => T): Sample => ({ inputs, run });
const direct = (key: OpName, inputs: T[], ...rest: unknown[]): Sample =>
  one(inputs, (...i) => call(ops[key], ...i, ...rest));
/** An op of several outputs, all of which count. */
const several = (key: OpName, count: number, self: T, ...rest: unknown[]): Sample =>
  one([self], (i) => {
    const outs = callMulti(ops[key], count, i, ...rest).slice(0, count);
    return torch.cat(outs.map((o, k) => o.mul(k + 1).reshape(-1)));
  });

const at = long([2, 0]);
const places = long([
  [0, 1, 0],
  [1, 1, 0],
]);

/** Ops whose results are no numbers to differentiate: only their in-place forms stand in graphs. */
const inplace = (name: string, ...rest: unknown[]): Sample =>
  one([x(2, 3)], (i) => {
    const copy = i.mul(2);
    (copy as unknown as Record<string, (...a: unknown[]) => T>)[name]!(...rest);
    return copy.add(i);
  });
/** A draw is held against its like: the gradient of a draw is zero whatever was drawn. */
const constant = (sample: Sample): Sample => ({
  ...sample,
  run: (...inputs) => sample.run(...inputs).mul(0),
});
const refused = (name: string): Sample => ({ ...inplace(name), refuses: /inplace version of/ });
const other = fill([2, 3], -1, 1);
const runningMean = fill([2], -1, 1);
const runningVar = fill([2], 0.5, 1);

export const familySamples: { readonly [K in OpName]?: readonly Sample[] } = {
  eq_Scalar: [inplace("eq_", 0.5)],
  eq_Tensor: [inplace("eq_", other)],
  ne_Scalar: [inplace("ne_", 0.5)],
  ne_Tensor: [inplace("ne_", other)],
  lt_Scalar: [inplace("lt_", 0.5)],
  lt_Tensor: [inplace("lt_", other)],
  le_Scalar: [inplace("le_", 0.5)],
  le_Tensor: [inplace("le_", other)],
  gt_Scalar: [inplace("gt_", 0.5)],
  gt_Tensor: [inplace("gt_", other)],
  ge_Scalar: [inplace("ge_", 0.5)],
  ge_Tensor: [inplace("ge_", other)],
  logical_and: [inplace("logical_and_", other)],
  logical_or: [inplace("logical_or_", other)],
  logical_xor: [inplace("logical_xor_", other)],
  heaviside: [inplace("heaviside_", other)],
  floor_divide: [inplace("floor_divide_", other)],
  logical_not: [inplace("logical_not_")],
  conj_physical_: [inplace("conj_physical_")],
  acosh_: [refused("acosh_")],
  asinh_: [refused("asinh_")],
  atanh_: [refused("atanh_")],

  roll: [direct("roll", [x(2, 3)], [1], [1]), direct("roll", [x(2, 3)], [2], [])],
  rot90: [1, 2, 3, -1].map((k) => direct("rot90", [x(2, 3)], k, [0, 1])),
  unfold: [direct("unfold", [x(2, 5)], 1, 3, 1), direct("unfold", [x(2, 5)], 1, 2, 2)],
  unfold_backward: [direct("unfold_backward", [x(2, 3, 3)], [2, 5], 1, 3, 1)],
  diag_embed: [direct("diag_embed", [x(2, 3)], 1, 0, 2)],
  block_diag: [one([x(2, 3), x(2), x()], (...i) => call(ops.block_diag, i))],
  unsafe_split: [several("unsafe_split", 2, x(3, 2), [2, 1], 0)],
  constant_pad_nd: [direct("constant_pad_nd", [x(2, 3)], [1, -1, 2, 0], 1.5)],
  select_scatter: [direct("select_scatter", [x(2, 3), x(3)], 0, 1)],
  slice_scatter: [direct("slice_scatter", [x(4, 3), x(2, 3)], 0, 1, 4, 2)],
  diagonal_scatter: [direct("diagonal_scatter", [x(3, 3), x(2)], 1, 0, 1)],
  as_strided_scatter: [direct("as_strided_scatter", [x(2, 3), x(2, 2)], [2, 2], [3, 1], 1)],
  _reshape_alias: [direct("_reshape_alias", [x(2, 3)], [3, 2])],
  squeeze_dims_: [direct("squeeze_dims_", [x(2, 1, 3, 1)], [1, 3])],
  alias_copy: [direct("alias_copy", [x(2, 3)])],
  as_strided_copy: [direct("as_strided_copy", [x(2, 3)], [2, 2], [1, 2], 1)],
  diagonal_copy: [direct("diagonal_copy", [x(2, 3)], 1, 0, 1)],
  expand_copy: [direct("expand_copy", [x(2, 1)], [4, 2, 3])],
  permute_copy: [direct("permute_copy", [x(2, 3, 4)], [2, 0, 1])],
  split_with_sizes_copy: [several("split_with_sizes_copy", 2, x(3, 2), [2, 1], 0)],
  squeeze_copy: [direct("squeeze_copy", [x(2, 1, 3)])],
  squeeze_copy_dim: [direct("squeeze_copy_dim", [x(2, 1, 3)], 1)],
  squeeze_copy_dims: [direct("squeeze_copy_dims", [x(2, 1, 3, 1)], [1, 3])],
  transpose_copy: [direct("transpose_copy", [x(2, 3)], 0, 1)],
  unbind_copy: [several("unbind_copy", 2, x(2, 3), 0)],
  unfold_copy: [direct("unfold_copy", [x(2, 5)], 1, 3, 2)],
  unsqueeze_copy: [direct("unsqueeze_copy", [x(2, 3)], 1)],
  view_copy: [direct("view_copy", [x(2, 3)], [6])],

  sort: [several("sort", 1, x(2, 4), 1, true)],
  sort_stable: [several("sort_stable", 1, x(2, 4), 0, false)],
  topk: [several("topk", 1, x(2, 4), 2, 1, true)],
  kthvalue: [several("kthvalue", 1, x(2, 4), 2, 1, false)],
  mode: [several("mode", 1, x(2, 4), 1, true)],
  median_dim: [several("median_dim", 1, x(2, 5), 1, false)],
  nanmedian_dim: [several("nanmedian_dim", 1, x(2, 5), 1, false)],
  aminmax: [
    one([x(2, 4)], (i) => torch.cat(i.aminmax({ dim: 1 }))),
    one([x(2, 4)], (i) => torch.stack(i.aminmax())),
  ],
  var_mean: [several("var_mean", 2, x(2, 4), [1], 1, false)],
  std_mean: [several("std_mean", 2, x(2, 4), null, 0, false)],
  nansum: [direct("nansum", [x(2, 3)], [1], false)],
  prod_dim: [
    direct("prod_dim", [x(2, 3)], 1, false),
    one([x(2, 3)], (i) => call(ops.prod_dim, i.mul(mask), 1, false)),
  ],
  cummax: [several("cummax", 1, x(2, 4), 1)],
  cummin: [several("cummin", 1, x(2, 4), 1)],
  cumprod: [direct("cumprod", [x(2, 4)], 1), one([x(2, 3)], (i) => call(ops.cumprod, i.mul(mask), 1))],
  logcumsumexp: [direct("logcumsumexp", [x(2, 4)], 1)],
  take: [direct("take", [x(2, 3)], long([0, 4, -1, 4]))],
  put: [false, true].map((accumulate) =>
    one([x(2, 3), x(2)], (i, source) => call(ops.put, i, long([0, 4]), source, accumulate)),
  ),
  masked_scatter: [one([x(2, 3), x(5)], (i, source) => call(ops.masked_scatter, i, mask, source))],
  index_add: [one([x(3, 2), x(2, 2)], (i, source) => call(ops.index_add, i, 0, at, source, 1.5))],
  index_copy: [one([x(3, 2), x(2, 2)], (i, source) => call(ops.index_copy, i, 0, at, source))],
  index_fill_Scalar: [one([x(3, 2)], (i) => call(ops.index_fill_Scalar, i, 0, at, 0.5))],
  index_fill_Tensor: [one([x(3, 2), x()], (i, value) => call(ops.index_fill_Tensor, i, 0, at, value))],
  scatter_src: [
    one([x(3, 3), x(2, 3)], (i, src) =>
      call(
        ops.scatter_src,
        i,
        0,
        long([
          [0, 1, 2],
          [1, 2, 0],
        ]),
        src,
      ),
    ),
  ],
  scatter_value: [one([x(3, 3)], (i) => call(ops.scatter_value, i, 0, places, 0.5))],
  scatter_reduce: ["sum", "prod", "mean", "amax", "amin"].flatMap((reduce) =>
    [true, false].map((own) =>
      one([pos(2, 3), pos(2, 3)], (i, src) => call(ops.scatter_reduce, i, 0, places, src, reduce, own)),
    ),
  ),
  renorm: [direct("renorm", [x(3, 4)], 2, 0, 0.7)],

  convolution: [
    one([x(2, 4, 6), x(4, 2, 3), x(4)], (i, w, b) =>
      call(ops.convolution, i, w, b, [2], [1], [2], false, [0], 2),
    ),
    one([x(1, 2, 4, 5), x(3, 2, 2, 3)], (i, w) =>
      call(ops.convolution, i, w, null, [1, 2], [1, 0], [1, 1], false, [0, 0], 1),
    ),
    one([x(1, 4, 3), x(4, 1, 3), x(2)], (i, w, b) =>
      call(ops.convolution, i, w, b, [2], [1], [1], true, [1], 2),
    ),
  ],
  convolution_weight: [
    one([x(1, 3, 3, 2), x(1, 2, 4, 5)], (g, i) =>
      call(ops.convolution_weight, g, i, [3, 2, 2, 3], [1, 2], [0, 0], [1, 1], false, [0, 0], 1),
    ),
  ],
  avg_pool2d: [direct("avg_pool2d", [x(1, 2, 5, 5)], [3, 2], [2, 1], [1, 1], true, false, null)],
  avg_pool3d: [direct("avg_pool3d", [x(1, 3, 4, 3)], [2, 2, 2], [1, 2, 1], [0, 1, 0], false, true, null)],
  avg_pool_backward: [
    direct("avg_pool_backward", [x(1, 2, 2, 2)], [1, 2, 4, 4], [2, 2], [2, 2], [0, 0], false, true, 3),
  ],
  adaptive_avg_pool2d: [direct("adaptive_avg_pool2d", [x(1, 2, 5, 4)], [3, 2])],
  adaptive_avg_pool3d: [direct("adaptive_avg_pool3d", [x(1, 3, 4, 3)], [2, 3, 2])],
  adaptive_avg_pool_backward: [direct("adaptive_avg_pool_backward", [x(1, 2, 3, 2)], [1, 2, 5, 4], [3, 2])],
  max_pool2d_with_indices: [
    several("max_pool2d_with_indices", 1, x(1, 2, 5, 5), [2, 3], [1, 2], [1, 1], [2, 1], false),
  ],
  max_pool3d_with_indices: [
    several("max_pool3d_with_indices", 1, x(1, 3, 4, 3), [2, 2, 2], [1, 2, 1], [0, 0, 0], [1, 1, 1], true),
  ],
  adaptive_max_pool2d: [several("adaptive_max_pool2d", 1, x(1, 2, 5, 4), [3, 2])],
  adaptive_max_pool3d: [several("adaptive_max_pool3d", 1, x(1, 3, 4, 3), [2, 3, 2])],
  native_layer_norm: [
    one(
      [x(3, 2, 4), pos(2, 4), x(2, 4)],
      (i, w, b) => callMulti(ops.native_layer_norm, 1, i, w, b, [2, 4], 1e-5)[0]!,
    ),
  ],
  native_group_norm: [
    one([x(2, 4, 3), pos(4), x(4)], (i, w, b) => callMulti(ops.native_group_norm, 1, i, w, b, 2, 1e-5)[0]!),
  ],
  native_batch_norm: [
    one(
      [x(4, 2, 3), pos(2), x(2)],
      (i, w, b) => callMulti(ops.native_batch_norm, 1, i, w, b, null, null, true, 1e-5)[0]!,
    ),
    one(
      [x(4, 2), pos(2), x(2)],
      (i, w, b) => callMulti(ops.native_batch_norm, 1, i, w, b, runningMean, runningVar, false, 1e-5)[0]!,
    ),
  ],
  embedding: [
    one([x(4, 3)], (w) =>
      call(
        ops.embedding,
        w,
        long([
          [0, 2],
          [2, 3],
        ]),
        -1,
      ),
    ),
  ],
  smooth_l1_loss: [0, 1, 2].map((r) => direct("smooth_l1_loss", [x(2, 3), x(2, 3)], r, 0.8)),
  huber_loss: [0, 1, 2].map((r) => direct("huber_loss", [x(2, 3), x(2, 3)], r, 0.8)),
  soft_margin_loss: [one([x(2, 3)], (i) => call(ops.soft_margin_loss, i, other, 1))],
  binary_cross_entropy: [
    one([fill([2, 3], 0.2, 0.8).requires_grad_(), fill([2, 3], 0.2, 0.8).requires_grad_()], (i, y) =>
      call(ops.binary_cross_entropy, i, y, null, 1),
    ),
  ],
  _unique2: [{ ...one([x(3)], (i) => torch.unique(i)), refuses: /derivative for '_unique2'/ }],
  unique_consecutive: [
    { ...one([x(3)], (i) => torch.unique_consecutive(i)), refuses: /derivative for 'unique_consecutive'/ },
  ],
  unique_dim: [{ ...one([x(2, 2)], (i) => torch.unique(i, { dim: 0 })), refuses: /for 'unique_dim'/ }],
  unique_dim_consecutive: [
    {
      ...one([x(2, 2)], (i) => torch.unique_consecutive(i, { dim: 0 })),
      refuses: /for 'unique_dim_consecutive'/,
    },
  ],
  bernoulli: [one([fill([3], 0.2, 0.8).requires_grad_()], (p) => torch.bernoulli(p))].map(constant),
  poisson: [one([fill([3], 0.2, 0.8).requires_grad_()], (p) => torch.poisson(p))].map(constant),
  normal_Tensor_float: [one([x(3)], (mean) => torch.normal(mean, 0))].map(constant),
  normal_float_Tensor: [one([fill([3], 0.2, 0.8).requires_grad_()], (std) => torch.normal(0, std))].map(
    constant,
  ),
  normal_Tensor_Tensor: [
    one([x(3), fill([3], 0.2, 0.8).requires_grad_()], (mean, std) => torch.normal(mean, std)),
  ].map(constant),
  _cdist_forward: [0.7, 1, 1.5, 2, 3, Number.POSITIVE_INFINITY].map((p) =>
    one([x(2, 3, 2), x(4, 2)], (a, b) => torch.cdist(a, b, p)),
  ),
  _euclidean_dist: [
    one([x(3, 2), x(4, 2)], (a, b) => torch.cdist(a, b, { compute_mode: "use_mm_for_euclid_dist" })),
  ],
  _pdist_forward: [1, 2, 3].map((p) => one([x(4, 2)], (a) => torch.pdist(a, p))),
};
