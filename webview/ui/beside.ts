/** @file A second picture of the graph: the pass that is compared with, in the same places, moved along with the first. */
import type { Look, Scene } from "../canvas/scene.js";
import { Stage } from "../canvas/stage.js";
import type { Theme } from "../canvas/theme.js";
import type { Viewport } from "../canvas/viewport.js";
import { h } from "./dom.js";

export interface BesideEvents {
  /** It was panned or zoomed: the first picture is to follow. */
  moved(viewport: Viewport): void;
  select(id: string | null): void;
}

/** For eyes only: the tree and the cards of the first picture say how the two differ. */
export class Beside {
  readonly element = h("div", { class: "gw-beside", attributes: { hidden: true, "aria-hidden": "true" } });
  private readonly name = h("div", { class: "gw-beside-name" });
  /** Made when it is first needed, which is seldom. */
  private stage: Stage | null = null;
  private following = false;

  constructor(
    private theme: Theme,
    private readonly events: BesideEvents,
  ) {}

  show(scene: Scene, look: Look, pass: number): void {
    this.element.hidden = false;
    this.name.textContent = `pass ${pass + 1}`;
    this.stage ??= this.makeStage();
    this.stage.show(scene);
    this.stage.setLook(look);
  }

  hide(): void {
    this.element.hidden = true;
    this.stage?.clear();
  }

  setLook(look: Look): void {
    if (!this.element.hidden) this.stage?.setLook(look);
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.stage?.setTheme(theme);
  }

  /** Without telling the first of it again. */
  follow(viewport: Viewport): void {
    if (!this.stage || this.element.hidden) return;
    const { zoom, x, y } = this.stage.viewport;
    if (zoom === viewport.zoom && x === viewport.x && y === viewport.y) return;
    this.following = true;
    this.stage.viewport = viewport;
    this.following = false;
  }

  private makeStage(): Stage {
    const nothing = () => {};
    const { events } = this;
    const stage = new Stage(this.theme, {
      tap: (id) => events.select(id),
      tapWire: nothing,
      tapBackground: () => events.select(null),
      openCard: nothing,
      toggle: nothing,
      hover: nothing,
      moved: nothing,
      viewport: () => {
        if (!this.following) events.moved(stage.viewport);
      },
    });
    this.element.append(stage.element, this.name);
    return stage;
  }
}
