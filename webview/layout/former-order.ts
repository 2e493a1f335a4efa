/** @file The order in which vertices stood in the last drawing. */
import type { Ordering } from "./ordering.js";
import type { Layered } from "./proper.js";

/** Where each vertex stood across the direction, NaN for new and virtual ones; null if none is known. */
export function formerPlaces({ items, count }: Layered): Float64Array | null {
  if (items.prior.every(Number.isNaN)) return null;
  const former = new Float64Array(count).fill(Number.NaN);
  former.set(items.prior);
  return former;
}

export function inFormerOrder(ordering: Ordering, former: Float64Array): boolean {
  for (let r = 0; r + 1 < ordering.start.length; r++) {
    let last = Number.NEGATIVE_INFINITY;
    for (let i = ordering.start[r]!; i < ordering.start[r + 1]!; i++) {
      const at = former[ordering.order[i]!]!;
      if (at < last) return false;
      if (at > last) last = at;
    }
  }
  return true;
}

/** Puts those that were there before into their former order, on the places that they hold together. */
export function imposeFormerOrder(ordering: Ordering, former: Float64Array): void {
  for (let r = 0; r + 1 < ordering.start.length; r++) {
    const known: number[] = [];
    for (let i = ordering.start[r]!; i < ordering.start[r + 1]!; i++)
      if (!Number.isNaN(former[ordering.order[i]!]!)) known.push(ordering.order[i]!);
    const places = known.map((v) => ordering.place[v]!);
    known.sort((a, b) => former[a]! - former[b]!);
    known.forEach((v, i) => {
      ordering.put(v, r, places[i]!);
    });
  }
}
