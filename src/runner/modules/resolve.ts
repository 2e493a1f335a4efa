/** @file Which of the user's own files an import means, as TypeScript resolves it. */
import { dirname, extname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Files } from "./files.js";
import type { ProjectConfig } from "./tsconfig.js";

/** Extensions that an import without one may stand for, in TypeScript's order. */
const IMPLIED = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json"];

/** What TypeScript emits these extensions from; the source wins over the output beside it. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  ".js": [".ts", ".tsx"],
  ".jsx": [".tsx"],
  ".mjs": [".mts"],
  ".cjs": [".cts"],
};

/** Extensions of files that are compiled and instrumented. */
export const CODE = /\.[cm]?[jt]sx?$/i;

export type UserFile = { readonly path: string } | { readonly tried: readonly string[] };

/** Is this specifier a path rather than a package's name? */
export function isPath(specifier: string): boolean {
  return /^\.{1,2}(\/|$)/.test(specifier) || specifier.startsWith("file:") || isAbsolute(specifier);
}

/** The absolute path that a path-like specifier names, without query and fragment. */
export function pathOf(specifier: string, from: string): string {
  if (specifier.startsWith("file:")) return fileURLToPath(specifier.replace(/[?#].*$/, ""));
  return resolve(dirname(from), decode(specifier));
}

function decode(specifier: string): string {
  const path = specifier.replace(/[?#].*$/, "");
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** The file that stands for `path`: itself, its TypeScript source, with an extension, or an index. */
export function findFile(files: Files, path: string): UserFile {
  const tried: string[] = [];
  for (const candidate of candidates(path)) {
    if (files.isFile(candidate)) return { path: candidate };
    tried.push(candidate);
  }
  if (files.isDirectory(path)) {
    for (const candidate of indexes(files, path)) {
      if (files.isFile(candidate)) return { path: candidate };
      tried.push(candidate);
    }
  }
  return { tried };
}

function* candidates(path: string): Generator<string> {
  const extension = extname(path);
  for (const source of SOURCES[extension] ?? []) yield path.slice(0, -extension.length) + source;
  yield path;
  if (!CODE.test(path)) for (const implied of IMPLIED) yield path + implied;
}

function* indexes(files: Files, folder: string): Generator<string> {
  const manifest = join(folder, "package.json");
  if (files.isFile(manifest)) {
    const main = mainOf(files.read(manifest));
    if (main !== null) yield* candidates(resolve(folder, main));
  }
  for (const implied of IMPLIED) yield join(folder, `index${implied}`);
}

function mainOf(manifest: string): string | null {
  try {
    const main: unknown = (JSON.parse(manifest) as { main?: unknown }).main;
    return typeof main === "string" ? main : null;
  } catch {
    return null;
  }
}

/** What `paths` and `baseUrl` of tsconfig.json make of a specifier; null where they have no say. */
export function findMapped(files: Files, config: ProjectConfig, specifier: string): UserFile | null {
  const tried: string[] = [];
  const attempt = (path: string): UserFile | null => {
    const found = findFile(files, path);
    if ("path" in found) return found;
    tried.push(...found.tried);
    return null;
  };
  const match = config.pathsBase === null ? null : bestMatch(Object.keys(config.paths), specifier);
  if (match !== null && config.pathsBase !== null) {
    for (const target of config.paths[match.pattern] ?? []) {
      const found = attempt(
        resolve(
          config.pathsBase,
          target.replace("*", () => match.star),
        ),
      );
      if (found !== null) return found;
    }
  }
  if (config.baseUrl !== null) {
    const found = attempt(resolve(config.baseUrl, specifier));
    if (found !== null) return found;
  }
  return match === null ? null : { tried };
}

/** The pattern without a star that equals the specifier, else the one with the longest prefix. */
function bestMatch(patterns: readonly string[], specifier: string): { pattern: string; star: string } | null {
  let best: { pattern: string; star: string; prefix: number } | null = null;
  for (const pattern of patterns) {
    const at = pattern.indexOf("*");
    if (at < 0) {
      if (pattern === specifier) return { pattern, star: "" };
      continue;
    }
    const suffix = pattern.slice(at + 1);
    const fits =
      specifier.length >= pattern.length - 1 &&
      specifier.startsWith(pattern.slice(0, at)) &&
      specifier.endsWith(suffix);
    if (fits && at > (best?.prefix ?? -1)) {
      best = { pattern, star: specifier.slice(at, specifier.length - suffix.length), prefix: at };
    }
  }
  return best;
}
