/** @file One file through TypeScript's parser, transformers and printer, without type checking. */

import ts from "typescript";
import { commonJsForms } from "./common-js-forms.js";
import type { InstrumentOptions } from "./sites.js";

export interface Transpiled {
  readonly code: string;
  readonly map: string;
  readonly diagnostics: readonly ts.Diagnostic[];
}

/** A JavaScript file in CommonJS: a script, which is sloppy unless it says otherwise. */
export function isScript(options: InstrumentOptions): boolean {
  return options.module === "cjs" && /\.c?jsx?$/.test(options.fileName);
}

/**
 * As `ts.transpileModule`, which takes every file for a module: a script would become strict by it, and lose
 * `await` as a name.
 */
export function transpile(
  text: string,
  options: InstrumentOptions,
  transformers: ts.CustomTransformers,
): Transpiled {
  const settings = compilerOptions(options);
  const file = parse(text, options);
  const { fileName } = file;
  const written = new Map<string, string>();
  const host: ts.CompilerHost = {
    getSourceFile: (name) => (name === fileName ? file : undefined),
    writeFile: (name, content) => written.set(name.endsWith(".map") ? "map" : "code", content),
    getDefaultLibFileName: () => "lib.d.ts",
    useCaseSensitiveFileNames: () => true,
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => "/",
    getNewLine: () => "\n",
    fileExists: (name) => name === fileName,
    readFile: () => undefined,
    directoryExists: () => true,
    getDirectories: () => [],
  };
  const program = ts.createProgram([fileName], settings, host);
  const diagnostics = program.getSyntacticDiagnostics(file);
  const before = transformers.before ?? [];
  const forms = options.module === "cjs" ? [] : [commonJsForms];
  program.emit(file, undefined, undefined, false, { ...transformers, before: [...before, ...forms] });
  return { code: written.get("code") ?? "", map: written.get("map") ?? "", diagnostics };
}

export function parse(text: string, options: InstrumentOptions): ts.SourceFile {
  const extension = /\.[cm]?[jt]sx?$/.exec(options.fileName)?.[0] ?? ".ts";
  return ts.createSourceFile(`/module${extension}`, text, {
    languageVersion: ts.ScriptTarget.ES2022,
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
    ...(isScript(options) ? {} : { setExternalModuleIndicator: takeForModule }),
  });
}

function takeForModule(file: ts.SourceFile): void {
  (file as { externalModuleIndicator?: ts.Node | true }).externalModuleIndicator = true;
}

function compilerOptions(options: InstrumentOptions): ts.CompilerOptions {
  const jsx = {
    react: ts.JsxEmit.React,
    "react-jsx": ts.JsxEmit.ReactJSX,
    "react-jsxdev": ts.JsxEmit.ReactJSXDev,
    preserve: ts.JsxEmit.Preserve,
  }[options.jsx ?? "react"];
  const result: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: options.module === "cjs" ? ts.ModuleKind.CommonJS : ts.ModuleKind.ESNext,
    jsx,
    allowJs: true,
    isolatedModules: true,
    noCheck: true,
    noLib: true,
    noResolve: true,
    types: [],
    outDir: "/out",
    sourceMap: true,
    esModuleInterop: true,
    removeComments: false,
    // A JavaScript file that doesn't say "use strict" must not become strict.
    alwaysStrict: !isScript(options),
    newLine: ts.NewLineKind.LineFeed,
    useDefineForClassFields: options.useDefineForClassFields ?? true,
    experimentalDecorators: options.experimentalDecorators ?? false,
    emitDecoratorMetadata: options.emitDecoratorMetadata ?? false,
  };
  if (options.jsxFactory !== undefined) result.jsxFactory = options.jsxFactory;
  if (options.jsxFragmentFactory !== undefined) result.jsxFragmentFactory = options.jsxFragmentFactory;
  if (options.jsxImportSource !== undefined) result.jsxImportSource = options.jsxImportSource;
  return result;
}
