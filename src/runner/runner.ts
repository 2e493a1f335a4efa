/**
 * @file The runner's module. What it does begins in begin.ts, which Node loads as CommonJS: an ES module pays for
 * a copy of every built-in module that it imports.
 */
import { createRequire } from "node:module";
import type * as beginning from "./begin.js";

const { begin } = createRequire(import.meta.url)("./runner-begin.cjs") as typeof beginning;
// Node's own resolution with a parent, which the launcher's flags switch on.
begin(import.meta.url, import.meta.resolve as (specifier: string, parent: string) => string);
