/** @file Crossing reduction: sweeps and exchanges of neighbours from several beginnings, then local search. */
import { generator } from "./chance.js";
import { type Steps, within } from "./control.js";
import { Exchange } from "./exchange.js";
import { formerPlaces, imposeFormerOrder, inFormerOrder } from "./former-order.js";
import { depthFirst } from "./initial-order.js";
import { improveLocally } from "./local-search.js";
import { CrossingCounter, EndKeys, Ordering } from "./ordering.js";
import type { Layered } from "./proper.js";
import { Sweeper, type SweepMode } from "./sweep.js";

/** How much work a graph of this size is given; sizes, not clocks, so that results never vary. */
interface Effort {
  /** Sweeps without improvement before a start is given up, and at most. */
  readonly patience: number;
  readonly sweeps: number;
  /** Rounds of exchanges after each sweep. */
  readonly exchanges: number;
  readonly starts: number;
  /** Trials of the local search. */
  readonly trials: number;
  /** Rounds of exchanges that gain nothing by themselves. */
  readonly drifts: number;
}

function effortFor(size: number): Effort {
  if (size < 1_500) return { patience: 6, sweeps: 32, exchanges: 6, starts: 8, trials: 600, drifts: 8 };
  if (size < 8_000) return { patience: 4, sweeps: 16, exchanges: 3, starts: 2, trials: 1_000, drifts: 8 };
  if (size < 40_000) return { patience: 2, sweeps: 8, exchanges: 2, starts: 1, trials: 200, drifts: 0 };
  return { patience: 2, sweeps: 4, exchanges: 1, starts: 1, trials: 0, drifts: 0 };
}

/** The former order is kept if it has at most this share of crossings more than the best one found. */
const toleratedShare = 0.1;
const toleratedMore = 2;

/** @param whole items and links of all the parts of which `graph` is one: many small parts are as much work as a large one */
export function* reduceCrossings(graph: Layered, whole: number): Steps<Ordering> {
  const search = new OrderSearch(graph, whole);
  const best = yield* search.run();
  const former = formerPlaces(graph);
  if (former === null || inFormerOrder(best, former)) return best;
  const kept = search.keepFormer(best, former);
  const tolerated = search.crossings(best) * (1 + toleratedShare) + toleratedMore;
  return search.crossings(kept) <= tolerated ? kept : best;
}

class OrderSearch {
  readonly counter: CrossingCounter;
  readonly exchange: Exchange;
  readonly sweeper: Sweeper;
  private readonly effort: Effort;
  private readonly all: { first: number; last: number };

  constructor(
    readonly graph: Layered,
    whole: number,
  ) {
    const ends = new EndKeys(graph);
    this.counter = new CrossingCounter(ends);
    this.exchange = new Exchange(ends);
    this.sweeper = new Sweeper(ends);
    this.effort = effortFor(Math.max(graph.count + graph.segments, whole));
    this.all = { first: 0, last: graph.layers - 1 };
  }

  crossings(ordering: Ordering): number {
    return this.counter.total(ordering);
  }

  *run(): Steps<Ordering> {
    const { effort, graph } = this;
    const best = new Ordering(graph, depthFirst(graph, "lastRank"));
    let fewest = this.crossings(best);
    const work = new Ordering(graph, best.order);
    for (let start = 0; start < effort.starts && fewest > 0; start++) {
      if (start > 0) work.assign(new Ordering(graph, beginning(graph, start)));
      let idle = 0;
      for (let sweep = 0; sweep < effort.sweeps && idle < effort.patience && fewest > 0; sweep++) {
        this.sweep(work, sweep, start % 2 === 1);
        const crossings = this.crossings(work);
        idle++;
        if (crossings < fewest) {
          if (crossings < fewest * 0.98) idle = 0;
          fewest = crossings;
          best.assign(work);
        }
        yield (0.5 * (start + sweep / effort.sweeps)) / effort.starts;
      }
    }
    if (fewest > 0) yield* within(improveLocally(this, best, effort.trials), 0.5, 1);
    if (fewest > 0) this.driftApart(best);
    return best;
  }

  /** Exchanges that gain nothing one by one let whole chains change sides: what gains in the end is kept. */
  private driftApart(best: Ordering): void {
    const { effort, exchange, graph } = this;
    const work = new Ordering(graph, best.order);
    let fewest = this.crossings(best);
    for (let round = 0; round < effort.drifts && fewest > 0; round++) {
      exchange.round(work, { sideways: true });
      for (let i = 0; i < effort.exchanges && exchange.round(work); i++);
      const crossings = this.crossings(work);
      if (crossings >= fewest) continue;
      fewest = crossings;
      best.assign(work);
    }
  }

  private sweep(work: Ordering, sweep: number, median: boolean): void {
    const reverseTies = sweep % 4 >= 2;
    this.sweeper.run(work, { downwards: sweep % 2 === 0, reverseTies, median }, this.all);
    if (reverseTies) this.exchange.round(work, { sideways: true });
    for (let i = 0; i < this.effort.exchanges && this.exchange.round(work); i++);
  }

  /** The best order in which the vertices that were there before stand as they stood; the others fit in. */
  keepFormer(start: Ordering, former: Float64Array): Ordering {
    const { effort, exchange, graph } = this;
    const work = new Ordering(graph, start.order);
    imposeFormerOrder(work, former);
    for (let i = 0; i < effort.exchanges && exchange.round(work, { former }); i++);
    const best = new Ordering(graph, work.order);
    let fewest = this.crossings(best);
    for (let sweep = 0; sweep < effort.sweeps / 2 && fewest > 0; sweep++) {
      const mode: SweepMode = { downwards: sweep % 2 === 0, reverseTies: sweep % 4 >= 2, median: false };
      this.sweeper.run(work, mode, this.all);
      imposeFormerOrder(work, former);
      for (let i = 0; i < effort.exchanges && exchange.round(work, { former }); i++);
      const crossings = this.crossings(work);
      if (crossings >= fewest) continue;
      fewest = crossings;
      best.assign(work);
    }
    return best;
  }
}

function beginning(graph: Layered, start: number): Int32Array {
  if (start === 1) return depthFirst(graph, "firstRank");
  return depthFirst(graph, start % 3 === 0 ? "firstRank" : "lastRank", generator(start));
}
