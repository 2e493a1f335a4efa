/** @file The part of the graph that is drawn alone: relatives of the selected card, or the way to another. */
import type { Card } from "../model/graph.js";
import { type Focus, focused, focusText, type Relation } from "../model/subset.js";
import type { Page } from "./page.js";
import type { Showing } from "./showing.js";

export class Focusing {
  /** The key of one end of a path, while its other end is to be selected. */
  private start: string | null = null;

  constructor(
    private readonly page: Page,
    private readonly showing: Showing,
  ) {}

  /** Draws only the relatives of the selected card; asked again, everything. */
  relatives(kind: Relation): void {
    const card = this.page.selected;
    if (!card) {
      this.page.parts.tell("Select a node first.");
      return;
    }
    const { focus } = this.page;
    this.set(focus?.kind === kind && focus.of === card.key ? null : { kind, of: card.key });
  }

  /** From the selected card to the one that is selected next. */
  path(): void {
    const card = this.page.selected;
    if (!card) {
      this.page.parts.tell("Select a node first.");
      return;
    }
    if (this.start !== null && this.start !== card.key) {
      this.finish(card);
      return;
    }
    this.start = card.key;
    this.page.parts.part.ask(`Select the other end of the path from ${card.title}`);
  }

  /** A card was selected: perhaps the path's other end. */
  selected(card: Card | null): void {
    if (this.start !== null && card && card.key !== this.start) this.finish(card);
  }

  /** @returns whether there was anything to leave. */
  leave(): boolean {
    if (this.start !== null) {
      this.start = null;
      this.describe();
      return true;
    }
    if (!this.page.focus) return false;
    this.set(null);
    return true;
  }

  private finish(card: Card): void {
    const { start } = this;
    this.start = null;
    if (start === null) return;
    const focus: Focus = { kind: "path", of: start, to: card.key };
    if (this.page.graph && focused(this.page.graph, focus) === null) {
      this.describe();
      this.page.parts.tell("There is no path: neither of the two depends on the other.");
      return;
    }
    this.set(focus);
  }

  private set(focus: Focus | null): void {
    this.start = null;
    this.page.focus = focus;
    this.showing.redrawPart();
    this.describe();
  }

  /** Says which part is drawn. */
  describe(): void {
    const { focus, graph, parts } = this.page;
    if (focus && graph) {
      const text = focusText(graph, focus);
      parts.part.show(text);
      parts.say(text);
    } else parts.part.hide();
  }
}
