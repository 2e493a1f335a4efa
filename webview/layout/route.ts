/**
 * @file Coordinates along the direction, and the edges' routes: straight past the cards of a rank, slanting
 * only in the gap between two ranks, where no card stands.
 */
import { type Attachments, attachments } from "./attach.js";
import { byLayer } from "./blocks.js";
import { Side, type Spacing } from "./graph.js";
import { assignLanes } from "./lanes.js";
import type { Layered } from "./proper.js";

/** Points one after another: x0, y0, x1, y1, … */
export type Polyline = number[];

export interface Drawn {
  /** Centres of the items. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly width: number;
  readonly height: number;
  /** For each link from its upper to its lower end. */
  readonly routes: Polyline[];
}

export function draw(graph: Layered, x: Float64Array, spacing: Spacing): Drawn {
  const { items, links } = graph;
  const attach = attachments(graph, x, spacing.rankGap);
  const rows = placeRows(graph, attach, spacing);
  const reach = { above: pathLengths(graph, true), below: pathLengths(graph, false) };
  const y = new Float64Array(items.count);
  let width = 0;
  for (let v = 0; v < graph.count; v++) width = Math.max(width, x[v]! + graph.width[v]! / 2);
  for (let v = 0; v < items.count; v++) {
    const r = graph.layer[v]!;
    const room = rows.bottom[r]! - rows.top[r]! - items.height[v]!;
    const fromAbove = reach.above[v] === graph.layer[v];
    const fromBelow = reach.below[v] === graph.layers - 1 - graph.layer[v]!;
    // What hangs on leaves stands near its consumer, a side result near its source; only rows with a group are
    // so high that it matters.
    const share = fromAbove === fromBelow ? 0.5 : fromBelow ? 1 : 0;
    const slack = Math.max(0, room - 60);
    y[v] = rows.top[r]! + items.height[v]! / 2 + (room - slack) / 2 + slack * share;
  }
  const lanes = assignLanes(graph, width);
  const straightTo = straightRuns(graph, x);
  const routes: Polyline[] = [];
  for (let e = 0; e < links.count; e++) {
    const u = links.from[e]!;
    const w = links.to[e]!;
    if (graph.firstSegment[e]! < 0) {
      routes.push(laneRoute(graph, e, lanes.at[e]!, x, y, rows));
      continue;
    }
    const start = attach.upper[graph.firstSegment[e]!]!;
    const route = [start, y[u]! + items.height[u]! / 2];
    add(route, start, rows.bottom[graph.layer[u]!]!);
    const last = graph.firstVirtual[e]! + graph.virtuals[e]! - 1;
    for (let v = graph.firstVirtual[e]!; v <= last; v++) {
      add(route, x[v]!, rows.top[graph.layer[v]!]!);
      v = Math.min(last, straightTo[v]!);
      add(route, x[v]!, rows.bottom[graph.layer[v]!]!);
    }
    const end = attach.lower[graph.lastSegment[e]!]!;
    add(route, end, rows.top[graph.layer[w]!]!);
    add(route, end, y[w]! - items.height[w]! / 2);
    routes.push(route);
  }
  return {
    x: x.subarray(0, items.count),
    y,
    width: lanes.right,
    height: rows.bottom[graph.layers - 1] ?? 0,
    routes,
  };
}

/**
 * For each virtual vertex the last one of those that follow it in line, rank by rank: thousands of edges may run in
 * one line with branches, each along most of it.
 */
function straightRuns({ items, count, layer }: Layered, x: Float64Array): Int32Array {
  const end = new Int32Array(count);
  for (let v = count - 1; v >= items.count; v--) {
    const inLine = v + 1 < count && layer[v + 1] === layer[v]! + 1 && Math.abs(x[v + 1]! - x[v]!) < 1e-6;
    end[v] = inLine ? end[v + 1]! : v;
  }
  return end;
}

/** Ranks that the longest path from a vertex upwards, or downwards, passes. */
function pathLengths(graph: Layered, upwards: boolean): Int32Array {
  const { start, list } = upwards ? graph.above : graph.below;
  const other = upwards ? graph.upper : graph.lower;
  const length = new Int32Array(graph.count);
  for (const v of byLayer(graph, upwards))
    for (let k = start[v]!; k < start[v + 1]!; k++)
      length[v] = Math.max(length[v]!, length[other[list[k]!]!]! + 1);
  return length;
}

/** Out to the lane in the gap below the source, along it, and back in the gap above the target. */
function laneRoute(
  { items, links, layer }: Layered,
  e: number,
  lane: number,
  x: Float64Array,
  y: Float64Array,
  rows: Rows,
): Polyline {
  const u = links.from[e]!;
  const w = links.to[e]!;
  const start = x[u]! + (items.fixedPorts[u] === 1 ? links.fromOffset[e]! : items.border[u]! / 3);
  const end = x[w]! + (items.fixedPorts[w] === 1 ? links.toOffset[e]! : items.border[w]! / 3);
  const route = [start, y[u]! + items.height[u]! / 2];
  add(route, start, rows.bottom[layer[u]!]!);
  add(route, lane, rows.top[layer[u]! + 1]!);
  add(route, lane, rows.bottom[layer[w]! - 1]!);
  add(route, end, rows.top[layer[w]!]!);
  add(route, end, y[w]! - items.height[w]! / 2);
  return route;
}

/** Appends a point, merging runs along the direction. */
export function add(route: Polyline, x: number, y: number): void {
  const n = route.length;
  if (n >= 2 && Math.abs(route[n - 2]! - x) < 1e-6) {
    if (Math.abs(route[n - 1]! - y) < 1e-6) return;
    if (n >= 4 && Math.abs(route[n - 4]! - x) < 1e-6) {
      route[n - 1] = y;
      return;
    }
  }
  route.push(x, y);
}

interface Rows {
  readonly top: Float64Array;
  readonly bottom: Float64Array;
}

/** Rows as high as their highest card; gaps grow where edges have far to go, so that they don't lie flat. */
function placeRows(graph: Layered, attach: Attachments, spacing: Spacing): Rows {
  const { items, layers } = graph;
  const height = new Float64Array(layers);
  const isPorts = new Uint8Array(layers);
  for (let v = 0; v < items.count; v++) {
    const r = graph.layer[v]!;
    height[r] = Math.max(height[r]!, items.height[v]!);
    if (items.side[v] !== Side.inside) isPorts[r] = 1;
  }
  const farthest = new Float64Array(layers);
  for (let s = 0; s < graph.segments; s++) {
    const r = graph.layer[graph.upper[s]!]!;
    farthest[r] = Math.max(farthest[r]!, Math.abs(attach.upper[s]! - attach.lower[s]!));
  }
  const top = new Float64Array(layers);
  const bottom = new Float64Array(layers);
  let y = 0;
  for (let r = 0; r < layers; r++) {
    top[r] = y;
    bottom[r] = y + height[r]!;
    const flat = Math.min(spacing.rankGap * 0.75, Math.max(0, (farthest[r]! - 10 * spacing.rankGap) / 24));
    const nearPort = isPorts[r] === 1 || isPorts[r + 1] === 1;
    y = bottom[r]! + spacing.rankGap * (nearPort ? 0.6 : 1) + flat;
  }
  return { top, bottom };
}
