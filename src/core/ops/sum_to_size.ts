/** @file The inverse of broadcasting. */
import { RuntimeError } from "../errors.js";
import { formatShape, isExpandable, type Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { sum } from "./reduction.js";
import { view } from "./shape_ops.js";

/** Sums `self` down to `shape`, which must broadcast to `self`'s. */
export function sum_to_size(self: Tensor, shape: Shape): Tensor {
  if (!isExpandable(shape, self._shape)) {
    throw new RuntimeError(
      `size {${formatShape(shape)}} is not expandable to size {${formatShape(self._shape)}}.`,
    );
  }
  if (shape.length === 0) return sum(self);
  const lead = self._shape.length - shape.length;
  const dims: number[] = [];
  for (let d = 0; d < self._shape.length; d++) {
    if (d < lead || (shape[d - lead] === 1 && self._shape[d] !== 1)) dims.push(d);
  }
  const summed = dims.length === 0 ? self : sum(self, dims, true);
  return lead > 0 ? view(summed, shape) : summed;
}
