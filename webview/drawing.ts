/** @file The graph on the page together with its places, from one pass, fold, layout or theme to the next. */
import type { ChangedStep, PassView } from "../src/protocol/view.js";
import { MAX_WIDTH, type Size } from "./canvas/card.js";
import { Measure } from "./canvas/measure.js";
import { measureFrames, measureItem, Scene } from "./canvas/scene.js";
import type { Theme } from "./canvas/theme.js";
import { AUTOMATIC, type Folds } from "./groups/folds.js";
import { shownOf } from "./groups/shown.js";
import { groupTree } from "./groups/tree.js";
import type { GroupTree, Shown } from "./groups/types.js";
import type { LayoutResult, Point } from "./layout/types.js";
import { layoutInput } from "./layout-request.js";
import { openLayouter } from "./layouter.js";
import { compared } from "./model/compare.js";
import { buildGraph, type Graph } from "./model/graph.js";
import { withStepValues } from "./model/step-values.js";
import { type Part, partOf } from "./model/subset.js";
import { Pins } from "./pins.js";
import type { Saved } from "./state.js";
import { timed } from "./times.js";

/** A card may lack this much of its text's width before the graph is laid out anew. */
const SLACK = 6;

export class Drawing {
  tree: GroupTree | null = null;
  shown: Shown | null = null;
  scene: Scene | null = null;
  folds: Folds = AUTOMATIC;
  readonly pins = new Pins();
  /** The pass that others are compared with. */
  against: Graph | null = null;
  /** It is drawn beside them. */
  beside = false;
  private sizes: ReadonlyMap<string, Size> = new Map();
  private layout: LayoutResult | null = null;
  private measure: Measure;
  private readonly layouter = openLayouter();
  /** Where things were, by key, so that the next drawing looks like the last. */
  private readonly places = new Map<string, Point>();

  constructor(private theme: Theme) {
    this.measure = new Measure(theme);
  }

  get graph(): Graph | null {
    return this.shown?.graph ?? null;
  }

  /**
   * Shows another pass, or another part of one. Where only values differ, every card keeps its place and its size.
   * @returns whether it is the same graph as before, with other values.
   * @throws LayoutCancelled, LayoutInputError
   */
  async show(pass: PassView, saved: Saved, focus: Part["focus"], signal: AbortSignal): Promise<boolean> {
    const tree = groupTree(
      partOf(compared(buildGraph(pass), this.against, this.beside), { constants: saved.constants, focus }),
    );
    const shown = shownOf(tree, this.folds);
    const { graph } = tree;
    const same = this.graph?.signature === graph.signature;
    const alike = same && this.shown?.signature === shown.signature;
    const wished = this.measured(shown);
    if (alike && this.layout && this.fits(wished)) {
      this.put(shown, this.layout, saved);
      return true;
    }
    const sizes = alike ? this.larger(wished) : wished;
    const layout = await this.place(shown, sizes, saved);
    if (signal.aborted) return same;
    this.sizes = sizes;
    this.put(shown, layout, saved);
    return same;
  }

  /**
   * The pass that is shown has gone on: what is drawn stays, with other values.
   * @returns false where it has to be shown anew, since a card no longer holds its words
   */
  fill(changed: readonly ChangedStep[]): boolean {
    const { shown, scene } = this;
    const filled = shown && withStepValues(shown.graph, changed);
    if (!shown || !filled || !scene) return false;
    const { graph } = filled;
    const tree: GroupTree = { ...shown.tree, graph };
    const now: Shown = { ...shown, graph, tree };
    const items = new Set(
      [...filled.cards].flatMap((card) => (graph.byId.has(card.id) ? [now.holder(card)] : [])),
    );
    const wished = new Map([...items].map((item) => [item.id, measureItem(now, item, this.measure)]));
    if (!this.fits(wished)) return false;
    this.tree = tree;
    this.shown = now;
    scene.fill(now);
    return true;
  }

