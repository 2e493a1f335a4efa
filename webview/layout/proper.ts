/**
 * @file The proper layering: every edge cut at each rank it passes by a virtual vertex, so that each segment
 * joins two neighbouring ranks.
 *
 * Long edges out of one node that has many of them run as one line with branches, as one wire with its taps:
 * a weight used by every step of an unrolled network would otherwise cost (steps × ranks) vertices, and look
 * it. Likewise many long edges into one node.
 */
import { bundleWidth, type Incidence, type Items, incidence, type Links } from "./graph.js";
import { type Ranks, sharedFrom } from "./rank.js";

export interface Layered {
  readonly items: Items;
  readonly links: Links;
  /** Vertices below `items.count` are items, the others virtual. */
  readonly count: number;
  readonly layer: Int32Array;
  readonly layers: number;
  readonly width: Float64Array;
  readonly segments: number;
  readonly upper: Int32Array;
  readonly lower: Int32Array;
  /** Where a segment attaches, relative to the centres of its ends. */
  readonly upperOffset: Float64Array;
  readonly lowerOffset: Float64Array;
  readonly strands: Int32Array;
  /** Segments whose lower end (`above`) or upper end (`below`) is the vertex. */
  readonly above: Incidence;
  readonly below: Incidence;
  /** The virtual vertices of link `e` are `firstVirtual[e]` and the next ones, `virtuals[e]` of them. */
  readonly firstVirtual: Int32Array;
  readonly virtuals: Int32Array;
  /** The segments at both ends of link `e`; the first is -1 for links that run in lanes beside the drawing. */
  readonly firstSegment: Int32Array;
  readonly lastSegment: Int32Array;
}

const Share = { none: 0, source: 1, target: 2, lane: 3 } as const;

export function makeProper(items: Items, links: Links, ranks: Ranks): Layered {
  const { rank } = ranks;
  const share = chooseSharing(items, links, rank);
  sendLongestToLanes(items, links, rank, share);
  const firstVirtual = new Int32Array(links.count).fill(-1);
  const virtuals = new Int32Array(links.count);
  const firstSegment = new Int32Array(links.count).fill(-1);
  const lastSegment = new Int32Array(links.count);
  const layer: number[] = Array.from(rank);
  const width: number[] = Array.from(items.width);
  const segments = new SegmentList();
  const trunks = new Map<string, Trunk>();
  for (let e = 0; e < links.count; e++) {
    const top = rank[links.from[e]!]!;
    const bottom = rank[links.to[e]!]!;
    if (share[e] === Share.lane) continue;
    virtuals[e] = bottom - top - 1;
    if (bottom - top === 1) {
      firstSegment[e] = segments.add(
        links.from[e]!,
        links.to[e]!,
        links.fromOffset[e]!,
        links.toOffset[e]!,
        links.strands[e]!,
      );
      lastSegment[e] = firstSegment[e]!;
    } else if (share[e] === Share.none) {
      firstVirtual[e] = layer.length;
      firstSegment[e] = segments.upper.length;
      const thickness = bundleWidth(links.strands[e]!);
      let last = links.from[e]!;
      let offset = links.fromOffset[e]!;
      for (let r = top + 1; r < bottom; r++) {
        layer.push(r);
        width.push(thickness);
        segments.add(last, layer.length - 1, offset, 0, links.strands[e]!);
        last = layer.length - 1;
        offset = 0;
      }
      lastSegment[e] = segments.add(last, links.to[e]!, 0, links.toOffset[e]!, links.strands[e]!);
    } else {
      const bySource = share[e] === Share.source;
      const hub = bySource ? links.from[e]! : links.to[e]!;
      const hubOffset = bySource ? links.fromOffset[e]! : links.toOffset[e]!;
      const key = `${bySource ? "s" : "t"}${hub}:${hubOffset}`;
      const trunk = trunks.get(key) ?? { bySource, hub, hubOffset, top, bottom, edges: [] };
      trunk.top = Math.min(trunk.top, top);
      trunk.bottom = Math.max(trunk.bottom, bottom);
      trunk.edges.push(e);
      trunks.set(key, trunk);
    }
  }
  for (const trunk of trunks.values()) {
    const first = layer.length;
    for (let r = trunk.top + 1; r < trunk.bottom; r++) {
      layer.push(r);
      width.push(0);
      if (r > trunk.top + 1) segments.add(layer.length - 2, layer.length - 1, 0, 0, 1);
    }
    const root = trunk.bySource
      ? segments.add(trunk.hub, first, trunk.hubOffset, 0, 1)
      : segments.add(layer.length - 1, trunk.hub, 0, trunk.hubOffset, 1);
    for (const e of trunk.edges) {
      if (trunk.bySource) {
        firstVirtual[e] = first;
        firstSegment[e] = root;
        lastSegment[e] = segments.add(
          first + virtuals[e]! - 1,
          links.to[e]!,
          0,
          links.toOffset[e]!,
          links.strands[e]!,
        );
      } else {
        firstVirtual[e] = layer.length - virtuals[e]!;
        lastSegment[e] = root;
        firstSegment[e] = segments.add(
          links.from[e]!,
          firstVirtual[e]!,
          links.fromOffset[e]!,
          0,
          links.strands[e]!,
        );
      }
    }
  }
  const count = layer.length;
  const upper = Int32Array.from(segments.upper);
  const lower = Int32Array.from(segments.lower);
  return {
    items,
    links,
    count,
    layer: Int32Array.from(layer),
    layers: ranks.count,
    width: Float64Array.from(width),
    segments: upper.length,
    upper,
    lower,
    upperOffset: Float64Array.from(segments.upperOffset),
    lowerOffset: Float64Array.from(segments.lowerOffset),
    strands: Int32Array.from(segments.strands),
    above: incidence(count, lower),
    below: incidence(count, upper),
    firstVirtual,
    virtuals,
    firstSegment,
    lastSegment,
  };
}

