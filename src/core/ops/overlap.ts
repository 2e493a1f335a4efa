/** @file Writes into memory that the same operation reads or writes elsewhere: refused as PyTorch refuses them. */
import { RuntimeError } from "../errors.js";
import { isDense } from "../shape.js";
import type { Tensor } from "../tensor.js";

const extent = (t: Tensor): number =>
  t._shape.reduce((end, n, d) => end + (n - 1) * t._strides[d]!, t._offset + 1);

/** Whether two tensors share some of their memory, but not as the very same elements. */
function partial(a: Tensor, b: Tensor): boolean {
  if (a === b || a._numel === 0 || b._numel === 0) return false;
  // Tensors with gaps may interleave: PyTorch does not look further, either.
  if (!isDense(a._shape, a._strides) || !isDense(b._shape, b._strides)) return false;
  const [endA, endB] = [extent(a), extent(b)];
  if (a._offset === b._offset && endA === endB) return String(a._strides) !== String(b._strides);
  return a._offset < endB && b._offset < endA;
}

/** @throws RuntimeError where writing `self` would change `other` while it is read */
export function refuseOverlap(self: Tensor, other: Tensor): void {
  if (self._storage !== other._storage || !partial(self, other)) return;
  throw new RuntimeError(
    "unsupported operation: some elements of the input tensor and the written-to tensor refer to a single memory location. Please clone() the tensor before performing the operation.",
  );
}
