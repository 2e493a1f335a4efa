/** @file What the search found, and which of it is looked at. */
import type { Card, Graph } from "../model/graph.js";
import { search } from "../model/search.js";

export class Matches {
  private found: readonly Card[] | null = null;
  private at = 0;

  /** Without words there is no search. */
  query(graph: Graph | null, text: string, position: number): void {
    this.found = graph && text.trim() !== "" ? search(graph, text, position) : null;
    this.at = 0;
  }

  clear(): void {
    this.found = null;
  }

  step(by: 1 | -1): void {
    if (this.found && this.found.length > 0) this.at = (this.at + by + this.found.length) % this.found.length;
  }

  get index(): number {
    return this.at;
  }

  get count(): number {
    return this.found?.length ?? 0;
  }

  get current(): Card | null {
    return this.found?.[this.at] ?? null;
  }

  /** null without a search. */
  get ids(): ReadonlySet<string> | null {
    return this.found && new Set(this.found.map((card) => card.id));
  }
}
