/** @file One self-contained page with the interactive graph: the webview's bundle with the trace inside. */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { TraceDocument } from "../protocol/export.js";
import { pageHtml } from "../protocol/page.js";

export async function htmlPage(document: TraceDocument): Promise<string> {
  const [script, style] = await Promise.all([bundled("webview.js"), bundled("webview.css")]);
  return pageHtml({
    title: `${basename(document.program.file)} · Gradwalk`,
    script: { text: script },
    style: { text: style },
    nonce: randomBytes(16).toString("hex"),
    trace: JSON.stringify(document),
  });
}

/** The page's parts stand beside the command's own bundle. */
function bundled(name: string): Promise<string> {
  return readFile(new URL(name, import.meta.url), "utf8");
}
