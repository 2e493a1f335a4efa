/**
 * @file The canvas: what is in view and how it is drawn. Cytoscape holds the model (nodes, edges, positions, the
 * viewport) without its renderer, which would draw every frame whether anything happened or not.
 */
import cytoscape from "cytoscape";
import type { Wire } from "../groups/types.js";
import type { Point } from "../layout/types.js";
import { CanvasPainter } from "./canvas-painter.js";
import { elementsOf, panInto } from "./elements.js";
import { GestureReader } from "./gestures.js";
import type { Box } from "./painter.js";
import { overlaps } from "./route.js";
import type { Hit, Look, Scene } from "./scene.js";
import type { Theme } from "./theme.js";
import { Travel } from "./travel.js";
import { fitInto, MAX_ZOOM, MIN_ZOOM, type Viewport } from "./viewport.js";

export interface StageEvents {
  tap(id: string): void;
  tapWire(wire: Wire): void;
  tapBackground(): void;
  /** Twice on a card. */
  openCard(id: string): void;
  /** Where a group folds and unfolds, or twice anywhere on it. */
  toggle(id: string): void;
  hover(id: string | null): void;
  moved(id: string, centre: Point): void;
  viewport(): void;
}

export class Stage {
  readonly element = document.createElement("div");
  /** Holds the accessible tree, in the drawing's coordinates. */
  readonly overlay = document.createElement("div");
  /** In the drawing's coordinates too, but to be seen. */
  readonly controls = document.createElement("div");
  readonly cy: cytoscape.Core;
  private readonly surface = document.createElement("div");
  private readonly canvas = document.createElement("canvas");
  private readonly context: CanvasRenderingContext2D;
  private scene: Scene | null = null;
  private look: Look | null = null;
  private theme: Theme;
  private readonly travel = new Travel();
  private frame = 0;
  private hovered: string | null = null;
  /** The view shows the whole graph, and goes on doing so when the window changes. */
  private whole = false;
  private fitting = false;

  constructor(
    theme: Theme,
    private readonly events: StageEvents,
  ) {
    this.theme = theme;
    this.element.className = "gw-stage";
    this.canvas.className = "gw-drawing";
    this.canvas.setAttribute("aria-hidden", "true");
    this.surface.className = "gw-surface";
    this.overlay.className = "gw-overlay";
    this.element.append(this.canvas, this.surface);
    const context = this.canvas.getContext("2d");
    if (!context) throw new Error("This browser has no 2-D canvas, which the graph is drawn on.");
    this.context = context;
    this.cy = cytoscape({ headless: true, styleEnabled: false, minZoom: MIN_ZOOM, maxZoom: MAX_ZOOM });
    this.controls.className = "gw-overlay gw-controls";
    this.surface.append(this.overlay, this.controls);
    this.listen();
    new ResizeObserver(() => this.resize()).observe(this.element);
  }

  show(scene: Scene): void {
    this.scene = scene;
    this.cy.batch(() => {
      this.cy.elements().remove();
      this.cy.add(elementsOf(scene));
    });
    this.invalidate();
  }

  clear(): void {
    this.scene = null;
    this.cy.elements().remove();
    this.invalidate();
  }

  setLook(look: Look): void {
    this.look = look;
    this.invalidate();
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.invalidate();
  }

  get viewport(): Viewport {
    const { x, y } = this.cy.pan();
    return { zoom: this.cy.zoom(), x, y };
  }

  set viewport({ zoom, x, y }: Viewport) {
    this.cy.viewport({ zoom, pan: { x, y } });
  }

  /** Brings a point of the drawing into the middle. */
  centre({ x, y }: Point): void {
    const zoom = this.cy.zoom();
    const [width, height] = [this.element.clientWidth, this.element.clientHeight];
    this.viewport = { zoom, x: width / 2 - x * zoom, y: height / 2 - y * zoom };
  }

  /** The part of the drawing in view. */
  view(): Box {
    const { zoom, x, y } = this.viewport;
    const [width, height] = [this.element.clientWidth, this.element.clientHeight];
    return { x: -x / zoom, y: -y / zoom, width: width / zoom, height: height / zoom };
  }

  fit(box: Box | null = this.scene?.bounds() ?? null): void {
    const room = { width: this.element.clientWidth, height: this.element.clientHeight };
    const fitted = box && fitInto(box, room);
    if (!fitted) return;
    this.fitting = true;
    this.viewport = fitted;
    this.fitting = false;
    this.whole = true;
    this.events.viewport();
  }

  get fitted(): boolean {
    return this.whole;
  }

  /** Whether any of it is in view. */
  shows(box: Box | null | undefined): boolean {
    return !!box && overlaps(box, this.view());
  }

  zoomBy(factor: number, at?: Point): void {
    const centre = at ?? { x: this.element.clientWidth / 2, y: this.element.clientHeight / 2 };
    this.cy.zoom({ level: this.cy.zoom() * factor, renderedPosition: { x: centre.x, y: centre.y } });
  }

  panBy(dx: number, dy: number): void {
    this.cy.panBy({ x: dx, y: dy });
  }

