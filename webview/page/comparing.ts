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
      page.beside = false;
    } else if (graph) {
      drawing.against = buildGraph(graph.pass);
      page.parts.tell(`Go to another pass: it is compared with pass ${graph.pass.index + 1}.`);
    }
    page.update();
    this.showing.redrawPart();
  }

  sideBySide(): void {
    this.page.beside = !this.page.beside;
    this.page.update();
  }
}
