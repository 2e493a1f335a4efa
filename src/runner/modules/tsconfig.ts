/** @file What a run needs of the nearest tsconfig.json: path mapping, JSX and decorators. */
import { dirname, resolve } from "node:path";
import type { InstrumentOptions } from "../../instrument/sites.js";
import type { Files } from "./files.js";

export interface ProjectConfig {
  /** Folder that `paths` are relative to. */
  readonly pathsBase: string | null;
  readonly baseUrl: string | null;
  readonly paths: Readonly<Record<string, readonly string[]>>;
  readonly compile: Partial<InstrumentOptions>;
}

interface RawConfig {
  readonly extends?: string | readonly string[];
  readonly compilerOptions?: Readonly<Record<string, unknown>>;
}

/** JSON with comments and trailing commas. */
export function parseJsonc(text: string): unknown {
  const plain = text.replace(
    /("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
    (_, string) => string ?? " ",
  );
  return JSON.parse(plain.replace(/("(?:[^"\\]|\\.)*")|,(\s*[}\]])/g, (_, string, end) => string ?? end));
}

export const NO_CONFIG: ProjectConfig = { pathsBase: null, baseUrl: null, paths: {}, compile: {} };

export class ProjectConfigs {
  private readonly files: Files;
  private readonly byFolder = new Map<string, ProjectConfig>();

  constructor(files: Files) {
    this.files = files;
  }

  /** The configuration that governs files in this folder. */
  for(folder: string): ProjectConfig {
    let config = this.byFolder.get(folder);
    if (config === undefined) {
      const found = this.files.readUpwards(folder, "tsconfig.json", (text) => parseJsonc(text) as RawConfig);
      config = found === null ? NO_CONFIG : this.interpret(found.value, found.folder, 0);
      this.byFolder.set(folder, config);
    }
    return config;
  }

  private interpret(raw: RawConfig, folder: string, depth: number): ProjectConfig {
    let config = NO_CONFIG;
    for (const parent of [raw.extends ?? []].flat()) {
      const inherited = depth < 16 ? this.extended(parent, folder, depth) : null;
      if (inherited !== null) config = merge(config, inherited);
    }
    return merge(config, own(raw.compilerOptions ?? {}, folder));
  }

  /** Only relative parents: those in packages say nothing about this project's own paths. */
  private extended(parent: string, folder: string, depth: number): ProjectConfig | null {
    if (!/^\.{0,2}\//.test(parent)) return null;
    const base = resolve(folder, parent);
    const path = [base, `${base}.json`].find((each) => this.files.isFile(each));
    if (path === undefined) return null;
    try {
      return this.interpret(parseJsonc(this.files.read(path)) as RawConfig, dirname(path), depth + 1);
    } catch {
      return null;
    }
  }
}

function merge(base: ProjectConfig, over: ProjectConfig): ProjectConfig {
  return {
    pathsBase: over.pathsBase ?? base.pathsBase,
    baseUrl: over.baseUrl ?? base.baseUrl,
    paths: over.pathsBase === null ? base.paths : over.paths,
    compile: { ...base.compile, ...over.compile },
  };
}

function own(options: Readonly<Record<string, unknown>>, folder: string): ProjectConfig {
  const baseUrl = typeof options.baseUrl === "string" ? resolve(folder, options.baseUrl) : null;
  const paths: Record<string, readonly string[]> = {};
  if (typeof options.paths === "object" && options.paths !== null) {
    for (const [pattern, targets] of Object.entries(options.paths)) {
      if (Array.isArray(targets))
        paths[pattern] = targets.filter((each): each is string => typeof each === "string");
    }
  }
  const pathsBase = options.paths === undefined ? null : (baseUrl ?? folder);
  return { pathsBase, baseUrl, paths, compile: compileOptions(options) };
}

const JSX = { react: "react", "react-jsx": "react-jsx", "react-jsxdev": "react-jsxdev" } as const;
const FLAGS = ["experimentalDecorators", "emitDecoratorMetadata", "useDefineForClassFields"] as const;
const NAMES = ["jsxFactory", "jsxFragmentFactory", "jsxImportSource"] as const;

function compileOptions(options: Readonly<Record<string, unknown>>): Partial<InstrumentOptions> {
  const result: { -readonly [K in keyof InstrumentOptions]?: InstrumentOptions[K] } = {};
  for (const flag of FLAGS) {
    const value = options[flag];
    if (typeof value === "boolean") result[flag] = value;
  }
  for (const name of NAMES) {
    const value = options[name];
    // `jsxFragmentFactory` is the same word in both; an empty string means the default.
    if (typeof value === "string" && value !== "") result[name] = value;
  }
  const jsx = options.jsx;
  if (typeof jsx === "string" && jsx in JSX) result.jsx = JSX[jsx as keyof typeof JSX];
  return result;
}
