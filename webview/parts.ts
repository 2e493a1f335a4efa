/** @file The page's parts and where they stand. */
import type { SourceLocation } from "../src/protocol/export.js";
import type { Outline, Position, ViewSettings } from "../src/protocol/view.js";
import { isFree } from "./canvas/room.js";
import { overlaps } from "./canvas/route.js";
import type { Scene } from "./canvas/scene.js";
import { Stage, type StageEvents } from "./canvas/stage.js";
import type { Theme } from "./canvas/theme.js";
import type { Wire } from "./groups/types.js";
import type { Changes } from "./model/changes.js";
import { facesOf } from "./model/faces.js";
import type { LegendEntry } from "./model/filters.js";
import type { Graph } from "./model/graph.js";
import { type Heat, overlayFor } from "./model/heat.js";
import type { Relation } from "./model/subset.js";
import type { FoldCommand } from "./page/folding.js";
import type { Saved } from "./state.js";
import { Beside } from "./ui/beside.js";
import { Details } from "./ui/details/details.js";
import { h } from "./ui/dom.js";
import { Find } from "./ui/find.js";
import { foldMenu } from "./ui/fold-menu.js";
import { Help } from "./ui/help.js";
import { Legend } from "./ui/legend.js";
import type { MenuItem } from "./ui/menu.js";
import { Minimap } from "./ui/minimap.js";
import { Notice } from "./ui/notice.js";
import { PartLine } from "./ui/part.js";
import { type DebugCommand, Scrubber } from "./ui/scrubber.js";
import { Sliders } from "./ui/sliders.js";
import { Timeline } from "./ui/timeline.js";
import { Toast } from "./ui/toast.js";
import { Toolbar } from "./ui/toolbar.js";
import { Tree } from "./ui/tree.js";

/** What people do in the parts. */
export interface Actions extends Pick<StageEvents, "tap" | "hover" | "moved" | "viewport"> {
  /** Goes to the other end of an edge. */
  followWire(wire: Wire): void;
  /** Folds or unfolds a group. */
  toggle(id: string): void;
  fold(command: FoldCommand): void;
  /** Shows another instance of a series. */
  slide(id: string, at: number): void;
  select(id: string | null, bring?: boolean): void;
  focus(id: string | null, visible: boolean): void;
  revealCard(id: string, focus: boolean): void;
  reveal(source: SourceLocation | null, focus: boolean): void;
  goToPass(index: number): void;
  goToStep(step: number): void;
  /** Holds the pass that is drawn against others, or lets go of the one that is held. */
  compare(): void;
  sideBySide(): void;
  debug(command: DebugCommand): void;
  change(change: Partial<Saved>): void;
  find(): void;
  query(text: string): void;
  nextMatch(by: 1 | -1): void;
  endSearch(): void;
  showOnly(id: LegendEntry["id"] | null): void;
  /** Draws only a part of the graph: what is related to the selected card, or the way from it to another. */
  focusOn(what: Relation | "path"): void;
  leaveFocus(): void;
  fit(): void;
  zoom(factor: number): void;
  help(): void;
  run(): void;
  stop(): void;
}

/** What the parts show. */
export interface View {
  readonly outline: Outline | null;
  readonly saved: Saved;
  readonly settings: ViewSettings;
  readonly graph: Graph | null;
  readonly position: number;
  /** Where a debugger stands; null where there is none. */
  readonly debugger: Position["at"] | null;
  /** What runs inside the next node, where the debugger stands in it. */
  readonly inside: string | null;
  /** The pass that is shown or on its way. */
  readonly index: number | null;
  readonly selected: string | null;
  readonly heat: Heat | null;
  readonly filter: LegendEntry["id"] | null;
  readonly changes: Changes;
  /** The pass that others are compared with. */
  readonly compared: number | null;
  /** It is drawn beside them. */
  readonly beside: boolean;
}

/** Milliseconds of rest after which the accessible tree follows the view. */
const LOOK_AFTER = 120;

