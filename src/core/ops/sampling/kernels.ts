/** @file Kernels that draw: one sample for each element of the parameters. */

import type { DType } from "../../dtype.js";
import { castTo, contiguousOf, newTensor } from "../../kernels/copy.js";
import { map2 } from "../../kernels/map.js";
import { fillBernoulliEach } from "../../random/discrete.js";
import type { Generator } from "../../random/generator.js";
import { fillNormal } from "../../random/normal.js";
import { fillPoisson } from "../../random/sampling.js";
import type { FloatArray } from "../../random/uniform.js";
import { broadcastShapes, type Size } from "../../shape.js";
import type { Tensor } from "../../tensor.js";

/** The elements in order, as an array of their own. */
function elements(t: Tensor): FloatArray {
  const c = contiguousOf(t);
  return (c._storage.data as FloatArray).subarray(c._offset, c._offset + t._numel) as FloatArray;
}

function standard(shape: Size, dtype: DType, std: number, generator: Generator): Tensor {
  const out = newTensor(shape, dtype);
  if (out._numel > 0) fillNormal(out._storage.data as FloatArray, 0, std, generator);
  return out;
}

const times = (a: number, b: number): number => a * b;
const plus = (a: number, b: number): number => a + b;

export const samplingKernels = {
  bernoulli: (p: Tensor, generator: Generator) => {
    const out = newTensor(p._shape, p.dtype);
    if (out._numel > 0) fillBernoulliEach(out._storage.data, elements(p), generator);
    return out;
  },
  normal_Tensor_float: (mean: Tensor, std: number, generator: Generator) => {
    const z = standard(mean._shape, mean.dtype, std, generator);
    return map2(z, mean, mean.dtype, plus);
  },
  normal_float_Tensor: (mean: number, std: Tensor, generator: Generator) => {
    const z = map2(standard(std._shape, std.dtype, 1, generator), std, std.dtype, times);
    return map2(z, z, std.dtype, (x) => x + mean);
  },
  normal_Tensor_Tensor: (mean: Tensor, std: Tensor, generator: Generator) => {
    const shape = broadcastShapes(mean._shape, std._shape);
    const z = map2(standard(shape, mean.dtype, 1, generator), castTo(std, mean.dtype), mean.dtype, times);
    return map2(z, mean, mean.dtype, plus);
  },
  poisson: (rate: Tensor, generator: Generator) => {
    const out = newTensor(rate._shape, rate.dtype);
    if (out._numel > 0) fillPoisson(out._storage.data as FloatArray, elements(rate), generator);
    return out;
  },
};
