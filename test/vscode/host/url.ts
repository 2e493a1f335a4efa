/** @file Addresses of the workbench with an extension under development. */
import { ROOT } from "../../support/paths.js";

export interface WorkbenchOptions {
  /** Folder, or workspace file of several folders, to open; none opens an empty window. */
  readonly folder?: string;
  /** File to open in an editor. */
  readonly file?: string;
  /** Module whose `run()` is called in the extension host. */
  readonly tests?: string;
  /** false: the editor alone, to compare with. */
  readonly extension?: boolean;
}

export function workbenchUrl(port: number, options: WorkbenchOptions): string {
  const payload: string[][] = [];
  if (options.extension !== false) payload.push(["extensionDevelopmentPath", remote(port, ROOT)]);
  if (options.tests) payload.push(["extensionTestsPath", remote(port, options.tests)]);
  if (options.file) payload.push(["openFile", remote(port, options.file)]);
  payload.push(["skipWelcome", "true"]);
  const query = new URLSearchParams();
  const several = options.folder?.endsWith(".code-workspace") === true;
  if (options.folder) query.set(several ? "workspace" : "folder", posixPath(options.folder));
  else query.set("ew", "true");
  query.set("payload", JSON.stringify(payload));
  return `http://localhost:${port}/?${query}`;
}

function remote(port: number, path: string): string {
  const encoded = posixPath(path).split("/").map(encodeURIComponent).join("/");
  return `vscode-remote://localhost:${port}${encoded}`;
}

/** As URIs write paths, also on Windows: `/c:/Users/…`. */
function posixPath(path: string): string {
  const slashes = path.replaceAll("\\", "/");
  return slashes.startsWith("/") ? slashes : `/${slashes}`;
}
