/** @file Small pictures in block characters: how a loss goes, how a tensor's magnitudes and values are spread. */
import type { JsonNumber } from "../protocol/export.js";

const BLOCKS = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
/** In the place of what is no finite number. */
const BAD = "×";

/** The block for a share from 0 to 1. */
const block = (share: number): string =>
  BLOCKS[Math.min(BLOCKS.length - 1, Math.floor(share * BLOCKS.length))]!;

/**
 * A line of blocks from the least to the greatest value; all in the middle where they are one.
 * @param values in order; null and what is not finite is marked, not drawn
 * @param width of more values, each block is the mean of its share of them
 */
export function sparkline(values: readonly (number | null)[], width: number): string {
  const points = segments(values.length, width).map(([from, to]) => mean(values.slice(from, to)));
  const finite = points.filter((point) => point !== null);
  const share = shareBetween(Math.min(...finite), Math.max(...finite));
  return points.map((point) => (point === null ? BAD : block(share(point)))).join("");
}

/** Where a number lies between two, from 0 to 1. Halved, since the range of two large numbers may overflow. */
function shareBetween(low: number, high: number): (value: number) => number {
  const range = high / 2 - low / 2;
  return (value) => (range > 0 ? (value / 2 - low / 2) / range : 0.5);
}

/** The mean of the values, null where one of them is not finite: a gap is to be seen. */
function mean(values: readonly (number | null)[]): number | null {
  let result = 0;
  for (const [i, value] of values.entries()) {
    if (value === null || !Number.isFinite(value)) return null;
    // The sum of large numbers may overflow where their mean does not.
    result += value / (i + 1) - result / (i + 1);
  }
  return result;
}

/**
 * A bar of magnitudes: the root mean square of each stretch of elements, row-major, against the greatest.
 * @returns "" for what has no elements
 */
export function magnitudes(data: readonly JsonNumber[], width: number): string {
  const sizes = segments(data.length, width).map(([from, to]) => rootMeanSquare(data.slice(from, to)));
  const most = Math.max(0, ...sizes.filter(Number.isFinite));
  return sizes.map((size) => (Number.isFinite(size) ? block(most > 0 ? size / most : 0) : BAD)).join("");
}

/** Scaled by the greatest, so that squares of large elements do not overflow. */
function rootMeanSquare(data: readonly JsonNumber[]): number {
  const numbers = data.map(Number);
  const most = numbers.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  if (most === 0 || !Number.isFinite(most)) return numbers.some(Number.isNaN) ? Number.NaN : most;
  return most * Math.sqrt(numbers.reduce((sum, x) => sum + (x / most) ** 2, 0) / numbers.length);
}

export interface Histogram {
  /** A block for each bin; empty bins are blank. */
  readonly text: string;
  readonly counts: readonly number[];
  readonly low: number;
  readonly high: number;
}

/** Counts of the finite elements in bins of one width; null where there are none, or all are equal. */
export function histogram(data: readonly JsonNumber[], bins: number): Histogram | null {
  const finite = data.filter((x): x is number => typeof x === "number");
  const low = finite.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = finite.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (!(high > low)) return null;
  const counts = new Array<number>(bins).fill(0);
  const share = shareBetween(low, high);
  for (const x of finite) counts[Math.min(bins - 1, Math.floor(share(x) * bins))]! += 1;
  const most = Math.max(...counts);
  const text = counts.map((count) => (count === 0 ? " " : block((count / most) * 0.999))).join("");
  return { text, counts, low, high };
}

/** `width` stretches of nearly one length, or one for each where there are fewer. */
function segments(count: number, width: number): [number, number][] {
  const many = Math.min(count, width);
  return Array.from({ length: many }, (_, i) => [
    Math.floor((i * count) / many),
    Math.floor(((i + 1) * count) / many),
  ]);
}
