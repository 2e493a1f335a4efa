/** @file The page: keeps what is shown, asks the source for what is missing, and tells the parts to draw. */
import type { SourceLocation } from "../src/protocol/export.js";
import type { NodeDetail, Outline, PassView, Position, ToView, ViewSettings } from "../src/protocol/view.js";
import type { Size } from "./canvas/card.js";
import { Measure } from "./canvas/measure.js";
import { type Look, measureCards, Scene } from "./canvas/scene.js";
import { Stage } from "./canvas/stage.js";
import { readTheme, type Theme, watchTheme } from "./canvas/theme.js";
import { dotOf, download, pngOf, svgOf } from "./exporting.js";
import { listenForKeys } from "./keyboard.js";
import { LayoutCancelled, type LayoutResult, type Point } from "./layout/types.js";
import { placeGraph } from "./layouter.js";
import { describe, faceOf } from "./model/face.js";
import { LEGEND, type LegendEntry } from "./model/filters.js";
import { buildGraph, type Card, type Graph } from "./model/graph.js";
import { type Heat, normHeat, orderHeat } from "./model/heat.js";
import { search } from "./model/search.js";
import { clampPosition } from "./model/walk.js";
import { Client, openSource, type Source } from "./source.js";
import { restore, type Saved } from "./state.js";
import { Details } from "./ui/details.js";
import { h } from "./ui/dom.js";
import { Find } from "./ui/find.js";
import { Help } from "./ui/help.js";
import { Legend } from "./ui/legend.js";
import type { MenuItem } from "./ui/menu.js";
import { type Arrow, neighbour } from "./ui/neighbour.js";
import { Notice } from "./ui/notice.js";
import { Scrubber } from "./ui/scrubber.js";
import { Timeline } from "./ui/timeline.js";
import { Toolbar } from "./ui/toolbar.js";
import { Tree } from "./ui/tree.js";

export class App {
  private readonly source: Source = openSource();
  private readonly client = new Client(this.source, (message) => this.receive(message));
  private saved: Saved = restore(this.source.load());
  private theme: Theme = readTheme();
  private measure = new Measure(this.theme);
  private settings: ViewSettings = { canReveal: false, canRun: false, canStep: false };
  private outline: Outline | null = null;
  private graph: Graph | null = null;
  private scene: Scene | null = null;
  private sizes: ReadonlyMap<string, Size> = new Map();
  private detail: NodeDetail | null = null;
  /** Steps that have run; the pass's end where nobody walks. */
  private position = 0;
  private focused: string | null = null;
  private hovered: string | null = null;
  private atCursor: ReadonlySet<string> = new Set();
  private hits: readonly Card[] | null = null;
  private hit = 0;
  private filter: LegendEntry["id"] | null = null;
  /** Where cards were, by key, so that the next drawing looks like the last. */
  private readonly places = new Map<string, Point>();
  private readonly pinned = new Set<string>();
  private loading: AbortController | null = null;
  private wanted: number | null = null;

