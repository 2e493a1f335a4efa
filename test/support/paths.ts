/** @file Where things stand in the checkout. */
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
export const DIST = join(ROOT, "dist");
export const OUT = join(ROOT, "out");
/** Ignored by git; the folder in which @vscode/test-electron keeps its downloads too. */
export const HOSTS = join(ROOT, ".vscode-test");
