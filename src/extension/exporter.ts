/** @file Saves the shown run: as JSON for tools, as one HTML file to look at, or the picture that the page drew. */
import { randomBytes } from "node:crypto";
import { basename, dirname, extname, join } from "node:path";
import * as vscode from "vscode";
import { pageHtml } from "../protocol/page.js";
import { HumanError, nothingToExport } from "./errors.js";
import type { RunController, Shown } from "./runController.js";

const FORMATS = {
  json: "JSON, for tools and for opening it again",
  html: "HTML, one page that shows the graph in any browser",
} as const;

type Format = keyof typeof FORMATS;

/** What may be said instead of being asked. */
export interface ExportRequest {
  readonly format?: string;
  readonly target?: vscode.Uri;
  /** Text that the page made (a picture), with its format. */
  readonly content?: string;
  /** What to export; what is shown by default. */
  readonly shown?: Shown;
}

export class Exporter {
  constructor(
    private readonly extension: vscode.Uri,
    private readonly runs: RunController,
  ) {}

  /** Resolves to the file written, null when the person thought better of it. */
  async export(request: ExportRequest = {}): Promise<vscode.Uri | null> {
    const shown = request.shown ?? this.runs.shown;
    if (!shown) throw nothingToExport();
    const format = request.format ?? (await askFormat());
    if (!format) return null;
    const bytes =
      request.content === undefined ? await this.#render(format, shown) : picture(request.content);
    const target = request.target ?? (await askTarget(shown.program.path, format));
    if (!target) return null;
    await vscode.workspace.fs.writeFile(target, bytes);
    return target;
  }

  async #render(format: string, { session, program }: Shown): Promise<Uint8Array> {
    const json = JSON.stringify(session.document(program.cwd));
    if (format === "json") return new TextEncoder().encode(`${json}\n`);
    if (format !== "html")
      throw new HumanError(`A graph can be exported as json or html, not as "${format}".`);
    const [script, style] = await Promise.all([this.#dist("webview.js"), this.#dist("webview.css")]);
    const nonce = randomBytes(16).toString("hex");
    const title = `Graph: ${basename(program.path)}`;
    return new TextEncoder().encode(
      pageHtml({ title, script: { text: script }, style: { text: style }, nonce, trace: json }),
    );
  }

  async #dist(file: string): Promise<string> {
    const uri = vscode.Uri.joinPath(this.extension, "dist", file);
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  }
}

/** A picture comes as text (SVG) or as a data URI (PNG). */
function picture(content: string): Uint8Array {
  const data = /^data:[^,]*;base64,(.*)$/s.exec(content)?.[1];
  return data === undefined ? new TextEncoder().encode(content) : Buffer.from(data, "base64");
}

async function askFormat(): Promise<Format | undefined> {
  const items = Object.entries(FORMATS).map(([format, detail]) => ({
    label: format.toUpperCase(),
    detail,
    format,
  }));
  const chosen = await vscode.window.showQuickPick(items, { title: "Export Graph" });
  return chosen?.format as Format | undefined;
}

/** Of formats whose files are not named after them. */
const SUFFIXES: Readonly<Record<string, string>> = { json: "gradwalk.json", mermaid: "mmd" };

async function askTarget(program: string, format: string): Promise<vscode.Uri | undefined> {
  const name = basename(program, extname(program));
  const suffix = SUFFIXES[format] ?? format;
  return vscode.window.showSaveDialog({
    title: "Export Graph",
    defaultUri: vscode.Uri.file(join(dirname(program), `${name}.${suffix}`)),
    filters: { [format.toUpperCase()]: [suffix] },
  });
}