  private readonly stage = new Stage(this.theme, {
    tapCard: (id) => this.tap(id),
    tapLink: (link) => this.select(this.saved.flow === "forward" ? link.consumer.id : link.producer.id),
    tapBackground: () => this.select(null),
    openCard: (id) => this.reveal(this.graph?.byId.get(id)?.node.source ?? null, true),
    hover: (id) => {
      this.hovered = id;
      this.draw();
    },
    moved: (id, centre) => this.moved(id, centre),
    viewport: () => this.keepViewport(),
  });
  private readonly tree = new Tree({
    focus: (id, visible) => this.focusCard(id, visible),
    blur: () => this.focusCard(null, false),
  });
  private readonly details = new Details({
    select: (id) => this.select(id, true),
    reveal: (source) => this.reveal(source, false),
    pass: (index) => this.goToPass(index),
    close: () => this.select(null),
  });
  private readonly toolbar = new Toolbar(
    {
      pass: (index) => this.goToPass(index),
      change: (change) => this.change(change),
      find: () => this.find.show(),
      fit: () => this.stage.fit(),
      zoom: (factor) => this.stage.zoomBy(factor),
      help: () => this.help.toggle(),
      run: () => this.source.post({ type: "run" }),
      stop: () => this.source.post({ type: "stop" }),
    },
    this.exports(),
  );
  private readonly scrubber = new Scrubber({
    goTo: (position) => this.walkTo(position, true),
    speed: (speed) => this.change({ speed }),
  });
  private readonly timeline = new Timeline((index) => this.goToPass(index));
  private readonly legend = new Legend((id) => {
    this.filter = id;
    this.update();
  });
  private readonly find = new Find({
    query: (text) => this.query(text),
    step: (by) => this.nextHit(by),
    close: () => {
      this.hits = null;
      this.update();
      this.tree.focus(this.selected()?.id ?? "");
    },
  });
  private readonly help = new Help();
  private readonly notice = new Notice({
    run: () => this.source.post({ type: "run" }),
    reveal: (source) => this.reveal(source, true),
  });
  private readonly announcer = h("div", {
    class: "gw-hidden",
    attributes: { role: "status", "aria-live": "polite" },
  });
  private readonly footer = h("footer", { class: "gw-footer" }, this.scrubber.element, this.timeline.element);

  constructor(private readonly root: HTMLElement) {
    this.stage.overlay.append(this.tree.element);
    this.stage.element.append(this.legend.element, this.find.element, this.notice.empty);
    const body = h("main", { class: "gw-body" }, this.stage.element, this.details.element);
    root.replaceChildren(
      this.toolbar.element,
      this.notice.banner,
      body,
      this.footer,
      this.help.element,
      this.announcer,
    );
    root.classList.add("gw-app");
    watchTheme(() => this.retheme());
    listenForKeys({
      arrow: (arrow) => this.arrow(arrow),
      open: () => this.reveal(this.selected()?.node.source ?? null, true),
      home: () => this.select(this.graph?.cards.find((card) => card.root)?.id ?? null, true),
      step: (by) => this.scrubber.step(by),
      play: () => this.scrubber.toggle(),
      pass: (by) => this.goToPass((this.graph?.pass.index ?? 0) + by),
      find: () => this.find.show(),
      help: () => this.help.toggle(),
      escape: () => (this.find.open ? this.find.close() : this.select(null)),
      fit: () => this.stage.fit(),
      zoom: (factor) => this.stage.zoomBy(factor),
      toggle: (key) => this.change({ [key]: !this.saved[key] }),
      turn: () => this.change({ orientation: this.saved.orientation === "down" ? "right" : "down" }),
    });
    this.printWithSvg();
    this.update();
    this.client.start();
  }

  private receive(message: ToView): void {
    switch (message.type) {
      case "outline":
        return this.receiveOutline(message.outline);
      case "settings":
        this.settings = message.settings;
        return this.update();
      case "cursor":
        return this.cursor(message.file, message.line);
      case "select":
        return this.selectFromHost(message.pass, message.node);
      case "position":
        return this.followPosition(message.position);
      case "error":
        this.notice.refuse(message.message);
        return this.ready();
    }
  }

  private receiveOutline(outline: Outline): void {
    const fresh = outline.run !== this.outline?.run;
    this.outline = outline;
    if (outline.passes.length === 0) {
      // The last good graph stays until there is a better one, unless the new run ended without any.
      const ended = outline.state !== "running" && !outline.program.error;
      if (ended && this.graph) this.clear();
      this.update();
      if (outline.state !== "running") this.ready();
      return;
    }
    const current = this.graph?.pass;
    if (fresh || current === undefined || current.run !== outline.run)
      void this.load(this.preferredPass(outline), false);
    this.update();
  }

