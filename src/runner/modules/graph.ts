/** @file The program's module graph: finds, compiles, links and evaluates the user's modules. */
import { isBuiltin } from "node:module";
import { dirname, extname } from "node:path";
import { pathToFileURL } from "node:url";
import { type Module, Script, SourceTextModule, SyntheticModule } from "node:vm";
import { PROBE_MODULE } from "../../instrument/probe.js";
import type { Diagnostic, Instrumented, InstrumentOptions } from "../../instrument/sites.js";
import type { Source, Sources } from "../sources.js";
import { CommonJs } from "./commonjs.js";
import { missingModule, placeCompileError, placed, placeLinkError, syntaxError } from "./errors.js";
import type { Files } from "./files.js";
import { exportNames, formatOf } from "./format.js";
import { isForeignPath, type NodeModules, provideToEsm, resolveForeign } from "./packages.js";
import { CODE, findFile, findMapped, isPath, pathOf } from "./resolve.js";
import { ProjectConfigs } from "./tsconfig.js";

export const LIBRARY_NAME = "gradwalk";

export type Resolved =
  | { readonly kind: "library" | "probe" }
  | { readonly kind: "user"; readonly path: string; readonly query: string }
  | { readonly kind: "native"; readonly url: string }
  | { readonly kind: "missing"; readonly tried: readonly string[] };

/** A file of the user's, ready to be made a module. */
export interface Compiled {
  readonly path: string;
  readonly map: string;
  readonly format: "esm" | "cjs";
  readonly code: string;
}

export interface GraphHost {
  readonly files: Files;
  readonly sources: Sources;
  /** What `import "gradwalk"` gives. */
  readonly library: Readonly<Record<string, unknown>>;
  readonly node: NodeModules;
  readonly probe: Readonly<Record<string, unknown>>;
  readonly probes: boolean;
  readonly instrument: (text: string, options: InstrumentOptions) => Instrumented;
  onSource(source: Source): void;
  onSyntaxErrors(file: string, diagnostics: readonly Diagnostic[]): void;
}

export class ModuleGraph {
  private readonly host: GraphHost;
  private readonly configs: ProjectConfigs;
  private readonly commonJs: CommonJs;
  private readonly compiled = new Map<string, Compiled>();
  private readonly modules = new Map<string, Promise<Module>>();
  private readonly synthetic = new Map<string, Module>();
  /** Linking happens one graph at a time: a half-linked module can't be linked into another graph. */
  private linking: Promise<unknown> = Promise.resolve();

  constructor(host: GraphHost) {
    this.host = host;
    this.configs = new ProjectConfigs(host.files);
    this.commonJs = new CommonJs(this);
  }

  get sources(): Sources {
    return this.host.sources;
  }

  get library(): unknown {
    return this.host.library;
  }

  get probe(): unknown {
    return this.host.probe;
  }

  /** Links the program; `evaluate` then runs it. */
  async prepare(program: string): Promise<{ evaluate(): Promise<void> }> {
    const module = await this.userModule(program, "");
    await this.link(module);
    return { evaluate: () => module.evaluate() };
  }

  async importDynamically(specifier: string, from: string): Promise<Module> {
    const module = await this.moduleFor(specifier, from);
    await this.link(module);
    if (module.status === "linked" || module.status === "evaluated") await module.evaluate();
    return module;
  }

