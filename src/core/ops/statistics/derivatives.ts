/** @file Distinct elements have no derivative in PyTorch, and say so. */
import { not_implemented } from "../formulas/pointwise.js";
import type { Derivatives } from "../schema.js";
import type { statisticsSchema } from "./schema.js";

export const statisticsDerivatives: Pick<Derivatives, keyof typeof statisticsSchema> = {
  _unique2: { self: (grad) => not_implemented(grad, "_unique2") },
  unique_consecutive: { self: (grad) => not_implemented(grad, "unique_consecutive") },
  unique_dim: { self: (grad) => not_implemented(grad, "unique_dim") },
  unique_dim_consecutive: { self: (grad) => not_implemented(grad, "unique_dim_consecutive") },
};