  /** The pass that was looked at, where it is kept; else the latest that is. */
  private preferredPass(outline: Outline): number {
    const index = this.graph?.pass.index ?? this.saved.pass;
    const wasLast =
      this.graph !== null && this.graph.pass.index === this.saved.pass && this.saved.pass === null;
    if (index !== null && !wasLast && outline.passes[index]?.kept) return index;
    return outline.passes.findLast((pass) => pass.kept)?.index ?? outline.passes.length - 1;
  }

  private goToPass(index: number): void {
    const passes = this.outline?.passes ?? [];
    if (index < 0 || index >= passes.length || index === (this.wanted ?? this.graph?.pass.index)) return;
    if (passes[index]?.kept === false) {
      this.announce(`Of pass ${index + 1} only a summary is kept.`);
      return;
    }
    this.saved = { ...this.saved, pass: index };
    void this.load(index, false);
  }

  /** Newer requests win: what comes late is thrown away. */
  private async load(index: number, _keepPosition: boolean): Promise<void> {
    this.loading?.abort();
    const loading = new AbortController();
    this.loading = loading;
    this.wanted = index;
    this.timeline.show(this.outline?.passes ?? [], index, this.outline?.dropped ?? null);
    try {
      const pass = await this.client.pass(index);
      if (!loading.signal.aborted) await this.show(pass, loading.signal);
    } catch (error) {
      if (loading.signal.aborted || error instanceof LayoutCancelled) return;
      this.notice.refuse(error instanceof Error ? error.message : String(error));
      this.ready();
    } finally {
      if (this.loading === loading) this.wanted = null;
    }
  }

  private async show(pass: PassView, signal: AbortSignal): Promise<void> {
    const graph = buildGraph(pass);
    const same = this.graph?.signature === graph.signature && this.scene !== null;
    const sizes = same ? this.sizes : measureCards(graph, this.measure);
    const layout =
      same && this.scene ? this.currentLayout(this.scene) : await this.place(graph, sizes, signal);
    if (signal.aborted) return;
    const first = this.graph === null;
    const selectedKey = this.selected()?.key ?? this.saved.selected;
    const ended = this.graph === null || this.position >= this.graph.pass.steps.length || !same;
    this.graph = graph;
    this.sizes = sizes;
    this.position = ended ? graph.pass.steps.length : clampPosition(graph, this.position);
    this.putScene(graph, sizes, layout);
    if (first && this.saved.viewport) this.stage.viewport = this.saved.viewport;
    else if (first || !this.anythingInView()) this.stage.fit();
    this.saved = {
      ...this.saved,
      selected: graph.cards.find((card) => card.key === selectedKey)?.key ?? null,
    };
    this.detail = null;
    void this.fetchDetail();
    this.update();
    this.ready();
    this.source.post({ type: "laidOut", pass: pass.index, nodes: pass.nodes.length });
  }

  private place(graph: Graph, sizes: ReadonlyMap<string, Size>, signal: AbortSignal): Promise<LayoutResult> {
    const { orientation, flow } = this.saved;
    return placeGraph(
      { graph, sizes, orientation, flow, previous: this.places, pinned: this.pinned },
      signal,
    );
  }

  private layout: LayoutResult | null = null;

  private currentLayout(_scene: Scene): LayoutResult {
    return this.layout ?? { nodes: [], edges: [], groups: [], x: 0, y: 0, width: 0, height: 0 };
  }

  private putScene(graph: Graph, sizes: ReadonlyMap<string, Size>, layout: LayoutResult): void {
    this.layout = layout;
    const scene = new Scene(graph, sizes, layout, this.saved.orientation, this.theme, this.measure);
    this.scene = scene;
    for (const { id, x, y } of layout.nodes) {
      const card = graph.byId.get(id);
      if (card) this.places.set(card.key, { x, y });
    }
    this.stage.show(scene);
    this.tree.show(graph, scene, this.position);
    this.hits = null;
    this.atCursor = new Set();
  }

