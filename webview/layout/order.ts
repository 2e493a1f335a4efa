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
  if (size < 1_500) return { patience: 6, sweeps: 32, exchanges: 6, starts: 4 };
  if (size < 8_000) return { patience: 4, sweeps: 16, exchanges: 3, starts: 2 };
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
    if (start > 0) work.assign(new Ordering(graph, beginning(graph, start)));
    let idle = 0;
    for (let sweep = 0; sweep < effort.sweeps && idle < effort.patience && fewest > 0; sweep++) {
      sweepRanks(ends, work, sweep % 2 === 0, sweep % 4 >= 2);
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
    sweepRanks(ends, work, sweep % 2 === 0, sweep % 4 >= 2);
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
  const sequence = depthFirst(graph, start % 2 === 0 ? "lastRank" : "firstRank");
  shuffle(sequence, start);
  return sequence;
}

/** Fisher–Yates with a fixed linear congruential generator (Numerical Recipes' constants). */
function shuffle(list: Int32Array, seed: number): void {
  let state = seed >>> 0;
  for (let i = list.length - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const j = Math.floor((state / 2 ** 32) * (i + 1));
    [list[i], list[j]] = [list[j]!, list[i]!];
  }
}

/** Sorts each rank by the mean position of the neighbours on the rank before (downwards) or after it. */
function sweepRanks(ends: EndKeys, ordering: Ordering, downwards: boolean, reverseTies: boolean): void {
  const { graph, upperShare, lowerShare } = ends;
  const side = downwards ? graph.above : graph.below;
  const other = downwards ? graph.upper : graph.lower;
  const otherShare = downwards ? upperShare : lowerShare;
  const ownShare = downwards ? lowerShare : upperShare;
  const key = new Float64Array(graph.count);
  const movable = new Int32Array(graph.count);
  const slots = new Int32Array(graph.count);
  for (let i = 1; i < graph.layers; i++) {
    const r = downwards ? i : graph.layers - 1 - i;
    let n = 0;
    for (let k = 0; k < ordering.size(r); k++) {
      const v = ordering.order[ordering.start[r]! + (reverseTies ? ordering.size(r) - 1 - k : k)]!;
      const degree = side.start[v + 1]! - side.start[v]!;
      if (degree === 0) continue;
      let sum = 0;
      for (let j = side.start[v]!; j < side.start[v + 1]!; j++) {
        const s = side.list[j]!;
        sum += ordering.place[other[s]!]! + otherShare[s]! - ownShare[s]!;
      }
      key[v] = sum / degree;
      slots[n] = ordering.place[v]!;
      movable[n++] = v;
    }
    sortByKey(movable, n, key);
    // Vertices without neighbours there keep their places; the others fill the rest from left to right.
    for (let k = 0; k < n; k++) ordering.put(movable[k]!, r, slots[reverseTies ? n - 1 - k : k]!);
  }
}
