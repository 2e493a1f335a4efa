/** @file Code that is not the user's own: packages and built-ins, loaded by Node itself. */
import Module, { createRequire, isBuiltin } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

export type Foreign =
  | { readonly kind: "native"; readonly url: string }
  /** A file outside of any node_modules: the user's, by way of a link, `imports` or a self-reference. */
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "missing" };

/** Node's own modules, as a module of the runner's meets them. */
export interface NodeModules {
  /** URL of that module; the files that belong to the runner lie beside. */
  readonly url: string;
  /** URL of what `import specifier` would load in the module at `parent`; throws as Node does. */
  readonly resolve: (specifier: string, parent: string) => string;
  readonly load: (url: string) => Promise<Readonly<Record<string, unknown>>>;
}

/** What Node makes of a specifier of the user's, from the file that it stands in. */
export function resolveForeign(specifier: string, from: string, node: NodeModules): Foreign {
  if (isBuiltin(specifier) || /^(data|node|https?|wasm):/.test(specifier))
    return { kind: "native", url: specifier };
  let url: string;
  try {
    url = node.resolve(specifier, pathToFileURL(from).href);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND") return { kind: "missing" };
    throw error;
  }
  if (!url.startsWith("file:")) return { kind: "native", url };
  const path = fileURLToPath(url.replace(/[?#].*$/, ""));
  return isForeignPath(path) ? { kind: "native", url } : { kind: "file", path };
}

export function isForeignPath(path: string): boolean {
  return /[\\/]node_modules[\\/]/.test(path);
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
 * Lets packages that `import "gradwalk"` have the library that the program has. Done once, and only when the
 * program imports a package.
 */
export function provideToEsm(name: string, library: object, node: NodeModules): void {
  if (provided) return;
  provided = true;
  const url = moduleOf(name, Object.keys(library), node.url);
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

/** URL of a module that exports what `require(name)` gives in the module at `from`. */
function moduleOf(name: string, exported: readonly string[], from: string): string {
  const text = `import { createRequire } from "node:module";
const library = createRequire(${JSON.stringify(from)})(${JSON.stringify(name)});
${exported.map((each, i) => `const _${i} = library.${each}; export { _${i} as ${each} };`).join("\n")}`;
  return `data:text/javascript,${encodeURIComponent(text)}`;
}
