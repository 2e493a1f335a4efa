/** @file Modified Bessel functions of the first kind, orders 0 and 1, plain and scaled by e^(−|x|). */

/** Iᵥ(x) = Σ (x/2)²ᵏ⁺ᵛ / (k! (k+v)!): all terms are positive, so nothing cancels. */
function series(order: 0 | 1, x: number): number {
  const square = (x * x) / 4;
  let term = order === 0 ? 1 : x / 2;
  let sum = term;
  for (let k = 1; term > 1e-17 * sum; k++) {
    term *= square / (k * (k + order));
    sum += term;
  }
  return sum;
}

/** Hankel's expansion of e^(−x) Iᵥ(x) for large x. */
function asymptotic(order: 0 | 1, x: number): number {
  const mu = 4 * order * order;
  let term = 1;
  let sum = 1;
  for (let k = 1; k < 40; k++) {
    const next = (term * -(mu - (2 * k - 1) ** 2)) / (8 * k * x);
    if (Math.abs(next) > Math.abs(term) || Math.abs(next) < 1e-17) break;
    term = next;
    sum += term;
  }
  return sum / Math.sqrt(2 * Math.PI * x);
}

const SWITCH = 30;

/** e^(−|x|) · Iᵥ(x). */
export function besselIe(order: 0 | 1, x: number): number {
  const y = Math.abs(x);
  if (Number.isNaN(x)) return NaN;
  const value = y < SWITCH ? Math.exp(-y) * series(order, y) : asymptotic(order, y);
  return order === 1 && x < 0 ? -value : value;
}

export function besselI(order: 0 | 1, x: number): number {
  const y = Math.abs(x);
  if (Number.isNaN(x)) return NaN;
  const value = y < SWITCH ? series(order, y) : Math.exp(y / 2) * asymptotic(order, y) * Math.exp(y / 2);
  return order === 1 && x < 0 ? -value : value;
}
