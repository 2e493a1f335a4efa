/** @file The order of vertices on each rank, and the number of crossings it has. */
import type { Layered } from "./proper.js";
import { sortByKey } from "./sorting.js";

export class Ordering {
  /** Vertices by rank, from left to right: rank `r` is `order[start[r]] … order[start[r + 1] - 1]`. */
  readonly order: Int32Array;
  readonly start: Int32Array;
  /** Place of a vertex on its rank. */
  readonly place: Int32Array;

  /** Begins with the vertices in the given sequence, rank by rank. */
  constructor(graph: Layered, sequence: ArrayLike<number>) {
    this.start = new Int32Array(graph.layers + 1);
    for (let v = 0; v < graph.count; v++) this.start[graph.layer[v]! + 1]!++;
    for (let r = 0; r < graph.layers; r++) this.start[r + 1]! += this.start[r]!;
    const next = this.start.slice();
    this.order = new Int32Array(graph.count);
    this.place = new Int32Array(graph.count);
    for (let i = 0; i < graph.count; i++) {
      const v = sequence[i]!;
      const r = graph.layer[v]!;
      this.place[v] = next[r]! - this.start[r]!;
      this.order[next[r]!++] = v;
    }
  }

  size(rank: number): number {
    return this.start[rank + 1]! - this.start[rank]!;
  }

  /** Copies the order of `other`, which belongs to the same graph. */
  assign(other: Ordering): void {
    this.order.set(other.order);
    this.place.set(other.place);
  }

  /** Puts `v` on the place `at` of its rank, without looking at who stands there. */
  put(v: number, rank: number, at: number): void {
    this.order[this.start[rank]! + at] = v;
    this.place[v] = at;
  }
}

/**
 * The position of a segment's end among the ends on that rank: the vertex's place, and within it the share of
 * its width at which the segment attaches. Order of keys is order on the drawing.
 */
export class EndKeys {
  /** Attachment as a share of the vertex's width, within ±0.5. */
  readonly upperShare: Float64Array;
  readonly lowerShare: Float64Array;

  constructor(readonly graph: Layered) {
    this.upperShare = shares(graph.upperOffset, graph.upper, graph.width);
    this.lowerShare = shares(graph.lowerOffset, graph.lower, graph.width);
  }
}

function shares(offset: Float64Array, end: Int32Array, width: Float64Array): Float64Array {
  const share = new Float64Array(offset.length);
  for (let s = 0; s < share.length; s++) {
    const w = width[end[s]!]!;
    if (w > 0) share[s] = Math.max(-0.499, Math.min(0.499, offset[s]! / w));
  }
  return share;
}

/** Counts crossings between neighbouring ranks in O(E log E): inversions of the lower ends in order of the upper. */
export class CrossingCounter {
  private readonly sequence: Float64Array;
  private readonly spare: Float64Array;
  private readonly list: Int32Array;
  private readonly key: Float64Array;

  constructor(private readonly ends: EndKeys) {
    this.sequence = new Float64Array(ends.graph.segments);
    this.spare = new Float64Array(ends.graph.segments);
    this.list = new Int32Array(ends.graph.segments);
    this.key = new Float64Array(ends.graph.segments);
  }

  total(ordering: Ordering): number {
    let sum = 0;
    for (let r = 0; r + 1 < this.ends.graph.layers; r++) sum += this.below(ordering, r);
    return sum;
  }

  /** How many places the segments between rank `r` and the next run sideways, ranks being centred. */
  stretch(ordering: Ordering, r: number): number {
    const { below, lower } = this.ends.graph;
    const shift = (ordering.size(r) - ordering.size(r + 1)) / 2;
    let sum = 0;
    for (let i = ordering.start[r]!; i < ordering.start[r + 1]!; i++) {
      const v = ordering.order[i]!;
      for (let k = below.start[v]!; k < below.start[v + 1]!; k++)
        sum += Math.abs(ordering.place[v]! - ordering.place[lower[below.list[k]!]!]! - shift);
    }
    return sum;
  }

  /** Crossings between rank `r` and the next. */
  below(ordering: Ordering, r: number): number {
    const { graph, upperShare, lowerShare } = this.ends;
    const { key, list } = this;
    let n = 0;
    for (let i = ordering.start[r]!; i < ordering.start[r + 1]!; i++) {
      const v = ordering.order[i]!;
      const first = graph.below.start[v]!;
      const degree = graph.below.start[v + 1]! - first;
      for (let k = 0; k < degree; k++) {
        const s = graph.below.list[first + k]!;
        const lower = ordering.place[graph.lower[s]!]! + lowerShare[s]!;
        // Segments of one vertex are ordered by where they leave it, then by where they end.
        key[s] = upperShare[s]! * 1e9 + lower;
        list[k] = s;
      }
      sortByKey(list, degree, key);
      for (let k = 0; k < degree; k++) {
        const s = list[k]!;
        this.sequence[n++] = ordering.place[graph.lower[s]!]! + lowerShare[s]!;
      }
    }
    return inversions(this.sequence, this.spare, n);
  }
}

/** Number of pairs of the first `n` entries that stand in falling order; sorts them (merge sort, bottom up). */
function inversions(values: Float64Array, spare: Float64Array, n: number): number {
  let count = 0;
  let source = values;
  let target = spare;
  for (let width = 1; width < n; width *= 2) {
    for (let low = 0; low < n; low += 2 * width) {
      const middle = Math.min(low + width, n);
      const high = Math.min(low + 2 * width, n);
      let i = low;
      let j = middle;
      for (let k = low; k < high; k++) {
        if (i < middle && (j >= high || source[i]! <= source[j]!)) target[k] = source[i++]!;
        else {
          target[k] = source[j++]!;
          count += middle - i;
        }
      }
    }
    [source, target] = [target, source];
  }
  return count;
}