  private async relayout(): Promise<void> {
    const { graph, sizes } = this;
    if (!graph) return;
    this.loading?.abort();
    const loading = new AbortController();
    this.loading = loading;
    this.places.clear();
    this.pinned.clear();
    try {
      const layout = await this.place(graph, sizes, loading.signal);
      if (loading.signal.aborted) return;
      this.putScene(graph, sizes, layout);
      this.stage.fit();
      this.update();
    } catch (error) {
      if (!(error instanceof LayoutCancelled)) throw error;
    }
  }

  private anythingInView(): boolean {
    const view = this.stage.view();
    const box = this.scene?.bounds();
    return (
      box !== undefined &&
      box.x < view.x + view.width &&
      view.x < box.x + box.width &&
      box.y < view.y + view.height &&
      view.y < box.y + box.height
    );
  }

  private clear(): void {
    this.graph = null;
    this.scene = null;
    this.stage.clear();
    this.tree.clear();
    this.details.hide();
  }

  private ready(): void {
    this.stage.paint();
    document.documentElement.dataset["gradwalkReady"] = "true";
  }

  private selected(): Card | null {
    return this.graph?.cards.find((card) => card.key === this.saved.selected) ?? null;
  }

  private tap(id: string): void {
    this.select(id);
    this.tree.focus(id);
    this.reveal(this.graph?.byId.get(id)?.node.source ?? null, false);
  }

  /** `bring`: also bring it into view and give it the focus. */
  private select(id: string | null, bring = false): void {
    const card = this.graph?.byId.get(id ?? "") ?? null;
    const changed = card?.key !== (this.saved.selected ?? undefined);
    this.saved = { ...this.saved, selected: card?.key ?? null };
    if (changed) {
      this.detail = null;
      void this.fetchDetail();
      this.source.post({ type: "selected", pass: this.graph?.pass.index ?? 0, node: card?.node.id ?? null });
    }
    this.update();
    if (card && bring) {
      this.stage.bringIntoView(card.id);
      this.tree.focus(card.id);
    }
  }

  private async fetchDetail(): Promise<void> {
    const card = this.selected();
    const { graph } = this;
    if (!card || !graph) return;
    try {
      const detail = await this.client.node(graph.pass.index, card.node.id);
      if (this.selected() !== card || this.graph !== graph) return;
      this.detail = detail;
      this.showDetails();
    } catch {
      // The card's own data stays in the pane; the host reports its errors itself.
    }
  }

  private focusCard(id: string | null, visible: boolean): void {
    this.focused = visible ? id : null;
    if (id !== null && visible) {
      this.stage.bringIntoView(id);
      if (this.selected()?.id !== id) this.select(id);
    }
    this.draw();
  }

  private arrow(arrow: Arrow): boolean {
    const { graph, scene } = this;
    const from = this.selected() ?? graph?.cards.find((card) => card.root) ?? graph?.cards[0];
    if (!graph || !scene || !from) return false;
    const to = this.selected() ? neighbour(graph, scene, from, arrow) : from;
    if (to) this.select(to.id, true);
    return true;
  }

  private reveal(source: SourceLocation | null, focus: boolean): void {
    if (source && this.settings.canReveal) this.source.post({ type: "reveal", source, focus });
  }

  private walkTo(position: number, byPerson: boolean): void {
    const { graph } = this;
    if (!graph) return;
    this.position = clampPosition(graph, position);
    const card = graph.order[this.position];
    if (card) this.stage.bringIntoView(card.id);
    if (byPerson) {
      this.source.post({ type: "goTo", pass: graph.pass.index, step: this.position });
      this.announce(
        card
          ? `Step ${this.position + 1} of ${graph.pass.steps.length}: ${describe(graph, card, this.position)}`
          : "Pass complete",
      );
    }
    this.update();
  }

  private followPosition(position: Position | null): void {
    if (!this.graph) return;
    if (position === null) return this.walkTo(this.graph.pass.steps.length, false);
    if (position.pass === this.graph.pass.index) return this.walkTo(position.step, false);
    void this.load(position.pass, false).then(() => {
      if (this.graph?.pass.index === position.pass) this.walkTo(position.step, false);
    });
  }

