/** @file Kernels of distances between rows, added up in doubles. */
import { contiguousOf, newTensor } from "../../kernels/copy.js";
import { expand } from "../../kernels/views.js";
import { broadcastShapes, sizeOf } from "../../shape.js";
import type { NumberArray } from "../../storage.js";
import type { Tensor } from "../../tensor.js";

/** ‖a[i…] − b[j…]‖ₚ of rows of `m` elements; p = 0 counts the elements that differ. */
function distance(a: NumberArray, i: number, b: NumberArray, j: number, m: number, p: number): number {
  let total = 0;
  for (let k = 0; k < m; k++) {
    const d = Math.abs(a[i + k]! - b[j + k]!);
    if (p === Number.POSITIVE_INFINITY) total = Number.isNaN(d) || d > total ? d : total;
    else if (p === 0) total += d === 0 ? 0 : 1;
    else total += p === 1 ? d : p === 2 ? d * d : d ** p;
  }
  if (p === 0 || p === 1 || p === Number.POSITIVE_INFINITY) return total;
  return p === 2 ? Math.sqrt(total) : total ** (1 / p);
}

function cdist(x1: Tensor, x2: Tensor, p: number): Tensor {
  const lead = broadcastShapes(x1._shape.slice(0, -2), x2._shape.slice(0, -2));
  const [a, b] = [x1, x2].map((t) => contiguousOf(expand(t, sizeOf([...lead, ...t._shape.slice(-2)])))) as [
    Tensor,
    Tensor,
  ];
  const [rows, m] = a._shape.slice(-2) as [number, number];
  const columns = b._shape.at(-2)!;
  const out = newTensor(sizeOf([...lead, rows, columns]), x1.dtype);
  const [from, other, to] = [a, b, out].map((t) => t._storage.data as NumberArray) as NumberArray[];
  for (let at = 0; at < out._numel; at++) {
    const j = at % columns;
    const row = (at - j) / columns;
    const batch = Math.floor(row / rows);
    to![at] = distance(from!, a._offset + row * m, other!, b._offset + (batch * columns + j) * m, m, p);
  }
  return out;
}

function pdist(x: Tensor, p: number): Tensor {
  const a = contiguousOf(x);
  const [n, m] = x._shape as readonly number[] as [number, number];
  const out = newTensor(sizeOf([(n * (n - 1)) / 2]), x.dtype);
  const from = a._storage.data as NumberArray;
  let at = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      (out._storage.data as NumberArray)[at++] = distance(
        from,
        a._offset + i * m,
        from,
        a._offset + j * m,
        m,
        p,
      );
    }
  }
  return out;
}

export const distanceKernels = {
  _cdist_forward: cdist,
  _euclidean_dist: (x1: Tensor, x2: Tensor) => cdist(x1, x2, 2),
  _pdist_forward: pdist,
};
