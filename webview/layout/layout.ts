/** @file The layout of a graph, from the interface's terms to those of the inner graph and back. */
import { type RunControl, runInSlices, runToEnd, type Steps, within } from "./control.js";
import { bundleWidth } from "./graph.js";
import { buildHierarchy, type Hierarchy, type ItemRef, type Piece, toArrays } from "./hierarchy.js";
import { type Indexed, indexInput } from "./input.js";
import { layoutLevel } from "./level.js";
import { levelKey, recall, remember } from "./level-cache.js";
import { add, type Drawn, type Polyline } from "./route.js";
import { keepInPlace } from "./stability.js";
import type { Direction, LayoutInput, LayoutResult, Point } from "./types.js";

const defaults = { nodeGap: 28, rankGap: 56, padding: 16, labelHeight: 24 };

/**
 * Lays out a graph in slices, so that the thread stays responsive.
 * @throws LayoutInputError, LayoutCancelled
 */
export function layout(input: LayoutInput, control: RunControl = {}): Promise<LayoutResult> {
  return runInSlices(layoutSteps(input), control);
}

/** The same at once. @throws LayoutInputError */
export function layoutNow(input: LayoutInput): LayoutResult {
  return runToEnd(layoutSteps(input));
}

export function* layoutSteps(input: LayoutInput): Steps<LayoutResult> {
  const drawing = new Drawing(input);
  yield 0.05;
  yield* within(drawing.layoutLevels(), 0.05, 0.95);
  return drawing.result();
}

/** Free space inside a group's border, in terms of the inner graph: across (left, right) and along (first, last). */
interface Padding {
  readonly left: number;
  readonly right: number;
  readonly first: number;
  readonly last: number;
}

/** Space for a loop on a node's side. */
const loopWidth = 26;

class Drawing {
  private readonly index: Indexed;
  private readonly hierarchy: Hierarchy;
  private readonly drawn: Drawn[] = [];
  private readonly loops = new Map<number, number[]>();
  private readonly across: boolean;

  constructor(private readonly input: LayoutInput) {
    this.index = indexInput(input);
    this.hierarchy = buildHierarchy(this.index);
    this.across = input.options.direction === "left" || input.options.direction === "right";
    this.index.from.forEach((u, e) => {
      if (u !== this.index.to[e]) return;
      const list = this.loops.get(u);
      if (list) list.push(e);
      else this.loops.set(u, [e]);
    });
  }

  /** Inner groups first, since their sizes and ports are needed outside. */
  *layoutLevels(): Steps<void> {
    const { levels } = this.hierarchy;
    const { nodeGap = defaults.nodeGap, rankGap = defaults.rankGap } = this.input.options;
    const total = levels.reduce((sum, level) => sum + level.items.length, 1);
    let done = 0;
    for (let i = this.index.outerFirst.length - 1; i >= 0; i--) {
      const g = this.index.outerFirst[i]!;
      const level = levels[g]!;
      const { items, links } = toArrays(level, {
        size: (ref) => this.size(ref),
        hint: (ref) => (ref.kind === "node" ? this.hint(ref.node) : 0),
        prior: (ref) => this.prior(ref),
        portOffset: (group, port) => this.portOffset(group, port),
      });
      const share = level.items.length / total;
      const key = g === 0 ? null : levelKey(items, links, { nodeGap, rankGap });
      const steps = layoutLevel(items, links, { nodeGap, rankGap });
      this.drawn[g] = recall(key) ?? (yield* within(steps, done, done + share));
      remember(key, this.drawn[g]!);
      done += share;
    }
  }

  private hint(node: number): -1 | 0 | 1 {
    const hint = this.index.nodes[node]!.rankHint;
    return hint === "first" ? -1 : hint === "last" ? 1 : 0;
  }

  private size(ref: ItemRef): { width: number; height: number; border: number } {
    if (ref.kind === "port") return { width: 0, height: 0, border: 0 };
    if (ref.kind === "group") {
      const size = this.groupSize(ref.group);
      return { ...size, border: size.width };
    }
    const { width, height } = this.index.nodes[ref.node]!;
    const border = this.across ? height : width;
    const loops = this.loops.get(ref.node)?.length ?? 0;
    const margin = loops === 0 ? 0 : 2 * (loopWidth + bundleWidth(loops));
    return { width: border + margin, height: this.across ? width : height, border };
  }

  private prior(ref: ItemRef): number {
    const { previous } = this.input.options;
    if (!previous || ref.kind === "port") return Number.NaN;
    const id = ref.kind === "node" ? this.index.nodes[ref.node]!.id : this.index.groups[ref.group - 1]!.id;
    const at = previous.get(id);
    if (at) return this.across ? at.y : at.x;
    if (ref.kind === "node") return Number.NaN;
    const inner = this.hierarchy.levels[ref.group]!.items.map((item) => this.prior(item)).filter(
      (x) => !Number.isNaN(x),
    );
    return inner.length === 0 ? Number.NaN : inner.reduce((a, b) => a + b) / inner.length;
  }

  private padding(group: number): Padding {
    const { padding = defaults.padding, labelHeight = defaults.labelHeight } = this.index.groups[group - 1]!;
    const all = { left: padding, right: padding, first: padding, last: padding };
    switch (this.input.options.direction) {
      case "down":
        return { ...all, first: padding + labelHeight };
      case "up":
        return { ...all, last: padding + labelHeight };
      default:
        return { ...all, left: padding + labelHeight };
    }
  }

