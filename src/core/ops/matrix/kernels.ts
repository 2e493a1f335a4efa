/** @file Kernels of linear algebra: one matrix of a batch after the other, in float64. */
import { int32 } from "../../dtype.js";
import { contiguousOf } from "../../kernels/copy.js";
import { expand, squeeze, transpose, unsqueeze } from "../../kernels/views.js";
import { broadcastShapes, sizeOf } from "../../shape.js";
import type { NumberArray } from "../../storage.js";
import type { Tensor } from "../../tensor.js";
import { type Batch, batchOf, Output } from "./batch.js";
import * as decompositions from "./decompositions.js";
import * as dense from "./dense.js";
import { luKernels } from "./lu_kernels.js";
import * as spectra from "./spectra.js";

function inverse(a: Tensor): Tensor[] {
  const A = batchOf(a);
  const out = new Output(A.lead, [A.n, A.n], a.dtype);
  const info = new Output(A.lead, [], int32);
  for (let i = 0; i < A.count; i++) {
    const lu = decompositions.luOf(A.at(i), A.n, A.n);
    out.set(i, decompositions.luSolve(lu, A.n, dense.identity(A.n), A.n));
    info.set(i, [lu.info]);
  }
  return [out.tensor, info.tensor];
}

function det(a: Tensor): Tensor {
  const A = batchOf(a);
  const out = new Output(A.lead, [], a.dtype);
  for (let i = 0; i < A.count; i++) {
    const { lu, sign } = decompositions.luOf(A.at(i), A.n, A.n);
    let product = sign;
    for (let k = 0; k < A.n; k++) product *= lu[k * A.n + k]!;
    out.set(i, [product]);
  }
  return out.tensor;
}

function slogdet(a: Tensor): Tensor[] {
  const A = batchOf(a);
  const signs = new Output(A.lead, [], a.dtype);
  const logs = new Output(A.lead, [], a.dtype);
  for (let i = 0; i < A.count; i++) {
    const { lu, sign } = decompositions.luOf(A.at(i), A.n, A.n);
    let [s, log] = [sign, 0];
    for (let k = 0; k < A.n; k++) {
      s *= Math.sign(lu[k * A.n + k]!);
      log += Math.log(Math.abs(lu[k * A.n + k]!));
    }
    signs.set(i, [s]);
    logs.set(i, [log]);
  }
  return [signs.tensor, logs.tensor];
}

/** Both with the batch dimensions that they broadcast to. */
function broadcast(a: Tensor, b: Tensor): [Tensor, Tensor] {
  const lead = broadcastShapes(a._shape.slice(0, -2), b._shape.slice(0, -2));
  const to = (t: Tensor): Tensor => expand(t, sizeOf([...lead, ...t._shape.slice(-2)]));
  return [to(a), to(b)];
}
const mT = (t: Tensor): Tensor => transpose(t, t._shape.length - 2, t._shape.length - 1);

/** X of A X = B, or of X A = B; `vector`: B is a batch of vectors. */
function solve(a: Tensor, b: Tensor, left: boolean, vector: boolean): Tensor[] {
  if (vector) {
    const [x, info] = solve(a, unsqueeze(b, b._shape.length), left, false);
    return [squeeze(x!, [x!._shape.length - 1]), info!];
  }
  if (!left) {
    const [x, info] = solve(mT(a), mT(b), true, false);
    return [contiguousOf(mT(x!)), info!];
  }
  const [A, B] = broadcast(a, b).map(batchOf) as [Batch, Batch];
  const out = new Output(B.lead, [B.m, B.n], b.dtype);
  const own = batchOf(a);
  const info = new Output(own.lead, [], int32);
  for (let i = 0; i < A.count; i++)
    out.set(i, decompositions.luSolve(decompositions.luOf(A.at(i), A.n, A.n), A.n, B.at(i), B.n));
  for (let i = 0; i < own.count; i++) info.set(i, [decompositions.luOf(own.at(i), own.n, own.n).info]);
  return [out.tensor, info.tensor];
}

function solveTriangular(a: Tensor, b: Tensor, upper: boolean, left: boolean, unit: boolean): Tensor {
  if (!left) return contiguousOf(mT(solveTriangular(mT(a), mT(b), !upper, true, unit)));
  const [A, B] = broadcast(a, b).map(batchOf) as [Batch, Batch];
  const out = new Output(B.lead, [B.m, B.n], b.dtype);
  for (let i = 0; i < A.count; i++) {
    const x = B.at(i);
    decompositions.triangularSolve(A.at(i), A.n, x, B.n, upper, unit);
    out.set(i, x);
  }
  return out.tensor;
}

function cholesky(a: Tensor, upper: boolean): Tensor[] {
  const A = batchOf(a);
  const out = new Output(A.lead, [A.n, A.n], a.dtype);
  const infos = new Output(A.lead, [], int32);
  for (let i = 0; i < A.count; i++) {
    const source = upper ? dense.transposed(A.at(i), A.n, A.n) : A.at(i);
    const { l, info } = decompositions.choleskyOf(source, A.n);
    out.set(i, upper ? dense.transposed(l, A.n, A.n) : l);
    infos.set(i, [info]);
  }
  return [out.tensor, infos.tensor];
}