interface Trunk {
  readonly bySource: boolean;
  readonly hub: number;
  readonly hubOffset: number;
  /** Highest and lowest rank that an edge of the trunk touches. */
  top: number;
  bottom: number;
  readonly edges: number[];
}

class SegmentList {
  readonly upper: number[] = [];
  readonly lower: number[] = [];
  readonly upperOffset: number[] = [];
  readonly lowerOffset: number[] = [];
  readonly strands: number[] = [];

  add(upper: number, lower: number, upperOffset: number, lowerOffset: number, strands: number): number {
    this.upper.push(upper);
    this.lower.push(lower);
    this.upperOffset.push(upperOffset);
    this.lowerOffset.push(lowerOffset);
    this.strands.push(strands);
    return this.upper.length - 1;
  }
}

/** More virtual vertices than these cost more time than they are worth. */
const affordableShare = 4;
const affordableLeast = 20_000;

/**
 * Where long edges that share no line are so many and so long that cutting them at each rank would take too
 * long, the longest are not cut: they run beside the drawing, in lanes (see `lanes.ts`).
 */
function sendLongestToLanes(items: Items, links: Links, rank: Int32Array, share: Uint8Array): void {
  const span = (e: number) => rank[links.to[e]!]! - rank[links.from[e]!]!;
  let sum = 0;
  const own: number[] = [];
  for (let e = 0; e < links.count; e++) {
    if (share[e] !== Share.none || span(e) < 2) continue;
    sum += span(e) - 1;
    own.push(e);
  }
  const affordable = affordableShare * items.count + affordableLeast;
  if (sum <= affordable) return;
  own.sort((a, b) => span(b) - span(a) || a - b);
  for (const e of own) {
    if (sum <= affordable) return;
    share[e] = Share.lane;
    sum -= span(e) - 1;
  }
}

/** An edge shares with the side that has more long edges, if those are many. */
function chooseSharing(items: Items, links: Links, rank: Int32Array): Uint8Array {
  const share = new Uint8Array(links.count);
  const longOut = new Int32Array(items.count);
  const longInto = new Int32Array(items.count);
  const isLong = (e: number) => rank[links.to[e]!]! - rank[links.from[e]!]! > 1;
  for (let e = 0; e < links.count; e++) {
    if (!isLong(e)) continue;
    longOut[links.from[e]!]!++;
    longInto[links.to[e]!]!++;
  }
  for (let e = 0; e < links.count; e++) {
    if (!isLong(e)) continue;
    const out = longOut[links.from[e]!]!;
    const into = longInto[links.to[e]!]!;
    if (Math.max(out, into) >= sharedFrom) share[e] = out >= into ? Share.source : Share.target;
  }
  return share;
}
