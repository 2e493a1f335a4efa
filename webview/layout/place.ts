/**
 * @file Coordinates across the direction: blocks are moved to where their edges are shortest, within the room
 * that their neighbours leave.
 */
import type { Blocks } from "./blocks.js";
import type { Spacing } from "./graph.js";
import { type Ordering, sortByKey } from "./ordering.js";
import type { Layered } from "./proper.js";

/** Smallest distance of the centres of two neighbours on a rank. */
export function separation(graph: Layered, spacing: Spacing, left: number, right: number): number {
  const real = graph.items.count;
  const lines = (left >= real ? 1 : 0) + (right >= real ? 1 : 0);
  const gap = spacing.nodeGap * (lines === 0 ? 1 : lines === 1 ? 0.7 : 0.5);
  return (graph.width[left]! + graph.width[right]!) / 2 + gap;
}

/** @returns the centre of each vertex; the smallest left border is 0 */
export function placeBlocks(
  graph: Layered,
  ordering: Ordering,
  blocks: Blocks,
  worth: Float64Array,
  spacing: Spacing,
): Float64Array {
  const placer = new BlockPlacer(graph, ordering, blocks, worth, spacing);
  placer.begin();
  const size = graph.count + graph.segments;
  const sweeps = size < 8_000 ? 24 : size < 40_000 ? 10 : 6;
  for (let i = 0; i < sweeps; i++) {
    placer.sweep(true, i >= 2);
    placer.sweep(false, i >= 2);
  }
  const x = new Float64Array(graph.count);
  let left = Number.POSITIVE_INFINITY;
  for (let v = 0; v < graph.count; v++) {
    x[v] = placer.centre(v);
    left = Math.min(left, x[v]! - graph.width[v]! / 2);
  }
  for (let v = 0; v < graph.count; v++) x[v]! -= left;
  return x;
}

class BlockPlacer {
  private readonly at: Float64Array;
  /** Blocks so that each stands after all that are left of it on any rank. */
  private readonly sequence: Int32Array;
  private readonly wish: Float64Array;
  private readonly pull: Float64Array;
  private readonly sorted: Int32Array;

  constructor(
    private readonly graph: Layered,
    private readonly ordering: Ordering,
    private readonly blocks: Blocks,
    private readonly worth: Float64Array,
    private readonly spacing: Spacing,
  ) {
    this.at = new Float64Array(blocks.count);
    this.sequence = this.leftToRight();
    this.wish = new Float64Array(graph.segments * 2);
    this.pull = new Float64Array(graph.segments * 2);
    this.sorted = new Int32Array(graph.segments * 2);
  }

  centre(v: number): number {
    return this.at[this.blocks.block[v]!]! + this.blocks.shift[v]!;
  }

  /** The middle between everything pushed to the left and everything pushed to the right. */
  begin(): void {
    const { sequence, at } = this;
    let right = 0;
    for (const b of sequence) {
      at[b] = Math.max(0, this.low(b));
      right = Math.max(right, at[b]!);
    }
    const leftmost = at.slice();
    for (let i = sequence.length - 1; i >= 0; i--) {
      const b = sequence[i]!;
      at[b] = Math.min(right, this.high(b));
    }
    for (let b = 0; b < at.length; b++) at[b] = (at[b]! + leftmost[b]!) / 2;
  }

  /** Moves each block once to its best place; from the right for moves to the right, so that they make room. */
  sweep(fromRight: boolean, median: boolean): void {
    const { sequence, at } = this;
    for (let i = 0; i < sequence.length; i++) {
      const b = sequence[fromRight ? sequence.length - 1 - i : i]!;
      const wish = this.best(b, median);
      if (Number.isNaN(wish)) continue;
      at[b] = Math.max(this.low(b), Math.min(this.high(b), wish));
    }
  }

  private leftNeighbour(v: number): number {
    const place = this.ordering.place[v]!;
    return place === 0 ? -1 : this.ordering.order[this.ordering.start[this.graph.layer[v]!]! + place - 1]!;
  }

