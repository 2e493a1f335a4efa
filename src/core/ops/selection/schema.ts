/** @file Sorting, order statistics, scans, and writing or reading by index. */
import { attr, type Dims, dim, dims, flag, num, op, T, unary } from "../args.js";

const many = attr<Dims | null>();
const picked = { self: T, dim, keepdim: flag, indices: T };

export const selectionSchema = {
  sort: op("sort", 0, { self: T, dim, descending: flag, indices: T }),
  sort_stable: op("sort", 1, { self: T, dim, descending: flag, indices: T }),
  topk: op("topk", 0, { self: T, k: num, dim, largest: flag, indices: T }),
  kthvalue: op("kthvalue", 0, { self: T, k: num, dim, keepdim: flag, indices: T }),
  mode: op("mode", 0, picked),
  median: op("median", 0, unary),
  median_dim: op("median", 1, picked),
  nanmedian: op("nanmedian", 0, unary),
  nanmedian_dim: op("nanmedian", 1, picked),
  aminmax: op("aminmax", 0, { self: T, dim: attr<number | null>(), keepdim: flag, min: T, max: T }),
  var_mean: op("var_mean", 0, { self: T, dim: many, correction: num, keepdim: flag }),
  std_mean: op("std_mean", 0, { self: T, dim: many, correction: num, keepdim: flag }),
  nansum: op("nansum", 0, { self: T, dim: dims, keepdim: flag }),
  prod_dim: op("prod", 1, { self: T, dim, keepdim: flag }),

  cummax: op("cummax", 0, { self: T, dim, indices: T }),
  cummin: op("cummin", 0, { self: T, dim, indices: T }),
  cumprod: op("cumprod", 0, { self: T, dim }),
  logcumsumexp: op("logcumsumexp", 0, { self: T, dim }),

  take: op("take", 0, { self: T, index: T }),
  put: op("put", 0, { self: T, index: T, source: T, accumulate: flag }),
  masked_select: op("masked_select", 0, { self: T, mask: T }),
  masked_scatter: op("masked_scatter", 0, { self: T, mask: T, source: T }),
  index_add: op("index_add", 0, { self: T, dim, index: T, source: T, alpha: num }),
  index_copy: op("index_copy", 0, { self: T, dim, index: T, source: T }),
  index_fill_Scalar: op("index_fill", 0, { self: T, dim, index: T, value: num }),
  index_fill_Tensor: op("index_fill", 1, { self: T, dim, index: T, value: T }),
  scatter_src: op("scatter", 0, { self: T, dim, index: T, src: T }),
  scatter_value: op("scatter", 1, { self: T, dim, index: T, value: num }),
  scatter_reduce: op("scatter_reduce", 0, {
    self: T,
    dim,
    index: T,
    src: T,
    reduce: attr<string>(),
    include_self: flag,
  }),
  renorm: op("renorm", 0, { self: T, p: num, dim, maxnorm: num }),
} as const;