  /**
   * Folds and unfolds; what stays keeps its size.
   * @param anchor id of what should not move
   */
  async fold(folds: Folds, saved: Saved, anchor: string | undefined, signal: AbortSignal): Promise<void> {
    const { tree } = this;
    if (!tree) return;
    const shown = shownOf(tree, folds);
    const sizes = new Map(
      shown.items.map((item) => [item.id, this.sizes.get(item.id) ?? measureItem(shown, item, this.measure)]),
    );
    const layout = await this.place(shown, sizes, saved, anchor);
    if (signal.aborted || this.tree !== tree) return;
    this.folds = folds;
    this.sizes = sizes;
    this.put(shown, layout, saved);
  }

  /** The pass that is compared with, in the same places; null where its graph is another. */
  sceneBeside(saved: Saved, focus: Part["focus"]): Scene | null {
    const { against, layout, shown, sizes } = this;
    if (!against || !layout || !shown?.graph.against) return null;
    const part = partOf(against, { constants: saved.constants, focus });
    if (part.signature !== shown.graph.signature) return null;
    const other = shownOf(groupTree(part), this.folds);
    return new Scene(other, sizes, layout, saved.orientation, this.theme, this.measure);
  }

  /** Lays the same graph out afresh, e.g. in another direction. */
  async turn(saved: Saved, signal: AbortSignal): Promise<void> {
    const { shown, sizes } = this;
    if (!shown) return;
    this.places.clear();
    this.pins.clear();
    const layout = await this.place(shown, sizes, saved);
    if (!signal.aborted && this.shown === shown) this.put(shown, layout, saved);
  }

  /** Lays the same graph out again, around what is pinned now. */
  async settle(saved: Saved, signal: AbortSignal): Promise<void> {
    const { shown, sizes } = this;
    if (!shown) return;
    const layout = await this.place(shown, sizes, saved);
    if (!signal.aborted && this.shown === shown) this.put(shown, layout, saved);
  }

  clear(): void {
    this.tree = null;
    this.shown = null;
    this.scene = null;
    this.layout = null;
  }

  retheme(theme: Theme): void {
    this.theme = theme;
    this.measure = new Measure(theme);
    this.scene?.retheme(theme, this.measure);
  }

  /** A person has put something somewhere: there it stays. */
  pin(id: string, centre: Point): void {
    const thing = this.shown?.byId.get(id);
    if (!thing) return;
    this.pins.pin(thing.key, centre, this.places.get(thing.key) ?? null);
    this.places.set(thing.key, centre);
    if (this.layout) this.layout = moved(this.layout, id, centre, this.scene);
  }

  /** @returns whether there was a move to undo; what was moved goes back with the next layout */
  undoMove(): boolean {
    const move = this.pins.undo();
    if (move?.from) this.places.set(move.key, move.from);
    return move !== null;
  }

  private measured(shown: Shown): Map<string, Size> {
    return new Map(shown.items.map((item) => [item.id, measureItem(shown, item, this.measure)]));
  }

  private place(
    shown: Shown,
    sizes: ReadonlyMap<string, Size>,
    { orientation, flow }: Saved,
    anchor?: string,
  ): Promise<LayoutResult> {
    const previous = new Map([...this.places, ...this.pins.all]);
    const titles = measureFrames(shown, this.measure);
    const pinned = new Set(this.pins.all.keys());
    const input = layoutInput({ shown, sizes, titles, orientation, flow, previous, pinned, anchor });
    return timed("layout", this.layouter.layout(input));
  }

  private put(shown: Shown, layout: LayoutResult, saved: Saved): void {
    this.tree = shown.tree;
    this.shown = shown;
    this.layout = layout;
    this.scene = new Scene(shown, this.sizes, layout, saved.orientation, this.theme, this.measure);
    for (const { id, x, y } of [...layout.nodes, ...layout.groups]) {
      const thing = shown.byId.get(id);
      if (thing) this.places.set(thing.key, { x, y });
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
  const routes = scene?.routes();
  return {
    ...layout,
    nodes: layout.nodes.map((node) => (node.id === id ? { id, ...centre } : node)),
    edges: layout.edges.map((edge) => ({ id: edge.id, points: routes?.get(edge.id) ?? edge.points })),
  };
}
