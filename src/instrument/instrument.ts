/** @file `instrument`: TypeScript or JavaScript text in, JavaScript with probes and a table of its sites out. */

import ts from "typescript";
import { PositionTable } from "./positions.js";
import type { Diagnostic, Instrumented, InstrumentOptions, Site } from "./sites.js";
import { probeTransformer } from "./transform.js";

/**
 * Transpiles `text` and, if `options.probes`, adds probes to it. Parses once; never throws: what can't be
 * parsed, or nests deeper than the stack holds, becomes a diagnostic.
 */
export function instrument(text: string, options: InstrumentOptions): Instrumented {
  const sites: Site[] = [];
  let failure: Diagnostic | null = null;
  let output: ts.TranspileOutput | null = null;
  try {
    const before = options.probes ? [probeTransformer(options, sites)] : [];
    output = ts.transpileModule(text, {
      fileName: options.fileName,
      reportDiagnostics: true,
      compilerOptions: compilerOptions(options),
      transformers: { before },
    });
  } catch (error) {
    failure = describeFailure(error);
  }
  const diagnostics = failure !== null ? [failure] : syntaxErrors(output?.diagnostics ?? []);
  return {
    code: (output?.outputText ?? "").replace(/\n?\/\/# sourceMappingURL=[^\n]*\n?$/, "\n"),
    map: sourceMap(output?.sourceMapText, options.fileName),
    sites,
    diagnostics,
  };
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
    sourceMap: true,
    esModuleInterop: true,
    removeComments: false,
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

function syntaxErrors(diagnostics: readonly ts.Diagnostic[]): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const each of diagnostics) {
    if (each.file === undefined || each.start === undefined) continue;
    const message = ts.flattenDiagnosticMessageText(each.messageText, "\n");
    const range = new PositionTable(each.file).range(each.start, each.start + (each.length ?? 0));
    found.push({ message, code: each.code, ...range });
  }
  return found;
}

function describeFailure(error: unknown): Diagnostic {
  const deep = error instanceof RangeError;
  const message = deep
    ? "This file nests expressions or statements too deeply to be compiled; split the longest expression into several statements."
    : `This file could not be compiled: ${error instanceof Error ? error.message : String(error)}`;
  return { message, code: 0, line: 1, column: 1, endLine: 1, endColumn: 1 };
}

function sourceMap(text: string | undefined, fileName: string): string {
  if (text === undefined) return JSON.stringify({ version: 3, sources: [fileName], names: [], mappings: "" });
  return JSON.stringify({ ...JSON.parse(text), file: undefined, sourceRoot: undefined, sources: [fileName] });
}
