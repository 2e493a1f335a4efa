/** @file Row-major matrices of doubles: identity, transpose, product, exponential. */

export type Matrix = Float64Array;

export function identity(n: number): Matrix {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) out[i * n + i] = 1;
  return out;
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
