/**
 * @file Nested groups. Each group is laid out on its own and stands in the group around it as one big card, so
 * that its rectangle never meets a foreign node and folding one leaves the inside of the others as it was.
 *
 * An edge that crosses a group's border does so at a port: it comes in on the side that faces its other end.
 * Edges with the same source share a port, as one wire. The parts of an edge, level by level, are its pieces.
 */
import { backEdges } from "./acyclic.js";
import { type Items, type Links, Side } from "./graph.js";
import type { Indexed } from "./input.js";

/** One edge, or several with the same wire, between two items of a level. */
interface Draft {
  /** Items of the level, `upper` above `lower` once the level is oriented. */
  upper: number;
  lower: number;
  /** Node whose output runs here. */
  readonly wire: number;
  /** Numbers of the edges that run here. */
  readonly edges: number[];
  /** The ports on the nested groups at its ends: items of those groups' levels, -1 at nodes and ports. */
  upperPort: number;
  lowerPort: number;
}

/** A part of an edge: `draft` of the level of `group`, run through upwards if `reversed`. */
export interface Piece {
  readonly group: number;
  readonly draft: number;
  readonly reversed: boolean;
}

export type ItemRef =
  | { readonly kind: "node"; readonly node: number }
  | { readonly kind: "group"; readonly group: number }
  | { readonly kind: "port"; readonly side: -1 | 1 };

export class Level {
  readonly items: ItemRef[] = [];
  readonly drafts: Draft[] = [];
  private readonly draftByKey = new Map<string | number, Draft>();
  private readonly portByKey = new Map<string, number>();

  addItem(ref: ItemRef): number {
    this.items.push(ref);
    return this.items.length - 1;
  }

  /** The draft for an edge between two items: one for each wire where a group is involved, else one for both ways. */
  connect(a: number, b: number, wire: number): Draft {
    const plain = this.items[a]!.kind === "node" && this.items[b]!.kind === "node";
    const key = plain ? Math.min(a, b) * 0x4000000 + Math.max(a, b) : `${a} ${b} ${wire}`;
    const found = this.draftByKey.get(key);
    if (found) return found;
    const draft: Draft = { upper: a, lower: b, wire, edges: [], upperPort: -1, lowerPort: -1 };
    this.draftByKey.set(key, draft);
    this.drafts.push(draft);
    return draft;
  }

  port(side: -1 | 1, wire: number): number {
    const key = `${side} ${wire}`;
    const found = this.portByKey.get(key);
    if (found !== undefined) return found;
    const item = this.addItem({ kind: "port", side });
    this.portByKey.set(key, item);
    return item;
  }
}

export interface Hierarchy {
  /** By number of group, 0 the whole drawing. */
  readonly levels: readonly Level[];
  /** The item that stands for a node, or for a group, in the level around it. */
  readonly nodeItem: Int32Array;
  readonly groupItem: Int32Array;
  /** The pieces of each edge from its source to its target; empty for loops. */
  readonly pieces: readonly (readonly Piece[])[];
}

export function buildHierarchy(index: Indexed): Hierarchy {
  const levels = Array.from(index.parent, () => new Level());
  const nodeItem = Int32Array.from(index.nodes, (_, node) =>
    levels[index.groupOf[node]!]!.addItem({ kind: "node", node }),
  );
  const groupItem = new Int32Array(index.parent.length).fill(-1);
  for (let g = 1; g < index.parent.length; g++)
    groupItem[g] = levels[index.parent[g]!]!.addItem({ kind: "group", group: g });
  const itemIn = (node: number, level: number): number => {
    let group = index.groupOf[node]!;
    if (group === level) return nodeItem[node]!;
    while (index.parent[group] !== level) group = index.parent[group]!;
    return groupItem[group]!;
  };
  const trails = index.from.length === 0 ? [] : Array.from(index.from, () => new Trail());
  index.from.forEach((u, e) => {
    const v = index.to[e]!;
    if (u === v) return;
    const group = commonGroup(index, u, v);
    levels[group]!.connect(itemIn(u, group), itemIn(v, group), u).edges.push(e);
  });
  for (const g of index.outerFirst) {
    const level = levels[g]!;
    orient(level);
    level.drafts.forEach((draft, number) => {
      for (const e of draft.edges) {
        const source = draft.upper === sourceItem(level, draft, itemIn, index, e, g);
        trails[e]!.add(
          { group: g, draft: number, reversed: !source },
          index.depth[g]!,
          isInside(index, index.from[e]!, g),
        );
      }
      draft.upperPort = enter(level, draft, draft.upper, 1);
      draft.lowerPort = enter(level, draft, draft.lower, -1);
    });
  }

  /** Leads the draft's edges through the border of the group at one of its ends. @returns the port inside */
  function enter(level: Level, draft: Draft, item: number, side: -1 | 1): number {
    const ref = level.items[item]!;
    if (ref.kind !== "group") return -1;
    const inner = levels[ref.group]!;
    const port = inner.port(side, draft.wire);
    for (const e of draft.edges) {
      const node = isInside(index, index.from[e]!, ref.group) ? index.from[e]! : index.to[e]!;
      const item = itemIn(node, ref.group);
      const part = side < 0 ? inner.connect(port, item, draft.wire) : inner.connect(item, port, draft.wire);
      part.edges.push(e);
    }
    return port;
  }

  return { levels, nodeItem, groupItem, pieces: trails.map((trail) => trail.pieces()) };
}