  resolve(specifier: string, from: string): Resolved {
    if (specifier === LIBRARY_NAME) return { kind: "library" };
    if (specifier === PROBE_MODULE) return { kind: "probe" };
    const { files } = this.host;
    if (isPath(specifier)) {
      const found = findFile(files, pathOf(specifier, from));
      if (!("path" in found)) return { kind: "missing", tried: found.tried };
      return this.fileModule(found.path, /[?#].*$/.exec(specifier)?.[0] ?? "");
    }
    const mapped = findMapped(files, this.configs.for(dirname(from)), specifier);
    if (mapped !== null && "path" in mapped) return this.fileModule(mapped.path, "");
    const foreign = resolveForeign(specifier, from, this.host.node);
    if (foreign.kind === "native") return foreign;
    if (foreign.kind === "missing") return { kind: "missing", tried: mapped?.tried ?? [] };
    const found = findFile(files, foreign.path);
    return "path" in found ? this.fileModule(found.path, "") : { kind: "missing", tried: found.tried };
  }

  /** Reads and instruments a file once. */
  compile(path: string): Compiled {
    let compiled = this.compiled.get(path);
    if (compiled === undefined) {
      compiled = this.instrument(path);
      this.compiled.set(path, compiled);
    }
    return compiled;
  }

  json(path: string): unknown {
    const text = this.host.files.read(path);
    try {
      return JSON.parse(text);
    } catch (error) {
      const name = "SyntaxError";
      throw placed(new SyntaxError(`${path}: ${(error as Error).message}`), name, this.sources, null);
    }
  }

  private fileModule(path: string, query: string): Resolved {
    const ours = (CODE.test(path) || extname(path) === ".json") && !isForeignPath(path);
    return ours ? { kind: "user", path, query } : { kind: "native", url: pathToFileURL(path).href + query };
  }

  private instrument(path: string): Compiled {
    const { files, sources } = this.host;
    const text = files.read(path);
    const format = formatOf(files, path, text);
    const first = sources.nextSite;
    const result = this.host.instrument(text, {
      ...this.configs.for(dirname(path)).compile,
      fileName: path,
      firstSite: first,
      probes: this.host.probes,
      module: format,
    });
    const source = { file: path, text, first, sites: result.sites, map: result.map };
    sources.add(source);
    this.host.onSource(source);
    const [error] = result.diagnostics;
    if (error !== undefined) {
      this.host.onSyntaxErrors(path, result.diagnostics);
      throw syntaxError(sources, path, error);
    }
    return { path, format, code: result.code, map: result.map };
  }

  private link(module: Module): Promise<void> {
    const linked = this.linking.then(async () => {
      if (module.status !== "unlinked") return;
      try {
        await module.link((specifier, referrer) => this.moduleFor(specifier, referrer.identifier));
      } catch (error) {
        throw placeLinkError(this.sources, error);
      }
    });
    this.linking = linked.catch(() => undefined);
    return linked;
  }

  private async moduleFor(specifier: string, from: string): Promise<Module> {
    const resolved = this.resolve(specifier, from);
    switch (resolved.kind) {
      case "library":
        return this.fixed(LIBRARY_NAME, this.host.library);
      case "probe":
        return this.fixed(PROBE_MODULE, this.host.probe);
      case "missing":
        throw missingModule(this.sources, specifier, from, resolved.tried);
      case "native":
        if (!isBuiltin(resolved.url)) provideToEsm(LIBRARY_NAME, this.host.library, this.host.node);
        return this.fixed(resolved.url, await this.host.node.load(resolved.url));
      case "user":
        return this.userModule(resolved.path, resolved.query);
    }
  }

  private fixed(key: string, exports: Readonly<Record<string, unknown>>): Module {
    let module = this.synthetic.get(key);
    if (module === undefined) {
      module = synthetic(key, Object.keys(exports), () => exports);
      this.synthetic.set(key, module);
    }
    return module;
  }

  private userModule(path: string, query: string): Promise<Module> {
    const key = path + query;
    let module = this.modules.get(key);
    if (module === undefined) {
      module = this.create(path, query);
      this.modules.set(key, module);
    }
    return module;
  }

  private async create(path: string, query: string): Promise<Module> {
    if (extname(path) === ".json") {
      const value = this.json(path);
      const named = typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
      const exports = { ...named, default: value };
      return synthetic(path, Object.keys(exports), () => exports);
    }
    const compiled = this.compile(path);
    return compiled.format === "cjs" ? this.wrapCommonJs(compiled) : this.sourceText(compiled, query);
  }

  private wrapCommonJs(compiled: Compiled): Module {
    const names = exportNames(compiled.code);
    return synthetic(compiled.path, ["default", "module.exports", ...names], () => {
      const exports = this.commonJs.run(compiled);
      const named = typeof exports === "object" && exports !== null ? exports : {};
      return { ...named, default: exports, "module.exports": exports };
    });
  }

  private sourceText(compiled: Compiled, query: string): Module {
    const { path } = compiled;
    try {
      return new SourceTextModule(compiled.code, {
        identifier: path,
        initializeImportMeta: (meta: ImportMeta) => this.describe(meta, path, query),
        importModuleDynamically: (specifier: string) => this.importDynamically(specifier, path),
      });
    } catch (error) {
      throw this.placeModuleError(path, error);
    }
  }

  /**
   * V8 says where a script doesn't compile, but not where a module doesn't; the same text as a script has
   * the same errors.
   */
  private placeModuleError(path: string, error: unknown): unknown {
    const text = this.sources.text(path) ?? "";
    const { code, map } = this.host.instrument(text, {
      ...this.configs.for(dirname(path)).compile,
      fileName: path,
      firstSite: 0,
      probes: false,
      module: "cjs",
    });
    try {
      new Script(`async function module(exports, require) {${code}\n}`, { filename: path });
    } catch (found) {
      if ((found as Error).message === (error as Error).message) {
        return placeCompileError(map, path, found, this.sources);
      }
    }
    return placed(error as Error, "SyntaxError", this.sources, { file: path, line: 1, column: 1 });
  }

  private describe(meta: ImportMeta, path: string, query: string): void {
    meta.dirname = dirname(path);
    meta.filename = path;
    meta.resolve = (specifier: string) => {
      const found = this.resolve(specifier, path);
      if (found.kind === "user") return pathToFileURL(found.path).href + found.query;
      if (found.kind === "native") return found.url;
      if (found.kind !== "missing") return specifier;
      // As in Node, a path needs no file behind it.
      if (isPath(specifier)) return new URL(specifier, pathToFileURL(path)).href;
      throw missingModule(this.sources, specifier, path, found.tried);
    };
    meta.url = pathToFileURL(path).href + query;
  }
}

function synthetic(
  identifier: string,
  names: readonly string[],
  exports: () => Readonly<Record<string, unknown>>,
): Module {
  const module: SyntheticModule = new SyntheticModule(
    [...names],
    () => {
      const values = exports();
      for (const name of names) module.setExport(name, values[name]);
    },
    { identifier },
  );
  return module;
}
