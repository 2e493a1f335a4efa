/** @file Moves a finished drawing to where the last one was, and keeps what a person has put somewhere. */
import { routeAround, runsThrough } from "./free-route.js";
import type { LayoutInput, LayoutResult, PlacedGroup, PlacedNode, Point, RoutedEdge } from "./types.js";

interface Parts {
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly RoutedEdge[];
  readonly groups: readonly PlacedGroup[];
}

/**
 * Shifts the drawing so that the anchor stays where it was, else so that Σ |Δx| and Σ |Δy| over all nodes that
 * were there before are smallest (by the median). Without a former drawing its upper left corner is (0, 0).
 */
export function keepInPlace(input: LayoutInput, parts: Parts): LayoutResult {
  let shift = shiftFor(input, parts);
  if (!shift) {
    const { x, y } = boundingBox(input, parts);
    shift = { x: -x, y: -y };
  }
  const { x: dx, y: dy } = shift;
  const moved = <T extends Point>(point: T): T => ({ ...point, x: point.x + dx, y: point.y + dy });
  const shifted = pin(input, {
    nodes: parts.nodes.map(moved),
    edges: parts.edges.map(({ id, points }) => ({ id, points: points.map(moved) })),
    groups: parts.groups.map(moved),
  });
  return { ...shifted, ...boundingBox(input, shifted) };
}

/** Puts what a person has moved back to its place, and leads edges around it. */
function pin({ nodes: cards, edges: ends, options }: LayoutInput, parts: Parts): Parts {
  const pinned = new Set(options.pinned?.filter((id) => options.previous?.has(id)));
  if (pinned.size === 0) return parts;
  const nodes = parts.nodes.map((node) =>
    pinned.has(node.id) ? { ...node, ...options.previous?.get(node.id) } : node,
  );
  const placed = new Map(
    nodes.map(({ id, x, y }, i) => [id, { x, y, width: cards[i]!.width, height: cards[i]!.height }]),
  );
  const index = new Map(cards.map(({ id }, i) => [id, i]));
  const edges = parts.edges.map((edge, i) => {
    const { from, to } = ends[i]!;
    const touches = pinned.has(from) || pinned.has(to);
    const covered = [...pinned].some(
      (id) => id !== from && id !== to && runsThrough(edge.points, placed.get(id)!),
    );
    if (from === to && touches)
      return { ...edge, points: followed(edge.points, parts.nodes[index.get(from)!]!, placed.get(from)!) };
    if (!touches && !covered) return edge;
    const others = [...placed].filter(([id]) => id !== from && id !== to).map(([, card]) => card);
    return { ...edge, points: routeAround(placed.get(from)!, placed.get(to)!, others) };
  });
  return { nodes, edges, groups: parts.groups };
}

/** A loop goes with its node. */
function followed(points: readonly Point[], before: Point, after: Point): Point[] {
  return points.map(({ x, y }) => ({ x: x + after.x - before.x, y: y + after.y - before.y }));
}

function shiftFor({ options }: LayoutInput, { nodes, groups }: Parts): Point | null {
  const { previous, anchor } = options;
  if (!previous) return null;
  const stays = anchor === undefined ? undefined : [...nodes, ...groups].find(({ id }) => id === anchor);
  const before = stays && previous.get(stays.id);
  if (stays && before) return { x: before.x - stays.x, y: before.y - stays.y };
  const dx: number[] = [];
  const dy: number[] = [];
  for (const { id, x, y } of nodes) {
    const at = previous.get(id);
    if (!at) continue;
    dx.push(at.x - x);
    dy.push(at.y - y);
  }
  return dx.length === 0 ? null : { x: median(dx), y: median(dy) };
}

function median(values: number[]): number {
  values.sort((a, b) => a - b);
  return values[values.length >> 1]!;
}

function boundingBox(input: LayoutInput, { nodes, edges, groups }: Parts) {
  let left = Number.POSITIVE_INFINITY;
  let top = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  const include = ({ x, y }: Point, width: number, height: number) => {
    left = Math.min(left, x - width / 2);
    right = Math.max(right, x + width / 2);
    top = Math.min(top, y - height / 2);
    bottom = Math.max(bottom, y + height / 2);
  };
  nodes.forEach((node, i) => {
    include(node, input.nodes[i]!.width, input.nodes[i]!.height);
  });
  for (const group of groups) include(group, group.width, group.height);
  for (const { points } of edges) for (const point of points) include(point, 0, 0);
  if (left > right) return { x: 0, y: 0, width: 0, height: 0 };
  return { x: left, y: top, width: right - left, height: bottom - top };
}
