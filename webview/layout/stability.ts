/** @file Moves a finished drawing to where the last one was. */
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
  const box = boundingBox(input, parts);
  const shift = shiftFor(input, parts) ?? { x: -box.x, y: -box.y };
  const moved = <T extends Point>(point: T): T => ({ ...point, x: point.x + shift.x, y: point.y + shift.y });
  return {
    nodes: parts.nodes.map(moved),
    edges: parts.edges.map(({ id, points }) => ({ id, points: points.map(moved) })),
    groups: parts.groups.map(moved),
    ...moved(box),
  };
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