/** The first `k` columns of an [m, n] matrix. */
function columns(a: dense.Matrix, m: number, n: number, k: number): dense.Matrix {
  const out = new Float64Array(m * k);
  for (let i = 0; i < m; i++) for (let j = 0; j < k; j++) out[i * k + j] = a[i * n + j]!;
  return out;
}

function qr(a: Tensor, mode: string): Tensor[] {
  const A = batchOf(a);
  const k = mode === "complete" ? A.m : Math.min(A.m, A.n);
  const q = new Output(mode === "r" ? [0] : A.lead, mode === "r" ? [] : [A.m, k], a.dtype);
  const r = new Output(A.lead, [k, A.n], a.dtype);
  for (let i = 0; i < A.count; i++) {
    const found = decompositions.qrOf(A.at(i), A.m, A.n);
    if (mode !== "r") q.set(i, columns(found.q, A.m, A.m, k));
    r.set(i, found.r.slice(0, k * A.n));
  }
  return [q.tensor, r.tensor];
}

function eigh(a: Tensor, uplo: string): Tensor[] {
  const A = batchOf(a);
  const n = A.n;
  const w = new Output(A.lead, [n], a.dtype);
  const v = new Output(A.lead, [n, n], a.dtype);
  for (let i = 0; i < A.count; i++) {
    const x = A.at(i);
    for (let p = 0; p < n; p++) {
      for (let q = 0; q < p; q++) {
        if (uplo === "L") x[q * n + p] = x[p * n + q]!;
        else x[p * n + q] = x[q * n + p]!;
      }
    }
    const found = spectra.eighOf(x, n);
    w.set(i, found.w);
    v.set(i, found.v);
  }
  return [w.tensor, v.tensor];
}

/** [m, k] with orthonormal columns extended to [m, m]. */
function completed(u: dense.Matrix, m: number, k: number): dense.Matrix {
  const out = new Float64Array(m * m);
  for (let i = 0; i < m; i++) for (let j = 0; j < k; j++) out[i * m + j] = u[i * k + j]!;
  for (let j = k; j < m; j++) spectra.fillOrthogonal(out, m, m, j);
  return out;
}

function svd(a: Tensor, full: boolean): Tensor[] {
  const A = batchOf(a);
  const { m, n } = A;
  const k = Math.min(m, n);
  const u = new Output(A.lead, [m, full ? m : k], a.dtype);
  const s = new Output(A.lead, [k], a.dtype);
  const vh = new Output(A.lead, [full ? n : k, n], a.dtype);
  for (let i = 0; i < A.count; i++) {
    const found = spectra.svdOf(A.at(i), m, n);
    u.set(i, full ? completed(found.u, m, k) : found.u);
    s.set(i, found.s);
    vh.set(i, full ? dense.transposed(completed(found.v, n, k), n, n) : dense.transposed(found.v, n, k));
  }
  return [u.tensor, s.tensor, vh.tensor];
}

function matrixExp(a: Tensor): Tensor {
  const A = batchOf(a);
  const out = new Output(A.lead, [A.n, A.n], a.dtype);
  for (let i = 0; i < A.count; i++) out.set(i, dense.expOf(A.at(i), A.n));
  return out.tensor;
}

/** A⁺ from the singular values above `limit` times the largest. */
function pinv(a: Tensor, limit: number): Tensor {
  const A = batchOf(a);
  const { m, n } = A;
  const k = Math.min(m, n);
  const out = new Output(A.lead, [n, m], a.dtype);
  for (let i = 0; i < A.count; i++) {
    const { u, s, v } = spectra.svdOf(A.at(i), m, n);
    const scaled = v.map((x, at) => {
      const value = s[at % k]!;
      return value > limit * s[0]! ? x / value : 0;
    });
    out.set(i, dense.multiply(scaled, dense.transposed(u, m, k), n, k, m));
  }
  return out.tensor;
}

const data = (t: Tensor): NumberArray => t._storage.data as NumberArray;
/** The largest entry of an `info`, 0 where every matrix was fine; and the matrix it was about. */
export function firstFailure(info: Tensor): { batch: number; info: number } | null {
  for (let i = 0; i < info._numel; i++) {
    const x = info._storage.array === null ? info._storage.value : data(info)[i]!;
    if (x !== 0) return { batch: i, info: Number(x) };
  }
  return null;
}

export const matrixKernels = {
  linalg_inv_ex: inverse,
  linalg_det: det,
  linalg_slogdet: slogdet,
  linalg_solve_ex: solve,
  linalg_solve_triangular: solveTriangular,
  linalg_cholesky_ex: cholesky,
  cholesky: (a: Tensor, upper: boolean) => cholesky(a, upper)[0]!,
  linalg_qr: qr,
  linalg_eigh: eigh,
  linalg_svd: svd,
  linalg_matrix_exp: matrixExp,
  linalg_pinv: pinv,
  ...luKernels,
};
