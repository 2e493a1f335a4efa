/** @file Dimensions that a reduction took away, put back. */
import { normalizeDim, type Shape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { unsqueeze } from "../shape_ops.js";
import { helper } from "../trace.js";

/** Puts back the dimensions that a reduction took away. */
export const restore_dims = helper(
  "restore_dims",
  (t: Tensor, sizes: Shape, dims: readonly number[] | null, keepdim: boolean): Tensor =>
    restoreDims(t, sizes, dims, keepdim),
);

export function restoreDims(
  t: Tensor,
  sizes: Shape,
  dims: readonly number[] | null,
  keepdim: boolean,
): Tensor {
  if (keepdim || sizes.length === 0 || t._shape.length === sizes.length) return t;
  if (dims === null || dims.length === 0) return t;
  const sorted = dims.map((d) => normalizeDim(d, sizes.length)).sort((a, b) => a - b);
  return sorted.reduce((g, d) => unsqueeze(g, d), t);
}

export function countOf(sizes: Shape, dims: readonly number[] | null): number {
  if (dims === null || dims.length === 0) return sizes.reduce((n, d) => n * d, 1);
  return dims.reduce((n, d) => n * (sizes[normalizeDim(d, sizes.length)] ?? 1), 1);
}
