/** @file Decompositions of one matrix in float64, row-major: the plain algorithms of Golub and Van Loan. */

export type Matrix = Float64Array;

export interface Lu {
  readonly lu: Matrix;
  readonly pivots: number[];
  readonly sign: number;
  /** 1 + the first pivot that is 0; 0 where there is none. */
  readonly info: number;
}

/** P A = L U with partial pivoting (algorithm 3.4.1). */
export function luOf(a: Matrix, n: number): Lu {
  const lu = a.slice();
  const pivots: number[] = [];
  let sign = 1;
  let info = 0;
  for (let k = 0; k < n; k++) {
    let p = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(lu[i * n + k]!) > Math.abs(lu[p * n + k]!)) p = i;
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
    for (let i = k + 1; i < n; i++) {
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

export function identity(n: number): Matrix {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) out[i * n + i] = 1;
  return out;
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

export function transposed(a: Matrix, m: number, n: number): Matrix {
  const out = new Float64Array(m * n);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) out[j * m + i] = a[i * n + j]!;
  return out;
}

/** C = A B of [m, k] and [k, n]. */
export function multiply(a: Matrix, b: Matrix, m: number, k: number, n: number): Matrix {
  const out = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let p = 0; p < k; p++) {
      const x = a[i * k + p]!;
      for (let j = 0; j < n; j++) out[i * n + j]! += x * b[p * n + j]!;
    }
  }
  return out;
}

/** eᴬ by scaling and squaring of a Taylor polynomial (section 9.3), in float64. */
export function expOf(a: Matrix, n: number): Matrix {
  let norm = 0;
  for (let i = 0; i < n; i++) {
    let row = 0;
    for (let j = 0; j < n; j++) row += Math.abs(a[i * n + j]!);
    norm = Math.max(norm, row);
  }
  const squarings = norm > 0.5 ? Math.ceil(Math.log2(norm / 0.5)) : 0;
  const scaled = a.map((x) => x / 2 ** squarings);
  let term = identity(n);
  let sum = identity(n);
  for (let k = 1; k <= 18; k++) {
    term = multiply(term, scaled, n, n, n).map((x) => x / k);
    const t = term;
    sum = sum.map((x, i) => x + t[i]!);
  }
  for (let i = 0; i < squarings; i++) sum = multiply(sum, sum, n, n, n);
  return sum;
}
