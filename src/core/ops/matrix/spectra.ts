/** @file Eigenvalues and singular values of dense matrices, in doubles. */
import { identity, type Matrix, transposed } from "./dense.js";

/** A = V diag(w) Vᵀ of a symmetric matrix by cyclic Jacobi rotations (section 8.5); w ascends. */
export function eighOf(symmetric: Matrix, n: number): { w: Float64Array; v: Matrix } {
  const a = symmetric.slice();
  const v = identity(n);
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    let scale = 0;
    for (let i = 0; i < n; i++) {
      scale += a[i * n + i]! ** 2;
      for (let j = i + 1; j < n; j++) off += 2 * a[i * n + j]! ** 2;
    }
    if (off <= 1e-32 * (scale + off) || off === 0) break;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, v, n, p, q);
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => a[i * n + i]! - a[j * n + j]!);
  const w = Float64Array.from(order, (i) => a[i * n + i]!);
  const sorted = new Float64Array(n * n);
  order.forEach((from, to) => {
    for (let i = 0; i < n; i++) sorted[i * n + to] = v[i * n + from]!;
  });
  return { w, v: sorted };
}

function rotate(a: Matrix, v: Matrix, n: number, p: number, q: number): void {
  const apq = a[p * n + q]!;
  if (apq === 0) return;
  const tau = (a[q * n + q]! - a[p * n + p]!) / (2 * apq);
  const t = Math.sign(tau || 1) / (Math.abs(tau) + Math.hypot(1, tau));
  const c = 1 / Math.hypot(1, t);
  const s = t * c;
  for (let k = 0; k < n; k++) {
    const [kp, kq] = [a[k * n + p]!, a[k * n + q]!];
    a[k * n + p] = c * kp - s * kq;
    a[k * n + q] = s * kp + c * kq;
  }
  for (let k = 0; k < n; k++) {
    const [pk, qk] = [a[p * n + k]!, a[q * n + k]!];
    a[p * n + k] = c * pk - s * qk;
    a[q * n + k] = s * pk + c * qk;
    const [vp, vq] = [v[k * n + p]!, v[k * n + q]!];
    v[k * n + p] = c * vp - s * vq;
    v[k * n + q] = s * vp + c * vq;
  }
}

/** A = U diag(s) Vᵀ by one-sided Jacobi rotations (section 8.6); s descends, U is m × k and V n × k. */
export function svdOf(a: Matrix, m: number, n: number): { u: Matrix; s: Float64Array; v: Matrix } {
  if (m < n) {
    const { u, s, v } = svdOf(transposed(a, m, n), n, m);
    return { u: v, s, v: u };
  }
  const w = a.slice();
  const v = identity(n);
  for (let sweep = 0; sweep < 60; sweep++) {
    let rotated = false;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) rotated = orthogonalise(w, v, m, n, p, q) || rotated;
    }
    if (!rotated) break;
  }
  const norms = Float64Array.from({ length: n }, (_, j) => {
    let norm = 0;
    for (let i = 0; i < m; i++) norm = Math.hypot(norm, w[i * n + j]!);
    return norm;
  });
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => norms[j]! - norms[i]!);
  const s = Float64Array.from(order, (j) => norms[j]!);
  const u = new Float64Array(m * n);
  const sorted = new Float64Array(n * n);
  order.forEach((from, to) => {
    for (let i = 0; i < m; i++) u[i * n + to] = norms[from] === 0 ? 0 : w[i * n + from]! / norms[from]!;
    for (let i = 0; i < n; i++) sorted[i * n + to] = v[i * n + from]!;
  });
  completeColumns(u, m, n, s);
  return { u, s, v: sorted };
}

function orthogonalise(w: Matrix, v: Matrix, m: number, n: number, p: number, q: number): boolean {
  let [pp, qq, pq] = [0, 0, 0];
  for (let i = 0; i < m; i++) {
    const [x, y] = [w[i * n + p]!, w[i * n + q]!];
    pp += x * x;
    qq += y * y;
    pq += x * y;
  }
  if (Math.abs(pq) <= 1e-15 * Math.sqrt(pp * qq) || pq === 0) return false;
  const tau = (qq - pp) / (2 * pq);
  const t = Math.sign(tau || 1) / (Math.abs(tau) + Math.hypot(1, tau));
  const c = 1 / Math.hypot(1, t);
  const s = t * c;
  for (const [matrix, rows] of [
    [w, m],
    [v, n],
  ] as const) {
    for (let i = 0; i < rows; i++) {
      const [x, y] = [matrix[i * n + p]!, matrix[i * n + q]!];
      matrix[i * n + p] = c * x - s * y;
      matrix[i * n + q] = s * x + c * y;
    }
  }
  return true;
}

/** Columns of U whose singular value is 0 become any unit vectors orthogonal to the others. */
function completeColumns(u: Matrix, m: number, n: number, s: Float64Array): void {
  for (let j = 0; j < n; j++) {
    if (s[j] !== 0) continue;
    fillOrthogonal(u, m, n, j);
  }
}

/** Writes into column `j` a unit vector orthogonal to all columns before it (Gram–Schmidt, twice). */
export function fillOrthogonal(u: Matrix, m: number, n: number, j: number): void {
  for (let seed = 0; seed < m; seed++) {
    const x = new Float64Array(m);
    x[seed] = 1;
    for (let pass = 0; pass < 2; pass++) {
      for (let k = 0; k < j; k++) {
        let d = 0;
        for (let i = 0; i < m; i++) d += x[i]! * u[i * n + k]!;
        for (let i = 0; i < m; i++) x[i]! -= d * u[i * n + k]!;
      }
    }
    const norm = Math.hypot(...x);
    if (norm < 0.5 / Math.sqrt(m)) continue;
    for (let i = 0; i < m; i++) u[i * n + j] = x[i]! / norm;
    return;
  }
}
