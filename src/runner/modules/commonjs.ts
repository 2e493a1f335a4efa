/** @file The user's CommonJS files: compiled with probes, given `require`, `module` and `exports`. */
import { dirname, extname } from "node:path";
import { compileFunction } from "node:vm";
import { missingModule, placeCompileError } from "./errors.js";
import type { Compiled, ModuleGraph } from "./graph.js";
import { requireForeign, resolveRequire } from "./packages.js";

interface CommonJsModule {
  readonly id: string;
  readonly filename: string;
  readonly path: string;
  exports: unknown;
  loaded: boolean;
  readonly children: CommonJsModule[];
  readonly require: (specifier: string) => unknown;
}

type Wrapper = (
  exports: unknown,
  require: (specifier: string) => unknown,
  module: CommonJsModule,
  filename: string,
  folder: string,
) => void;

export class CommonJs {
  private readonly graph: ModuleGraph;
  private readonly modules = new Map<string, CommonJsModule>();
  private main: CommonJsModule | undefined;

  constructor(graph: ModuleGraph) {
    this.graph = graph;
  }

  /** Runs the file where it has not run, and gives its `module.exports`. */
  run(compiled: Compiled): unknown {
    const known = this.modules.get(compiled.path);
    if (known !== undefined) return known.exports;
    const module = this.create(compiled.path);
    this.modules.set(compiled.path, module);
    this.main ??= module;
    try {
      const wrapper = this.compile(compiled);
      wrapper.call(
        module.exports,
        module.exports,
        module.require,
        module,
        compiled.path,
        dirname(compiled.path),
      );
    } catch (error) {
      this.modules.delete(compiled.path);
      throw error;
    }
    module.loaded = true;
    return module.exports;
  }

  private compile(compiled: Compiled): Wrapper {
    const names = ["exports", "require", "module", "__filename", "__dirname"];
    try {
      return compileFunction(compiled.code, names, {
        filename: compiled.path,
        importModuleDynamically: (specifier) => this.graph.importDynamically(specifier, compiled.path),
      }) as unknown as Wrapper;
    } catch (error) {
      throw placeCompileError(compiled.map, compiled.path, error, this.graph.sources);
    }
  }

  private create(path: string): CommonJsModule {
    const require = (specifier: string): unknown => this.require(specifier, path);
    Object.assign(require, {
      resolve: (specifier: string, options?: { paths?: string[] }) => this.resolve(specifier, path, options),
      cache: Object.create(null) as object,
    });
    Object.defineProperty(require, "main", { get: () => this.main, enumerable: true });
    return {
      id: this.main === undefined ? "." : path,
      filename: path,
      path: dirname(path),
      exports: {},
      loaded: false,
      children: [],
      require,
    };
  }

  private resolve(specifier: string, from: string, options?: { paths?: string[] }): string {
    const found = this.graph.resolve(specifier, from);
    return found.kind === "user" ? found.path : resolveRequire(specifier, from, options);
  }

  private require(specifier: string, from: string): unknown {
    const found = this.graph.resolve(specifier, from);
    switch (found.kind) {
      case "library":
        return this.graph.library;
      case "probe":
        return this.graph.probe;
      case "missing":
        throw missingModule(this.graph.sources, specifier, from, found.tried);
      case "native":
        return requireForeign(specifier, from);
      case "user": {
        if (extname(found.path) === ".json") return this.graph.json(found.path);
        const compiled = this.graph.compile(found.path);
        if (compiled.format === "cjs") return this.run(compiled);
        const message = `require() of the ES module ${found.path} is not supported; use import, or await import("${specifier}").`;
        throw Object.assign(new Error(message), { code: "ERR_REQUIRE_ESM" });
      }
    }
  }
}
