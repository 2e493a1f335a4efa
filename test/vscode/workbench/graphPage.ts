/** @file The graph page as a person with a screen reader meets it: through its ARIA tree, not its pixels. */
import type { Locator } from "playwright-core";
import type { Workbench } from "../host/workbench.js";

export class GraphPage {
  constructor(private readonly workbench: Workbench) {}

  get nodes(): Locator {
    return this.workbench.graph.getByRole("treeitem");
  }

  node(name: RegExp): Locator {
    return this.workbench.graph.getByRole("treeitem", { name }).first();
  }

  /** What is read out of every node. */
  async names(): Promise<string[]> {
    return this.nodes.evaluateAll((items) => items.map((item) => item.getAttribute("aria-label") ?? ""));
  }

  /** What is read out of the node that runs next. */
  async current(): Promise<string[]> {
    return (await this.names()).filter((name) => /\bcurrent step\b/.test(name));
  }

  /** Where the debugger stands, in the word of the panel; empty where there is none. */
  async live(): Promise<string> {
    const indicator = this.workbench.graph.locator(".gw-live");
    return (await indicator.isVisible()) ? ((await indicator.textContent()) ?? "") : "";
  }

  /** Presses a button of the panel. */
  async press(name: string): Promise<void> {
    await this.workbench.graph.getByRole("button", { name, exact: true }).click();
  }

  async selected(): Promise<string[]> {
    const items = this.workbench.graph.locator("[role='treeitem'][aria-selected='true']");
    return items.evaluateAll((found) => found.map((item) => item.getAttribute("aria-label") ?? ""));
  }
}
