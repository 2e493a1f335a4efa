/** @file The search over the graph that is drawn. */
import type { Page } from "./page.js";
import type { Selection } from "./selection.js";

export class Searching {
  constructor(
    private readonly page: Page,
    private readonly selection: Selection,
  ) {}

  query(text: string): void {
    const { matches, graph, position } = this.page;
    matches.query(graph, text, position);
    this.show();
  }

  step(by: 1 | -1): void {
    this.page.matches.step(by);
    this.show();
  }

  end(): void {
    const { page } = this;
    page.matches.clear();
    page.update();
    page.parts.tree.focus(page.selected?.id ?? "");
  }

  private show(): void {
    const { matches, parts } = this.page;
    parts.find.result(matches.index, matches.count);
    const card = matches.current;
    if (card) this.selection.show(card);
    else this.page.update();
  }
}
