/**
 * @file Ranks: which row each item stands on.
 *
 * Every item first goes as far down as its consumers let it, so that leaves and constants stand just above
 * the operation that uses them; then items, with what hangs on them, move up again where that shortens edges.
 */

import { topologicalOrder } from "./acyclic.js";
import { type Incidence, type Items, incidence, type Links, Side } from "./graph.js";
import { Mover } from "./mover.js";
import { simplexRanks } from "./simplex.js";
import { ArcList, type SpringGraph } from "./spring-graph.js";

/** From this many edges on one side on, they share one line (see `proper.ts`) and their length costs little. */
export const sharedFrom = 4;
const sharedWeight = 0.6;
/**
 * The same where long edges would cost more virtual vertices than this: then what uses a weight shared by all
 * steps stands near its own consumer, step by step, and the weight's line runs past all of them.
 */
const nearConsumers = 0.1;
const tolerableShare = 3;
const tolerableLeast = 500;
/** More neighbours than this on one rank are wrapped to several rows. */
const widestFan = 32;
const rounds = 8;

export interface Ranks {
  readonly rank: Int32Array;
  /** Number of ranks. */
  readonly count: number;
}

interface RankGraph {
  readonly items: Items;
  readonly links: Links;
  readonly out: Incidence;
  readonly into: Incidence;
  readonly order: Int32Array;
  /** Smallest difference of ranks along an edge. */
  readonly span: Int32Array;
}

/** Ports come out on the first and the last rank. The links must be acyclic. */
export function assignRanks(items: Items, links: Links): Ranks {
  const out = incidence(items.count, links.from);
  const into = incidence(items.count, links.to);
  const order = topologicalOrder(items.count, links.to, out);
  const graph = { items, links, out, into, order, span: new Int32Array(links.count).fill(1) };
  const start = latest(graph);
  if (wrapFans(graph, start)) start.set(latest(graph));
  let rank = shortened(graph, start, sharedWeight);
  if (virtualVertices(links, rank) > tolerableShare * items.count + tolerableLeast)
    rank = shortened(graph, start, nearConsumers);
  pullToEnds(graph, rank);
  return withPorts(graph, rank);
}

/** How many vertices long edges cost that share no line. */
function virtualVertices(links: Links, rank: Int32Array): number {
  let sum = 0;
  for (let e = 0; e < links.count; e++) sum += rank[links.to[e]!]! - rank[links.from[e]!]! - 1;
  return sum;
}

function isInside(graph: RankGraph, v: number): boolean {
  return graph.items.side[v] === Side.inside;
}

/** Longest path to a sink, counted from below: 0 is the highest rank in use. */
function latest(graph: RankGraph): Int32Array {
  const { items, links, out, order, span } = graph;
  const depth = new Int32Array(items.count);
  let deepest = 0;
  for (let i = order.length - 1; i >= 0; i--) {
    const v = order[i]!;
    if (!isInside(graph, v)) continue;
    let most = 0;
    for (let k = out.start[v]!; k < out.start[v + 1]!; k++) {
      const e = out.list[k]!;
      const w = links.to[e]!;
      if (isInside(graph, w)) most = Math.max(most, depth[w]! + span[e]!);
    }
    depth[v] = most;
    if (most > deepest) deepest = most;
  }
  for (let v = 0; v < depth.length; v++) depth[v] = deepest - depth[v]!;
  return depth;
}

/** What a unit of an edge's length costs: little where it shares its line with others. */
function weights({ links, out, into }: RankGraph, sharedCost: number): Float64Array {
  const weight = new Float64Array(links.count);
  for (let e = 0; e < links.count; e++) {
    const u = links.from[e]!;
    const v = links.to[e]!;
    const shared =
      out.start[u + 1]! - out.start[u]! >= 2 * sharedFrom ||
      into.start[v + 1]! - into.start[v]! >= 2 * sharedFrom;
    weight[e] = (shared ? sharedCost : 1) * links.strands[e]!;
  }
  return weight;
}

/**
 * Moves items to shorten Σ weight · length. Of equal places an item keeps its own, the latest: that is next to its
 * consumer.
 */
