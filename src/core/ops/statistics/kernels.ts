/** @file Kernels of distinct elements and slices. */
import { int64 } from "../../dtype.js";
import { RuntimeError } from "../../errors.js";
import { contiguousOf, newTensor } from "../../kernels/copy.js";
import { indexSelect } from "../../kernels/indexing.js";
import { sizeOf } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { longs } from "../selection/common.js";
import { compare } from "../selection/order_kernels.js";

type Elements = { readonly [i: number]: number | bigint };
type Order = (i: number, j: number) => number;

/** Neighbours in `order` that `same` holds to be equal, as one: first of each, which run each is in, lengths. */
function runs(order: readonly number[], same: (i: number, j: number) => boolean) {
  const firsts: number[] = [];
  const inverse = new Array<number>(order.length);
  const counts: number[] = [];
  order.forEach((i, k) => {
    if (k === 0 || !same(order[k - 1]!, i)) {
      firsts.push(i);
      counts.push(0);
    }
    inverse[i] = firsts.length - 1;
    counts[counts.length - 1]!++;
  });
  return { firsts, inverse, counts };
}

const identity = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const inOrder = (n: number, by: Order): number[] => identity(n).sort((i, j) => by(i, j) || i - j);

/** Elements: a NaN equals nothing, as in PyTorch. */
function distinct(x: Tensor, sort: boolean): Tensor[] {
  const a = contiguousOf(x);
  const data = a._storage.data as Elements;
  const at = (i: number): number | bigint => data[a._offset + i]!;
  const order = sort ? inOrder(a._numel, (i, j) => compare(at(i), at(j))) : identity(a._numel);
  const { firsts, inverse, counts } = runs(order, (i, j) => at(i) === at(j));
  const out = newTensor(sizeOf([firsts.length]), x.dtype);
  firsts.forEach((i, k) => {
    (out._storage.data as { [i: number]: number | bigint })[k] = at(i);
  });
  const positions = newTensor(x._shape, int64);
  inverse.forEach((k, i) => {
    (positions._storage.data as BigInt64Array)[i] = BigInt(k);
  });
  return [out, positions, longs(counts)];
}

/** Slices along `dim`, in lexicographic order. */
function distinctSlices(x: Tensor, dim: number, sort: boolean): Tensor[] {
  const n = x._shape[dim]!;
  const others = x._shape.filter((_, d) => d !== dim);
  if (others.some((m) => m === 0)) {
    if (n === 0) return [x, longs([]), longs([])];
    throw new RuntimeError(
      "There are 0 sized dimensions, and they aren't selected, so unique cannot be applied",
    );
  }
  const rows = contiguousOf(x.detach().movedim(dim, 0));
  const width = others.reduce((a, b) => a * b, 1);
  const data = rows._storage.data as Elements;
  const at = (i: number, k: number): number | bigint => data[rows._offset + i * width + k]!;
  const by: Order = (i, j) => {
    for (let k = 0; k < width; k++) {
      const order = compare(at(i, k), at(j, k));
      if (order !== 0) return order;
    }
    return 0;
  };
  const equal = (i: number, j: number): boolean => {
    for (let k = 0; k < width; k++) if (at(i, k) !== at(j, k)) return false;
    return true;
  };
  const { firsts, inverse, counts } = runs(sort ? inOrder(n, by) : identity(n), equal);
  return [indexSelect(x, dim, longs(firsts)), longs(inverse), longs(counts)];
}

export const statisticsKernels = {
  _unique2: (x: Tensor) => distinct(x, true),
  unique_consecutive: (x: Tensor) => distinct(x, false),
  unique_dim: (x: Tensor, dim: number) => distinctSlices(x, dim, true),
  unique_dim_consecutive: (x: Tensor, dim: number) => distinctSlices(x, dim, false),
};
