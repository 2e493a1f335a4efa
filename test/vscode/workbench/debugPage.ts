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

  /**
   * Writes another value into a row of the variables pane; once more where the pane is drawn anew meanwhile, which
   * takes VS Code's field away.
   */
  async change(variable: RegExp, value: string): Promise<void> {
    const input = this.page.locator(".inputBoxContainer input").locator("visible=true");
    for (let attempt = 1; ; attempt++) {
      await this.choose(variable, "Set Value");
      try {
        await input.fill(value, { timeout: 10_000 });
        break;
      } catch (error) {
        if (attempt === 3) throw error;
        await this.page.keyboard.press("Escape");
      }
    }
    await input.press("Enter");
    await input.waitFor({ state: "detached" });
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
