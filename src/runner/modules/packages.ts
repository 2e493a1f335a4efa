/** @file Code that is not the user's own: packages and built-ins, loaded by Node itself. */
import Module, { createRequire, isBuiltin } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

export type Foreign =
  | { readonly kind: "native"; readonly url: string }
  /** A file outside of any node_modules: the user's, by way of a link, `imports` or a self-reference. */
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "missing" };

/** What Node makes of a specifier of the user's, from the file that it stands in. */
export function resolveForeign(specifier: string, from: string): Foreign {
  if (isBuiltin(specifier) || /^(data|node|https?|wasm):/.test(specifier))
    return { kind: "native", url: specifier };
  let url: string;
  try {
    url = resolveFrom(specifier, pathToFileURL(from).href);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND") return { kind: "missing" };
    throw error;
  }
  if (!url.startsWith("file:")) return { kind: "native", url };
  const path = fileURLToPath(url.replace(/[?#].*$/, ""));
  return isForeignPath(path) ? { kind: "native", url } : { kind: "file", path };
}

/** Node's own resolution with a parent, which the runner's flags switch on. */
const resolveFrom = import.meta.resolve as (specifier: string, parent: string) => string;

export function isForeignPath(path: string): boolean {
  return /[\\/]node_modules[\\/]/.test(path);
}

export async function importForeign(url: string): Promise<Readonly<Record<string, unknown>>> {
  return (await import(url)) as Record<string, unknown>;
}

export function requireForeign(specifier: string, from: string): unknown {
  return createRequire(from)(specifier);
}

export function resolveRequire(specifier: string, from: string, options?: { paths?: string[] }): string {
  return createRequire(from).resolve(specifier, options);
}

interface Loader {
  _load(request: string, parent: unknown, isMain: boolean): unknown;
}

/** Lets packages that `require("gradwalk")` have the library that the program has. */
export function provideToCommonJs(name: string, library: unknown): void {
  const loader = Module as unknown as Loader;
  const load = loader._load;
  loader._load = function (request, parent, isMain) {
    return request === name ? library : load.call(this, request, parent, isMain);
  };
}

let provided = false;

/**
 * Lets packages that `import "gradwalk"` have the library that the program has: the module at `url`, which
 * is loaded already and exports it. Done once, and only when the program imports a package.
 */
export function provideToEsm(name: string, url: string): void {
  if (provided) return;
  provided = true;
  const { registerHooks } = Module as unknown as { registerHooks?: (hooks: object) => void };
  if (registerHooks !== undefined) {
    registerHooks({
      resolve: (specifier: string, context: object, next: (s: string, c: object) => unknown) =>
        specifier === name ? { url, shortCircuit: true } : next(specifier, context),
    });
    return;
  }
  const target = JSON.stringify({ url, shortCircuit: true });
  const hook = `export const resolve = (specifier, context, next) =>
    specifier === ${JSON.stringify(name)} ? ${target} : next(specifier, context);`;
  Module.register(`data:text/javascript,${encodeURIComponent(hook)}`);
}
