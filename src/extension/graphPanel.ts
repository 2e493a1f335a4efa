/** @file The graph beside the editor: a webview that draws what the session answers. */
import { randomBytes } from "node:crypto";
import { basename } from "node:path";
import * as vscode from "vscode";
import { pageHtml } from "../protocol/page.js";
import {
  type FromView,
  type PassView,
  type Position,
  type ToView,
  VIEW_VERSION,
  type ViewStep,
} from "../protocol/view.js";
import type { RunController } from "./runController.js";
import { fromView } from "./viewMessages.js";

export const VIEW_TYPE = "gradwalk.graph";

/** What a page asks of the rest of the extension. */
export interface PanelActions {
  reveal(message: Extract<FromView, { type: "reveal" }>): Promise<void>;
  selected(pass: number, node: number | null): Promise<void>;
  /** A pass is drawn now, which a person may have chosen. */
  looked(pass: number): void;
  run(): Promise<void>;
  stop(): Promise<void>;
  export(format: string, content: string | undefined): Promise<void>;
  debug(command: Extract<FromView, { type: "debug" }>["command"]): Promise<void>;
  goTo(pass: number, step: number): Promise<void>;
  /** A pass as a debugger knows it, better than the session; null where it does not. */
  pass(index: number): PassView | null;
  failed(error: unknown): void;
}

export class GraphPanel implements vscode.WebviewPanelSerializer, vscode.Disposable {
  #panel: vscode.WebviewPanel | null = null;
  /** The page listens; before that, messages would be lost. */
  #ready = false;
  #actions: PanelActions | null = null;
  /** What to tell the page once it listens: the latest of each kind. */
  readonly #waiting = new Map<ToView["type"], ToView>();
  readonly #subscriptions: vscode.Disposable[];

  constructor(
    private readonly extension: vscode.Uri,
    private readonly runs: RunController,
  ) {
    this.#subscriptions = [
      vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, this),
      runs.onDidChange(() => this.#sendOutline()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#sendSettings()),
    ];
  }

  /** Says who does what a page asks for; asked of none before. */
  connect(actions: PanelActions): void {
    this.#actions = actions;
  }

  /** Opens the panel beside the editor, or brings it to the front; the editor keeps the focus. */
  show(): void {
    if (this.#panel) {
      if (!this.#panel.visible) this.#panel.reveal(undefined, true);
      return;
    }
    const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    this.#adopt(
      vscode.window.createWebviewPanel(VIEW_TYPE, "Graph", place, { retainContextWhenHidden: true }),
    );
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    this.#panel?.dispose();
    this.#adopt(panel);
  }

  /** Highlights the nodes made on a line, which counts as the text that ran counts it. */
  cursor(file: string, line: number, column: number): void {
    this.#post({ type: "cursor", file, line, column });
  }

  select(pass: number, node: number): void {
    this.#post({ type: "select", pass, node });
  }

  position(position: Position | null): void {
    this.#post({ type: "position", position });
  }

  /** The steps of a pass from one on; a page that does not listen yet will ask for the whole pass. */
  steps(pass: number, from: number, steps: readonly ViewStep[]): void {
    if (this.#ready) this.#post({ type: "steps", pass, from, steps });
  }

  passChanged(pass: number): void {
    if (this.#ready) this.#post({ type: "passChanged", pass });
  }

  #adopt(panel: vscode.WebviewPanel): void {
    const dist = vscode.Uri.joinPath(this.extension, "dist");
    const media = vscode.Uri.joinPath(this.extension, "media");
    this.#panel = panel;
    this.#ready = false;
    panel.iconPath = {
      light: vscode.Uri.joinPath(media, "graph-light.svg"),
      dark: vscode.Uri.joinPath(media, "graph-dark.svg"),
    };
    panel.webview.options = { enableScripts: true, localResourceRoots: [dist] };
    panel.webview.onDidReceiveMessage((message) => this.#receive(message));
    panel.onDidDispose(() => {
      if (this.#panel === panel) this.#panel = null;
    });
    this.#setTitle();
    panel.webview.html = pageHtml({
      title: "Gradwalk",
      script: { href: `${panel.webview.asWebviewUri(vscode.Uri.joinPath(dist, "webview.js"))}` },
      style: { href: `${panel.webview.asWebviewUri(vscode.Uri.joinPath(dist, "webview.css"))}` },
      nonce: randomBytes(16).toString("hex"),
      cspSource: panel.webview.cspSource,
    });
  }

  #setTitle(): void {
    const path = this.runs.shown?.program.path ?? this.runs.latest?.program.path;
    if (this.#panel) this.#panel.title = path ? `Graph: ${basename(path)}` : "Graph";
  }

  #sendSettings(): void {
    const trusted = vscode.workspace.isTrusted;
    this.#post({ type: "settings", settings: { canReveal: true, canRun: trusted, canStep: trusted } });
  }

  #sendOutline(): void {
    if (!this.#panel) return;
    this.#setTitle();
    const outline = this.runs.outline();
    if (outline) this.#post({ type: "outline", outline });
    else if (this.#ready) this.#adopt(this.#panel);
  }

  #post(message: ToView): void {
    if (!this.#panel) return;
    if (this.#ready) void this.#panel.webview.postMessage(message);
    else this.#waiting.set(message.type, message);
  }

  async #receive(raw: unknown): Promise<void> {
    const message = fromView(raw);
    if (!message) {
      this.#actions?.failed(new Error(`the graph page sent ${JSON.stringify(raw)?.slice(0, 200)}`));
      return;
    }
    try {
      await this.#answer(message);
    } catch (error) {
      if ("id" in message) this.#post({ type: "error", id: message.id, message: String(error) });
      else this.#actions?.failed(error);
    }
  }

  async #answer(message: FromView): Promise<void> {
    switch (message.type) {
      case "ready":
        return this.#start(message.version);
      case "getPass":
        return this.#answerPass(message.id, message.index);
      case "getNode":
        return this.#answerNode(message.id, message.pass, message.node);
      case "reveal":
        return this.#actions?.reveal(message);
      case "selected":
        return this.#actions?.selected(message.pass, message.node);
      case "laidOut":
        return this.#actions?.looked(message.pass);
      case "run":
        return this.#actions?.run();
      case "stop":
        return this.#actions?.stop();
      case "export":
        return this.#actions?.export(message.format, message.content);
      case "debug":
        return this.#actions?.debug(message.command);
      case "goTo":
        return this.#actions?.goTo(message.pass, message.step);
    }
  }

  #start(version: number): void {
    if (version !== VIEW_VERSION) {
      throw new Error(
        `the graph page speaks version ${version}, this extension ${VIEW_VERSION}; reload the window`,
      );
    }
    this.#ready = true;
    this.#sendSettings();
    this.#sendOutline();
    this.#waiting.delete("outline");
    for (const message of this.#waiting.values()) this.#post(message);
    this.#waiting.clear();
  }

  #answerPass(id: number, index: number): void {
    const pass = this.#actions?.pass(index) ?? this.runs.shown?.session.pass(index);
    if (pass) this.#post({ type: "pass", id, pass });
    else this.#post({ type: "error", id, message: `Pass ${index + 1} is not kept any more.` });
  }

  #answerNode(id: number, pass: number, node: number): void {
    const detail = this.runs.shown?.session.nodeDetail(pass, node);
    if (detail) this.#post({ type: "node", id, detail });
    else this.#post({ type: "error", id, message: `Node ${node} of pass ${pass + 1} is not kept any more.` });
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#panel?.dispose();
  }
}