export class Parts {
  readonly stage: Stage;
  readonly tree: Tree;
  readonly details: Details;
  readonly sliders: Sliders;
  readonly scrubber: Scrubber;
  readonly find: Find;
  readonly notice: Notice;
  /** The pass that is compared with. */
  readonly beside: Beside;
  readonly map: Minimap;
  readonly part: PartLine;
  readonly help = new Help();
  private readonly toast = new Toast();
  /** What is printed in place of the page. */
  readonly sheet = h("img", { class: "gw-print", attributes: { alt: "The graph" } });
  private readonly toolbar: Toolbar;
  private readonly timeline: Timeline;
  private readonly legend: Legend;
  private readonly announcer = h("div", { class: "gw-hidden", attributes: { role: "status" } });
  private readonly footer: HTMLElement;
  private looking: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly root: HTMLElement,
    theme: Theme,
    actions: Actions,
    exports: readonly MenuItem[],
  ) {
    this.stage = new Stage(theme, {
      tap: (id) => actions.tap(id),
      tapWire: (wire) => actions.followWire(wire),
      tapBackground: () => actions.select(null),
      openCard: (id) => actions.revealCard(id, true),
      toggle: (id) => actions.toggle(id),
      hover: (id) => actions.hover(id),
      moved: (id, centre) => actions.moved(id, centre),
      viewport: () => actions.viewport(),
    });
    this.tree = new Tree({
      focus: (id, visible) => actions.focus(id, visible),
      blur: () => actions.focus(null, false),
    });
    this.details = new Details({
      select: (id) => actions.select(id, true),
      reveal: (source) => actions.reveal(source, false),
      pass: (index) => actions.goToPass(index),
      focusOn: (what) => actions.focusOn(what),
      toggle: (id) => actions.toggle(id),
      close: () => actions.select(null),
    });
    this.sliders = new Sliders((id, at) => actions.slide(id, at));
    this.toolbar = new Toolbar(actions, exports, foldMenu(actions));
    this.scrubber = new Scrubber({
      goTo: (position) => actions.goToStep(position),
      debug: (command) => actions.debug(command),
      speed: (speed) => actions.change({ speed }),
    });
    this.timeline = new Timeline({
      select: (index) => actions.goToPass(index),
      compare: () => actions.compare(),
      sideBySide: () => actions.sideBySide(),
    });
    this.legend = new Legend((id) => actions.showOnly(id));
    this.find = new Find({
      query: (text) => actions.query(text),
      step: (by) => actions.nextMatch(by),
      close: () => actions.endSearch(),
    });
    this.beside = new Beside(theme, {
      moved: (viewport) => {
        this.stage.viewport = viewport;
      },
      select: (id) => actions.select(id),
    });
    this.map = new Minimap(theme, (point) => this.stage.centre(point));
    this.part = new PartLine(() => actions.leaveFocus());
    this.notice = new Notice({
      run: () => actions.run(),
      reveal: (source) => actions.reveal(source, true),
    });
    this.footer = h("footer", { class: "gw-footer" }, this.scrubber.element, this.timeline.element);
    this.assemble();
  }

  private assemble(): void {
    const { stage, root } = this;
    stage.overlay.append(this.tree.element);
    stage.controls.append(this.sliders.element);
    const { legend, find, part, notice: words, toast } = this;
    stage.element.append(
      legend.element,
      this.map.element,
      find.element,
      part.element,
      toast.element,
      words.empty,
    );
    const body = h("main", { class: "gw-body" }, stage.element, this.beside.element, this.details.element);
    const { toolbar, notice, footer, help, announcer, sheet } = this;
    const heading = h("h1", { class: "gw-hidden" }, "Gradwalk graph");
    toolbar.element.prepend(heading);
    root.replaceChildren(toolbar.element, notice.banner, body, footer, help.element, announcer, sheet);
    root.classList.add("gw-app");
  }

  /** @returns whether the legend says other things than before, and may need another place */
  show(view: View): boolean {
    const { outline, saved, settings, graph, position, index, selected } = view;
    const passes = outline?.passes ?? [];
    if (outline) this.toolbar.show(outline, index, settings.canRun);
    this.toolbar.showState(saved);
    const { debugger: at, inside } = view;
    const { canStep } = settings;
    this.scrubber.show({ graph, position, speed: saved.speed, debugger: at, inside, canStep });
    const dropped = outline?.dropped ?? null;
    const { compared, beside } = view;
    this.timeline.show({ passes, index: index ?? 0, dropped, speed: saved.speed, compared, beside });
    this.footer.hidden = this.scrubber.element.hidden && this.timeline.element.hidden;
    this.notice.show(outline, graph !== null, settings.canRun, settings.canReveal);
    this.root.classList.toggle("gw-is-stale", outline?.stale ?? false);
    this.tree.setCurrent(selected);
    this.tree.describe(position);
    return this.showLegend(view);
  }

  /** Puts the legend where it covers nothing of what is in view. */
  settleLegend(scene: Scene): void {
    const { zoom, x, y } = this.stage.viewport;
    const { clientWidth: width, clientHeight: height } = this.stage.element;
    const { left, top } = this.stage.element.getBoundingClientRect();
    const others = [this.find.element, this.part.element].map((element) => {
      const box = element.getBoundingClientRect();
      return { x: box.left - left, y: box.top - top, width: box.width, height: box.height };
    });
    this.legend.settle({ width, height }, (place) => {
      const inDrawing = {
        x: (place.x - x) / zoom,
        y: (place.y - y) / zoom,
        width: place.width / zoom,
        height: place.height / zoom,
      };
      return isFree(scene, inDrawing) && !others.some((other) => other.width > 0 && overlaps(other, place));
    });
  }

  /** A legend that is folded away for want of room, opened. @returns whether it was */
  openLegend(): boolean {
    return this.legend.open();
  }

  /** The view has moved, and may go on moving. */
  lookSoon(): void {
    clearTimeout(this.looking);
    this.looking = setTimeout(() => this.tree.look(this.stage.view()), LOOK_AFTER);
  }

  /** Read aloud by screen readers. */
  say(text: string): void {
    this.announcer.textContent = text;
  }

  /** @param wanted a person wants to see the map */
  followView(wanted: boolean): void {
    const { stage } = this;
    this.map.follow(wanted ? stage.view() : null);
    this.beside.follow(stage.viewport);
  }

  /** Said so that it can be seen as well. */
  tell(text: string): void {
    this.toast.show(text);
  }

  private showLegend({ saved, graph, position, filter, heat, changes }: View): boolean {
    this.legend.element.hidden = !saved.legend || !graph;
    if (!graph || !saved.legend) return false;
    return this.legend.show({
      faces: facesOf(graph, position),
      changes: graph.cards.map((card) => changes.of.get(card.id) ?? null),
      filter,
      overlay: overlayFor(graph, saved.colourBy),
      heat,
      gradients: graph.pass.steps.length > 0,
      signature: graph.signature,
    });
  }
}
