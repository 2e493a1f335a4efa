/**
 * @file Moves things on a line to where the springs between them are shortest, while they keep their distances.
 * One that is held up pushes what it touches, if the springs of all that moves gain by it together. Coordinates
 * across the direction are found so, and ranks along it.
 */
import { type MedianRange, weightedMedian } from "./sorting.js";
import type { Arcs, SpringGraph } from "./spring-graph.js";

/** Springs of the things that move together, at most: pushing more costs more than it brings. */
function largestPush(things: number): number {
  return things < 2_000 ? 1_000 : things < 8_000 ? 200 : 60;
}

const touching = 1e-6;

export class Mover {
  /** The number of the push that last took the thing along. */
  private readonly mark: Int32Array;
  private pushes = 0;
  private readonly limit: number;
  private readonly moving: Int32Array;
  private readonly wish: Float64Array;
  private readonly pull: Float64Array;
  private readonly range: MedianRange = { low: 0, high: 0 };
  /** 1 where nothing near has changed since the thing last had no reason to move right or left. */
  private readonly settledRight: Uint8Array;
  private readonly settledLeft: Uint8Array;

  /**
   * `at` keeps all distances; it is changed in place. `springsTouch` says that distances are kept between the ends
   * of springs, as ranks are.
   */
  constructor(
    private readonly graph: SpringGraph,
    readonly at: Float64Array,
    private readonly springsTouch: boolean,
  ) {
    this.limit = largestPush(graph.count);
    this.mark = new Int32Array(graph.count);
    this.moving = new Int32Array(graph.count);
    const springs = graph.springs.other.length;
    this.wish = new Float64Array(springs);
    this.pull = new Float64Array(springs);
    this.settledRight = new Uint8Array(graph.count);
    this.settledLeft = new Uint8Array(graph.count);
  }

  /**
   * Sweeps to and fro until nothing moves any more, `rounds` times at most. By the mean of what each spring wants
   * things spread evenly; by the median Σ weight · |length| becomes small.
   */
  settle(rounds: number, by: "mean" | "median"): void {
    this.settledRight.fill(0);
    this.settledLeft.fill(0);
    for (let round = 0; round < rounds; round++) {
      const right = this.sweep(1, by === "median");
      const left = this.sweep(-1, by === "median");
      if (!right && !left) return;
    }
  }

  /** Moves to the right (1) begin with the rightmost things, so that they make room; likewise to the left (-1). */
  private sweep(direction: 1 | -1, median: boolean): boolean {
    const { sequence } = this.graph;
    const settled = direction > 0 ? this.settledRight : this.settledLeft;
    const n = sequence.length;
    let moved = false;
    for (let i = 0; i < n; i++) {
      const b = sequence[direction > 0 ? n - 1 - i : i]!;
      if (settled[b] === 1) continue;
      settled[b] = 1;
      if (this.move(b, direction, median)) moved = true;
    }
    return moved;
  }

  private move(b: number, direction: 1 | -1, median: boolean): boolean {
    this.pushes++;
    this.mark[b] = this.pushes;
    this.moving[0] = b;
    let n = 1;
    let moved = false;
    for (;;) {
      const wish = this.bestMove(n, median) * direction;
      // Where springs join what touches, those at rest may hold back only because their ends were not pushed along.
      const undecided = this.springsTouch && n === 1 && Math.abs(wish) <= touching;
      if (!(wish > touching || undecided)) return moved;
      const room = this.room(n, direction);
      const step = Math.min(wish, room);
      if (step > touching) {
        this.shift(n, step * direction);
        moved = true;
      }
      if (wish <= room && !undecided) return moved;
      const taken = this.takeTouched(n, direction);
      if (taken === 0 || taken === n) return moved;
      n = taken;
    }
  }

  private shift(n: number, by: number): void {
    for (let i = 0; i < n; i++) {
      const b = this.moving[i]!;
      this.at[b]! += by;
      this.wake(this.graph.springs, b);
      this.wake(this.graph.left, b);
      this.wake(this.graph.right, b);
    }
  }

  private wake({ start, other }: Arcs, b: number): void {
    for (let k = start[b]!; k < start[b + 1]!; k++) {
      this.settledRight[other[k]!] = 0;
      this.settledLeft[other[k]!] = 0;
    }
  }

  /** How far the moving things can go until one of them touches another. */
  private room(n: number, direction: 1 | -1): number {
    const { start, other, offset } = direction > 0 ? this.graph.right : this.graph.left;
    let room = Number.POSITIVE_INFINITY;
    for (let i = 0; i < n; i++) {
      const b = this.moving[i]!;
      for (let k = start[b]!; k < start[b + 1]!; k++) {
        if (this.mark[other[k]!] === this.pushes) continue;
        room = Math.min(room, (this.at[other[k]!]! - this.at[b]! - offset[k]!) * direction);
      }
    }
    return Math.max(0, room);
  }

  /** Adds the things that the moving ones touch, and those that these touch. @returns 0 where that is too much */
  private takeTouched(n: number, direction: 1 | -1): number {
    const { start, other, offset } = direction > 0 ? this.graph.right : this.graph.left;
    const { start: springs } = this.graph.springs;
    let size = 0;
    for (let i = 0; i < n; i++) {
      const b = this.moving[i]!;
      size += 1 + springs[b + 1]! - springs[b]!;
      if (size > this.limit) return 0;
      for (let k = start[b]!; k < start[b + 1]!; k++) {
        const c = other[k]!;
        if (this.mark[c] === this.pushes) continue;
        if ((this.at[c]! - this.at[b]! - offset[k]!) * direction > touching) continue;
        this.mark[c] = this.pushes;
        this.moving[n++] = c;
      }
    }
    return n;
  }

  /** How far the moving things want to go as one; between two medians the least move. */
  private bestMove(n: number, median: boolean): number {
    const { springs, weight } = this.graph;
    const { wish, pull, range } = this;
    let count = 0;
    let total = 0;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const b = this.moving[i]!;
      for (let k = springs.start[b]!; k < springs.start[b + 1]!; k++) {
        const c = springs.other[k]!;
        if (this.mark[c] === this.pushes) continue;
        wish[count] = this.at[c]! - this.at[b]! - springs.offset[k]!;
        pull[count] = weight[k]!;
        total += weight[k]!;
        sum += weight[k]! * wish[count]!;
        count++;
      }
    }
    if (count === 0) return 0;
    if (!median || count === 1) return sum / total;
    weightedMedian(wish, pull, count, range);
    return Math.max(range.low, Math.min(range.high, 0));
  }
}
