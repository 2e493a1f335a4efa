/** @file The real workbench in a browser, for people (`npm start`) and for Playwright. */
import { join } from "node:path";
import type { Browser, BrowserContextOptions, FrameLocator, Locator, Page } from "playwright-core";
import { launchChromium } from "../../support/chromium.js";
import { OUT } from "../../support/paths.js";
import { type Server, type ServerOptions, startServer } from "./server.js";
import { workbenchUrl } from "./url.js";
import type { HostVersion } from "./versions.js";

export interface WorkbenchRequest extends ServerOptions {
  /** Folder to open; none opens an empty window. */
  readonly folder?: string;
  /** File to open in an editor. */
  readonly file?: string;
  readonly headless?: boolean;
  /** false: the editor alone, to compare with. */
  readonly extension?: boolean;
  readonly colorScheme?: "light" | "dark";
  /** The system asks for high contrast. */
  readonly highContrast?: boolean;
  readonly size?: { readonly width: number; readonly height: number };
}

/** One window of the workbench with the extension; `close` ends all that it started. */
export class Workbench {
  private constructor(
    readonly server: Server,
    readonly browser: Browser,
    readonly page: Page,
    /** Of the window as it was opened. */
    readonly url: string,
    private readonly again: string,
  ) {}

  static async open(version: HostVersion, request: WorkbenchRequest = {}): Promise<Workbench> {
    const server = await startServer(version, request);
    try {
      const browser = await launchChromium({ headless: request.headless ?? true });
      const page = await browser.newPage(pageOptions(request));
      const url = workbenchUrl(server.port, request);
      // A window that is told to open a file does not bring back the editors that it had.
      const { file: _, ...rest } = request;
      const workbench = new Workbench(server, browser, page, url, workbenchUrl(server.port, rest));
      await workbench.load(url);
      return workbench;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  /** As "Reload Window" does. */
  async reload(): Promise<void> {
    await this.load(this.again);
  }

  private async load(url: string): Promise<void> {
    await this.page.goto(url);
    await this.page.locator(".monaco-workbench .part.editor").waitFor({ timeout: 60_000 });
    await this.page.locator(".statusbar-item").first().waitFor();
  }

  /** Runs an entry of the command palette, by its full label. */
  async command(label: string): Promise<void> {
    const run = await this.findCommand(label);
    await run();
  }

  /** Finds an entry of the command palette, by its full label, and leaves its choice to the caller. */
  async findCommand(label: string): Promise<() => Promise<void>> {
    await this.page.keyboard.press("F1");
    const input = this.page.locator(".quick-input-widget:not([style*='display: none']) input[type='text']");
    await input.fill(`>${label}`);
    const entry = `.quick-input-list .monaco-list-row[aria-label^="${label}"]`;
    await this.page.locator(entry).first().waitFor();
    // The palette puts what was used last first, among entries that hold the words of the label.
    while ((await this.page.locator(`${entry}.focused`).count()) === 0) await input.press("ArrowDown");
    return () => input.press("Enter");
  }

  /** A CodeLens on screen whose text holds `text`. */
  lens(text: string): Locator {
    return this.page.locator(".codelens-decoration a, .codelens-decoration span", { hasText: text }).first();
  }

  /** Presses "Run and show graph" until the panel opens: VS Code forgets a press while it redraws lenses. */
  async run(lens = "Run and show graph"): Promise<void> {
    const panel = this.page.locator(".tab", { hasText: "Graph:" });
    for (let attempt = 0; attempt < 3; attempt++) {
      await this.lens(lens).click({ timeout: 60_000 });
      const opened = await panel.waitFor({ timeout: 15_000 }).then(
        () => true,
        () => false,
      );
      if (opened) break;
    }
    await this.graphReady();
  }

  /**
   * A message that the extension shows, found in the notification centre: a window that a test drives shows
   * no toasts in the newest version.
   */
  async notification(text: string): Promise<Locator> {
    const message = this.page.locator(".notification-list-item", { hasText: text }).first();
    const bell = this.page.locator("[id='status.notifications']");
    for (let press = 1; ; press++) {
      await bell.click();
      try {
        await message.waitFor({ timeout: 10_000 });
        return message;
      } catch (error) {
        // The bell opens and closes: a message that came while it was closed is there at the next press.
        if (press === 3) throw error;
      }
    }
  }

  /** The graph page, inside the two frames that VS Code puts around a webview. */
  get graph(): FrameLocator {
    return this.page.frameLocator("iframe.webview.ready").frameLocator("#active-frame");
  }

  /** Waits until the graph page has drawn what it was told last; leaves a picture when it never does. */
  async graphReady(): Promise<void> {
    const ready = this.graph.locator("[data-gradwalk-ready='true']");
    await ready.waitFor({ state: "attached", timeout: 60_000 }).catch(async (error: unknown) => {
      const picture = join(OUT, "screenshots", "no-graph.png");
      await this.page.screenshot({ path: picture });
      throw new Error(`the graph page was not drawn, see ${picture}`, { cause: error });
    });
  }

  /** Closes the graph's tab. */
  async closeGraph(): Promise<void> {
    const tab = this.page.locator(".tab", { hasText: "Graph:" });
    await tab.click({ button: "middle" });
    await tab.waitFor({ state: "detached" });
  }

  /** Closes the window as a person does, who leaves whatever VS Code asks. */
  async leave(): Promise<void> {
    this.page.on("dialog", (dialog) => void dialog.accept());
    const closed = this.page.waitForEvent("close");
    await this.page.close({ runBeforeUnload: true });
    await closed;
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
  }
}

function pageOptions(request: WorkbenchRequest): BrowserContextOptions {
  return {
    viewport: request.headless === false ? null : (request.size ?? { width: 1440, height: 900 }),
    colorScheme: request.colorScheme ?? "light",
    forcedColors: request.highContrast ? "active" : "none",
  };
}
