/** @file What a person sees and presses of VS Code's debugger: the toolbar, the variables, the call stack. */
import type { Locator, Page } from "playwright-core";

export type DebugButton = "Continue" | "Step Over" | "Step Back" | "Reverse" | "Stop" | "Restart";

export class DebugPage {
  constructor(private readonly page: Page) {}

  get toolbar(): Locator {
    return this.page.locator(".debug-toolbar");
  }

  /** Presses a button of the toolbar as soon as it can be pressed. */
  async press(name: DebugButton): Promise<void> {
    await this.toolbar.locator(`.action-item:not(.disabled) .action-label[aria-label^="${name}"]`).click();
  }

  /** The rows of the variables pane on screen, as they are read. */
  async variables(): Promise<string[]> {
    return texts(this.page.locator(".debug-variables .monaco-list-row"));
  }

  private variable(text: RegExp): Locator {
    return this.page.locator(".debug-variables .monaco-list-row", { hasText: text }).first();
  }

  /** Chooses an entry of a variable's context menu. */
  async choose(variable: RegExp, entry: string): Promise<void> {
    await this.variable(variable).click({ button: "right" });
    await this.page.locator(".monaco-menu .action-label", { hasText: entry }).click();
  }

  async callStack(): Promise<string[]> {
    return texts(this.page.locator(".debug-call-stack .monaco-list-row"));
  }
}

async function texts(rows: Locator): Promise<string[]> {
  const all = await rows.allTextContents();
  return all.map((text) => text.replaceAll("\u00a0", " ").trim());
}
