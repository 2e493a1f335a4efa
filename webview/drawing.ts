/** @file The graph on the page together with its places, from one pass, layout or theme to the next. */
import type { PassView } from "../src/protocol/view.js";
import { MAX_WIDTH, type Size } from "./canvas/card.js";
import { Measure } from "./canvas/measure.js";
import { measureCards, Scene } from "./canvas/scene.js";
import type { Theme } from "./canvas/theme.js";
import type { LayoutResult, Point } from "./layout/types.js";
import { layoutInput } from "./layout-request.js";
import { openLayouter } from "./layouter.js";
import { buildGraph, type Graph } from "./model/graph.js";
import { type Part, partOf } from "./model/subset.js";
import type { Saved } from "./state.js";

/** A card may lack this much of its text's width before the graph is laid out anew. */
const SLACK = 6;

export class Drawing {
  graph: Graph | null = null;
  scene: Scene | null = null;
  private sizes: ReadonlyMap<string, Size> = new Map();
  private layout: LayoutResult | null = null;
  private measure: Measure;
  private readonly layouter = openLayouter();
  /** Where cards were, by key, so that the next drawing looks like the last. */
  private readonly places = new Map<string, Point>();
  private readonly pinned = new Set<string>();

  constructor(private theme: Theme) {
    this.measure = new Measure(theme);
  }

  /**
   * Shows another pass, or another part of one. Where only values differ, every card keeps its place and its size.
   * @returns whether it is the same graph as before, with other values.
   * @throws LayoutCancelled, LayoutInputError
   */
  async show(pass: PassView, saved: Saved, focus: Part["focus"], signal: AbortSignal): Promise<boolean> {
    const graph = partOf(buildGraph(pass), { constants: saved.constants, focus });
    const same = this.graph?.signature === graph.signature;
    const wished = measureCards(graph, this.measure);
    if (same && this.layout && this.fits(wished)) {
      this.put(graph, this.layout, saved);
      return true;
    }
    const sizes = same ? this.larger(wished) : wished;
    const layout = await this.place(graph, sizes, saved);
    if (signal.aborted) return same;
    this.sizes = sizes;
    this.put(graph, layout, saved);
    return same;
  }

  /** Lays the same graph out afresh, e.g. in another direction. */
  async turn(saved: Saved, signal: AbortSignal): Promise<void> {
    const { graph, sizes } = this;
    if (!graph) return;
    this.places.clear();
    this.pinned.clear();
    const layout = await this.place(graph, sizes, saved);
    if (!signal.aborted && this.graph === graph) this.put(graph, layout, saved);
  }

  clear(): void {
    this.graph = null;
    this.scene = null;
    this.layout = null;
  }

  retheme(theme: Theme): void {
    this.theme = theme;
    this.measure = new Measure(theme);
    this.scene?.retheme(theme, this.measure);
  }

  /** A person has put a card somewhere: there it stays. */
  pin(id: string, centre: Point): void {
    const card = this.graph?.byId.get(id);
    if (!card) return;
    this.places.set(card.key, centre);
    this.pinned.add(card.key);
    if (this.layout) this.layout = moved(this.layout, id, centre, this.scene);
  }

  private place(
    graph: Graph,
    sizes: ReadonlyMap<string, Size>,
    { orientation, flow }: Saved,
  ): Promise<LayoutResult> {
    const { places, pinned } = this;
    return this.layouter.layout(layoutInput({ graph, sizes, orientation, flow, previous: places, pinned }));
  }

  private put(graph: Graph, layout: LayoutResult, saved: Saved): void {
    this.graph = graph;
    this.layout = layout;
    this.scene = new Scene(graph, this.sizes, layout, saved.orientation, this.theme, this.measure);
    for (const { id, x, y } of layout.nodes) {
      const card = graph.byId.get(id);
      if (card) this.places.set(card.key, { x, y });
    }
  }

  private fits(wished: ReadonlyMap<string, Size>): boolean {
    return [...wished].every(([id, { width }]) => {
      const has = this.sizes.get(id)?.width ?? 0;
      return width <= has + SLACK || has >= MAX_WIDTH;
    });
  }

  private larger(wished: ReadonlyMap<string, Size>): Map<string, Size> {
    return new Map(
      [...wished].map(([id, { width, height }]) => [
        id,
        { width: Math.max(width, this.sizes.get(id)?.width ?? 0), height },
      ]),
    );
  }
}

/** The layout with one card elsewhere and the routes that the scene has drawn to it since. */
function moved(layout: LayoutResult, id: string, centre: Point, scene: Scene | null): LayoutResult {
  return {
    ...layout,
    nodes: layout.nodes.map((node) => (node.id === id ? { id, ...centre } : node)),
    edges: layout.edges.map((edge) => ({ id: edge.id, points: scene?.routeOf(edge.id) ?? edge.points })),
  };
}