  private selectFromHost(pass: number, node: number): void {
    const show = () => {
      const card = this.graph?.byNode.get(node);
      if (!card) return;
      this.select(card.id);
      this.stage.bringIntoView(card.id);
    };
    if (this.graph?.pass.index === pass) show();
    else void this.load(pass, false).then(show);
  }

  private cursor(file: string, line: number): void {
    if (!this.graph) return;
    const here = this.graph.cards.filter(
      ({ node }) => this.saved.follow && sameFile(node.source?.file, file) && spans(node.source, line),
    );
    this.atCursor = new Set(here.map((card) => card.id));
    const [only] = here;
    if (here.length > 0 && only && !here.some((card) => this.inView(card.id)))
      this.stage.bringIntoView(only.id);
    this.draw();
  }

  private inView(id: string): boolean {
    const view = this.stage.view();
    const box = this.scene?.boxOf(id);
    return (
      !!box &&
      box.x < view.x + view.width &&
      view.x < box.x + box.width &&
      box.y < view.y + view.height &&
      view.y < box.y + box.height
    );
  }

  private query(text: string): void {
    this.hits = this.graph && text.trim() !== "" ? search(this.graph, text, this.position) : null;
    this.hit = 0;
    this.showHit();
    this.update();
  }

  private nextHit(by: 1 | -1): void {
    if (!this.hits || this.hits.length === 0) return;
    this.hit = (this.hit + by + this.hits.length) % this.hits.length;
    this.showHit();
  }

  private showHit(): void {
    this.find.result(this.hit, this.hits?.length ?? 0);
    const card = this.hits?.[this.hit];
    if (!card) return;
    this.select(card.id);
    this.stage.bringIntoView(card.id);
  }

  private moved(id: string, centre: Point): void {
    const card = this.graph?.byId.get(id);
    if (!card || !this.scene) return;
    this.places.set(card.key, centre);
    this.pinned.add(card.key);
    this.tree.place(id, this.scene);
  }

  private change(change: Partial<Saved>): void {
    const turned = "orientation" in change || "flow" in change;
    this.saved = { ...this.saved, ...change };
    if (turned) void this.relayout();
    if (change.follow === false) this.atCursor = new Set();
    this.update();
  }

  private keepViewport(): void {
    if (this.scene) this.saved = { ...this.saved, viewport: this.stage.viewport };
    this.saveSoon();
  }

  private saving: ReturnType<typeof setTimeout> | null = null;

  private saveSoon(): void {
    this.saving ??= setTimeout(() => {
      this.saving = null;
      this.source.save(this.saved);
    }, 200);
  }

  private heat(): Heat | null {
    if (!this.graph || this.saved.colourBy === "state") return null;
    return this.saved.colourBy === "norm" ? normHeat(this.graph, this.position) : orderHeat(this.graph);
  }

  private look(): Look {
    const { graph, saved, position } = this;
    const entry = LEGEND.find((each) => each.id === this.filter);
    const shown =
      entry && graph ? graph.cards.filter((card) => entry.matches(faceOf(graph, card, position))) : null;
    return {
      position,
      walking: graph !== null && position < graph.pass.steps.length,
      selected: this.selected()?.id ?? null,
      focused: this.focused,
      hovered: this.hovered,
      atCursor: this.atCursor,
      hits: this.hits && new Set(this.hits.map((card) => card.id)),
      shown: shown && new Set(shown.map((card) => card.id)),
      heat: this.heat()?.of ?? null,
      gradients: saved.gradients,
      flow: saved.flow,
    };
  }

  private draw(): void {
    this.stage.setLook(this.look());
  }

