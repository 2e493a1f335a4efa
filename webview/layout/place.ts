/** @file Coordinates across the direction: blocks are moved to where their edges are shortest. */
import type { Blocks } from "./blocks.js";
import type { Spacing } from "./graph.js";
import { Mover } from "./mover.js";
import type { Ordering } from "./ordering.js";
import type { Layered } from "./proper.js";
import { ArcList, leftToRight, type SpringGraph } from "./spring-graph.js";

/** @returns the centre of each vertex; the smallest left border is 0 */
export function placeBlocks(
  graph: Layered,
  ordering: Ordering,
  blocks: Blocks,
  worth: Float64Array,
  spacing: Spacing,
): Float64Array {
  const springs = springGraph(graph, ordering, blocks, worth, spacing);
  const mover = new Mover(springs, middle(springs), false);
  const size = springs.count + springs.springs.other.length;
  const rounds = size < 10_000 ? 8 : size < 60_000 ? 4 : 2;
  mover.settle(rounds, "mean");
  mover.settle(rounds, "median");
  const x = new Float64Array(graph.count);
  let left = Number.POSITIVE_INFINITY;
  for (let v = 0; v < graph.count; v++) {
    x[v] = mover.at[blocks.block[v]!]! + blocks.shift[v]!;
    left = Math.min(left, x[v]! - graph.width[v]! / 2);
  }
  for (let v = 0; v < graph.count; v++) x[v]! -= left;
  return x;
}

/** Smallest distance of the centres of two neighbours on a rank. */
function separation(graph: Layered, spacing: Spacing, left: number, right: number): number {
  const real = graph.items.count;
  const lines = (left >= real ? 1 : 0) + (right >= real ? 1 : 0);
  const gap = spacing.nodeGap * (lines === 0 ? 1 : lines === 1 ? 0.7 : 0.5);
  return (graph.width[left]! + graph.width[right]!) / 2 + gap;
}

/** Blocks as things, slanting segments as springs, neighbours on a rank as distances. */
function springGraph(
  graph: Layered,
  ordering: Ordering,
  blocks: Blocks,
  worth: Float64Array,
  spacing: Spacing,
): SpringGraph {
  const { block, shift } = blocks;
  const springs = new ArcList();
  const weights: number[] = [];
  for (let s = 0; s < graph.segments; s++) {
    if (blocks.straight[s] === 1) continue;
    const u = graph.upper[s]!;
    const v = graph.lower[s]!;
    if (block[u] === block[v]) continue;
    const offset = shift[u]! + graph.upperOffset[s]! - shift[v]! - graph.lowerOffset[s]!;
    springs.add(block[u]!, block[v]!, offset);
    springs.add(block[v]!, block[u]!, -offset);
    const weight = 1 + worth[s]! / 8;
    weights.push(weight, weight);
  }
  const right = new ArcList();
  const left = new ArcList();
  for (let r = 0; r < graph.layers; r++) {
    for (let i = ordering.start[r]!; i + 1 < ordering.start[r + 1]!; i++) {
      const u = ordering.order[i]!;
      const v = ordering.order[i + 1]!;
      const least = separation(graph, spacing, u, v) + shift[u]! - shift[v]!;
      right.add(block[u]!, block[v]!, least);
      left.add(block[v]!, block[u]!, -least);
    }
  }
  const { arcs, from } = springs.byVertex(blocks.count);
  const rightArcs = right.byVertex(blocks.count).arcs;
  return {
    count: blocks.count,
    springs: arcs,
    weight: Float64Array.from(from, (i) => weights[i]!),
    right: rightArcs,
    left: left.byVertex(blocks.count).arcs,
    sequence: leftToRight(blocks.count, rightArcs),
  };
}

/** The middle between everything pushed to the left and everything pushed to the right. */
function middle({ count, sequence, left, right }: SpringGraph): Float64Array {
  const low = new Float64Array(count);
  let end = 0;
  for (const b of sequence) {
    for (let k = left.start[b]!; k < left.start[b + 1]!; k++)
      low[b] = Math.max(low[b]!, low[left.other[k]!]! - left.offset[k]!);
    end = Math.max(end, low[b]!);
  }
  const high = new Float64Array(count).fill(end);
  for (let i = count - 1; i >= 0; i--) {
    const b = sequence[i]!;
    for (let k = right.start[b]!; k < right.start[b + 1]!; k++)
      high[b] = Math.min(high[b]!, high[right.other[k]!]! - right.offset[k]!);
  }
  return low.map((x, b) => (x + high[b]!) / 2);
}
