/** @file What the functions of this folder share: their usual parameter, and dimensions wrapped with PyTorch's words. */
import { IndexError } from "../../errors.js";
import { normalizeDim } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { tensor } from "../parameters.js";

export const self = [tensor("input")] as const;
export const wrap = (x: Tensor, dim: number): number => normalizeDim(dim, x._shape.length);

/** PyTorch's words for a dimension of a tensor that has none. */
export function dimOf(x: Tensor, dim: number): number {
  if (x._shape.length === 0)
    throw new IndexError(`Dimension specified as ${dim} but tensor has no dimensions`);
  return wrap(x, dim);
}
