/** @file Distinct elements or slices, and how often they occur. */
import { IndexError } from "../../errors.js";
import { contiguousOf } from "../../kernels/copy.js";
import { normalizeDim } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { callMulti } from "../dispatch.js";
import { ops } from "../op.js";
import { flag, optInt, tensor } from "../parameters.js";
import { fn } from "../signature.js";

type Unique = Tensor & Tensor[];

/** The result alone, or in a tuple with what was asked for besides. */
function asked(found: readonly Tensor[], inverse: boolean, counts: boolean): Unique {
  if (!inverse && !counts) return found[0] as Unique;
  return [found[0]!, ...(inverse ? [found[1]!] : []), ...(counts ? [found[2]!] : [])] as Unique;
}

function checkDim(x: Tensor, dim: number): number {
  if (x._shape.length === 0) {
    throw new IndexError(`Dimension specified as ${dim} but tensor has no dimensions`);
  }
  return normalizeDim(dim, x._shape.length);
}

const results = [flag("return_inverse", false), flag("return_counts", false), optInt("dim", null)] as const;

/**
 * The distinct elements in ascending order, or with `dim` the distinct slices; where asked, also which of them
 * every element is (`return_inverse`), and how often each occurs (`return_counts`).
 */
export const unique = fn(
  "unique",
  [tensor("input"), flag("sorted", true), ...results],
  (x, _, inverse, counts, dim): Unique => {
    if (dim === null) return asked(callMulti(ops._unique2, 1, contiguousOf(x)), inverse, counts);
    return asked(callMulti(ops.unique_dim, 1, x, checkDim(x, dim)), inverse, counts);
  },
);

/** Runs of equal elements (or slices along `dim`) as one. */
export const unique_consecutive = fn(
  "unique_consecutive",
  [tensor("input"), ...results],
  (x, inverse, counts, dim): Unique => {
    const flat = dim === null || (x._shape.length === 1 && normalizeDim(dim, 1) === 0);
    if (flat) return asked(callMulti(ops.unique_consecutive, 1, x), inverse, counts);
    return asked(callMulti(ops.unique_dim_consecutive, 1, x, checkDim(x, dim)), inverse, counts);
  },
);
