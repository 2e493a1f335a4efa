/** @file Distinct elements: ops that PyTorch refuses to differentiate. */
import { dim, op, T, unary } from "../args.js";

export const statisticsSchema = {
  _unique2: op("unique2", 0, unary),
  unique_consecutive: op("unique_consecutive", 0, unary),
  unique_dim: op("unique_dim", 0, { self: T, dim }),
  unique_dim_consecutive: op("unique_dim_consecutive", 0, { self: T, dim }),
} as const;
