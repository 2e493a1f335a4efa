/** @file What VS Code loads of the extension: the rest of it, with what V8 compiled of that the last time. */
import { join } from "node:path";
import type { ExtensionContext } from "vscode";
import { loadCode } from "../code/loadCode.js";
import type * as extension from "./extension.js";

/** By then the first things have been done with it, which are what the next start needs. Milliseconds. */
const KEEP_AFTER = 10_000;

const { exports, keep } = loadCode(join(__dirname, "extension.code.js"), require);

export function activate(context: ExtensionContext): void {
  (exports as typeof extension).activate(context);
  if (keep === null) return;
  const timer = setTimeout(keep, KEEP_AFTER).unref();
  context.subscriptions.push({ dispose: () => clearTimeout(timer) });
}
