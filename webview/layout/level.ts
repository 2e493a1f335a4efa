/** @file Lays out the content of one group: its connected parts, each by the layered method, packed together. */
import { formBlocks, straightness } from "./blocks.js";
import { type Steps, within } from "./control.js";
import { type Items, type Links, Side, type Spacing } from "./graph.js";
import { reduceCrossings } from "./order.js";
import { type Box, pack } from "./pack.js";
import { placeBlocks } from "./place.js";
import { makeProper } from "./proper.js";
import { assignRanks } from "./rank.js";
import { add, type Drawn, draw, type Polyline } from "./route.js";

/** Distance of separate parts, as a multiple of the distance of neighbours. */
const partGap = 2;

/** Ports end on the borders: those before everything at height 0, those after everything at `height`. */
export function* layoutLevel(items: Items, links: Links, spacing: Spacing): Steps<Drawn> {
  const parts = connectedParts(items, links);
  const drawn: Drawn[] = [];
  let done = 0;
  for (const part of parts.parts) {
    const share = part.items.count / Math.max(1, items.count);
    const steps = layoutPart(part.items, part.links, spacing, items.count + links.count);
    drawn.push(yield* within(steps, done, done + share));
    done += share;
    yield done;
  }
  return combine(items, links, parts.parts, drawn, spacing);
}

/** @param whole items and links of all parts */
function* layoutPart(items: Items, links: Links, spacing: Spacing, whole: number): Steps<Drawn> {
  if (items.count === 1 && links.count === 0) return single(items);
  const graph = makeProper(items, links, assignRanks(items, links));
  yield 0.1;
  const ordering = yield* within(reduceCrossings(graph, whole), 0.1, 0.7);
  const worth = straightness(graph);
  const blocks = formBlocks(graph, ordering, worth);
  yield 0.8;
  const x = placeBlocks(graph, ordering, blocks, worth, spacing);
  yield 0.95;
  return draw(graph, x, spacing);
}

function single(items: Items): Drawn {
  const width = items.width[0]!;
  const height = items.height[0]!;
  return { x: Float64Array.of(width / 2), y: Float64Array.of(height / 2), width, height, routes: [] };
}

interface Part {
  readonly items: Items;
  readonly links: Links;
  /** Numbers in the whole level. */
  readonly itemOf: Int32Array;
  readonly linkOf: Int32Array;
}

/** Connected components in the order of their first items. */
function connectedParts(items: Items, links: Links): { readonly parts: Part[] } {
  const parent = new Int32Array(items.count);
  for (let v = 0; v < items.count; v++) parent[v] = v;
  const root = (v: number) => {
    while (parent[v] !== v) {
      parent[v] = parent[parent[v]!]!;
      v = parent[v]!;
    }
    return v;
  };
  for (let e = 0; e < links.count; e++) {
    const a = root(links.from[e]!);
    const b = root(links.to[e]!);
    // The smaller number stays root: parts are numbered by their first items.
    if (a < b) parent[b] = a;
    else parent[a] = b;
  }
  const itemLists: number[][] = [];
  const linkLists: number[][] = [];
  const partOf = new Int32Array(items.count);
  const local = new Int32Array(items.count);
  for (let v = 0; v < items.count; v++) {
    const r = root(v);
    if (r === v) {
      partOf[v] = itemLists.length;
      itemLists.push([]);
      linkLists.push([]);
    } else partOf[v] = partOf[r]!;
    const list = itemLists[partOf[v]!]!;
    local[v] = list.length;
    list.push(v);
  }
  for (let e = 0; e < links.count; e++) linkLists[partOf[links.from[e]!]!]!.push(e);
  return {
    parts: itemLists.map((list, i) => {
      const itemOf = Int32Array.from(list);
      const linkOf = Int32Array.from(linkLists[i]!);
      return { items: pickItems(items, itemOf), links: pickLinks(links, linkOf, local), itemOf, linkOf };
    }),
  };
}

function pickItems(items: Items, of: Int32Array): Items {
  const pick = <T extends Float64Array | Int8Array | Uint8Array>(from: T, into: T): T => {
    for (let i = 0; i < of.length; i++) into[i] = from[of[i]!]!;
    return into;
  };
  const n = of.length;
  return {
    count: n,
    width: pick(items.width, new Float64Array(n)),
    height: pick(items.height, new Float64Array(n)),
    border: pick(items.border, new Float64Array(n)),
    side: pick(items.side, new Int8Array(n)),
    hint: pick(items.hint, new Int8Array(n)),
    fixedPorts: pick(items.fixedPorts, new Uint8Array(n)),
    prior: pick(items.prior, new Float64Array(n)),
  };
}

function pickLinks(links: Links, of: Int32Array, local: Int32Array): Links {
  return {
    count: of.length,
    from: of.map((e) => local[links.from[e]!]!),
    to: of.map((e) => local[links.to[e]!]!),
    fromOffset: Float64Array.from(of, (e) => links.fromOffset[e]!),
    toOffset: Float64Array.from(of, (e) => links.toOffset[e]!),
    strands: of.map((e) => links.strands[e]!),
  };
}

/** Parts with ports stand in one row, so that each reaches both borders; the others are packed beside them. */
function combine(items: Items, links: Links, parts: Part[], drawn: Drawn[], spacing: Spacing): Drawn {
  const gap = spacing.nodeGap * partGap;
  const x = new Float64Array(items.count);
  const y = new Float64Array(items.count);
  const routes: Polyline[] = new Array<Polyline>(links.count);
  const hasPorts = parts.map((part) => part.items.side.some((side) => side !== Side.inside));
  const free = parts.flatMap((_, i) => (hasPorts[i] ? [] : [i]));
  const packed = pack(
    free.map((i): Box => drawn[i]!),
    gap,
  );
  let left = 0;
  let height = packed.height;
  const place = (i: number, dx: number, dy: number) => {
    const part = parts[i]!;
    const { x: px, y: py, routes: from } = drawn[i]!;
    for (let k = 0; k < part.itemOf.length; k++) {
      x[part.itemOf[k]!] = px[k]! + dx;
      y[part.itemOf[k]!] = py[k]! + dy;
    }
    from.forEach((route, k) => {
      for (let p = 0; p < route.length; p += 2) {
        route[p]! += dx;
        route[p + 1]! += dy;
      }
      routes[part.linkOf[k]!] = route;
    });
  };
  parts.forEach((_, i) => {
    if (!hasPorts[i]) return;
    place(i, left, 0);
    left += drawn[i]!.width + gap;
    height = Math.max(height, drawn[i]!.height);
  });
  free.forEach((i, k) => {
    place(i, left + packed.x[k]!, packed.y[k]!);
  });
  const width = free.length > 0 ? left + packed.width : Math.max(0, left - gap);
  for (let v = 0; v < items.count; v++) if (items.side[v] === Side.last) y[v] = height;
  for (let e = 0; e < links.count; e++) {
    const route = routes[e]!;
    if (items.side[links.to[e]!] === Side.last) add(route, route[route.length - 2]!, height);
  }
  return { x, y, width, height, routes };
}