/** The item of the draft at which edge `e` begins. */
function sourceItem(
  level: Level,
  draft: Draft,
  itemIn: (node: number, level: number) => number,
  index: Indexed,
  e: number,
  group: number,
): number {
  if (isInside(index, index.from[e]!, group)) return itemIn(index.from[e]!, group);
  return level.items[draft.upper]!.kind === "port" ? draft.upper : draft.lower;
}

function isInside(index: Indexed, node: number, group: number): boolean {
  let g = index.groupOf[node]!;
  while (index.depth[g]! > index.depth[group]!) g = index.parent[g]!;
  return g === group;
}

function commonGroup(index: Indexed, u: number, v: number): number {
  let a = index.groupOf[u]!;
  let b = index.groupOf[v]!;
  while (a !== b) {
    if (index.depth[a]! >= index.depth[b]!) a = index.parent[a]!;
    else b = index.parent[b]!;
  }
  return a;
}

/** Turns round the drafts that close a cycle; ports stay on their side, since no draft leads on from them. */
function orient(level: Level): void {
  const from = Int32Array.from(level.drafts, (draft) => draft.upper);
  const to = Int32Array.from(level.drafts, (draft) => draft.lower);
  backEdges(level.items.length, from, to).forEach((back, i) => {
    const draft = level.drafts[i]!;
    if (back === 1) [draft.upper, draft.lower] = [draft.lower, draft.upper];
  });
}

/** Collects an edge's pieces, which are found from the outside in, and puts them in order. */
class Trail {
  private readonly before: Piece[] = [];
  private readonly after: Piece[] = [];

  add(piece: Piece, depth: number, holdsSource: boolean): void {
    // The outermost piece is the one between both ends; deeper ones come before it on the source's side.
    if (holdsSource && depth > 0) this.before.push(piece);
    else this.after.push(piece);
  }

  pieces(): Piece[] {
    return this.before.reverse().concat(this.after);
  }
}

/** A level's items and links as numbers; sizes of nested groups and their ports come from `measure`. */
export function toArrays(
  level: Level,
  measure: {
    readonly size: (ref: ItemRef) => {
      readonly width: number;
      readonly height: number;
      readonly border: number;
    };
    readonly hint: (ref: ItemRef) => -1 | 0 | 1;
    readonly prior: (ref: ItemRef) => number;
    /** Offset of a port from the centre of its group. */
    readonly portOffset: (group: number, port: number) => number;
  },
): { items: Items; links: Links } {
  const n = level.items.length;
  const items: Items = {
    count: n,
    width: new Float64Array(n),
    height: new Float64Array(n),
    border: new Float64Array(n),
    side: new Int8Array(n),
    hint: new Int8Array(n),
    fixedPorts: new Uint8Array(n),
    prior: new Float64Array(n),
  };
  level.items.forEach((ref, i) => {
    const { width, height, border } = measure.size(ref);
    items.width[i] = width;
    items.height[i] = height;
    items.border[i] = border;
    items.side[i] = ref.kind === "port" ? ref.side : Side.inside;
    items.hint[i] = measure.hint(ref);
    items.fixedPorts[i] = ref.kind === "group" ? 1 : 0;
    items.prior[i] = measure.prior(ref);
  });
  const offset = (item: number, port: number): number => {
    const ref = level.items[item]!;
    return ref.kind === "group" && port >= 0 ? measure.portOffset(ref.group, port) : 0;
  };
  const links: Links = {
    count: level.drafts.length,
    from: Int32Array.from(level.drafts, (draft) => draft.upper),
    to: Int32Array.from(level.drafts, (draft) => draft.lower),
    fromOffset: Float64Array.from(level.drafts, (draft) => offset(draft.upper, draft.upperPort)),
    toOffset: Float64Array.from(level.drafts, (draft) => offset(draft.lower, draft.lowerPort)),
    strands: Int32Array.from(level.drafts, strands),
  };
  return { items, links };

  /** The most edges between the same two nodes: they run side by side, all others on one line. */
  function strands(draft: Draft): number {
    const first = level.items[draft.upper]!.kind === "node" && level.items[draft.lower]!.kind === "node";
    return first ? draft.edges.length : 1;
  }
}
