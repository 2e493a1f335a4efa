/** @file Lanes beside the drawing, for edges so long that they would take part in nothing else. */
import type { Layered } from "./proper.js";

const laneGap = 12;

export interface Lanes {
  /** Coordinate across the direction of each link's lane; NaN for links that have none. */
  readonly at: Float64Array;
  readonly right: number;
}

/**
 * Gives links without segments the nearest lane right of `edge` that is free along their ranks; links with the
 * same source share one.
 */
export function assignLanes(graph: Layered, edge: number): Lanes {
  const { links, layer } = graph;
  const at = new Float64Array(links.count).fill(Number.NaN);
  const wires = new Map<string, number[]>();
  for (let e = 0; e < links.count; e++) {
    if (graph.firstSegment[e]! >= 0) continue;
    const key = `${links.from[e]} ${links.fromOffset[e]}`;
    const wire = wires.get(key);
    if (wire) wire.push(e);
    else wires.set(key, [e]);
  }
  const sorted = [...wires.values()].sort((a, b) => layer[links.from[a[0]!]!]! - layer[links.from[b[0]!]!]!);
  const freeFrom: number[] = [];
  for (const wire of sorted) {
    const top = layer[links.from[wire[0]!]!]!;
    const bottom = Math.max(...wire.map((e) => layer[links.to[e]!]!));
    const found = freeFrom.findIndex((rank) => rank <= top);
    const lane = found < 0 ? freeFrom.length : found;
    freeFrom[lane] = bottom;
    for (const e of wire) at[e] = edge + (lane + 1) * laneGap;
  }
  return { at, right: freeFrom.length === 0 ? edge : edge + (freeFrom.length + 0.5) * laneGap };
}
