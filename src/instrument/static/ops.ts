/** @file Operations whose result the text can tell: its shape, and whether a pass frees what it saved. */

type Shape = readonly number[];

export interface Op {
  /** How many of the first operands are tensors; the others are plain numbers. */
  readonly tensors: number;
  /** Keeps a tensor for its derivative (with two tensors: of either, for the other). */
  readonly saves: boolean;
  /** null: not known; undefined: the operation would throw, or is not understood. */
  readonly shape: (
    operands: readonly (Shape | null)[],
    numbers: readonly number[],
  ) => Shape | null | undefined;
}

/** PyTorch's broadcasting: lined up from the right, ones are stretched; undefined where sizes do not fit. */
export function broadcast(a: Shape, b: Shape): Shape | undefined {
  const length = Math.max(a.length, b.length);
  const result: number[] = [];
  for (let i = 1; i <= length; i++) {
    const x = a.at(-i) ?? 1;
    const y = b.at(-i) ?? 1;
    if (x !== y && x !== 1 && y !== 1) return undefined;
    result.unshift(x === 1 ? y : x);
  }
  return result;
}

const same: Op["shape"] = ([a = null], numbers) => (numbers.length > 0 ? undefined : a);
const pair: Op["shape"] = ([a = null, b], numbers) => {
  if (numbers.length > 0) return undefined;
  // A number in the place of the second tensor.
  if (b === undefined) return a;
  return a === null || b === null ? null : broadcast(a, b);
};
const product: Op["shape"] = ([a = null, b = null], numbers) => {
  if (numbers.length > 0) return undefined;
  if (a === null || b === null) return null;
  if (a.length === 0 || b.length === 0 || a.length > 2 || b.length > 2) return undefined;
  if (a.at(-1) !== b[b.length - 2 < 0 ? 0 : b.length - 2]) return undefined;
  return [...a.slice(0, -1), ...(b.length === 2 ? b.slice(-1) : [])];
};
/** Of all elements, or over one dimension. */
const reduced: Op["shape"] = ([a = null], numbers) => {
  const [dim] = numbers;
  if (dim === undefined) return [];
  if (numbers.length > 1 || !Number.isInteger(dim)) return undefined;
  if (a === null) return null;
  if (dim >= a.length || dim < -a.length) return undefined;
  const at = dim < 0 ? dim + a.length : dim;
  return a.filter((_, i) => i !== at);
};
const powered: Op["shape"] = ([a = null], numbers) => (numbers.length === 1 ? a : undefined);
const lossOf: Op["shape"] = ([a = null, b = null], numbers) => {
  if (numbers.length > 0) return undefined;
  return a !== null && b !== null && broadcast(a, b) === undefined ? undefined : [];
};

const map = (saves: boolean): Op => ({ tensors: 1, saves, shape: same });
const binary = (saves: boolean): Op => ({ tensors: 2, saves, shape: pair });
const matrix: Op = { tensors: 2, saves: true, shape: product };
const reduction: Op = { tensors: 1, saves: false, shape: reduced };

export const OPS: Readonly<Record<string, Op>> = {
  exp: map(true),
  log: map(true),
  sqrt: map(true),
  tanh: map(true),
  sigmoid: map(true),
  relu: map(true),
  sin: map(true),
  cos: map(true),
  square: map(true),
  abs: map(true),
  neg: map(false),
  clone: map(false),
  pow: { tensors: 1, saves: true, shape: powered },
  add: binary(false),
  sub: binary(false),
  mul: binary(true),
  div: binary(true),
  matmul: matrix,
  sum: reduction,
  mean: reduction,
  mse_loss: { tensors: 2, saves: true, shape: lossOf },
};
