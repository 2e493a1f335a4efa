/** @file The layout's inner graph: numbered items and edges in typed arrays. Inside, every layout runs downwards. */

/** For each vertex the edges on one of its sides: those of `v` are `list[start[v]] … list[start[v + 1] - 1]`. */
export interface Incidence {
  readonly start: Int32Array;
  readonly list: Int32Array;
}

/** Groups edge numbers by `end[edge]`, keeping their order. */
export function incidence(vertices: number, end: Int32Array): Incidence {
  const start = new Int32Array(vertices + 1);
  for (let e = 0; e < end.length; e++) start[end[e]! + 1]!++;
  for (let v = 0; v < vertices; v++) start[v + 1]! += start[v]!;
  const next = start.slice(0, vertices);
  const list = new Int32Array(end.length);
  for (let e = 0; e < end.length; e++) list[next[end[e]!]!++] = e;
  return { start, list };
}

/** Where an item stands in its group: a card or nested group, or a port on the group's first or last border. */
export const Side = { first: -1, inside: 0, last: 1 } as const;

/** The things to be placed side by side within one group. */
export interface Items {
  readonly count: number;
  /** Across and along the direction of the layout. */
  readonly width: Float64Array;
  readonly height: Float64Array;
  /** Width of the card alone, without the room that its loops need. */
  readonly border: Float64Array;
  readonly side: Int8Array;
  /** -1 pulls to the first rank, 1 to the last. */
  readonly hint: Int8Array;
  /** 1 for nested groups: their edges attach at given offsets. */
  readonly fixedPorts: Uint8Array;
  /** The coordinate across the direction in the previous layout, NaN where unknown. */
  readonly prior: Float64Array;
}

/** Edges between items, all of them pointing downwards; at most one for the same ends and offsets. */
export interface Links {
  readonly count: number;
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Where the edge attaches, relative to the item's centre; 0 unless the item has fixed ports. */
  readonly fromOffset: Float64Array;
  readonly toOffset: Float64Array;
  /** How many edges of the input run side by side here. */
  readonly strands: Int32Array;
}

export interface Spacing {
  readonly nodeGap: number;
  readonly rankGap: number;
}

/** Distance of two parallel edges between the same two nodes. */
export const strandGap = 7;

/** Width of a bundle of parallel edges, limited so that thousands of them stay a line. */
export function bundleWidth(strands: number): number {
  return Math.min((strands - 1) * strandGap, 56);
}
