/** @file Sorting and medians of numbered things without comparison callbacks, which cost most of the time. */

const short = 24;
let spare: Int32Array = new Int32Array(1024);

/** Sorts the first `n` entries of `list` by `key`, keeping the order of equals: by insertion, long lists by merging. */
export function sortByKey(list: Int32Array, n: number, key: Float64Array): void {
  if (n <= short) {
    insertionSort(list, 0, n, key);
    return;
  }
  if (spare.length < n) spare = new Int32Array(2 * n);
  for (let low = 0; low < n; low += short) insertionSort(list, low, Math.min(low + short, n), key);
  let source: Int32Array = list;
  let target: Int32Array = spare;
  for (let width = short; width < n; width *= 2) {
    for (let low = 0; low < n; low += 2 * width)
      merge(source, target, low, Math.min(low + width, n), Math.min(low + 2 * width, n), key);
    [source, target] = [target, source];
  }
  if (source !== list) for (let i = 0; i < n; i++) list[i] = source[i]!;
}

function insertionSort(list: Int32Array, from: number, to: number, key: Float64Array): void {
  for (let i = from + 1; i < to; i++) {
    const item = list[i]!;
    const k = key[item]!;
    let j = i - 1;
    while (j >= from && key[list[j]!]! > k) {
      list[j + 1] = list[j]!;
      j--;
    }
    list[j + 1] = item;
  }
}

function merge(
  source: Int32Array,
  target: Int32Array,
  low: number,
  middle: number,
  high: number,
  key: Float64Array,
): void {
  let i = low;
  let j = middle;
  for (let k = low; k < high; k++)
    target[k] =
      i < middle && (j >= high || key[source[i]!]! <= key[source[j]!]!) ? source[i++]! : source[j++]!;
}

/** The values at which Σ weight · |value - median| is smallest: from `low` to `high`. */
export interface MedianRange {
  low: number;
  high: number;
}

/**
 * The weighted median of the first `n` values, by quickselect in expected O(n); it reorders `value` and `weight`.
 * The result is written to `range`, so that the innermost loop of the layout allocates nothing.
 */
export function weightedMedian(
  value: Float64Array,
  weight: Float64Array,
  n: number,
  range: MedianRange,
): void {
  let total = 0;
  for (let i = 0; i < n; i++) total += weight[i]!;
  let from = 0;
  let to = n;
  let below = 0; // weight of all values before `from`
  let last = Number.NEGATIVE_INFINITY; // largest of them
  let next = Number.POSITIVE_INFINITY; // smallest value from `to` on
  for (;;) {
    const pivot = middleOfThree(value[from]!, value[(from + to) >> 1]!, value[to - 1]!);
    let less = from;
    let more = to;
    let lessWeight = 0;
    let equalWeight = 0;
    for (let i = from; i < more; ) {
      const v = value[i]!;
      if (v < pivot) {
        lessWeight += weight[i]!;
        swap(value, weight, less++, i++);
      } else if (v > pivot) swap(value, weight, --more, i);
      else {
        equalWeight += weight[i]!;
        i++;
      }
    }
    const before = below + lessWeight;
    const upTo = before + equalWeight;
    if (2 * before > total) {
      next = pivot;
      to = less;
    } else if (2 * upTo < total) {
      below = upTo;
      last = pivot;
      from = more;
    } else {
      range.low = 2 * before === total ? largest(value, from, less, last) : pivot;
      range.high = 2 * upTo === total ? smallest(value, more, to, next) : pivot;
      return;
    }
  }
}

function largest(value: Float64Array, from: number, to: number, least: number): number {
  let most = least;
  for (let i = from; i < to; i++) if (value[i]! > most) most = value[i]!;
  return most;
}

function smallest(value: Float64Array, from: number, to: number, most: number): number {
  let least = most;
  for (let i = from; i < to; i++) if (value[i]! < least) least = value[i]!;
  return least;
}

function middleOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

function swap(value: Float64Array, weight: Float64Array, i: number, j: number): void {
  const v = value[i]!;
  const w = weight[i]!;
  value[i] = value[j]!;
  weight[i] = weight[j]!;
  value[j] = v;
  weight[j] = w;
}
