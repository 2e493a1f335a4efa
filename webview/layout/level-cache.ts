/**
 * @file Remembers how groups were laid out: the steps of a loop and the blocks of a network are alike, and folding
 * one group leaves the others as they are.
 */
import type { Items, Links, Spacing } from "./graph.js";
import type { Drawn } from "./route.js";

/** Larger groups are hardly ever alike, and their keys take long. */
const largestGroup = 1_000;
/** Items in all remembered groups together. */
const capacity = 50_000;

const remembered = new Map<string, Drawn>();
let size = 0;

/** Null for groups that are not remembered. Equal keys mean equal layouts. */
export function levelKey(items: Items, links: Links, spacing: Spacing): string | null {
  if (items.count > largestGroup || items.count === 1) return null;
  const { nodeGap, rankGap } = spacing;
  return [
    nodeGap,
    rankGap,
    items.width,
    items.height,
    items.border,
    items.side,
    items.hint,
    items.fixedPorts,
    priorOrder(items.prior),
    links.from,
    links.to,
    links.fromOffset,
    links.toOffset,
    links.strands,
  ].join(";");
}

/** Only the order of former places has a say, so that alike groups in different places count as alike. */
function priorOrder(prior: Float64Array): Int32Array {
  const sorted = [...new Set(prior)].filter((x) => !Number.isNaN(x)).sort((a, b) => a - b);
  const place = new Map(sorted.map((x, i) => [x, i]));
  return Int32Array.from(prior, (x) => place.get(x) ?? -1);
}

export function recall(key: string | null): Drawn | undefined {
  if (key === null) return undefined;
  const drawn = remembered.get(key);
  if (!drawn) return undefined;
  // Used last, forgotten last: a Map keeps the order of insertion.
  remembered.delete(key);
  remembered.set(key, drawn);
  return drawn;
}

export function remember(key: string | null, drawn: Drawn): void {
  if (key === null || remembered.has(key)) return;
  remembered.set(key, drawn);
  size += drawn.x.length;
  for (const [oldest, { x }] of remembered) {
    if (size <= capacity) return;
    remembered.delete(oldest);
    size -= x.length;
  }
}