function shortened(graph: RankGraph, start: Int32Array, shared: number): Int32Array {
  const { items, links, order, span } = graph;
  const weight = weights(graph, shared);
  const inner = new Uint8Array(links.count);
  const springs = new ArcList();
  const right = new ArcList();
  const left = new ArcList();
  const pull: number[] = [];
  for (let e = 0; e < links.count; e++) {
    const u = links.from[e]!;
    const v = links.to[e]!;
    if (!isInside(graph, u) || !isInside(graph, v)) continue;
    inner[e] = 1;
    springs.add(u, v, span[e]!);
    springs.add(v, u, -span[e]!);
    pull.push(weight[e]!, weight[e]!);
    right.add(u, v, span[e]!);
    left.add(v, u, -span[e]!);
  }
  const { arcs, from } = springs.byVertex(items.count);
  const springGraph: SpringGraph = {
    count: items.count,
    springs: arcs,
    weight: Float64Array.from(from, (i) => pull[i]!),
    right: right.byVertex(items.count).arcs,
    left: left.byVertex(items.count).arcs,
    sequence: order,
  };
  const mover = new Mover(springGraph, Float64Array.from(start), true);
  mover.settle(rounds, "median");
  const found = Int32Array.from(mover.at, Math.round);
  simplexRanks(items.count, links.from, links.to, span, inner, weight, found);
  return found;
}

/**
 * Thousands of inputs into one node make a row that nobody can read: those that stand on one rank are spread
 * over rows instead, in a block about as wide as high. The same for thousands of consumers of one node.
 */
function wrapFans(graph: RankGraph, rank: Int32Array): boolean {
  const { items, links, out, into, span } = graph;
  let wrapped = false;
  const spread = (side: Incidence, v: number, other: Int32Array) => {
    const row: number[] = [];
    for (let k = side.start[v]!; k < side.start[v + 1]!; k++) {
      const e = side.list[k]!;
      if (isInside(graph, other[e]!) && Math.abs(rank[links.to[e]!]! - rank[links.from[e]!]!) === 1)
        row.push(e);
    }
    if (row.length <= widestFan) return;
    wrapped = true;
    let width = 0;
    let height = 0;
    for (const e of row) {
      width += items.width[other[e]!]! + 28;
      height += items.height[other[e]!]! + 56;
    }
    const columns = Math.max(widestFan / 2, Math.sqrt((1.6 * row.length * height) / width));
    row.forEach((e, i) => {
      span[e] = 1 + Math.floor(i / columns);
    });
  };
  for (let v = 0; v < items.count; v++) {
    if (into.start[v + 1]! - into.start[v]! > widestFan) spread(into, v, links.from);
    if (out.start[v + 1]! - out.start[v]! > widestFan) spread(out, v, links.to);
  }
  return wrapped;
}

function pullToEnds(graph: RankGraph, rank: Int32Array): void {
  const { items, into, out } = graph;
  let first = Number.MAX_SAFE_INTEGER;
  let last = Number.MIN_SAFE_INTEGER;
  for (let v = 0; v < items.count; v++) {
    first = Math.min(first, rank[v]!);
    last = Math.max(last, rank[v]!);
  }
  for (let v = 0; v < items.count; v++) {
    if (items.hint[v]! < 0 && into.start[v] === into.start[v + 1]) rank[v] = first;
    if (items.hint[v]! > 0 && out.start[v] === out.start[v + 1]) rank[v] = last;
  }
}

/** Shifts the ranks to begin at 0, with ports before and after everything else. */
function withPorts({ items }: RankGraph, rank: Int32Array): Ranks {
  let first = Number.MAX_SAFE_INTEGER;
  let last = Number.MIN_SAFE_INTEGER;
  let portsAbove = 0;
  let portsBelow = 0;
  for (let v = 0; v < items.count; v++) {
    if (items.side[v] === Side.first) portsAbove = 1;
    else if (items.side[v] === Side.last) portsBelow = 1;
    else {
      first = Math.min(first, rank[v]!);
      last = Math.max(last, rank[v]!);
    }
  }
  if (first > last) first = last = 0;
  for (let v = 0; v < items.count; v++) {
    if (items.side[v] === Side.first) rank[v] = 0;
    else if (items.side[v] === Side.last) rank[v] = last - first + 1 + portsAbove;
    else rank[v] = rank[v]! - first + portsAbove;
  }
  return { rank, count: last - first + 1 + portsAbove + portsBelow };
}
