/** @file A second picture of the graph: the pass that is compared with, in the same places, moved along with the first. */
import type { Look, Scene } from "../canvas/scene.js";
import { Stage, type Viewport } from "../canvas/stage.js";
import type { Theme } from "../canvas/theme.js";
import { h } from "./dom.js";

/** For eyes only: the tree and the cards of the first picture say how the two differ. */
export class Beside {
  readonly element = h("div", { class: "gw-beside", attributes: { hidden: true, "aria-hidden": "true" } });
  private readonly name = h("div", { class: "gw-beside-name" });
  private readonly stage: Stage;
  private following = false;

  /** @param moved the second picture was panned or zoomed: the first is to follow */
  constructor(theme: Theme, moved: (viewport: Viewport) => void, select: (id: string | null) => void) {
    const nothing = () => {};
    this.stage = new Stage(theme, {
      tap: select,
      tapWire: nothing,
      tapBackground: () => select(null),
      openCard: nothing,
      toggle: nothing,
      hover: nothing,
      moved: nothing,
      viewport: () => {
        if (!this.following) moved(this.stage.viewport);
      },
    });
    this.element.append(this.stage.element, this.name);
  }

  get shown(): boolean {
    return !this.element.hidden;
  }

  show(scene: Scene, look: Look, pass: number): void {
    this.element.hidden = false;
    this.name.textContent = `pass ${pass + 1}`;
    this.stage.show(scene);
    this.stage.setLook(look);
  }

  hide(): void {
    this.element.hidden = true;
  }

  setLook(look: Look): void {
    if (this.shown) this.stage.setLook(look);
  }

  setTheme(theme: Theme): void {
    this.stage.setTheme(theme);
  }

  /** Without telling the first of it again. */
  follow(viewport: Viewport): void {
    if (!this.shown) return;
    const { zoom, x, y } = this.stage.viewport;
    if (zoom === viewport.zoom && x === viewport.x && y === viewport.y) return;
    this.following = true;
    this.stage.viewport = viewport;
    this.following = false;
  }
}
