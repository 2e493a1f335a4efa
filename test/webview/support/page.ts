/** @file Opens the built graph page in a browser: over an embedded trace, or over a host made of messages. */
import { EventEmitter, once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { TraceDocument } from "../../../src/protocol/export.js";
import { pageHtml } from "../../../src/protocol/page.js";
import type { FromView, PassView, ToView, ViewSettings } from "../../../src/protocol/view.js";
import { EmbeddedTrace } from "../../../webview/document.js";
import { launchChromium } from "../../support/chromium.js";
import { DIST } from "../../support/paths.js";

const NONCE = "0123456789abcdef0123456789abcdef";

/** The page's HTML from the bundles in dist/, or in the folder that GRADWALK_DIST names. */
function html(trace?: string): string {
  const dist = process.env.GRADWALK_DIST ?? DIST;
  const text = (name: string) => readFileSync(join(dist, name), "utf8");
  const parts = { script: { text: text("webview.js") }, style: { text: text("webview.css") } };
  return pageHtml({ title: "graph", ...parts, nonce: NONCE, ...(trace !== undefined && { trace }) });
}

export interface OpenPage {
  readonly page: Page;
  /** Console errors and uncaught exceptions so far; a policy's refusals are among them. */
  readonly errors: string[];
}

export interface HostPage extends OpenPage {
  /** What the page has posted so far. */
  posted(): readonly FromView[];
  /** All messages of a type, once the page has posted as many. */
  heard<T extends FromView["type"]>(type: T, count?: number): Promise<Extract<FromView, { type: T }>[]>;
  send(message: ToView): Promise<void>;
  /** From now on, this is what a pass is: another run's. */
  answerPasses(pass: PassView): void;
}

/** A browser and the files of its pages, for a suite. */
export class Lab {
  private readonly folder = mkdtempSync(join(tmpdir(), "gradwalk-page-"));
  private count = 0;

  private constructor(private readonly browser: Browser) {}

  static async open(): Promise<Lab> {
    return new Lab(await launchChromium());
  }

  /** Pages that stay open would slow down those that follow. */
  async closePages(): Promise<void> {
    await Promise.all(this.browser.contexts().map((context) => context.close()));
  }

  async close(): Promise<void> {
    await this.browser.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Ready and laid out. */
  async trace(trace: TraceDocument | string, options: BrowserContextOptions = {}): Promise<OpenPage> {
    const text = typeof trace === "string" ? trace : JSON.stringify(trace);
    const opened = await this.page(options);
    await opened.page.goto(this.file(html(text)));
    await ready(opened.page);
    return opened;
  }

  /** Like a webview: every request is answered from the trace, in a process of its own. */
  async host(trace: TraceDocument | null, settings: Partial<ViewSettings> = {}): Promise<HostPage> {
    const opened = await this.page({});
    const { page } = opened;
    const posted = new Posted();
    const source = trace && new EmbeddedTrace(trace);
    let other: PassView | null = null;
    await page.exposeFunction("hostReceives", async (message: FromView) => {
      posted.add(message);
      const answer =
        message.type === "getPass" && other
          ? ({ type: "pass", id: message.id, pass: other } as const)
          : answerOf(source, message);
      if (answer) await send(page, answer);
    });
    await page.addInitScript({ content: HOST });
    await page.goto(this.file(html()));
    await send(page, {
      type: "settings",
      settings: { canReveal: true, canRun: true, canStep: true, ...settings },
    });
    if (source) {
      await send(page, { type: "outline", outline: source.outline() });
      await ready(page);
    }
    return {
      ...opened,
      posted: () => posted.all,
      heard: (type, count) => posted.heard(type, count),
      send: (message) => send(page, message),
      answerPasses: (pass) => {
        other = pass;
      },
    };
  }

  private async page(options: BrowserContextOptions): Promise<OpenPage> {
    const context = await this.browser.newContext({ viewport: { width: 1100, height: 900 }, ...options });
    const page = await context.newPage();
    const errors: string[] = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) errors.push(message.text());
    });
    page.on("pageerror", (error) => errors.push(String(error)));
    return { page, errors };
  }

  private file(content: string): string {
    const path = join(this.folder, `${this.count++}.html`);
    writeFileSync(path, content);
    return pathToFileURL(path).href;
  }
}

/** A page's messages, to be waited for. */
class Posted {
  readonly all: FromView[] = [];
  private readonly added = new EventEmitter();

  add(message: FromView): void {
    this.all.push(message);
    this.added.emit("message");
  }

  async heard<T extends FromView["type"]>(type: T, count = 1): Promise<Extract<FromView, { type: T }>[]> {
    const ours = (message: FromView): message is Extract<FromView, { type: T }> => message.type === type;
    while (this.all.filter(ours).length < count)
      await once(this.added, "message", { signal: AbortSignal.timeout(15_000) }).catch((error: unknown) => {
        throw new Error(`the page never posted ${count} × ${type}`, { cause: error });
      });
    return this.all.filter(ours);
  }
}

/** VS Code's side of a webview, as far as the page sees it; its state outlives reloads. */
const HOST = `
  window.acquireVsCodeApi = () => ({
    getState: () => history.state ?? undefined,
    setState: (next) => { history.replaceState(JSON.parse(JSON.stringify(next)), ""); return next; },
    postMessage: (message) => void window.hostReceives(JSON.parse(JSON.stringify(message))),
  });
`;

function answerOf(source: EmbeddedTrace | null, message: FromView): ToView | null {
  if (message.type === "getPass") {
    const pass = source?.pass(message.index);
    return pass
      ? { type: "pass", id: message.id, pass }
      : { type: "error", id: message.id, message: "no such pass" };
  }
  if (message.type === "getNode") {
    const detail = source?.node(message.pass, message.node);
    return detail
      ? { type: "node", id: message.id, detail }
      : { type: "error", id: message.id, message: "no such node" };
  }
  return null;
}

async function send(page: Page, message: ToView): Promise<void> {
  await page.evaluate((data) => window.postMessage(data, "*"), message);
}

export async function ready(page: Page): Promise<void> {
  await page.waitForSelector('[data-gradwalk-ready="true"]', { timeout: 15_000 });
}

/** Texts of the accessible tree, in its order. */
export function treeTexts(page: Page): Promise<string[]> {
  return page
    .getByRole("treeitem")
    .evaluateAll((items) => items.map((item) => item.getAttribute("aria-label") ?? ""));
}
