/** @file Is a file of the user's an ES module or CommonJS? */
import { dirname, extname } from "node:path";
import type { Files } from "./files.js";

/** Import or export at a statement's beginning, or `import.meta`: only ES modules have them. */
const ESM_SYNTAX = /^\s*(?:import\b\s*(?:[\w${*"']|type\b)|export\b\s*(?:[\w{*]|=)?)|\bimport\.meta\b/m;
const CJS_SYNTAX = /\brequire\s*\(|\bmodule\.exports\b|^\s*(?:Object\.defineProperty\()?exports\b/m;
const EXPORT_ASSIGNMENT = /^\s*(?:export\s*=|import\s+\w+\s*=\s*require\s*\()/m;

/**
 * Files are ES modules, except `.cjs` and `.cts`, JavaScript in a package of type commonjs, and files that
 * speak CommonJS only (`require`, `module.exports`, TypeScript's `import x = require()`).
 */
export function formatOf(files: Files, path: string, text: string): "esm" | "cjs" {
  const extension = extname(path);
  if (extension === ".cjs" || extension === ".cts") return "cjs";
  if (extension === ".mjs" || extension === ".mts") return "esm";
  if (EXPORT_ASSIGNMENT.test(text)) return "cjs";
  if (ESM_SYNTAX.test(text)) return "esm";
  const declared = files.readUpwards(dirname(path), "package.json", typeOf)?.value;
  if (declared === "module") return "esm";
  if (declared === "commonjs" && /\.jsx?$/.test(extension)) return "cjs";
  return CJS_SYNTAX.test(text) ? "cjs" : "esm";
}

function typeOf(manifest: string): string | null {
  const type = (JSON.parse(manifest) as { type?: unknown }).type;
  return typeof type === "string" ? type : null;
}

/**
 * Names that a CommonJS module exports, found in its compiled text as Node finds them: assignments to
 * `exports`, property definitions on it, and an object literal given to `module.exports`.
 */
export function exportNames(code: string): string[] {
  const names = new Set<string>();
  for (const [, dotted, quoted] of code.matchAll(
    /\bexports(?:\.([A-Za-z_$][\w$]*)|\[\s*["']([^"']+)["']\s*\])\s*=(?!=)/g,
  )) {
    names.add((dotted ?? quoted)!);
  }
  for (const [, name] of code.matchAll(/Object\.defineProperty\(\s*exports\s*,\s*["']([^"']+)["']/g))
    names.add(name!);
  for (const [, body] of code.matchAll(/\bmodule\.exports\s*=\s*\{([^}]*)\}/g)) {
    for (const [, name] of body!.matchAll(/(?:^|,)\s*(?:["']?([A-Za-z_$][\w$]*)["']?)\s*(?=[,:(]|$)/g))
      names.add(name!);
  }
  names.delete("default");
  names.delete("__esModule");
  return [...names];
}
