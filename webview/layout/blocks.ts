/**
 * @file Which vertices stand exactly below each other.
 *
 * Between two neighbouring ranks the segments to be drawn straight are a heaviest set without crossings and
 * with at most one at each end. Chains of them are blocks: they get one coordinate, so that long edges and
 * chains are straight whatever happens around them.
 */
import { type Incidence, Side } from "./graph.js";
import type { Ordering } from "./ordering.js";
import type { Layered } from "./proper.js";

export interface Blocks {
  readonly count: number;
  readonly block: Int32Array;
  /** Position of a vertex relative to its block. */
  readonly shift: Float64Array;
  /** The vertices of block `b` are `members[start[b]] … members[start[b + 1] - 1]`, from above to below. */
  readonly start: Int32Array;
  readonly members: Int32Array;
  /** 1 for segments inside a block. */
  readonly straight: Uint8Array;
}

const longEdge = 16;
/** The only output of the one end and the only input of the other. */
const inChain = 12;
/** The longest path through a network. */
const mainLine = 10;
const endOfLongEdge = 2;
const beyondPort = 1_000_000;

/**
 * How much each segment wants to be straight. From `inChain` on it will be unless it crosses another such; below,
 * it is straight where that costs the others less than it is worth.
 */
export function straightness(graph: Layered): Float64Array {
  const { upper, lower, segments } = graph;
  const real = graph.items.count;
  const heaviestAbove = longestPaths(graph, "above");
  const heaviestBelow = longestPaths(graph, "below");
  const worth = new Float64Array(segments);
  for (let s = 0; s < segments; s++) {
    const a = upper[s]! >= real;
    const b = lower[s]! >= real;
    if (a && b) worth[s] = longEdge;
    else if (a || b) worth[s] = endOfLongEdge;
    if (heaviestAbove[lower[s]!] !== s || heaviestBelow[upper[s]!] !== s) continue;
    worth[s] = Math.max(worth[s]!, mainLine);
  }
  for (let e = 0; e < graph.links.count; e++) {
    if (graph.firstSegment[e]! < 0) continue;
    if (degree(graph.below, graph.links.from[e]!) > 1 || degree(graph.above, graph.links.to[e]!) > 1)
      continue;
    worth[graph.firstSegment[e]!] = Math.max(worth[graph.firstSegment[e]!]!, inChain);
    worth[graph.lastSegment[e]!] = Math.max(worth[graph.lastSegment[e]!]!, inChain);
  }
  return worth;
}

/** For each vertex the one segment that leads to the longest path on that side; -1 where there are equals. */
export function longestPaths(graph: Layered, side: "above" | "below"): Int32Array {
  const { start, list } = graph[side];
  const other = side === "above" ? graph.upper : graph.lower;
  const length = new Int32Array(graph.count);
  const chosen = new Int32Array(graph.count).fill(-1);
  for (const v of byLayer(graph, side === "above")) {
    let most = -1;
    for (let k = start[v]!; k < start[v + 1]!; k++) {
      const s = list[k]!;
      const n = length[other[s]!]!;
      if (n > most) {
        most = n;
        chosen[v] = s;
      } else if (n === most && chosen[v]! >= 0 && other[chosen[v]!] !== other[s]) chosen[v] = -1;
    }
    const isItem = v < graph.items.count;
    // Beyond a port lies the rest of the network: its wires are the main line.
    const own = !isItem ? 0 : graph.items.side[v] === Side.inside ? 1 : beyondPort;
    length[v] = Math.max(most, 0) + own;
  }
  return chosen;
}

function degree(side: Incidence, v: number): number {
  return side.start[v + 1]! - side.start[v]!;
}

/** All vertices, rank by rank. */
export function byLayer(graph: Layered, downwards: boolean): Int32Array {
  const next = new Int32Array(graph.layers + 1);
  const row = (v: number) => (downwards ? graph.layer[v]! : graph.layers - 1 - graph.layer[v]!);
  for (let v = 0; v < graph.count; v++) next[row(v) + 1]!++;
  for (let r = 0; r < graph.layers; r++) next[r + 1]! += next[r]!;
  const sequence = new Int32Array(graph.count);
  for (let v = 0; v < graph.count; v++) sequence[next[row(v)]!++] = v;
  return sequence;
}

