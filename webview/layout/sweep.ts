/** @file Sorting ranks by where their neighbours stand. */
import type { EndKeys, Ordering } from "./ordering.js";
import { sortByKey } from "./sorting.js";

/** A range of ranks, both ends included. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

export interface SweepMode {
  readonly downwards: boolean;
  /** Vertices with the same neighbours change sides. */
  readonly reverseTies: boolean;
  readonly median: boolean;
}

export class Sweeper {
  private readonly key: Float64Array;
  private readonly near: Float64Array;
  private readonly movable: Int32Array;
  private readonly slots: Int32Array;

  constructor(private readonly ends: EndKeys) {
    const { count, segments } = ends.graph;
    this.key = new Float64Array(count);
    this.near = new Float64Array(segments);
    this.movable = new Int32Array(count);
    this.slots = new Int32Array(count);
  }

  /** Sorts each rank by the mean or median position of the neighbours on the rank before (downwards) or after it. */
  run(ordering: Ordering, mode: SweepMode, { first, last }: Range): void {
    const end = this.ends.graph.layers - 1;
    if (mode.downwards) for (let r = Math.max(first, 1); r <= last; r++) this.sort(ordering, r, mode);
    else for (let r = Math.min(last, end - 1); r >= first; r--) this.sort(ordering, r, mode);
  }

  private sort(ordering: Ordering, r: number, { downwards, reverseTies, median }: SweepMode): void {
    const { graph, upperShare, lowerShare } = this.ends;
    const side = downwards ? graph.above : graph.below;
    const other = downwards ? graph.upper : graph.lower;
    const otherShare = downwards ? upperShare : lowerShare;
    const ownShare = downwards ? lowerShare : upperShare;
    const { key, movable, slots, near } = this;
    const size = ordering.size(r);
    let n = 0;
    for (let k = 0; k < size; k++) {
      const v = ordering.order[ordering.start[r]! + (reverseTies ? size - 1 - k : k)]!;
      const degree = side.start[v + 1]! - side.start[v]!;
      if (degree === 0) continue;
      for (let j = 0; j < degree; j++) {
        const s = side.list[side.start[v]! + j]!;
        near[j] = ordering.place[other[s]!]! + otherShare[s]! - ownShare[s]!;
      }
      key[v] = median ? middleOf(near, degree) : meanOf(near, degree);
      slots[n] = ordering.place[v]!;
      movable[n++] = v;
    }
    sortByKey(movable, n, key);
    // Vertices without neighbours there keep their places; the others fill the rest from left to right.
    for (let k = 0; k < n; k++) ordering.put(movable[k]!, r, slots[reverseTies ? n - 1 - k : k]!);
  }
}

function meanOf(values: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i]!;
  return sum / n;
}

/** Between the two middle values of an even number, nearer to the side where the values lie closer together. */
function middleOf(values: Float64Array, n: number): number {
  if (n === 1) return values[0]!;
  if (n === 2) return (values[0]! + values[1]!) / 2;
  values.subarray(0, n).sort();
  const half = n >> 1;
  if (n % 2 === 1) return values[half]!;
  const left = values[half - 1]! - values[0]!;
  const right = values[n - 1]! - values[half]!;
  if (left + right === 0) return (values[half - 1]! + values[half]!) / 2;
  return (values[half - 1]! * right + values[half]! * left) / (left + right);
}
