/** @file The graph page in a webview, whoever opened it: what it asks is answered by a host, what it is told waits until it listens. */
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { pageHtml } from "../protocol/page.js";
import {
  type FromView,
  type NodeDetail,
  type Outline,
  type PassView,
  type ToView,
  VIEW_VERSION,
  type ViewSettings,
} from "../protocol/view.js";
import { fromView } from "./viewMessages.js";

/** What people do in a page. */
export interface PageActions {
  reveal(message: Extract<FromView, { type: "reveal" }>): Promise<void>;
  selected(pass: number, node: number | null): Promise<void>;
  /** A pass is drawn now, which a person may have chosen. */
  looked(pass: number): void;
  run(): Promise<void>;
  stop(): Promise<void>;
  export(format: string, content: string | undefined): Promise<void>;
  debug(command: Extract<FromView, { type: "debug" }>["command"]): Promise<void>;
  goTo(pass: number, step: number): Promise<void>;
}

export interface PageHost {
  readonly actions: PageActions | null;
  settings(): ViewSettings;
  /** null where nothing has been run. */
  outline(): Outline | null;
  pass(index: number): PassView | null;
  detail(pass: number, node: number): NodeDetail | null;
  failed(error: unknown): void;
}

export class GraphPage {
  /** The page listens; before that, messages would be lost. */
  #ready = false;
  /** What to tell the page once it listens: the latest of each kind. */
  readonly #waiting = new Map<ToView["type"], ToView>();
  /** The run that the page has been told a pass of. */
  #shown: string | null = null;

  constructor(
    private readonly extension: vscode.Uri,
    private readonly webview: vscode.Webview,
    private readonly host: PageHost,
  ) {
    const dist = vscode.Uri.joinPath(extension, "dist");
    webview.options = { enableScripts: true, localResourceRoots: [dist] };
    webview.onDidReceiveMessage((message) => this.#receive(message));
    this.load();
  }

  /** Starts the page afresh, with nothing in it. */
  load(): void {
    const { webview } = this;
    const resource = (file: string) => ({
      href: `${webview.asWebviewUri(vscode.Uri.joinPath(this.extension, "dist", file))}`,
    });
    this.#ready = false;
    this.#shown = null;
    webview.html = pageHtml({
      title: "Gradwalk",
      script: resource("webview.js"),
      style: resource("webview.css"),
      nonce: randomBytes(16).toString("hex"),
      cspSource: webview.cspSource,
    });
  }

  get ready(): boolean {
    return this.#ready;
  }

  tell(message: ToView): void {
    if (this.#ready) void this.webview.postMessage(message);
    else this.#waiting.set(message.type, message);
  }

  /** Of no use to a page that does not listen yet: it will ask for the whole. */
  tellIfReady(message: ToView): void {
    if (this.#ready) this.tell(message);
  }

  tellSettings(): void {
    this.tell({ type: "settings", settings: this.host.settings() });
  }

  /** Where there is nothing left to tell of, the page starts afresh. */
  tellOutline(): void {
    const outline = this.host.outline();
    if (outline) this.#tellOutline(outline);
    else if (this.#ready) this.load();
  }

  /** A run's first pass to be seen goes along, which saves the page from asking for it. */
  #tellOutline(outline: Outline): void {
    // It will ask for what is there when it listens.
    if (!this.#ready) return;
    const last = outline.passes.findLastIndex(({ kept }) => kept);
    const pass = this.#shown === outline.run || last < 0 ? null : this.host.pass(last);
    if (pass) this.#shown = outline.run;
    this.tell(pass ? { type: "outline", outline, pass } : { type: "outline", outline });
  }

  async #receive(raw: unknown): Promise<void> {
    const message = fromView(raw);
    if (!message) {
      this.host.failed(new Error(`the graph page sent ${JSON.stringify(raw)?.slice(0, 200)}`));
      return;
    }
    try {
      await this.#answer(message);
    } catch (error) {
      if ("id" in message) this.tell({ type: "error", id: message.id, message: String(error) });
      else this.host.failed(error);
    }
  }

  async #answer(message: FromView): Promise<void> {
    const { actions } = this.host;
    switch (message.type) {
      case "ready":
        return this.#start(message.version);
      case "getPass":
        return this.#answerPass(message.id, message.index);
      case "getNode":
        return this.#answerNode(message.id, message.pass, message.node);
      case "reveal":
        return actions?.reveal(message);
      case "selected":
        return actions?.selected(message.pass, message.node);
      case "laidOut":
        return actions?.looked(message.pass);
      case "run":
        return actions?.run();
      case "stop":
        return actions?.stop();
      case "export":
        return actions?.export(message.format, message.content);
      case "debug":
        return actions?.debug(message.command);
      case "goTo":
        return actions?.goTo(message.pass, message.step);
    }
  }

  #start(version: number): void {
    if (version !== VIEW_VERSION) {
      throw new Error(
        `the graph page speaks version ${version}, this extension ${VIEW_VERSION}; reload the window`,
      );
    }
    this.#ready = true;
    this.tellSettings();
    const outline = this.host.outline();
    if (outline) this.#tellOutline(outline);
    for (const message of this.#waiting.values()) this.tell(message);
    this.#waiting.clear();
  }

  #answerPass(id: number, index: number): void {
    const pass = this.host.pass(index);
    if (pass) this.tell({ type: "pass", id, pass });
    else this.tell({ type: "error", id, message: `Pass ${index + 1} is not kept any more.` });
  }

  #answerNode(id: number, pass: number, node: number): void {
    const detail = this.host.detail(pass, node);
    if (detail) this.tell({ type: "node", id, detail });
    else this.tell({ type: "error", id, message: `Node ${node} of pass ${pass + 1} is not kept any more.` });
  }
}
