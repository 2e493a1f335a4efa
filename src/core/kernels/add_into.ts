/** @file Sums in place. */
import { KIND_FLOAT } from "../dtype.js";
import { sameShape } from "../shape.js";
import type { NumberArray } from "../storage.js";
import type { Tensor } from "../tensor.js";
import { B } from "./binary_element.js";
import { binaryRow } from "./binary_rows.js";
import { MAP_FROM, NATIVE_BINARY, nativeBinary } from "./native_map.js";

/**
 * target += t, of tensors of one shape and one floating type that lie in order: rounded as `target.add(t)` is.
 * False, and nothing done, for others.
 */
export function addInto(target: Tensor, t: Tensor): boolean {
  if (target.dtype !== t.dtype || t.dtype.kind !== KIND_FLOAT) return false;
  if (!target._contiguous || !t._contiguous || !sameShape(target._shape, t._shape)) return false;
  if (target._offset !== 0 || target._numel === 1) return false;
  const to = target._storage.data as NumberArray;
  const from = t._storage.data as NumberArray;
  const n = target._numel;
  if (n >= MAP_FROM) {
    const x = { data: to, offset: 0, row: 0, col: 1 };
    const y = { data: from, offset: t._offset, row: 0, col: 1 };
    if (nativeBinary(NATIVE_BINARY.add, to, x, y, 1, n)) return true;
  }
  binaryRow(B.add, to, 0, to, 0, 1, from, t._offset, 1, n);
  return true;
}
