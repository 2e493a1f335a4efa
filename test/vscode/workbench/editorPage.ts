/** @file What a person sees of a code editor in the workbench. */
import type { Locator, Page } from "playwright-core";

/** Class of a decoration of ours on a whole line; VS Code names it after the extension's decoration type. */
const HIGHLIGHT = "[class*='TextEditorDecorationType']";

export class EditorPage {
  private readonly editor: Locator;

  constructor(private readonly page: Page) {
    this.editor = page.locator(".editor-instance .monaco-editor").first();
  }

  /** Numbers of the lines that are highlighted. */
  async highlightedLines(highlight = HIGHLIGHT): Promise<number[]> {
    return this.editor.evaluate((editor, highlight) => {
      const tops = [...editor.querySelectorAll<HTMLElement>(".view-overlays > div")]
        .filter((row) => row.querySelector(highlight))
        .map((row) => row.style.top);
      return [...editor.querySelectorAll<HTMLElement>(".margin-view-overlays > div")]
        .filter((row) => tops.includes(row.style.top))
        .map((row) => Number(row.querySelector(".line-numbers")?.textContent));
    }, highlight);
  }

  /** Texts of the CodeLenses on screen, as they are read. */
  async lenses(): Promise<string[]> {
    const texts = await this.editor.locator(".codelens-decoration").allTextContents();
    return texts.map((text) => text.replaceAll("\u00a0", " ").trim());
  }

  lens(text: string | RegExp): Locator {
    return this.editor.locator(".codelens-decoration", { hasText: text }).first();
  }

  /** Puts the cursor at the end of a line. */
  async goTo(line: number): Promise<void> {
    await this.page.keyboard.press("ControlOrMeta+1");
    await this.page.keyboard.press("Control+G");
    const input = this.page.locator(".quick-input-widget:not([style*='display: none']) input[type='text']");
    await input.fill(`:${line}`);
    await input.press("Enter");
    await input.waitFor({ state: "hidden" });
    await this.page.locator("[id='status.editor.selection']", { hasText: `Ln ${line},` }).waitFor();
    await this.page.keyboard.press("End");
  }
}
