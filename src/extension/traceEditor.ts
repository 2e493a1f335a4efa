/**
 * @file Opens a saved trace by double click: a read-only editor with the same page as the panel's. It runs nothing,
 * so it works in a workspace that is not trusted.
 */
import { dirname } from "node:path";
import * as vscode from "vscode";
import { readTrace } from "../adapter/openTrace.js";
import type { Exporter } from "./exporter.js";
import { GraphPage, type PageActions, type PageHost } from "./graphPage.js";
import type { Shown } from "./runController.js";
import type { SourceLinks } from "./sourceLinks.js";

const TRACE_EDITOR = "gradwalk.trace";

interface TraceFile extends vscode.CustomDocument {
  readonly uri: vscode.Uri;
  /** What it holds, or the sentence that says why it can't be read. */
  readonly content: Shown | string;
}

export interface TraceEditorParts {
  readonly links: SourceLinks;
  readonly exporter: Exporter;
  failed(error: unknown): void;
}

export class TraceEditor implements vscode.CustomReadonlyEditorProvider<TraceFile>, vscode.Disposable {
  readonly #registration: vscode.Disposable;

  constructor(
    private readonly extension: vscode.Uri,
    private readonly parts: TraceEditorParts,
  ) {
    this.#registration = vscode.window.registerCustomEditorProvider(TRACE_EDITOR, this, {
      webviewOptions: { retainContextWhenHidden: true },
      supportsMultipleEditorsPerDocument: true,
    });
  }

  async openCustomDocument(uri: vscode.Uri): Promise<TraceFile> {
    return { uri, content: await read(uri), dispose: () => {} };
  }

  resolveCustomEditor({ uri, content }: TraceFile, panel: vscode.WebviewPanel): void {
    const host = new TraceHost(content, this.parts);
    const page = new GraphPage(this.extension, panel.webview, host);
    if (typeof content === "string") page.tell({ type: "error", id: -1, message: content });
    // Written again, e.g. by a run in a terminal.
    const watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(vscode.Uri.joinPath(uri, ".."), uri.path.split("/").pop() ?? ""),
    );
    const reread = async () => {
      host.content = await read(uri);
      if (typeof host.content === "string") page.tell({ type: "error", id: -1, message: host.content });
      else page.tellOutline();
    };
    watcher.onDidChange(reread);
    watcher.onDidCreate(reread);
    panel.onDidDispose(() => watcher.dispose());
  }

  dispose(): void {
    this.#registration.dispose();
  }
}

async function read(uri: vscode.Uri): Promise<Shown | string> {
  const path = uri.fsPath;
  const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath ?? dirname(path);
  try {
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    return { session: readTrace(text, path, folder), program: { uri, path, cwd: folder } };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

class TraceHost implements PageHost {
  readonly actions: PageActions;

  constructor(
    public content: Shown | string,
    { links, exporter, failed }: TraceEditorParts,
  ) {
    this.failed = failed;
    this.actions = {
      reveal: ({ source, focus }) => links.reveal(source, focus),
      selected: async (_pass, node) => {
        if (node === null) links.highlight(null);
      },
      looked: () => {},
      run: async () => {},
      stop: async () => {},
      export: async (format, content) => {
        const shown = this.#shown;
        if (shown) await exporter.export({ format, shown, ...(content !== undefined && { content }) });
      },
      debug: async () => {},
      goTo: async () => {},
    };
  }

  readonly failed: (error: unknown) => void;

  get #shown(): Shown | null {
    return typeof this.content === "string" ? null : this.content;
  }

  settings() {
    return { canReveal: true, canRun: false, canStep: false };
  }

  outline() {
    return this.#shown?.session.outline() ?? null;
  }

  pass(index: number) {
    return this.#shown?.session.pass(index) ?? null;
  }

  detail(pass: number, node: number) {
    return this.#shown?.session.nodeDetail(pass, node) ?? null;
  }
}
