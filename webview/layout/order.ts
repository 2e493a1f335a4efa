/** @file Crossing reduction: barycentre sweeps and exchange of neighbours, from several beginnings. */
import type { Steps } from "./control.js";
import { Exchange } from "./exchange.js";
import { formerPlaces, imposeFormerOrder, inFormerOrder } from "./former-order.js";
import { depthFirst } from "./initial-order.js";
import { CrossingCounter, EndKeys, Ordering } from "./ordering.js";
import type { Layered } from "./proper.js";
import { sortByKey } from "./sorting.js";

/** How much work a graph of this size is given; sizes, not clocks, so that results never vary. */
interface Effort {
  /** Sweeps without improvement before a start is given up, and at most. */
  readonly patience: number;
  readonly sweeps: number;
  /** Rounds of exchanges after each sweep. */
  readonly exchanges: number;
  readonly starts: number;
}

function effortFor(size: number): Effort {
  if (size < 700) return { patience: 6, sweeps: 32, exchanges: 6, starts: 48 };
  if (size < 1_500) return { patience: 6, sweeps: 32, exchanges: 6, starts: 12 };
  if (size < 8_000) return { patience: 8, sweeps: 24, exchanges: 3, starts: 3 };
  if (size < 40_000) return { patience: 2, sweeps: 8, exchanges: 2, starts: 1 };
  return { patience: 2, sweeps: 4, exchanges: 1, starts: 1 };
}

/** The former order is kept if it has at most this share of crossings more than the best one found. */
const toleratedShare = 0.1;
const toleratedMore = 2;

export function* reduceCrossings(graph: Layered): Steps<Ordering> {
  const ends = new EndKeys(graph);
  const counter = new CrossingCounter(ends);
  const exchange = new Exchange(ends);
  const effort = effortFor(graph.count + graph.segments);
  const best = new Ordering(graph, depthFirst(graph, "lastRank"));
  let fewest = counter.total(best);
  const work = new Ordering(graph, best.order);
  for (let start = 0; start < effort.starts && fewest > 0; start++) {
    if (start > 3 && start % 2 === 0) shake(work, best, start);
    else if (start > 0) work.assign(new Ordering(graph, beginning(graph, start)));
    let idle = 0;
    for (let sweep = 0; sweep < effort.sweeps && idle < effort.patience && fewest > 0; sweep++) {
      sweepRanks(ends, work, sweep % 2 === 0, sweep % 4 >= 2, start % 2 === 1);
      if (sweep % 4 >= 2) exchange.round(work, null, true);
      for (let i = 0; i < effort.exchanges && exchange.round(work); i++);
      const crossings = counter.total(work);
      idle++;
      if (crossings < fewest) {
        if (crossings < fewest * 0.98) idle = 0;
        fewest = crossings;
        best.assign(work);
      }
      yield (start + sweep / effort.sweeps) / effort.starts;
    }
  }
  const former = formerPlaces(graph);
  if (former === null || inFormerOrder(best, former)) return best;
  const kept = keepFormerOrder(ends, best, former, counter, exchange, effort);
  return counter.total(kept) <= fewest * (1 + toleratedShare) + toleratedMore ? kept : best;
}

/** The best order in which the vertices that were there before stand as they stood; the others fit in. */
function keepFormerOrder(
  ends: EndKeys,
  start: Ordering,
  former: Float64Array,
  counter: CrossingCounter,
  exchange: Exchange,
  effort: Effort,
): Ordering {
  const work = new Ordering(ends.graph, start.order);
  imposeFormerOrder(work, former);
  for (let i = 0; i < effort.exchanges && exchange.round(work, former); i++);
  const best = new Ordering(ends.graph, work.order);
  let fewest = counter.total(best);
  for (let sweep = 0; sweep < effort.sweeps / 2 && fewest > 0; sweep++) {
    sweepRanks(ends, work, sweep % 2 === 0, sweep % 4 >= 2, false);
    imposeFormerOrder(work, former);
    for (let i = 0; i < effort.exchanges && exchange.round(work, former); i++);
    const crossings = counter.total(work);
    if (crossings >= fewest) continue;
    fewest = crossings;
    best.assign(work);
  }
  return best;
}

function beginning(graph: Layered, start: number): Int32Array {
  if (start === 1) return depthFirst(graph, "firstRank");
  return depthFirst(graph, start % 3 === 0 ? "firstRank" : "lastRank", generator(start));
}

/** The best order so far with some vertices moved to elsewhere on their rank. */
function shake(work: Ordering, best: Ordering, seed: number): void {
  work.assign(best);
  const next = generator(seed);
  for (let r = 0; r + 1 < work.start.length; r++) {
    const size = work.size(r);
    if (size < 2 || next() < 0.5) continue;
    const from = Math.floor(next() * size);
    const to = Math.floor(next() * size);
    const v = work.order[work.start[r]! + from]!;
    const step = Math.sign(to - from);
    for (let i = from; i !== to; i += step) work.put(work.order[work.start[r]! + i + step]!, r, i);
    work.put(v, r, to);
  }
}

/** Reproducible numbers in [0, 1): a linear congruential generator with Numerical Recipes' constants. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Sorts each rank by the mean or median position of the neighbours on the rank before (downwards) or after it. */
function sweepRanks(
  ends: EndKeys,
  ordering: Ordering,
  downwards: boolean,
  reverseTies: boolean,
  median: boolean,
): void {
  const { graph, upperShare, lowerShare } = ends;
  const side = downwards ? graph.above : graph.below;
  const other = downwards ? graph.upper : graph.lower;
  const otherShare = downwards ? upperShare : lowerShare;
  const ownShare = downwards ? lowerShare : upperShare;
  const key = new Float64Array(graph.count);
  const movable = new Int32Array(graph.count);
  const slots = new Int32Array(graph.count);
  const near = new Float64Array(graph.segments);
  for (let i = 1; i < graph.layers; i++) {
    const r = downwards ? i : graph.layers - 1 - i;
    let n = 0;
    for (let k = 0; k < ordering.size(r); k++) {
      const v = ordering.order[ordering.start[r]! + (reverseTies ? ordering.size(r) - 1 - k : k)]!;
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
