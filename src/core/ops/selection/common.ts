/** @file What the functions of this folder share: wrapped dimensions, named results, integers as a tensor. */
import { type DType, int64 } from "../../dtype.js";
import { wrapArray } from "../../kernels/copy.js";
import { normalizeDim, sizeOf } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { toDType } from "../pointwise.js";

export const wrap = (x: Tensor, dim: number): number => normalizeDim(dim, x._shape.length);

/** A result with names, as PyTorch's named tuples. */
export function named<const N extends readonly string[]>(
  values: readonly Tensor[],
  names: N,
): Tensor[] & { readonly [K in N[number]]: Tensor } {
  const out = [...values];
  names.forEach((name, i) => {
    Object.defineProperty(out, name, { value: values[i] });
  });
  return out as Tensor[] & { readonly [K in N[number]]: Tensor };
}
export const pair = (values: readonly Tensor[]) => named(values, ["values", "indices"]);

export const cast = (x: Tensor, dtype: DType | null): Tensor => (dtype === null ? x : toDType(x, dtype));

export function longs(numbers: readonly number[]): Tensor {
  return wrapArray(BigInt64Array.from(numbers, BigInt), sizeOf([numbers.length]), int64);
}
