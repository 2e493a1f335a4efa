/**
 * @file Sums of floats in PyTorch's order, so that they agree bit for bit.
 *
 * PyTorch adds in vectors of 32 bytes, four of them side by side, and cascades partial sums through four levels,
 * which keeps the rounding error near that of pairwise summation. All additions round to the element type.
 */
import type { Shape } from "../shape.js";
import { nativeSumColumns, nativeSumRows } from "./native_rows.js";

type Floats = Float32Array | Float64Array;

const ROWS = 4;
const LEVELS = 4;
const MAX_WIDTH = 4 * 8;

interface Buffers {
  /** Level after level of partial sums, each `MAX_WIDTH` wide. */
  readonly levels: Floats;
  /** Lanes of a 32-byte vector. */
  readonly lanes: number;
}

const single: Buffers = { levels: new Float32Array(LEVELS * MAX_WIDTH), lanes: 8 };
const double: Buffers = { levels: new Float64Array(LEVELS * MAX_WIDTH), lanes: 4 };

function buffersOf(a: Floats): Buffers {
  return a instanceof Float32Array ? single : double;
}

function levelPower(size: number): number {
  const log = size <= 1 ? 0 : 32 - Math.clz32(size - 1);
  return Math.max(4, Math.floor(log / LEVELS));
}

/** Adds the `width` elements at each of `size` places `step` apart into `levels[0 … width)`. */
function cascade(a: Floats, base: number, step: number, width: number, size: number, levels: Floats): void {
  levels.fill(0);
  const power = levelPower(size);
  const block = 1 << power;
  let i = 0;
  while (i + block <= size) {
    for (let end = i + block; i < end; i++) {
      const at = base + i * step;
      for (let k = 0; k < width; k++) levels[k]! += a[at + k]!;
    }
    for (let level = 1; level < LEVELS; level++) {
      const to = level * MAX_WIDTH;
      for (let k = 0; k < width; k++) {
        levels[to + k]! += levels[to - MAX_WIDTH + k]!;
        levels[to - MAX_WIDTH + k] = 0;
      }
      if ((i & ((block - 1) << (level * power))) !== 0) break;
    }
  }
  for (; i < size; i++) {
    const at = base + i * step;
    for (let k = 0; k < width; k++) levels[k]! += a[at + k]!;
  }
  for (let level = 1; level < LEVELS; level++) {
    for (let k = 0; k < width; k++) levels[k]! += levels[level * MAX_WIDTH + k]!;
  }
}

/**
 * Adds up `size` vectors of `lanes` elements, `step` apart: four running sums side by side, joined at the end.
 * The result stands in the first `lanes` elements of `levels`.
 */
function sumVectors(
  a: Floats,
  base: number,
  step: number,
  lanes: number,
  size: number,
  levels: Floats,
): void {
  const quads = size >> 2;
  if (step === lanes) cascade(a, base, ROWS * step, ROWS * lanes, quads, levels);
  else gathered(a, base, step, lanes, quads, levels);
  for (let i = quads * ROWS; i < size; i++) {
    for (let k = 0; k < lanes; k++) levels[k]! += a[base + i * step + k]!;
  }
  for (let r = 1; r < ROWS; r++) {
    for (let k = 0; k < lanes; k++) levels[k]! += levels[r * lanes + k]!;
  }
}

let scratch: { single: Float32Array; double: Float64Array } = {
  single: new Float32Array(0),
  double: new Float64Array(0),
};

/** As `cascade` over vectors that do not lie side by side: they are laid side by side first. */
function gathered(a: Floats, base: number, step: number, lanes: number, quads: number, levels: Floats): void {
  const n = quads * ROWS * lanes;
  const isSingle = a instanceof Float32Array;
  if ((isSingle ? scratch.single : scratch.double).length < n) {
    scratch = { single: new Float32Array(2 * n), double: new Float64Array(2 * n) };
  }
  const to = isSingle ? scratch.single : scratch.double;
  for (let i = 0, o = 0; i < quads * ROWS; i++) {
    const at = base + i * step;
    for (let k = 0; k < lanes; k++) to[o++] = a[at + k]!;
  }
  cascade(to, 0, ROWS * lanes, ROWS * lanes, quads, levels);
}

/** Σ a[from … from + n). */
function sumRun(a: Floats, from: number, n: number): number {
  const { levels, lanes } = buffersOf(a);
  if (n < lanes) {
    sumVectors(a, from, 1, 1, n, levels);
    return levels[0]!;
  }
  const vectors = Math.floor(n / lanes);
  sumVectors(a, from, lanes, lanes, vectors, levels);
  // The tail first, then the lanes: one running sum, kept in memory so that it rounds at each step.
  const last = levels.length - 1;
  levels[last] = 0;
  for (let k = vectors * lanes; k < n; k++) levels[last]! += a[from + k]!;
  for (let k = 0; k < lanes; k++) levels[last]! += levels[k]!;
  return levels[last]!;
}

/** Sums of the rows of a row-major matrix, into `to`. */
export function sumRows(a: Floats, from: number, rows: number, cols: number, to: Floats): void {
  if (nativeSumRows(a, from, rows, cols, to)) return;
  for (let i = 0; i < rows; i++) to[i] = sumRun(a, from + i * cols, cols);
}

/** Sums of the `cols` columns of a row-major matrix of `rows` rows, into `to`. */
export function sumColumns(a: Floats, from: number, rows: number, cols: number, to: Floats): void {
  const { levels, lanes } = buffersOf(a);
  const wide = ROWS * lanes;
  let j = nativeSumColumns(a, from, rows, cols, 1 << levelPower(rows), to);
  for (; j + wide <= cols; j += wide) {
    cascade(a, from + j, cols, wide, rows, levels);
    for (let k = 0; k < wide; k++) to[j + k] = levels[k]!;
  }
  for (; j + lanes <= cols; j += lanes) {
    sumVectors(a, from + j, cols, lanes, rows, levels);
    for (let k = 0; k < lanes; k++) to[j + k] = levels[k]!;
  }
  for (; j < cols; j++) {
    sumVectors(a, from + j, cols, 1, rows, levels);
    to[j] = levels[0]!;
  }
}

/** How a contiguous tensor folds into rows and columns of which one is summed; null where it does not. */
export function matrixForm(
  shape: Shape,
  mask: readonly boolean[],
): { rows: number; cols: number; columns: boolean } | null {
  const first = mask.indexOf(!mask[0]);
  const cut = first < 0 ? mask.length : first;
  if (mask.indexOf(mask[0]!, cut) >= 0) return null;
  const outer = shape.slice(0, cut).reduce((p, d) => p * d, 1);
  const inner = shape.slice(cut).reduce((p, d) => p * d, 1);
  if (first < 0) return mask[0] === true ? { rows: 1, cols: outer, columns: false } : null;
  // One column of many rows lies in memory as a row does.
  if (mask[0] === true && inner === 1) return { rows: 1, cols: outer, columns: false };
  return { rows: outer, cols: inner, columns: mask[0] === true };
}
