/** @file Shakes a few neighbouring ranks at a time and keeps what crosses no more than before. */
import { generator } from "./chance.js";
import type { Exchange } from "./exchange.js";
import type { Incidence } from "./graph.js";
import type { CrossingCounter, Ordering } from "./ordering.js";
import type { Layered } from "./proper.js";
import type { Range, Sweeper } from "./sweep.js";

export interface Tools {
  readonly graph: Layered;
  readonly counter: CrossingCounter;
  readonly exchange: Exchange;
  readonly sweeper: Sweeper;
}

/** Vertices looked at in all trials together. */
const mostWork = 10_000;
/** What a place that a segment passes sideways costs, in crossings. */
const stretchCost = 0.03;
/** Ranks that are shaken at once. */
const span = 10;

/**
 * Improves `ordering` in place by so many trials; each costs as much as its ranks have vertices, so that a long
 * network is improved everywhere at little cost.
 */
export function* improveLocally(
  tools: Tools,
  ordering: Ordering,
  trials: number,
): Generator<number, void, void> {
  const { exchange, graph, sweeper } = tools;
  const ranks = ordering.start.length - 1;
  let work = mostWork;
  const next = generator(ranks);
  const most = Math.min(trials, 3 * ordering.order.length);
  for (let trial = 0; trial < most; trial++) {
    const first = Math.floor(next() * Math.max(1, ranks - 2));
    const range = { first, last: Math.min(ranks - 1, first + span - 1) };
    const vertices = ordering.start[range.last + 1]! - ordering.start[range.first]!;
    work -= vertices;
    if (work < 0) return;
    const before = cost(tools, ordering, range);
    if (before < 1) continue;
    const kept = ordering.order.slice(ordering.start[range.first]!, ordering.start[range.last + 1]!);
    if (trial % 2 === 0) shake(ordering, range, next);
    else shiftColumn(graph, ordering, range, next);
    for (let sweep = 0; sweep < 4; sweep++) {
      const mode = { downwards: sweep % 2 === 0, reverseTies: sweep >= 2, median: trial % 4 >= 2 };
      if (sweep > 0) sweeper.run(ordering, mode, range);
      for (let i = 0; i < 4 && exchange.round(ordering, { range }); i++);
      if (cost(tools, ordering, range) < before) break;
    }
    if (cost(tools, ordering, range) > before) restore(ordering, range, kept);
    if (trial % 16 === 15) yield trial / most;
  }
}

/** Crossings that the order of these ranks has part in; of orders with as many, straighter ones cost less. */
function cost({ counter }: Tools, ordering: Ordering, { first, last }: Range): number {
  let sum = 0;
  const end = Math.min(last, ordering.start.length - 3);
  for (let r = Math.max(0, first - 1); r <= end; r++)
    sum += counter.below(ordering, r) + stretchCost * counter.stretch(ordering, r);
  return sum;
}

/** Moves one vertex to elsewhere on about every other rank. */
function shake(ordering: Ordering, { first, last }: Range, next: () => number): void {
  for (let r = first; r <= last; r++) {
    const size = ordering.size(r);
    if (size < 2 || next() < 0.5) continue;
    const v = ordering.order[ordering.start[r]! + Math.floor(next() * size)]!;
    moveTo(ordering, v, r, Math.floor(next() * size));
  }
}

/**
 * Moves a path through all these ranks to one side, past what stands beside it: a branch of a network is moved
 * past another as a whole, which no move of a single vertex begins.
 */
function shiftColumn(graph: Layered, ordering: Ordering, { first, last }: Range, next: () => number): void {
  const middle = (first + last) >> 1;
  const start = ordering.order[ordering.start[middle]! + Math.floor(next() * ordering.size(middle))]!;
  const by = (next() < 0.5 ? -1 : 1) * (1 + Math.floor(next() * 3));
  const shift = (v: number, r: number) => {
    moveTo(ordering, v, r, Math.max(0, Math.min(ordering.size(r) - 1, ordering.place[v]! + by)));
  };
  const follow = (side: Incidence, other: Int32Array, step: -1 | 1) => {
    let v = start;
    for (let r = middle + step; r >= first && r <= last; r += step) {
      const degree = side.start[v + 1]! - side.start[v]!;
      if (degree === 0) return;
      v = other[side.list[side.start[v]! + Math.floor(next() * degree)]!]!;
      shift(v, r);
    }
  };
  shift(start, middle);
  follow(graph.above, graph.upper, -1);
  follow(graph.below, graph.lower, 1);
}

function moveTo(ordering: Ordering, v: number, r: number, to: number): void {
  const from = ordering.place[v]!;
  const step = Math.sign(to - from);
  for (let i = from; i !== to; i += step) ordering.put(ordering.order[ordering.start[r]! + i + step]!, r, i);
  ordering.put(v, r, to);
}

function restore(ordering: Ordering, { first, last }: Range, kept: Int32Array): void {
  const offset = ordering.start[first]!;
  for (let r = first; r <= last; r++)
    for (let i = ordering.start[r]!; i < ordering.start[r + 1]!; i++)
      ordering.put(kept[i - offset]!, r, i - ordering.start[r]!);
}
