/** @file The whole graph in small, with a frame around what is in view; dragging the frame moves the view. */
import type { Box } from "../canvas/painter.js";
import type { Scene } from "../canvas/scene.js";
import type { Colour, Theme } from "../canvas/theme.js";
import type { Point } from "../layout/types.js";
import { h } from "./dom.js";

const WIDTH = 168;
const HEIGHT = 120;
const MARGIN = 6;
/** A card is at least a speck. */
const SPECK = 1.5;

/** For pointers; keys move through the graph itself. */
export class Minimap {
  readonly element = h("canvas", { class: "gw-map", attributes: { "aria-hidden": "true", hidden: true } });
  private readonly context: CanvasRenderingContext2D | null;
  private readonly cards = document.createElement("canvas");
  private scene: Scene | null = null;
  /** Of the scene; asked for at every move of the view. */
  private bounds: Box | null = null;
  private view: Box | null = null;

  /** @param centre brings a point of the drawing into the middle of the view */
  constructor(
    private theme: Theme,
    private readonly centre: (point: Point) => void,
  ) {
    const ratio = devicePixelRatio || 1;
    for (const canvas of [this.element, this.cards]) {
      canvas.width = WIDTH * ratio;
      canvas.height = HEIGHT * ratio;
    }
    this.context = this.element.getContext("2d");
    this.element.addEventListener("pointerdown", (event) => {
      this.element.setPointerCapture(event.pointerId);
      this.point(event);
    });
    this.element.addEventListener("pointermove", (event) => {
      if (this.element.hasPointerCapture(event.pointerId)) this.point(event);
    });
  }

  show(scene: Scene | null): void {
    this.scene = scene;
    this.bounds = scene?.bounds() ?? null;
    this.drawCards();
    this.draw();
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.drawCards();
    this.draw();
  }

  /** @param view the part of the drawing that is in view; null where the map is not wanted */
  follow(view: Box | null): void {
    this.view = view;
    this.draw();
  }

  private point({ offsetX, offsetY }: PointerEvent): void {
    const { bounds } = this;
    if (!bounds) return;
    const { scale, x, y } = placement(bounds);
    this.centre({ x: (offsetX - x) / scale, y: (offsetY - y) / scale });
  }

  private drawCards(): void {
    const context = this.cards.getContext("2d");
    const { scene, bounds } = this;
    if (!context || !scene || !bounds) return;
    const { scale, x, y } = placement(bounds);
    const ratio = this.cards.width / WIDTH;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, WIDTH, HEIGHT);
    for (const { item, box } of scene.placed) {
      context.fillStyle = this.theme.colours[colourOf(item)];
      const [width, height] = [Math.max(SPECK, box.width * scale), Math.max(SPECK, box.height * scale)];
      context.fillRect(box.x * scale + x, box.y * scale + y, width, height);
    }
  }

  /** Only of use where something is out of view. */
  private draw(): void {
    const { bounds, view, context } = this;
    this.element.hidden = !bounds || !view || holds(view, bounds);
    if (!bounds || !view || !context || this.element.hidden) return;
    const { scale, x, y } = placement(bounds);
    const ratio = this.element.width / WIDTH;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.element.width, this.element.height);
    context.drawImage(this.cards, 0, 0);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.lineWidth = 1.5;
    context.strokeStyle = this.theme.colours.focus;
    context.strokeRect(view.x * scale + x, view.y * scale + y, view.width * scale, view.height * scale);
  }
}

function colourOf(item: Scene["placed"][number]["item"]): Colour {
  if (item.kind !== "card") return "quiet";
  if (item.card.root) return "root";
  return item.card.node.kind === "accumulate" ? "leaf" : "line";
}

/** From the drawing to the map: multiply by the scale, then add. */
function placement(bounds: Box): { readonly scale: number; readonly x: number; readonly y: number } {
  const scale = Math.min(
    (WIDTH - 2 * MARGIN) / Math.max(1, bounds.width),
    (HEIGHT - 2 * MARGIN) / Math.max(1, bounds.height),
  );
  const middle = (from: number, size: number, room: number) => room / 2 - (from + size / 2) * scale;
  return { scale, x: middle(bounds.x, bounds.width, WIDTH), y: middle(bounds.y, bounds.height, HEIGHT) };
}

function holds(outer: Box, inner: Box): boolean {
  return (
    outer.x <= inner.x &&
    outer.y <= inner.y &&
    outer.x + outer.width >= inner.x + inner.width &&
    outer.y + outer.height >= inner.y + inner.height
  );
}
