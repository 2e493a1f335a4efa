/** @file Exchanging neighbours on a rank where that removes crossings. */
import type { EndKeys, Ordering } from "./ordering.js";
import { sortByKey } from "./sorting.js";
import type { Range } from "./sweep.js";

export interface ExchangeOptions {
  readonly range?: Range;
  /** Former places of vertices: those that have one keep their order among each other. */
  readonly former?: Float64Array;
  /** Exchanges also where that changes nothing, which leads on from places where nothing gains. */
  readonly sideways?: boolean;
}

export class Exchange {
  private readonly keys: [Float64Array, Float64Array];
  private readonly list: Int32Array;
  /** By place on the rank: whether its vertex and the next are neighbours since they were last compared. */
  private readonly fresh: Uint8Array;

  constructor(private readonly ends: EndKeys) {
    const { graph } = ends;
    this.keys = [new Float64Array(graph.segments), new Float64Array(graph.segments)];
    this.list = new Int32Array(graph.segments);
    this.fresh = new Uint8Array(graph.count + 1);
    this.sorted = [new Float64Array(graph.segments), new Float64Array(graph.segments)];
  }

  /** Positions of the other ends, for each vertex sorted, stored where its incidence list lies. */
  private readonly sorted: [Float64Array, Float64Array];

  /** Goes once over the ranks. @returns whether anything was exchanged */
  round(ordering: Ordering, options: ExchangeOptions = {}): boolean {
    const { first, last } = options.range ?? { first: 0, last: this.ends.graph.layers - 1 };
    let changed = false;
    for (let r = first; r <= last; r++)
      if (this.rank(ordering, r, options.former ?? null, options.sideways ?? false)) changed = true;
    return changed;
  }

  private rank(ordering: Ordering, r: number, former: Float64Array | null, sideways: boolean): boolean {
    const size = ordering.size(r);
    if (size < 2) return false;
    this.prepare(ordering, r);
    let changed = false;
    // The other ranks stand still, so that a pair is judged alike each time: only new neighbours are looked at.
    const { fresh } = this;
    fresh.fill(1, 0, size);
    for (let again = true, passes = 0; again && passes < 8; passes++) {
      again = false;
      for (let i = 0; i + 1 < size; i++) {
        if (fresh[i] === 0) continue;
        fresh[i] = 0;
        const v = ordering.order[ordering.start[r]! + i]!;
        const w = ordering.order[ordering.start[r]! + i + 1]!;
        if (former && former[v]! <= former[w]!) continue; // false where one has no former place
        const gain = this.gain(v, w);
        if (gain > 0 || (gain === 0 && sideways && passes === 0)) {
          ordering.put(w, r, i);
          ordering.put(v, r, i + 1);
          if (i > 0) fresh[i - 1] = 1;
          fresh[i + 1] = 1;
          again ||= gain > 0;
          changed = true;
        }
      }
    }
    return changed;
  }

  /** Crossings between the segments of `v` and `w` with `v` on the left, less those with `w` on the left. */
  private gain(v: number, w: number): number {
    const { above, below } = this.ends.graph;
    return (
      pairs(this.sorted[0], above.start[v]!, above.start[v + 1]!, above.start[w]!, above.start[w + 1]!) +
      pairs(this.sorted[1], below.start[v]!, below.start[v + 1]!, below.start[w]!, below.start[w + 1]!)
    );
  }

  private prepare(ordering: Ordering, r: number): void {
    const { graph, upperShare, lowerShare } = this.ends;
    for (let i = ordering.start[r]!; i < ordering.start[r + 1]!; i++) {
      const v = ordering.order[i]!;
      this.collect(
        ordering,
        graph.above.list,
        graph.above.start[v]!,
        graph.above.start[v + 1]!,
        graph.upper,
        upperShare,
        0,
      );
      this.collect(
        ordering,
        graph.below.list,
        graph.below.start[v]!,
        graph.below.start[v + 1]!,
        graph.lower,
        lowerShare,
        1,
      );
    }
  }

  private collect(
    ordering: Ordering,
    list: Int32Array,
    from: number,
    to: number,
    other: Int32Array,
    share: Float64Array,
    side: 0 | 1,
  ): void {
    const sorted = this.sorted[side];
    if (to - from <= 2) {
      // Most vertices have one or two edges on a side.
      for (let k = from; k < to; k++) sorted[k] = ordering.place[other[list[k]!]!]! + share[list[k]!]!;
      if (to - from === 2 && sorted[from]! > sorted[from + 1]!) {
        const first = sorted[from]!;
        sorted[from] = sorted[from + 1]!;
        sorted[from + 1] = first;
      }
      return;
    }
    const key = this.keys[side];
    for (let k = from; k < to; k++) {
      const s = list[k]!;
      key[s] = ordering.place[other[s]!]! + share[s]!;
      this.list[k - from] = s;
    }
    sortByKey(this.list, to - from, key);
    for (let k = from; k < to; k++) sorted[k] = key[this.list[k - from]!]!;
  }
}

/**
 * Over the sorted lists a = keys[a0 … a1) and b = keys[b0 … b1): the number of pairs with a > b, less those
 * with a < b.
 */
function pairs(keys: Float64Array, a0: number, a1: number, b0: number, b1: number): number {
  if (a0 === a1 || b0 === b1) return 0;
  if (keys[a1 - 1]! <= keys[b0]! && keys[a0]! < keys[b1 - 1]!) {
    // All of a before all of b but for ties: the common case once the order is good.
    if (keys[a1 - 1]! < keys[b0]!) return -(a1 - a0) * (b1 - b0);
  }
  let difference = 0;
  let smaller = b0; // entries of b below a's current entry
  let upTo = b0; // entries of b not above it
  for (let i = a0; i < a1; i++) {
    const key = keys[i]!;
    while (smaller < b1 && keys[smaller]! < key) smaller++;
    if (upTo < smaller) upTo = smaller;
    while (upTo < b1 && keys[upTo]! <= key) upTo++;
    difference += smaller - b0 - (b1 - upTo);
  }
  return difference;
}
