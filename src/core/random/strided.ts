/** @file Filling views: PyTorch draws for non-contiguous tensors in the order of memory, not of indices. */

import { numelOf, type Shape, strideOrder } from "../shape.js";
import type { TypedArray } from "../storage.js";

export interface StridedTarget<A extends TypedArray> {
  data: A;
  shape: Shape;
  strides: Shape;
  offset: number;
}

/**
 * Runs `fill` on a buffer as long as the view and spreads it over the view, largest stride outermost, as
 * PyTorch's iterator visits an output. (A 3×4 tensor and its transpose get the same draws at the same
 * addresses.) Pass `{ contiguous: false }` on to `fillNormal`, whose path depends on it.
 */
export function fillStrided<A extends TypedArray>(target: StridedTarget<A>, fill: (buffer: A) => void): void {
  const { data, shape, strides } = target;
  const order = strideOrder(shape, strides);
  const Buffer = data.constructor as new (length: number) => A;
  const drawn = new Buffer(numelOf(shape));
  fill(drawn);
  let next = 0;
  const walk = (depth: number, position: number): void => {
    const dim = order[depth];
    if (dim === undefined) {
      data[position] = drawn[next++]!;
      return;
    }
    for (let i = 0; i < shape[dim]!; i++) walk(depth + 1, position + i * strides[dim]!);
  };
  walk(0, target.offset);
}
