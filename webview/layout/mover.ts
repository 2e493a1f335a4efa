/**
 * @file Moves things on a line to where the springs between them are shortest, while they keep their distances.
 * One that is held up pushes what it touches, if the springs of all that moves gain by it together. Coordinates
 * across the direction are found so, and ranks along it.
 */
import { sortByKey } from "./ordering.js";
import type { SpringGraph } from "./spring-graph.js";

/** Blocks that move together at most: pushing more costs more than it brings. */
const largestPush = 300;
const touching = 1e-6;

export class Mover {
  /** The number of the push that last took the block along. */
  private readonly mark: Int32Array;
  private push = 0;
  private readonly moving: Int32Array;
  private readonly wish: Float64Array;
  private readonly pull: Float64Array;
  private readonly sorted: Int32Array;

  /** `at` keeps all distances; it is changed in place. */
  constructor(
    private readonly graph: SpringGraph,
    readonly at: Float64Array,
  ) {
    this.mark = new Int32Array(graph.count);
    this.moving = new Int32Array(graph.count);
    const springs = graph.springs.other.length;
    this.wish = new Float64Array(springs);
    this.pull = new Float64Array(springs);
    this.sorted = new Int32Array(springs);
  }

  /** Moves to the right (1) begin with the rightmost blocks, so that they make room; likewise to the left (-1). */
  sweep(direction: 1 | -1, median: boolean): void {
    const { sequence } = this.graph;
    const n = sequence.length;
    for (let i = 0; i < n; i++) this.move(sequence[direction > 0 ? n - 1 - i : i]!, direction, median);
  }

  private move(b: number, direction: 1 | -1, median: boolean): void {
    this.push++;
    let n = this.take(b, 0);
    for (;;) {
      const wish = this.bestMove(n, median) * direction;
      if (!(wish > touching)) return;
      const room = this.room(n, direction);
      const step = Math.min(wish, room);
      if (step > 0) for (let i = 0; i < n; i++) this.at[this.moving[i]!]! += step * direction;
      if (wish <= room) return;
      n = this.takeTouched(n, direction);
      if (n > largestPush) return;
    }
  }

  private take(b: number, n: number): number {
    this.mark[b] = this.push;
    this.moving[n] = b;
    return n + 1;
  }

  /** How far the moving blocks can go until one of them touches another. */
  private room(n: number, direction: 1 | -1): number {
    const { start, other, offset } = direction > 0 ? this.graph.right : this.graph.left;
    let room = Number.POSITIVE_INFINITY;
    for (let i = 0; i < n; i++) {
      const b = this.moving[i]!;
      for (let k = start[b]!; k < start[b + 1]!; k++) {
        if (this.mark[other[k]!] === this.push) continue;
        room = Math.min(room, (this.at[other[k]!]! - this.at[b]! - offset[k]!) * direction);
      }
    }
    return Math.max(0, room);
  }

  /** Adds the blocks that the moving ones touch, and those that these touch. */
  private takeTouched(n: number, direction: 1 | -1): number {
    const { start, other, offset } = direction > 0 ? this.graph.right : this.graph.left;
    for (let i = 0; i < n && n <= largestPush; i++) {
      const b = this.moving[i]!;
      for (let k = start[b]!; k < start[b + 1]!; k++) {
        const c = other[k]!;
        if (this.mark[c] === this.push) continue;
        if ((this.at[c]! - this.at[b]! - offset[k]!) * direction <= touching) n = this.take(c, n);
      }
    }
    return n;
  }

  /**
   * How far the moving blocks want to go as one: the weighted mean of what their springs want, or the median,
   * where Σ weight · |length| is smallest; between two medians the least move.
   */
  private bestMove(n: number, median: boolean): number {
    const { springs, weight } = this.graph;
    const { wish, pull, sorted } = this;
    let count = 0;
    let total = 0;
    let mean = 0;
    for (let i = 0; i < n; i++) {
      const b = this.moving[i]!;
      for (let k = springs.start[b]!; k < springs.start[b + 1]!; k++) {
        const c = springs.other[k]!;
        if (this.mark[c] === this.push) continue;
        wish[count] = this.at[c]! - this.at[b]! + springs.offset[k]!;
        pull[count] = weight[k]!;
        total += weight[k]!;
        mean += weight[k]! * wish[count]!;
        count++;
      }
    }
    if (count === 0) return 0;
    if (!median || count === 1) return mean / total;
    for (let i = 0; i < count; i++) sorted[i] = i;
    sortByKey(sorted, count, wish);
    let sum = 0;
    for (let i = 0; i < count; i++) {
      sum += pull[sorted[i]!]!;
      if (sum * 2 < total) continue;
      const low = wish[sorted[i]!]!;
      const high = sum * 2 === total && i + 1 < count ? wish[sorted[i + 1]!]! : low;
      return Math.max(low, Math.min(high, 0));
    }
    return 0;
  }
}
