/**
 * @file The runner process's beginning: the watching thread starts while this one loads the library and the
 * compiler (main.ts), which then wait for a program.
 */
import { join } from "node:path";
import { loadCode } from "../code/loadCode.js";
import { createCell } from "./cell.js";
import { Mailbox } from "./mailbox.js";
import type * as main from "./main.js";
import type { NodeModules } from "./modules/packages.js";

/** @param url of the runner's module; `resolve` is its `import.meta.resolve` */
export function begin(url: string, resolve: NodeModules["resolve"]): void {
  const cell = createCell();
  const mailbox = new Mailbox(cell, join(__dirname, "runner-watch.cjs"));
  const { exports, keep } = loadCode(join(__dirname, "runner.code.js"), require);
  (exports as typeof main).start({
    cell,
    mailbox,
    node: { url, resolve, load: (module) => import(module) },
    keep,
  });
}
