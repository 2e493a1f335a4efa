/** @file The plain view of a tensor that printing needs: elements, shape, strides, offset, dtype. */

import type { DTypeName } from "../dtype.js";

/** Strides and offset count elements, not bytes. bool elements are 0 or 1. */
export interface StridedData {
  data: ArrayLike<number> | ArrayLike<bigint>;
  shape: readonly number[];
  strides: readonly number[];
  offset: number;
  dtype: DTypeName;
}

export type Element = number | bigint;

export function elementAt(t: StridedData, position: number): Element {
  const value = t.data[position];
  if (value === undefined) {
    throw new RangeError(`element ${position} lies outside a storage of ${t.data.length} elements`);
  }
  return value;
}

/**
 * The indices of one dimension that are looked at: all of them, or `edge` at each end when the tensor is
 * summarised and the dimension is longer than both ends together.
 */
export function shownIndices(size: number, summarise: boolean, edge: number): number[] {
  if (!summarise || size <= 2 * edge) return Array.from({ length: size }, (_, i) => i);
  const head = Array.from({ length: edge }, (_, i) => i);
  return [...head, ...head.map((i) => size - edge + i)];
}

/** Calls `visit` with every element that the printed text shows, in row-major order. */
export function forEachShown(
  t: StridedData,
  summarise: boolean,
  edge: number,
  visit: (value: Element) => void,
): void {
  const walk = (dim: number, position: number): void => {
    if (dim === t.shape.length) {
      visit(elementAt(t, position));
      return;
    }
    const stride = t.strides[dim]!;
    for (const i of shownIndices(t.shape[dim]!, summarise, edge)) walk(dim + 1, position + i * stride);
  };
  walk(0, t.offset);
}