  /** Pans as little as brings a card wholly into view. */
  bringIntoView(id: string): void {
    const box = this.scene?.boxOf(id);
    if (!box) return;
    const { x: dx, y: dy } = panInto(box, this.view(), 24 / this.cy.zoom());
    if (dx !== 0 || dy !== 0) this.panBy(dx * this.cy.zoom(), dy * this.cy.zoom());
  }

  /** Shows the gradients that a card has just sent on their way. */
  send(sender: string): void {
    if (this.scene) this.travel.begin(this.scene.edges, sender);
    this.invalidate();
  }

  invalidate(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.paint();
    });
  }

  /** Draws now; the next frame shows it. */
  paint(): void {
    const { context, canvas } = this;
    const ratio = devicePixelRatio || 1;
    const { zoom, x, y } = this.viewport;
    const [width, height] = [
      Math.round(this.element.clientWidth * ratio),
      Math.round(this.element.clientHeight * ratio),
    ];
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalAlpha = 1;
    context.fillStyle = this.theme.colours.bg;
    context.fillRect(0, 0, width, height);
    for (const layer of [this.overlay, this.controls])
      layer.style.transform = `translate(${x}px, ${y}px) scale(${zoom})`;
    // Too small for a hand; a key can use them all the same.
    this.controls.classList.toggle("gw-tiny", zoom < 0.55);
    if (!this.scene || !this.look) return;
    context.setTransform(zoom * ratio, 0, 0, zoom * ratio, x * ratio, y * ratio);
    const painter = new CanvasPainter(context, this.theme);
    this.scene.draw(painter, this.view(), zoom, this.look);
    if (this.travel.draw(painter, this.theme)) this.invalidate();
  }

  private resize(): void {
    if (this.whole) this.fit();
    this.invalidate();
  }

  private listen(): void {
    const { cy, events } = this;
    cy.on("viewport", () => {
      this.invalidate();
      if (this.fitting) return;
      this.whole = false;
      events.viewport();
    });
    new GestureReader(this.surface, {
      cardAt: (at) => this.hitAt(at)?.thing.id ?? null,
      tap: (card, at) => this.tap(card, at),
      doubleTap: (card) => this.doubleTap(card),
      pan: (dx, dy) => this.panBy(dx, dy),
      zoom: (factor, at) => this.zoomBy(factor, at),
      drag: (card, dx, dy) => this.drag(card, dx, dy),
      dropped: (card) => this.dropped(card),
      hover: (card, at) => this.hover(card ?? (at && this.wireAt(at)?.id) ?? null),
    });
    this.element.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
  }

  private tap(id: string | null, at: Point): void {
    if (id === null) this.tapEmpty(at);
    else if (this.hitAt(at)?.toggles) this.events.toggle(id);
    else this.events.tap(id);
  }

  private doubleTap(id: string | null): void {
    if (id === null) this.fit();
    else if (this.scene?.shown.byId.get(id)?.kind === "card") this.events.openCard(id);
    else this.events.toggle(id);
  }

  private drag(id: string, dx: number, dy: number): void {
    const box = this.scene?.boxOf(id);
    // An open group is as large as what it holds: it has no place of its own.
    if (!box || this.scene?.shown.byId.get(id)?.kind === "frame") {
      this.panBy(dx, dy);
      return;
    }
    const zoom = this.cy.zoom();
    const centre = { x: box.x + box.width / 2 + dx / zoom, y: box.y + box.height / 2 + dy / zoom };
    this.cy.getElementById(id).position(centre);
    this.scene?.move(id, centre);
    this.invalidate();
  }

  private dropped(id: string): void {
    const box = this.scene?.boxOf(id);
    if (!box || this.scene?.shown.byId.get(id)?.kind === "frame") return;
    this.events.moved(id, { x: box.x + box.width / 2, y: box.y + box.height / 2 });
  }

  /** From a point of the page to the drawing's. */
  private toDrawing({ x, y }: Point): Point {
    const { zoom, x: left, y: top } = this.viewport;
    return { x: (x - left) / zoom, y: (y - top) / zoom };
  }

  private hitAt(at: Point): Hit | null {
    return this.scene?.at(this.toDrawing(at)) ?? null;
  }

  private wireAt(at: Point): Wire | null {
    return this.scene?.wireAt(this.toDrawing(at), 6 / this.cy.zoom()) ?? null;
  }

  private tapEmpty(at: Point): void {
    const wire = this.wireAt(at);
    if (wire) this.events.tapWire(wire);
    else this.events.tapBackground();
  }

  private hover(id: string | null): void {
    if (id === this.hovered) return;
    this.hovered = id;
    this.surface.classList.toggle("gw-pointing", id !== null);
    this.events.hover(id);
  }

  /** A wheel pans; with Ctrl or ⌘, which is also how a pinch on a touchpad arrives, it zooms at the pointer. */
  private wheel(event: WheelEvent): void {
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    if (event.ctrlKey || event.metaKey) {
      const { left, top } = this.element.getBoundingClientRect();
      const factor = Math.exp((-event.deltaY * unit) / 240);
      this.zoomBy(Math.max(0.5, Math.min(2, factor)), { x: event.clientX - left, y: event.clientY - top });
      return;
    }
    const [dx, dy] = event.shiftKey && event.deltaX === 0 ? [event.deltaY, 0] : [event.deltaX, event.deltaY];
    this.panBy(-dx * unit, -dy * unit);
  }
}
