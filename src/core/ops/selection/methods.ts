/** @file Sorting, statistics, scans and indexed writes as methods of tensors. */
import type { DType } from "../../dtype.js";
import type { Tensor } from "../../tensor.js";
import { type Index, index_put_ } from "../indexing.js";
import { install, type Method } from "../signature.js";
import * as by_index from "./by_index.js";
import * as masks from "./masks.js";
import * as order from "./order.js";
import * as reductions from "./reductions.js";
import * as scans from "./scans.js";
import * as scattering from "./scatter.js";
import * as search from "./search.js";

declare module "../../tensor.js" {
  interface Tensor {
    prod(dim: number, options?: { keepdim?: boolean; dtype?: DType }): Tensor;
    prod(dim: number, keepdim: boolean, options?: { dtype?: DType }): Tensor;
    prod(options: { dim?: number; keepdim?: boolean; dtype?: DType }): Tensor;
    cumsum(dim: number, options?: { dtype?: DType }): Tensor;
    masked_fill(mask: Tensor, value: Tensor): Tensor;
    masked_fill_(mask: Tensor, value: Tensor): Tensor;
    sort: Method<typeof order.sort>;
    argsort: Method<typeof order.argsort>;
    msort: Method<typeof order.msort>;
    topk: Method<typeof order.topk>;
    kthvalue: Method<typeof order.kthvalue>;
    mode: Method<typeof order.mode>;
    median: Method<typeof order.median>;
    nanmedian: Method<typeof order.nanmedian>;
    aminmax: Method<typeof reductions.aminmax>;
    var_mean: Method<typeof reductions.var_mean>;
    std_mean: Method<typeof reductions.std_mean>;
    nansum: Method<typeof reductions.nansum>;
    nanmean: Method<typeof reductions.nanmean>;
    count_nonzero: Method<typeof reductions.count_nonzero>;
    cumsum_: Method<typeof scans.cumsum_>;
    cumprod: Method<typeof scans.cumprod>;
    cumprod_: Method<typeof scans.cumprod_>;
    logcumsumexp: Method<typeof scans.logcumsumexp>;
    cummax: Method<typeof scans.cummax>;
    cummin: Method<typeof scans.cummin>;
    take: Method<typeof by_index.take>;
    put: Method<typeof by_index.put>;
    put_: Method<typeof by_index.put_>;
    masked_scatter: Method<typeof masks.masked_scatter>;
    masked_scatter_: Method<typeof masks.masked_scatter_>;
    index_add: Method<typeof by_index.index_add>;
    index_add_: Method<typeof by_index.index_add_>;
    index_copy: Method<typeof by_index.index_copy>;
    index_copy_: Method<typeof by_index.index_copy_>;
    index_fill: Method<typeof by_index.index_fill>;
    index_fill_: Method<typeof by_index.index_fill_>;
    index_put: Method<typeof by_index.index_put>;
    scatter: Method<typeof scattering.scatter>;
    scatter_: Method<typeof scattering.scatter_>;
    scatter_add_: Method<typeof scattering.scatter_add_>;
    scatter_reduce: Method<typeof scattering.scatter_reduce>;
    scatter_reduce_: Method<typeof scattering.scatter_reduce_>;
    take_along_dim: Method<typeof scattering.take_along_dim>;
    repeat_interleave: Method<typeof by_index.repeat_interleave>;
    nonzero: Method<typeof masks.nonzero>;
    argwhere: Method<typeof masks.argwhere>;
    bincount: Method<typeof search.bincount>;
    diff: Method<typeof scans.diff>;
    renorm: Method<typeof reductions.renorm>;
    renorm_: Method<typeof reductions.renorm_>;
    masked_select: Method<typeof masks.masked_select>;
  }
}

type Accumulate = boolean | { accumulate: boolean };

install({
  sort: order.sort,
  argsort: order.argsort,
  msort: order.msort,
  topk: order.topk,
  kthvalue: order.kthvalue,
  mode: order.mode,
  median: order.median,
  nanmedian: order.nanmedian,
  aminmax: reductions.aminmax,
  amax: reductions.amax,
  amin: reductions.amin,
  any: reductions.any_,
  all: reductions.all,
  var_mean: reductions.var_mean,
  std_mean: reductions.std_mean,
  nansum: reductions.nansum,
  nanmean: reductions.nanmean,
  count_nonzero: reductions.count_nonzero,
  prod: reductions.prod,
  cumsum: scans.cumsum,
  cumsum_: scans.cumsum_,
  cumprod: scans.cumprod,
  cumprod_: scans.cumprod_,
  logcumsumexp: scans.logcumsumexp,
  cummax: scans.cummax,
  cummin: scans.cummin,
  take: by_index.take,
  put: by_index.put,
  put_: by_index.put_,
  masked_select: masks.masked_select,
  masked_scatter: masks.masked_scatter,
  masked_scatter_: masks.masked_scatter_,
  masked_fill: masks.masked_fill,
  masked_fill_: masks.masked_fill_,
  index_add: by_index.index_add,
  index_add_: by_index.index_add_,
  index_copy: by_index.index_copy,
  index_copy_: by_index.index_copy_,
  index_fill: by_index.index_fill,
  index_fill_: by_index.index_fill_,
  index_select: by_index.index_select,
  index_put: by_index.index_put,
  gather: scattering.gather,
  scatter: scattering.scatter,
  scatter_: scattering.scatter_,
  scatter_add: scattering.scatter_add,
  scatter_add_: scattering.scatter_add_,
  scatter_reduce: scattering.scatter_reduce,
  scatter_reduce_: scattering.scatter_reduce_,
  take_along_dim: scattering.take_along_dim,
  repeat_interleave: by_index.repeat_interleave,
  nonzero: masks.nonzero,
  argwhere: masks.argwhere,
  bincount: search.bincount,
  diff: scans.diff,
  index_put_: (
    x: Tensor,
    indices: readonly Index[],
    values: Tensor | number,
    accumulate: Accumulate = false,
  ) => index_put_(x, indices, values, typeof accumulate === "boolean" ? accumulate : accumulate.accumulate),
  renorm: reductions.renorm,
  renorm_: reductions.renorm_,
});
