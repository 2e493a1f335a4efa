/** @file Sorting, statistics, scans and indexed writes as methods of tensors. */
import type { DType } from "../../dtype.js";
import type { Tensor } from "../../tensor.js";
import { type Index, index_put_ } from "../indexing.js";
import { install, type Method } from "../signature.js";
import type * as f from "./functions.js";
import * as functions from "./functions.js";

declare module "../../tensor.js" {
  interface Tensor {
    prod(dim: number, options?: { keepdim?: boolean; dtype?: DType }): Tensor;
    prod(dim: number, keepdim: boolean, options?: { dtype?: DType }): Tensor;
    prod(options: { dim?: number; keepdim?: boolean; dtype?: DType }): Tensor;
    cumsum(dim: number, options?: { dtype?: DType }): Tensor;
    masked_fill(mask: Tensor, value: Tensor): Tensor;
    masked_fill_(mask: Tensor, value: Tensor): Tensor;
    sort: Method<typeof f.sort>;
    argsort: Method<typeof f.argsort>;
    msort: Method<typeof f.msort>;
    topk: Method<typeof f.topk>;
    kthvalue: Method<typeof f.kthvalue>;
    mode: Method<typeof f.mode>;
    median: Method<typeof f.median>;
    nanmedian: Method<typeof f.nanmedian>;
    aminmax: Method<typeof f.aminmax>;
    var_mean: Method<typeof f.var_mean>;
    std_mean: Method<typeof f.std_mean>;
    nansum: Method<typeof f.nansum>;
    nanmean: Method<typeof f.nanmean>;
    count_nonzero: Method<typeof f.count_nonzero>;
    cumsum_: Method<typeof f.cumsum_>;
    cumprod: Method<typeof f.cumprod>;
    cumprod_: Method<typeof f.cumprod_>;
    logcumsumexp: Method<typeof f.logcumsumexp>;
    cummax: Method<typeof f.cummax>;
    cummin: Method<typeof f.cummin>;
    take: Method<typeof f.take>;
    put: Method<typeof f.put>;
    put_: Method<typeof f.put_>;
    masked_scatter: Method<typeof f.masked_scatter>;
    masked_scatter_: Method<typeof f.masked_scatter_>;
    index_add: Method<typeof f.index_add>;
    index_add_: Method<typeof f.index_add_>;
    index_copy: Method<typeof f.index_copy>;
    index_copy_: Method<typeof f.index_copy_>;
    index_fill: Method<typeof f.index_fill>;
    index_fill_: Method<typeof f.index_fill_>;
    index_put: Method<typeof f.index_put>;
    scatter: Method<typeof f.scatter>;
    scatter_: Method<typeof f.scatter_>;
    scatter_add_: Method<typeof f.scatter_add_>;
    scatter_reduce: Method<typeof f.scatter_reduce>;
    scatter_reduce_: Method<typeof f.scatter_reduce_>;
    take_along_dim: Method<typeof f.take_along_dim>;
    repeat_interleave: Method<typeof f.repeat_interleave>;
    nonzero: Method<typeof f.nonzero>;
    argwhere: Method<typeof f.argwhere>;
    bincount: Method<typeof f.bincount>;
    diff: Method<typeof f.diff>;
    renorm: Method<typeof f.renorm>;
    renorm_: Method<typeof f.renorm_>;
    masked_select: Method<typeof f.masked_select>;
  }
}

type Accumulate = boolean | { accumulate: boolean };

install({
  sort: functions.sort,
  argsort: functions.argsort,
  msort: functions.msort,
  topk: functions.topk,
  kthvalue: functions.kthvalue,
  mode: functions.mode,
  median: functions.median,
  nanmedian: functions.nanmedian,
  aminmax: functions.aminmax,
  amax: functions.amax,
  amin: functions.amin,
  any: functions.any_,
  all: functions.all,
  var_mean: functions.var_mean,
  std_mean: functions.std_mean,
  nansum: functions.nansum,
  nanmean: functions.nanmean,
  count_nonzero: functions.count_nonzero,
  prod: functions.prod,
  cumsum: functions.cumsum,
  cumsum_: functions.cumsum_,
  cumprod: functions.cumprod,
  cumprod_: functions.cumprod_,
  logcumsumexp: functions.logcumsumexp,
  cummax: functions.cummax,
  cummin: functions.cummin,
  take: functions.take,
  put: functions.put,
  put_: functions.put_,
  masked_select: functions.masked_select,
  masked_scatter: functions.masked_scatter,
  masked_scatter_: functions.masked_scatter_,
  masked_fill: functions.masked_fill,
  masked_fill_: functions.masked_fill_,
  index_add: functions.index_add,
  index_add_: functions.index_add_,
  index_copy: functions.index_copy,
  index_copy_: functions.index_copy_,
  index_fill: functions.index_fill,
  index_fill_: functions.index_fill_,
  index_select: functions.index_select,
  index_put: functions.index_put,
  gather: functions.gather,
  scatter: functions.scatter,
  scatter_: functions.scatter_,
  scatter_add: functions.scatter_add,
  scatter_add_: functions.scatter_add_,
  scatter_reduce: functions.scatter_reduce,
  scatter_reduce_: functions.scatter_reduce_,
  take_along_dim: functions.take_along_dim,
  repeat_interleave: functions.repeat_interleave,
  nonzero: functions.nonzero,
  argwhere: functions.argwhere,
  bincount: functions.bincount,
  diff: functions.diff,
  index_put_: (
    x: Tensor,
    indices: readonly Index[],
    values: Tensor | number,
    accumulate: Accumulate = false,
  ) => index_put_(x, indices, values, typeof accumulate === "boolean" ? accumulate : accumulate.accumulate),
  renorm: functions.renorm,
  renorm_: functions.renorm_,
});
