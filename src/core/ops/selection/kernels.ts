/** @file Kernels of sorting, order statistics, scans and indexed writes, by op. */

import { KIND_FLOAT } from "../../dtype.js";
import { map1 } from "../../kernels/map.js";
import { extreme, offsetsOf, sum, variance, vectorNorm } from "../../kernels/reduce.js";
import * as v from "../../kernels/views.js";
import { broadcastShapes } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import {
  assign,
  indexFill,
  indexWrite,
  maskedScatter,
  maskedSelect,
  put,
  scatter,
  scatterReduce,
  take,
} from "./index_kernels.js";
import { copy, type Dims, memory } from "./memory.js";
import { dropDim, median, medianDim, mode, pick, sort } from "./order_kernels.js";
import { cumExtreme, logAddExp, prodDim, scan } from "./scan_kernels.js";

function nansum(self: Tensor, dims: Dims, keepdim: boolean): Tensor {
  const clean =
    self.dtype.kind === KIND_FLOAT ? map1(self, self.dtype, (x) => (Number.isNaN(x) ? 0 : x)) : self;
  return sum(clean, dims.length === 0 ? null : dims, keepdim);
}

const allOf = (t: Tensor): number[] => t._shape.map((_, d) => d);

/** Slices along `dim` scaled down to at most `maxnorm`. */
function renorm(self: Tensor, p: number, dim: number, maxnorm: number): Tensor {
  const norms = vectorNorm(
    self,
    p,
    allOf(self).filter((d) => d !== dim),
    true,
  );
  const factor = map1(norms, norms.dtype, (n) => (n > maxnorm ? maxnorm / (n + 1e-7) : 1));
  const out = copy(self);
  const spread = v.expand(factor, self._shape);
  const at = offsetsOf(self._shape, spread._strides, allOf(self));
  at.forEach((o, i) => {
    memory(out)[i] = (memory(out)[i] as number) * (memory(spread)[spread._offset + o] as number);
  });
  return out;
}

export const selectionKernels = {
  sort,
  sort_stable: sort,
  topk: (self: Tensor, k: number, dim: number, largest: boolean) =>
    pick(self, dim, largest, self._shape.length === 0 ? 1 : k, (order) => order.slice(0, k)),
  kthvalue: (self: Tensor, k: number, dim: number, keepdim: boolean) =>
    dropDim(
      pick(self, dim, false, 1, (order) => [order[k - 1]!]),
      dim,
      keepdim,
    ),
  mode,
  median: (self: Tensor) => median(self, false),
  median_dim: (self: Tensor, dim: number, keepdim: boolean) => medianDim(self, dim, keepdim, false),
  nanmedian: (self: Tensor) => median(self, true),
  nanmedian_dim: (self: Tensor, dim: number, keepdim: boolean) => medianDim(self, dim, keepdim, true),
  aminmax: (self: Tensor, dim: number | null, keepdim: boolean) => {
    const dims = dim === null ? null : [dim];
    return [extreme(self, dims, keepdim, false)[0], extreme(self, dims, keepdim, true)[0]];
  },
  var_mean: (self: Tensor, dims: Dims | null, correction: number, keepdim: boolean) => [
    variance(self, dims, correction, keepdim, false),
    sum(self, dims, keepdim, true),
  ],
  std_mean: (self: Tensor, dims: Dims | null, correction: number, keepdim: boolean) => [
    variance(self, dims, correction, keepdim, true),
    sum(self, dims, keepdim, true),
  ],
  nansum,
  prod_dim: prodDim,

  cummax: (self: Tensor, dim: number) => cumExtreme(self, dim, true),
  cummin: (self: Tensor, dim: number) => cumExtreme(self, dim, false),
  cumprod: (self: Tensor, dim: number) => scan(self, dim, (a, x) => a * x, 1),
  logcumsumexp: (self: Tensor, dim: number) => scan(self, dim, logAddExp, -Infinity),

  take,
  put,
  masked_select: (self: Tensor, mask: Tensor) =>
    maskedSelect(self, mask, broadcastShapes(self._shape, mask._shape)),
  masked_scatter: (self: Tensor, mask: Tensor, source: Tensor) =>
    maskedScatter(self, mask, source, broadcastShapes(self._shape, mask._shape)),
  index_add: (self: Tensor, dim: number, index: Tensor, source: Tensor, alpha: number) =>
    indexWrite(self, dim, index, source, (to, at, x) => {
      to[at] =
        typeof x === "bigint" ? (to[at] as bigint) + x * BigInt(alpha) : (to[at] as number) + x * alpha;
    }),
  index_copy: (self: Tensor, dim: number, index: Tensor, source: Tensor) =>
    indexWrite(self, dim, index, source, assign),
  index_fill_Scalar: indexFill,
  index_fill_Tensor: indexFill,
  scatter_src: scatter,
  scatter_value: scatter,
  scatter_reduce: scatterReduce,
  renorm,
};
