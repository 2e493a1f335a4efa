/** @file Where edges leave and reach the borders of cards. */
import { type Incidence, Side, strandGap } from "./graph.js";
import type { Layered } from "./proper.js";

export interface Attachments {
  /** Coordinate across the direction at both ends of each segment. */
  readonly upper: Float64Array;
  readonly lower: Float64Array;
}

/** Distance of neighbouring edges on one border. */
const portGap = 20;
/** Free part of a border at each corner. */
const corner = 14;

/**
 * Each edge attaches where the line between the centres of its ends meets the border, kept apart from the
 * others and in the order of their other ends, so that they don't cross there and each can be told apart. An
 * edge that runs straight keeps the centre.
 */
export function attachments(graph: Layered, x: Float64Array, rankGap: number): Attachments {
  const { items, upper, lower, segments } = graph;
  const at = { upper: new Float64Array(segments), lower: new Float64Array(segments) };
  for (let s = 0; s < segments; s++) {
    at.upper[s] = x[upper[s]!]! + graph.upperOffset[s]!;
    at.lower[s] = x[lower[s]!]! + graph.lowerOffset[s]!;
  }
  const centre = { upper: at.upper.slice(), lower: at.lower.slice() };
  const height = new Float64Array(graph.count);
  height.set(items.height);
  const isCard = (v: number) => v < items.count && items.fixedPorts[v] === 0;
  /** Share of the way between the centres at which the line leaves the card `v`. */
  const share = (v: number, other: number) =>
    height[v]! / (height[v]! + 2 * rankGap + (isCard(other) ? height[other]! : 0));
  for (let v = 0; v < items.count; v++) {
    if (items.fixedPorts[v] === 1 || items.side[v] !== Side.inside) continue;
    spread(
      graph,
      v,
      graph.above,
      at.lower,
      (s) => centre.upper[s]! - x[v]!,
      (s) => share(v, upper[s]!),
    );
    spread(
      graph,
      v,
      graph.below,
      at.upper,
      (s) => centre.lower[s]! - x[v]!,
      (s) => share(v, lower[s]!),
    );
  }
  return at;
}

function spread(
  graph: Layered,
  v: number,
  side: Incidence,
  at: Float64Array,
  distance: (segment: number) => number,
  share: (segment: number) => number,
): void {
  const first = side.start[v]!;
  const degree = side.start[v + 1]! - first;
  if (degree === 0) return;
  const list = Array.from(side.list.subarray(first, first + degree));
  if (degree > 1) list.sort((a, b) => distance(a) - distance(b));
  // Each strand has a slot; `slot` is the middle of an edge's slots.
  const slot: number[] = [];
  let slots = 0;
  for (const s of list) {
    const strands = Math.max(1, graph.strands[s]!);
    slot.push(slots + (strands - 1) / 2);
    slots += strands;
  }
  const half = Math.max(0, graph.items.border[v]! / 2 - corner);
  const wanted = slots > degree ? Math.max(strandGap, portGap / 2) : portGap;
  const gap = slots === 1 ? 0 : Math.min(wanted, (2 * half) / (slots - 1));
  const wish = list.map((s, i) => Math.max(-half, Math.min(half, distance(s) * share(s))) - slot[i]! * gap);
  const fixed = list.map((s) => Math.abs(distance(s)) < 0.5);
  const base = increasing(wish, fixed);
  const centre = at[list[0]!]!;
  list.forEach((s, i) => {
    const low = -half + slot[i]! * gap;
    const high = half - (slots - 1 - slot[i]!) * gap;
    at[s] = centre + Math.max(low, Math.min(high, base[i]! + slot[i]! * gap));
  });
}

/** The nearest increasing sequence by least squares (pool adjacent violators); fixed entries weigh most. */
function increasing(values: readonly number[], fixed: readonly boolean[]): number[] {
  const pools: { sum: number; weight: number; size: number }[] = [];
  values.forEach((value, i) => {
    const weight = fixed[i] ? 1e6 : 1;
    let pool = { sum: value * weight, weight, size: 1 };
    for (
      let last = pools.at(-1);
      last && last.sum / last.weight >= pool.sum / pool.weight;
      last = pools.at(-1)
    ) {
      pool = { sum: last.sum + pool.sum, weight: last.weight + pool.weight, size: last.size + pool.size };
      pools.pop();
    }
    pools.push(pool);
  });
  return pools.flatMap(({ sum, weight, size }) => new Array<number>(size).fill(sum / weight));
}
