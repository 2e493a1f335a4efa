/** @file Random draws that stand in a graph. */
import type { Generator } from "../../random/generator.js";
import { attr, num, op, T } from "../args.js";

const generator = attr<Generator>();

export const samplingSchema = {
  bernoulli: op("bernoulli", 0, { self: T, generator }),
  normal_Tensor_float: op("normal", 1, { mean: T, std: num, generator }),
  normal_float_Tensor: op("normal", 2, { mean: num, std: T, generator }),
  normal_Tensor_Tensor: op("normal", 3, { mean: T, std: T, generator }),
  poisson: op("poisson", 0, { self: T, generator }),
} as const;
