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

  /** Writes another value into a row of the variables pane. */
  async change(variable: RegExp, value: string): Promise<void> {
    await this.choose(variable, "Set Value");
    const input = this.page.locator(".inputBoxContainer input").locator("visible=true");
    await input.fill(value);
    await input.press("Enter");
    await input.waitFor({ state: "detached" });
  }

  /**
   * Chooses an entry of a variable's context menu, by keys: VS Code's menus take no notice of the mouse in the
   * 100 ms after they open, lest the press that opened them choose something, and a test is that fast.
   */
  async choose(variable: RegExp, entry: string): Promise<void> {
    await this.variable(variable).click({ button: "right" });
    const menu = this.page.locator(".monaco-menu");
    await menu.locator(":focus").first().waitFor();
    const chosen = menu.locator(".action-item.focused", { hasText: entry });
    const entries = await menu.locator(".action-item").count();
    for (let at = 0; at < entries && (await chosen.count()) === 0; at++) {
      await this.page.keyboard.press("ArrowDown");
    }
    await chosen.press("Enter");
  }

  async callStack(): Promise<string[]> {
    return texts(this.page.locator(".debug-call-stack .monaco-list-row"));
  }
}

async function texts(rows: Locator): Promise<string[]> {
  const all = await rows.allTextContents();
  return all.map((text) => text.replaceAll("\u00a0", " ").trim());
}
