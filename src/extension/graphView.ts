/** @file One panel with a graph: the one that follows whatever is run, or one that is locked to its program. */
import { basename } from "node:path";
import * as vscode from "vscode";
import type { NodeDetail, Outline, PassView } from "../protocol/view.js";
import { GraphPage, type PageActions, type PageHost } from "./graphPage.js";
import type { Shown } from "./runController.js";
import { t } from "./words.js";

/** What a panel is shown by the rest of the extension. */
export interface ViewSource {
  /** Of what is run or shown now; null for a panel that shows something else. */
  current(view: GraphView): { outline(): Outline | null; pass(index: number): PassView | null } | null;
  actions(view: GraphView): PageActions | null;
  failed(error: unknown): void;
}

/** A panel that is locked to a program that has not run in this window. */
function idle(file: string): Outline {
  const program = { file, exit: null, error: null };
  const none = { duration: null, passes: [], problems: [], dropped: null };
  return { run: "", state: "idle", stale: false, program, ...none };
}

export class GraphView implements PageHost {
  readonly page: GraphPage;
  /** What it shows; stays when another program is run that it does not follow. */
  shown: Shown | null = null;
  #lock: string | null;

  constructor(
    extension: vscode.Uri,
    readonly panel: vscode.WebviewPanel,
    private readonly source: ViewSource,
    lock: string | null,
  ) {
    this.#lock = lock;
    const media = vscode.Uri.joinPath(extension, "media");
    panel.iconPath = {
      light: vscode.Uri.joinPath(media, "graph-light.svg"),
      dark: vscode.Uri.joinPath(media, "graph-dark.svg"),
    };
    this.page = new GraphPage(extension, panel.webview, this);
  }

  /** Path of the program that it is locked to. */
  get lock(): string | null {
    return this.#lock;
  }

  set lock(path: string | null) {
    this.#lock = path;
    this.page.tellSettings();
    this.retitle(path);
  }

  /** @param path of the program that it shows; null for none */
  retitle(path: string | null): void {
    const name = path === null ? null : basename(path);
    if (name === null) this.panel.title = t("Graph");
    else this.panel.title = this.#lock === null ? t("Graph: {0}", name) : t("Graph, locked: {0}", name);
  }

  get actions(): PageActions | null {
    return this.source.actions(this);
  }

  settings() {
    const trusted = vscode.workspace.isTrusted;
    return { canReveal: true, canRun: trusted, canStep: trusted, locked: this.#lock };
  }

  outline(): Outline | null {
    const current = this.source.current(this);
    if (current) return current.outline();
    return this.shown?.session.outline() ?? (this.#lock === null ? null : idle(this.#lock));
  }

  pass(index: number): PassView | null {
    return this.source.current(this)?.pass(index) ?? this.shown?.session.pass(index) ?? null;
  }

  detail(pass: number, node: number): NodeDetail | null {
    return this.shown?.session.nodeDetail(pass, node) ?? null;
  }

  failed(error: unknown): void {
    this.source.failed(error);
  }
}
