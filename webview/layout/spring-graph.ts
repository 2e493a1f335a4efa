/** @file Things on a line, with springs that pull them together and distances that keep them apart. */

/** Arcs by vertex: those of `b` are `start[b] … start[b + 1] - 1`. */
export interface Arcs {
  readonly start: Int32Array;
  readonly other: Int32Array;
  /** For springs the wished, for distances the smallest difference `at[other] - at[b]`. */
  readonly offset: Float64Array;
}

export interface SpringGraph {
  readonly count: number;
  readonly springs: Arcs;
  readonly weight: Float64Array;
  /** Next blocks on the right and on the left; on the left `offset` is the largest difference. */
  readonly right: Arcs;
  readonly left: Arcs;
  /** Blocks so that each stands after all that are left of it. */
  readonly sequence: Int32Array;
}

export class ArcList {
  private readonly from: number[] = [];
  private readonly to: number[] = [];
  private readonly offset: number[] = [];

  add(from: number, to: number, offset: number): void {
    this.from.push(from);
    this.to.push(to);
    this.offset.push(offset);
  }

  byVertex(vertices: number): { arcs: Arcs; from: Int32Array } {
    const start = new Int32Array(vertices + 1);
    for (const v of this.from) start[v + 1]!++;
    for (let v = 0; v < vertices; v++) start[v + 1]! += start[v]!;
    const next = start.slice();
    const from = new Int32Array(this.from.length);
    this.from.forEach((v, i) => {
      from[next[v]!++] = i;
    });
    return {
      arcs: {
        start,
        other: from.map((i) => this.to[i]!),
        offset: Float64Array.from(from, (i) => this.offset[i]!),
      },
      from,
    };
  }
}

export function leftToRight(count: number, right: Arcs): Int32Array {
  const open = new Int32Array(count);
  for (const b of right.other) open[b]!++;
  const sequence = new Int32Array(count);
  let filled = 0;
  for (let b = 0; b < count; b++) if (open[b] === 0) sequence[filled++] = b;
  for (let i = 0; i < filled; i++) {
    const b = sequence[i]!;
    for (let k = right.start[b]!; k < right.start[b + 1]!; k++)
      if (--open[right.other[k]!]! === 0) sequence[filled++] = right.other[k]!;
  }
  return sequence;
}