  private rightNeighbour(v: number): number {
    const i = this.ordering.start[this.graph.layer[v]!]! + this.ordering.place[v]! + 1;
    return i >= this.ordering.start[this.graph.layer[v]! + 1]! ? -1 : this.ordering.order[i]!;
  }

  private low(b: number): number {
    const { start, members, shift } = this.blocks;
    let low = Number.NEGATIVE_INFINITY;
    for (let i = start[b]!; i < start[b + 1]!; i++) {
      const v = members[i]!;
      const u = this.leftNeighbour(v);
      if (u >= 0)
        low = Math.max(low, this.centre(u) + separation(this.graph, this.spacing, u, v) - shift[v]!);
    }
    return low;
  }

  private high(b: number): number {
    const { start, members, shift } = this.blocks;
    let high = Number.POSITIVE_INFINITY;
    for (let i = start[b]!; i < start[b + 1]!; i++) {
      const v = members[i]!;
      const w = this.rightNeighbour(v);
      if (w >= 0)
        high = Math.min(high, this.centre(w) - separation(this.graph, this.spacing, v, w) - shift[v]!);
    }
    return high;
  }

  private leftToRight(): Int32Array {
    const { blocks, graph } = this;
    const open = new Int32Array(blocks.count);
    for (let v = 0; v < graph.count; v++) if (this.leftNeighbour(v) >= 0) open[blocks.block[v]!]!++;
    const sequence = new Int32Array(blocks.count);
    let filled = 0;
    for (let b = 0; b < blocks.count; b++) if (open[b] === 0) sequence[filled++] = b;
    for (let i = 0; i < filled; i++) {
      const b = sequence[i]!;
      for (let k = blocks.start[b]!; k < blocks.start[b + 1]!; k++) {
        const w = this.rightNeighbour(blocks.members[k]!);
        if (w >= 0 && --open[blocks.block[w]!]! === 0) sequence[filled++] = blocks.block[w]!;
      }
    }
    return sequence;
  }

  /**
   * Where Σ weight · |length| of the block's slanting segments is smallest; of an interval of such places the
   * one nearest to the weighted mean. NaN for a block without any.
   */
  private best(b: number, median: boolean): number {
    const { start, members } = this.blocks;
    let n = 0;
    for (let i = start[b]!; i < start[b + 1]!; i++) {
      const v = members[i]!;
      n = this.gather(v, true, n);
      n = this.gather(v, false, n);
    }
    if (n === 0) return Number.NaN;
    let total = 0;
    let mean = 0;
    for (let i = 0; i < n; i++) {
      total += this.pull[i]!;
      mean += this.pull[i]! * this.wish[i]!;
    }
    mean /= total;
    if (!median || n === 1) return mean;
    const { sorted, wish, pull } = this;
    for (let i = 0; i < n; i++) sorted[i] = i;
    sortByKey(sorted, n, wish);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      sum += pull[sorted[i]!]!;
      if (sum * 2 < total) continue;
      const low = wish[sorted[i]!]!;
      const high = sum * 2 === total && i + 1 < n ? wish[sorted[i + 1]!]! : low;
      return Math.max(low, Math.min(high, mean));
    }
    return mean;
  }

  private gather(v: number, above: boolean, n: number): number {
    const { graph, blocks } = this;
    const side = above ? graph.above : graph.below;
    const other = above ? graph.upper : graph.lower;
    for (let k = side.start[v]!; k < side.start[v + 1]!; k++) {
      const s = side.list[k]!;
      if (blocks.straight[s] === 1) continue;
      const offset = graph.upperOffset[s]! - graph.lowerOffset[s]!;
      this.wish[n] = this.centre(other[s]!) + (above ? offset : -offset) - blocks.shift[v]!;
      this.pull[n++] = 1 + this.worth[s]! / 4;
    }
    return n;
  }
}