  /** Brings every part up to date with what is shown. */
  private update(): void {
    const { graph, outline, saved, settings } = this;
    const index = this.wanted ?? graph?.pass.index ?? null;
    if (outline) this.toolbar.show(outline, index, settings.canRun);
    this.toolbar.showState(saved);
    this.scrubber.show(graph, this.position, saved.speed);
    this.timeline.show(outline?.passes ?? [], index ?? 0, outline?.dropped ?? null);
    this.footer.hidden = this.scrubber.element.hidden && this.timeline.element.hidden;
    this.notice.show(outline, graph !== null, settings.canRun, settings.canReveal);
    this.root.classList.toggle("gw-is-stale", outline?.stale ?? false);
    this.showLegend();
    this.showDetails();
    this.tree.setCurrent(this.selected()?.id ?? null);
    this.tree.describe(this.position);
    this.draw();
    this.saveSoon();
  }

  private showLegend(): void {
    const { graph, saved } = this;
    this.legend.element.hidden = !saved.legend || !graph;
    if (!graph || !saved.legend) return;
    this.legend.show({
      faces: graph.cards.map((card) => faceOf(graph, card, this.position)),
      filter: this.filter,
      colourBy: saved.colourBy,
      heat: this.heat(),
      gradients: graph.pass.steps.length > 0,
    });
  }

  private showDetails(): void {
    const card = this.selected();
    if (!card || !this.graph) return this.details.hide();
    const { graph, position, detail } = this;
    this.details.show({ graph, card, position, detail, canReveal: this.settings.canReveal });
  }

  private retheme(): void {
    this.theme = readTheme();
    this.measure = new Measure(this.theme);
    this.scene?.retheme(this.theme, this.measure);
    this.stage.setTheme(this.theme);
    this.draw();
  }

  private announce(text: string): void {
    this.announcer.textContent = text;
  }

  private exports(): MenuItem[] {
    const svg = () =>
      this.scene && svgOf(this.scene, this.look(), this.theme, this.outline?.program.file ?? "graph");
    const copy = async (text: string | null) => {
      if (text === null) return;
      await navigator.clipboard.writeText(text);
      this.announce("Copied");
    };
    return [
      { text: "Save as SVG", act: () => this.save("svg", svg(), "image/svg+xml") },
      { text: "Save as PNG", act: () => void this.savePng() },
      {
        text: "Save as DOT",
        act: () => this.save("dot", this.graph && dotOf(this.graph), "text/vnd.graphviz"),
      },
      { text: "Save trace as JSON", act: () => this.save("json", this.embedded(), "application/json") },
      { text: "Copy as SVG", act: () => void copy(svg()) },
      { text: "Copy as DOT", act: () => void copy(this.graph && dotOf(this.graph)) },
    ];
  }

  private embedded(): string | null {
    return this.source.document?.() ?? null;
  }

  private save(format: "svg" | "dot" | "json", content: string | null, type: string): void {
    if (this.source.document) {
      if (content !== null) download(`graph.${format}`, new Blob([content], { type }));
    } else this.source.post({ type: "export", format, ...(content !== null && { content }) });
  }

  private async savePng(): Promise<void> {
    if (!this.scene) return;
    const blob = await pngOf(this.scene, this.look(), this.theme);
    if (this.source.document) return download("graph.png", blob);
    const bytes = new Uint8Array(await blob.arrayBuffer());
    const content = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
    this.source.post({ type: "export", format: "png", content });
  }

  /** A printer gets the whole graph as vectors instead of the screen's pixels. */
  private printWithSvg(): void {
    const sheet = h("img", { class: "gw-print", attributes: { alt: "The graph" } });
    this.root.append(sheet);
    window.addEventListener("beforeprint", () => {
      if (this.scene)
        sheet.src = `data:image/svg+xml,${encodeURIComponent(svgOf(this.scene, this.look(), this.theme, "graph"))}`;
    });
  }
}

function sameFile(a: string | undefined, b: string): boolean {
  if (a === undefined) return false;
  const [x, y] = [a, b].map((path) => path.replace(/\\/g, "/")) as [string, string];
  return x === y || x.endsWith(`/${y}`) || y.endsWith(`/${x}`);
}

function spans(source: SourceLocation | null, line: number): boolean {
  return source !== null && source.line <= line && line <= (source.endLine ?? source.line);
}
