/** @file Decompositions of dense matrices by elimination and reflection, in doubles. */
import { identity, type Matrix } from "./dense.js";

export interface Lu {
  readonly lu: Matrix;
  readonly pivots: number[];
  readonly sign: number;
  /** 1 + the first pivot that is 0; 0 where there is none. */
  readonly info: number;
}

/** P A = L U of an [m, n] matrix, with partial pivoting (algorithm 3.4.1) or as the rows stand. */
export function luOf(a: Matrix, m: number, n: number, pivoting = true): Lu {
  const lu = a.slice();
  const pivots: number[] = [];
  let sign = 1;
  let info = 0;
  for (let k = 0; k < Math.min(m, n); k++) {
    let p = k;
    for (let i = k + 1; pivoting && i < m; i++)
      if (Math.abs(lu[i * n + k]!) > Math.abs(lu[p * n + k]!)) p = i;
    pivots.push(p);
    if (p !== k) {
      sign = -sign;
      for (let j = 0; j < n; j++) {
        const t = lu[k * n + j]!;
        lu[k * n + j] = lu[p * n + j]!;
        lu[p * n + j] = t;
      }
    }
    const pivot = lu[k * n + k]!;
    if (pivot === 0) {
      if (info === 0) info = k + 1;
      continue;
    }
    for (let i = k + 1; i < m; i++) {
      const factor = lu[i * n + k]! / pivot;
      lu[i * n + k] = factor;
      for (let j = k + 1; j < n; j++) lu[i * n + j]! -= factor * lu[k * n + j]!;
    }
  }
  return { lu, pivots, sign, info };
}

/** Solves A X = B for the k columns of B. */
export function luSolve({ lu, pivots }: Lu, n: number, b: Matrix, k: number): Matrix {
  const x = b.slice();
  pivots.forEach((p, i) => {
    if (p === i) return;
    for (let j = 0; j < k; j++) {
      const t = x[i * k + j]!;
      x[i * k + j] = x[p * k + j]!;
      x[p * k + j] = t;
    }
  });
  triangularSolve(lu, n, x, k, false, true);
  triangularSolve(lu, n, x, k, true, false);
  return x;
}

/** Solves T X = B in place, for upper or lower T, with ones on the diagonal if `unit`. */
export function triangularSolve(
  t: Matrix,
  n: number,
  x: Matrix,
  k: number,
  upper: boolean,
  unit: boolean,
): void {
  for (let step = 0; step < n; step++) {
    const i = upper ? n - 1 - step : step;
    for (let c = 0; c < k; c++) {
      let sum = x[i * k + c]!;
      if (upper) for (let j = i + 1; j < n; j++) sum -= t[i * n + j]! * x[j * k + c]!;
      else for (let j = 0; j < i; j++) sum -= t[i * n + j]! * x[j * k + c]!;
      x[i * k + c] = unit ? sum : sum / t[i * n + i]!;
    }
  }
}

/** A = L Lᵀ from the lower triangle (algorithm 4.2.1); `info` names the leading minor that is not positive. */
export function choleskyOf(a: Matrix, n: number): { l: Matrix; info: number } {
  const l = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    let d = a[j * n + j]!;
    for (let k = 0; k < j; k++) d -= l[j * n + k]! ** 2;
    if (!(d > 0)) return { l, info: j + 1 };
    const root = Math.sqrt(d);
    l[j * n + j] = root;
    for (let i = j + 1; i < n; i++) {
      let s = a[i * n + j]!;
      for (let k = 0; k < j; k++) s -= l[i * n + k]! * l[j * n + k]!;
      l[i * n + j] = s / root;
    }
  }
  return { l, info: 0 };
}

/** A = Q R by Householder reflections (algorithm 5.2.1), with LAPACK's signs; Q is m × m. */
export function qrOf(a: Matrix, m: number, n: number): { q: Matrix; r: Matrix } {
  const r = a.slice();
  const q = identity(m);
  for (let k = 0; k < Math.min(m - 1, n); k++) {
    let norm = 0;
    for (let i = k; i < m; i++) norm = Math.hypot(norm, r[i * n + k]!);
    let rest = 0;
    for (let i = k + 1; i < m; i++) rest = Math.max(rest, Math.abs(r[i * n + k]!));
    if (rest === 0) continue;
    const alpha = r[k * n + k]!;
    const beta = alpha >= 0 ? -norm : norm;
    const v = new Float64Array(m);
    for (let i = k; i < m; i++) v[i] = r[i * n + k]!;
    v[k]! -= beta;
    let vv = 0;
    for (let i = k; i < m; i++) vv += v[i]! ** 2;
    reflect(r, n, k, m, v, 2 / vv);
    // Q H = Q − (Q v) vᵀ · 2 / vᵀv.
    for (let i = 0; i < m; i++) {
      let s = 0;
      for (let j = k; j < m; j++) s += q[i * m + j]! * v[j]!;
      for (let j = k; j < m; j++) q[i * m + j]! -= s * v[j]! * (2 / vv);
    }
    for (let i = k + 1; i < m; i++) r[i * n + k] = 0;
  }
  return { q, r };
}

function reflect(a: Matrix, n: number, from: number, m: number, v: Float64Array, scale: number): void {
  for (let j = 0; j < n; j++) {
    let s = 0;
    for (let i = from; i < m; i++) s += v[i]! * a[i * n + j]!;
    for (let i = from; i < m; i++) a[i * n + j]! -= s * v[i]! * scale;
  }
}
