/** @file Errors of loading, placed on the line that a person has to look at. */
import { basename, dirname } from "node:path";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import type { Diagnostic } from "../../instrument/sites.js";
import type { Place, Sources } from "../sources.js";

/** An error whose stack is the one place that matters. */
export function placed<T extends Error>(error: T, name: string, sources: Sources, place: Place | null): T {
  const at = place === null ? "" : `\n    at ${place.file}:${place.line}:${place.column}`;
  Object.defineProperty(error, "stack", {
    value: `${name}: ${error.message}${at}`,
    writable: true,
    configurable: true,
  });
  if (place !== null) sources.setPlace(error, place);
  return error;
}

export function syntaxError(sources: Sources, file: string, diagnostic: Diagnostic): SyntaxError {
  const { line, column } = diagnostic;
  return placed(new SyntaxError(diagnostic.message), "SyntaxError", sources, { file, line, column });
}

/**
 * V8's own complaints about compiled scripts begin with the place (`file:line`, the line, a caret), which
 * `map` leads back from. Leaves other errors as they are.
 */
export function placeCompileError(map: string, file: string, error: unknown, sources: Sources): unknown {
  if (!(error instanceof SyntaxError) || typeof error.stack !== "string") return error;
  const lines = error.stack.split("\n");
  const at = /:(\d+)$/.exec(lines[0] ?? "");
  if (at === null) return error;
  const column = lines.find((line) => /^\s*\^+\s*$/.test(line))?.indexOf("^") ?? 0;
  const found = originalPositionFor(new TraceMap(map), { line: Number(at[1]), column });
  const place = found.line === null ? null : { file, line: found.line, column: found.column + 1 };
  return placed(error, "SyntaxError", sources, place);
}

/** An import of a name that its module doesn't export; V8 doesn't say who imports it. */
export function placeLinkError(sources: Sources, error: unknown): unknown {
  if (!(error instanceof SyntaxError) || sources.placeOf(error) !== null) return error;
  const match = /requested module '(.*)' does not provide an export named '(.*)'/.exec(error.message);
  if (match === null) return error;
  for (const file of sources.files()) {
    const place = importPlace(sources, file, match[1]!);
    const named = new RegExp(`\\b${match[2]!.replace(/\$/g, "\\$")}\\b`);
    if (place !== null && named.test(sources.text(file)!))
      return placed(error, "SyntaxError", sources, place);
  }
  return error;
}

/** Where a file imports or requires `specifier`. */
export function importPlace(sources: Sources, file: string, specifier: string): Place | null {
  const text = sources.text(file);
  if (text === null) return null;
  const quoted = specifier.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const pattern = new RegExp(
    `(?:\\bfrom|\\bimport|\\brequire)\\s*(?:\\(\\s*)?(?:/\\*.*?\\*/\\s*)?(["'\`])${quoted}\\1`,
  );
  const found = pattern.exec(text);
  if (found === null) return null;
  const start = found.index + found[0].length - specifier.length - 2;
  const before = text.slice(0, start).split(/\r\n|\r|\n/);
  return { file, line: before.length, column: before.at(-1)!.length + 1 };
}

/** Node's error for a module that isn't there, with the line of the import and what was tried. */
export function missingModule(
  sources: Sources,
  specifier: string,
  from: string,
  tried: readonly string[],
): Error {
  const place = importPlace(sources, from, specifier);
  const line = place === null ? "" : `, line ${place.line}`;
  const remedy = tried.length > 0 ? ` Tried ${listed(tried)}.` : ` ${packageRemedy(specifier)}`;
  const error = new Error(`Cannot find module '${specifier}' imported from ${from}${line}.${remedy}`);
  Object.assign(error, { code: "ERR_MODULE_NOT_FOUND" });
  return placed(error, "Error [ERR_MODULE_NOT_FOUND]", sources, place);
}

function packageRemedy(specifier: string): string {
  const name = /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
  if (name.startsWith("#")) return 'No "imports" entry of package.json and no path of tsconfig.json maps it.';
  return `No package '${name}' is installed in a node_modules folder here or above; install it (npm install ${name}), or begin the path with ./ if it is a file of yours.`;
}

function listed(paths: readonly string[]): string {
  const folder = dirname(paths[0]!);
  const near = paths.filter((path) => dirname(path) === folder).map((path) => basename(path));
  const far = paths.filter((path) => dirname(path) !== folder);
  return [`${near.join(", ")} in ${folder}`, ...far].join(", ");
}
