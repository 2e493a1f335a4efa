/** @file Kernels of the LU decomposition of matrices of any shape. */
import { int32 } from "../../dtype.js";
import { contiguousOf } from "../../kernels/copy.js";
import { expand, indexNumbers, transpose } from "../../kernels/views.js";
import { broadcastShapes, sizeOf } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { type Batch, batchOf, Output } from "./batch.js";
import { luOf, triangularSolve } from "./decompositions.js";

const mT = (t: Tensor): Tensor => transpose(t, t._shape.length - 2, t._shape.length - 1);

/** `[LU, pivots, info]`: both triangles in one matrix, and with which row each was swapped, from 1. */
function factor(a: Tensor, pivot: boolean): Tensor[] {
  const A = batchOf(a);
  const k = Math.min(A.m, A.n);
  const lu = new Output(A.lead, [A.m, A.n], a.dtype);
  const pivots = new Output(A.lead, [k], int32);
  const infos = new Output(A.lead, [], int32);
  for (let i = 0; i < A.count; i++) {
    const found = luOf(A.at(i), A.m, A.n, pivot);
    lu.set(i, found.lu);
    pivots.set(
      i,
      found.pivots.map((p) => p + 1),
    );
    infos.set(i, [found.info]);
  }
  return [lu.tensor, pivots.tensor, infos.tensor];
}

/** Where each row of P's transpose has its 1, after the swaps in `pivots`. */
function rowOrder(pivots: readonly number[], m: number): number[] {
  const order = Array.from({ length: m }, (_, i) => i);
  pivots.forEach((p, i) => {
    [order[i], order[p - 1]] = [order[p - 1]!, order[i]!];
  });
  return order;
}

/** `[L, U, P]` of a packed LU and its pivots. */
function unpack(packed: Tensor, pivots: Tensor): Tensor[] {
  const A = batchOf(packed);
  const { m, n } = A;
  const k = Math.min(m, n);
  const [l, u, p] = [
    [m, k],
    [k, n],
    [m, m],
  ].map((own) => new Output(A.lead, own, packed.dtype)) as [Output, Output, Output];
  const swaps = indexNumbers(pivots);
  for (let b = 0; b < A.count; b++) {
    const lu = A.at(b);
    l.set(
      b,
      Float64Array.from({ length: m * k }, (_, at) => lower(lu, n, Math.floor(at / k), at % k)),
    );
    u.set(
      b,
      Float64Array.from({ length: k * n }, (_, at) => (at % n >= Math.floor(at / n) ? lu[at]! : 0)),
    );
    const matrix = new Float64Array(m * m);
    rowOrder(swaps.slice(b * k, (b + 1) * k), m).forEach((row, i) => {
      matrix[row * m + i] = 1;
    });
    p.set(b, matrix);
  }
  return [l.tensor, u.tensor, p.tensor];
}

function lower(lu: Float64Array, n: number, i: number, j: number): number {
  return i === j ? 1 : i > j ? lu[i * n + j]! : 0;
}

/** X of A X = B (X A = B; with Aᵀ for `adjoint`) from A's packed LU. */
function solve(packed: Tensor, pivots: Tensor, b: Tensor, left: boolean, adjoint: boolean): Tensor {
  if (!left) return contiguousOf(mT(solve(packed, pivots, mT(b), true, !adjoint)));
  const lead = broadcastShapes(packed._shape.slice(0, -2), b._shape.slice(0, -2));
  const spread = (t: Tensor, own: number): Tensor => {
    return expand(t, sizeOf([...lead, ...t._shape.slice(t._shape.length - own)]));
  };
  const A: Batch = batchOf(spread(packed, 2));
  const B = batchOf(spread(b, 2));
  const swaps = indexNumbers(contiguousOf(spread(pivots, 1)));
  const out = new Output(lead, [B.m, B.n], b.dtype);
  for (let i = 0; i < A.count; i++) {
    out.set(i, solved(A.at(i), swaps.slice(i * A.n, (i + 1) * A.n), A.n, B.at(i), B.n, adjoint));
  }
  return out.tensor;
}

function solved(
  lu: Float64Array,
  pivots: readonly number[],
  n: number,
  b: Float64Array,
  k: number,
  adjoint: boolean,
): Float64Array {
  const order = rowOrder(pivots, n);
  if (!adjoint) {
    const x = Float64Array.from({ length: n * k }, (_, at) => b[order[Math.floor(at / k)]! * k + (at % k)]!);
    triangularSolve(lu, n, x, k, false, true);
    triangularSolve(lu, n, x, k, true, false);
    return x;
  }
  const t = Float64Array.from({ length: n * n }, (_, at) => lu[(at % n) * n + Math.floor(at / n)]!);
  const y = b.slice();
  triangularSolve(t, n, y, k, false, false);
  triangularSolve(t, n, y, k, true, true);
  const x = new Float64Array(n * k);
  order.forEach((row, i) => {
    x.set(y.subarray(i * k, (i + 1) * k), row * k);
  });
  return x;
}

export const luKernels = {
  linalg_lu_factor_ex: factor,
  linalg_lu: (a: Tensor, pivot: boolean) => {
    const [lu, pivots] = factor(a, pivot) as [Tensor, Tensor];
    return unpack(lu, pivots);
  },
  lu_unpack: unpack,
  linalg_lu_solve: solve,
};
