/**
 * @file What the layout takes and gives: plain data, so that it crosses to a worker unchanged.
 * All coordinates are pixels of the drawing at 100 % zoom, x to the right, y downwards.
 */

/** The side towards which edges point, from `edge.from` to `edge.to`. */
export type Direction = "down" | "up" | "right" | "left";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface LayoutNode {
  readonly id: string;
  /** Size of the drawn card. */
  readonly width: number;
  readonly height: number;
  /** The innermost group that holds the node; null or absent at top level. */
  readonly group?: string | null | undefined;
  /** Pulls the node to the first or the last rank of its group, as far as its edges allow. */
  readonly rankHint?: "first" | "last" | undefined;
}

export interface LayoutEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

export interface LayoutGroup {
  readonly id: string;
  readonly parent: string | null;
  /** Height of the title, kept free along the upper border whatever the direction; 24 by default. */
  readonly labelHeight?: number | undefined;
  /** Free space inside the border on every side; 16 by default. */
  readonly padding?: number | undefined;
  /** Width that the title needs. */
  readonly minWidth?: number | undefined;
}

export interface LayoutOptions {
  readonly direction: Direction;
  /** Smallest distance of two neighbours on one rank; 28 by default. */
  readonly nodeGap?: number | undefined;
  /** Smallest distance of two ranks; 56 by default. */
  readonly rankGap?: number | undefined;
  /** Centres of nodes in the last layout: the new one moves them as little as it can. */
  readonly previous?: ReadonlyMap<string, Point> | undefined;
  /**
   * The node (or group) that must not move: what the person just folded, unfolded or looks at.
   * Absent, most nodes keep their place. An id that `previous` lacks is ignored.
   */
  readonly anchor?: string | undefined;
  /** Nodes that a person has put somewhere: they stay at their place in `previous`. */
  readonly pinned?: readonly string[] | undefined;
}

export interface LayoutInput {
  readonly nodes: readonly LayoutNode[];
  readonly edges: readonly LayoutEdge[];
  readonly groups?: readonly LayoutGroup[] | undefined;
  readonly options: LayoutOptions;
}

/** `x`, `y` is the centre. */
export interface PlacedNode extends Point {
  readonly id: string;
}

/**
 * A route from the border of `from` to the border of `to`: a polyline that keeps clear of every other node.
 * It alternates between runs along the direction of the layout and slants inside the gap between two ranks;
 * `edgePath` rounds it without leaving those gaps.
 */
export interface RoutedEdge {
  readonly id: string;
  readonly points: readonly Point[];
}

/** `x`, `y` is the centre. */
export interface PlacedGroup extends Point {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

/** Nodes, edges and groups stand in the order of the input. */
export interface LayoutResult {
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly RoutedEdge[];
  readonly groups: readonly PlacedGroup[];
  /** Upper left corner and size of the box around everything drawn. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The input contradicts itself: an unknown id, the same id twice, a size that is no number. */
export class LayoutInputError extends Error {
  override readonly name = "LayoutInputError";
}

/** The request was withdrawn, or a newer one took its place. */
export class LayoutCancelled extends Error {
  override readonly name = "LayoutCancelled";
  constructor() {
    super("The layout was cancelled.");
  }
}