  private groupSize(group: number): { width: number; height: number } {
    const inner = this.drawn[group]!;
    const pad = this.padding(group);
    const least = this.index.groups[group - 1]!.minWidth ?? 0;
    const width = inner.width + pad.left + pad.right;
    const height = inner.height + pad.first + pad.last;
    return this.across
      ? { width, height: Math.max(height, least) }
      : { width: Math.max(width, least), height };
  }

  private portOffset(group: number, port: number): number {
    return this.drawn[group]!.x[port]! + this.padding(group).left - this.groupSize(group).width / 2;
  }

  result(): LayoutResult {
    const origins = this.origins();
    const turn = turned(this.input.options.direction);
    const nodes = this.index.nodes.map(({ id }, v) => ({ id, ...turn(this.nodeCentre(v, origins)) }));
    const groups = this.index.groups.map(({ id }, i) => {
      const g = i + 1;
      const { width, height } = this.groupSize(g);
      const { x, y } = origins[g]!;
      const pad = this.padding(g);
      const centre = turn({ x: x - pad.left + width / 2, y: y - pad.first + height / 2 });
      return { id, ...centre, width: this.across ? height : width, height: this.across ? width : height };
    });
    const edges = this.input.edges.map(({ id }, e) => ({ id, points: this.route(e, origins).map(turn) }));
    return keepInPlace(this.input, { nodes, edges, groups });
  }

  /** Upper left corners of the content of each group. */
  private origins(): Point[] {
    const origins: Point[] = [{ x: 0, y: 0 }];
    for (const g of this.index.outerFirst) {
      if (g === 0) continue;
      const outer = this.index.parent[g]!;
      const item = this.hierarchy.groupItem[g]!;
      const { width, height } = this.groupSize(g);
      const pad = this.padding(g);
      origins[g] = {
        x: origins[outer]!.x + this.drawn[outer]!.x[item]! - width / 2 + pad.left,
        y: origins[outer]!.y + this.drawn[outer]!.y[item]! - height / 2 + pad.first,
      };
    }
    return origins;
  }

  private nodeCentre(node: number, origins: readonly Point[]): Point {
    const g = this.index.groupOf[node]!;
    const item = this.hierarchy.nodeItem[node]!;
    return { x: origins[g]!.x + this.drawn[g]!.x[item]!, y: origins[g]!.y + this.drawn[g]!.y[item]! };
  }

  private route(e: number, origins: readonly Point[]): Point[] {
    const pieces = this.hierarchy.pieces[e]!;
    if (pieces.length === 0) return this.loop(e, origins);
    const line: Polyline = [];
    for (const piece of pieces) this.append(line, piece, origins[piece.group]!);
    const shift = this.strandShift(e, pieces);
    const points: Point[] = [];
    for (let i = 0; i < line.length; i += 2) points.push({ x: line[i]! + shift, y: line[i + 1]! });
    return points;
  }

  private append(line: Polyline, piece: Piece, origin: Point): void {
    const route = this.drawn[piece.group]!.routes[piece.draft]!;
    const n = route.length;
    for (let i = 0; i < n; i += 2) {
      const k = piece.reversed ? n - 2 - i : i;
      add(line, route[k]! + origin.x, route[k + 1]! + origin.y);
    }
  }

  /** Edges between the same two nodes run side by side. */
  private strandShift(e: number, pieces: readonly Piece[]): number {
    const first = pieces[0]!;
    const draft = this.hierarchy.levels[first.group]!.drafts[first.draft]!;
    const u = this.index.from[e]!;
    const v = this.index.to[e]!;
    const strands = draft.edges.filter(
      (other) =>
        (this.index.from[other] === u && this.index.to[other] === v) ||
        (this.index.from[other] === v && this.index.to[other] === u),
    );
    if (strands.length < 2) return 0;
    const narrowest = Math.min(this.cardWidth(u), this.cardWidth(v));
    const bundle = Math.min(bundleWidth(strands.length), narrowest / 2);
    return (strands.indexOf(e) / (strands.length - 1) - 0.5) * bundle;
  }

  /** The extent of a card across the direction. */
  private cardWidth(node: number): number {
    const { width, height } = this.index.nodes[node]!;
    return this.across ? height : width;
  }

  private loop(e: number, origins: readonly Point[]): Point[] {
    const node = this.index.from[e]!;
    const { x, y } = this.nodeCentre(node, origins);
    const { width, height } = this.index.nodes[node]!;
    const [w, h] = this.across ? [height, width] : [width, height];
    const list = this.loops.get(node)!;
    const step = list.length === 1 ? 0 : list.indexOf(e) / (list.length - 1);
    const out = x + w / 2 + loopWidth / 2 + step * bundleWidth(list.length);
    const half = (h / 4) * (0.5 + step / 2);
    return [
      { x: x + w / 2, y: y - half },
      { x: out, y: y - half },
      { x: out, y: y + half },
      { x: x + w / 2, y: y + half },
    ];
  }
}

/** From the inner graph, which runs downwards, to the drawing. */
function turned(direction: Direction): (point: Point) => Point {
  switch (direction) {
    case "down":
      return (point) => point;
    case "up":
      return ({ x, y }) => ({ x, y: -y });
    case "right":
      return ({ x, y }) => ({ x: y, y: x });
    case "left":
      return ({ x, y }) => ({ x: -y, y: x });
  }
}
