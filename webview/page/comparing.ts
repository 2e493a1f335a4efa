/** @file One pass held against those that are shown after it. */
import { buildGraph } from "../model/graph.js";
import type { Page } from "./page.js";
import type { Showing } from "./showing.js";

export class Comparing {
  constructor(
    private readonly page: Page,
    private readonly showing: Showing,
  ) {}

  /** Holds the pass that is drawn, or lets go of the one that is held. */
  toggle(): void {
    const { page } = this;
    const { drawing, graph } = page;
    if (drawing.against) {
      drawing.against = null;
      drawing.beside = false;
    } else if (graph) {
      drawing.against = buildGraph(graph.pass);
      page.parts.tell(`Go to another pass: it is compared with pass ${graph.pass.index + 1}.`);
    }
    page.update();
    this.showing.redrawPart();
  }

  /** Both passes, each with its own values, or one with the difference. */
  sideBySide(): void {
    const { drawing } = this.page;
    drawing.beside = !drawing.beside;
    this.showing.redrawPart();
  }

  /** After every change of the drawing. */
  draw(): void {
    const { drawing, parts, saved, focus } = this.page;
    const { against, beside, graph } = drawing;
    if (!beside || !against || !graph) {
      parts.beside.hide();
      return;
    }
    const scene = drawing.sceneBeside(saved, focus);
    if (scene) parts.beside.show(scene, this.page.look(), against.pass.index);
    else {
      parts.beside.hide();
      if (graph.against) parts.tell("The two passes have different graphs: they are compared card by card.");
    }
  }
}
