/** @file A window without motion: spinners have every frame of it drawn, by the processor that tests need. */
import type { Page } from "playwright-core";

/** What turns or runs for as long as something is busy. Transitions stay: parts of the workbench wait for their end. */
const STILL = ".codicon, .progress-bit, .codicon::before { animation: none !important; }";

/** From the next document on, in frames too. */
export async function withoutMotion(page: Page): Promise<void> {
  await page.addInitScript((css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }, STILL);
}