export function formBlocks(graph: Layered, ordering: Ordering, worth: Float64Array): Blocks {
  const straight = new Uint8Array(graph.segments);
  const chooser = new StraightChooser(graph, ordering, worth, straight);
  for (let r = 0; r + 1 < graph.layers; r++) chooser.choose(r);
  const block = new Int32Array(graph.count).fill(-1);
  const shift = new Float64Array(graph.count);
  let count = 0;
  const sequence = byLayer(graph, true);
  for (const v of sequence) {
    for (let k = graph.above.start[v]!; k < graph.above.start[v + 1]!; k++) {
      const s = graph.above.list[k]!;
      if (straight[s] === 0) continue;
      const u = graph.upper[s]!;
      block[v] = block[u]!;
      shift[v] = shift[u]! + graph.upperOffset[s]! - graph.lowerOffset[s]!;
    }
    if (block[v]! < 0) block[v] = count++;
  }
  const start = new Int32Array(count + 1);
  for (let v = 0; v < graph.count; v++) start[block[v]! + 1]!++;
  for (let b = 0; b < count; b++) start[b + 1]! += start[b]!;
  const next = start.slice();
  const members = new Int32Array(graph.count);
  for (const v of sequence) members[next[block[v]!]!++] = v;
  return { count, block, shift, start, members, straight };
}

/**
 * Heaviest increasing subsequence, with a Fenwick tree of prefix maxima: segments are taken by their upper end
 * from left to right, and each continues the best chain that ends left of its lower end.
 */
class StraightChooser {
  private readonly best: Float64Array;
  private readonly bestSegment: Int32Array;
  private readonly chain: Float64Array;
  private readonly before: Int32Array;

  constructor(
    private readonly graph: Layered,
    private readonly ordering: Ordering,
    private readonly worth: Float64Array,
    private readonly straight: Uint8Array,
  ) {
    let widest = 0;
    for (let r = 0; r < graph.layers; r++) widest = Math.max(widest, ordering.size(r));
    this.best = new Float64Array(widest + 2);
    this.bestSegment = new Int32Array(widest + 2);
    this.chain = new Float64Array(graph.segments);
    this.before = new Int32Array(graph.segments);
  }

  /** Marks the segments between rank `r` and the next that will be straight. */
  choose(r: number): void {
    const { graph, ordering, worth, chain, before } = this;
    const width = ordering.size(r + 1);
    this.best.fill(0, 0, width + 2);
    this.bestSegment.fill(-1, 0, width + 2);
    let last = -1;
    for (let i = ordering.start[r]!; i < ordering.start[r + 1]!; i++) {
      const v = ordering.order[i]!;
      const from = graph.below.start[v]!;
      const to = graph.below.start[v + 1]!;
      // All segments of a vertex are judged before any is entered, so that it gets only one.
      for (let k = from; k < to; k++) {
        const s = graph.below.list[k]!;
        if (worth[s]! < inChain) continue;
        before[s] = this.query(ordering.place[graph.lower[s]!]!);
        chain[s] = worth[s]! + (before[s]! < 0 ? 0 : chain[before[s]!]!);
      }
      for (let k = from; k < to; k++) {
        const s = graph.below.list[k]!;
        if (worth[s]! < inChain) continue;
        this.enter(ordering.place[graph.lower[s]!]!, s, width);
        if (last < 0 || chain[s]! > chain[last]!) last = s;
      }
    }
    for (let s = last; s >= 0; s = before[s]!) this.straight[s] = 1;
  }

  /** The last segment of the heaviest chain whose lower end stands left of `place`. */
  private query(place: number): number {
    let most = 0;
    let segment = -1;
    for (let i = place; i > 0; i -= i & -i) {
      if (this.best[i]! > most) {
        most = this.best[i]!;
        segment = this.bestSegment[i]!;
      }
    }
    return segment;
  }

  private enter(place: number, segment: number, width: number): void {
    for (let i = place + 1; i <= width; i += i & -i) {
      if (this.chain[segment]! > this.best[i]!) {
        this.best[i] = this.chain[segment]!;
        this.bestSegment[i] = segment;
      }
    }
  }
}
