/** @file The walk through the pass that is drawn: by a person, or following a debugger. */
import type { Position } from "../../src/protocol/view.js";
import { describe } from "../model/face.js";
import { clampPosition } from "../model/walk.js";
import type { DebugCommand } from "../ui/scrubber.js";
import type { Page } from "./page.js";
import type { Showing } from "./showing.js";

export class Walking {
  constructor(
    private readonly page: Page,
    private readonly showing: Showing,
  ) {}

  /** A person walks; the host hears of it. */
  goTo(step: number): void {
    const { page } = this;
    const { graph } = page;
    if (!graph) return;
    if (page.live) {
      // The debugger goes there, as far as it can, and tells where it stands.
      page.source.post({ type: "goTo", pass: graph.pass.index, step: clampPosition(graph, step) });
      return;
    }
    this.walkTo(step);
    page.source.post({ type: "goTo", pass: graph.pass.index, step: page.position });
    this.say();
  }

  debug(command: DebugCommand): void {
    this.page.source.post({ type: "debug", command });
  }

  /** The host walks. */
  follow(position: Position | null): void {
    this.page.live = position?.live ? position : null;
    if (position === null) this.walkTo(Number.MAX_SAFE_INTEGER);
    else
      void this.showing.at(position.pass, () => {
        this.walkTo(position.step);
        if (position.live) this.say();
      });
  }

  private walkTo(step: number): void {
    const { page } = this;
    const { graph } = page;
    if (!graph) return;
    const from = page.position;
    page.position = clampPosition(graph, step);
    const ran = graph.order[from];
    if (ran && page.position === from + 1) page.parts.stage.send(ran.id);
    const card = graph.order[page.position];
    if (card) page.parts.stage.bringIntoView(card.id);
    page.update();
  }

  private say(): void {
    const { graph, position, parts } = this.page;
    if (!graph) return;
    const card = graph.order[position];
    const at = `Step ${position + 1} of ${graph.pass.steps.length}`;
    parts.say(card ? `${at}: ${describe(graph, card, position)}` : "Pass complete");
  }
}
