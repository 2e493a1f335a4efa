/** @file `instrument`: TypeScript or JavaScript text in, JavaScript with probes and a table of its sites out. */

import ts from "typescript";
import { PositionTable } from "./positions.js";
import type { Diagnostic, Instrumented, InstrumentOptions, Range, Site } from "./sites.js";
import { probeTransformers } from "./transform.js";
import { isScript, parse, type Transpiled, transpile } from "./transpile.js";

/**
 * Transpiles `text` and, if `options.probes`, adds probes to it. Parses once; never throws: what can't be
 * parsed, or nests deeper than the stack holds, becomes a diagnostic.
 */
export function instrument(text: string, options: InstrumentOptions): Instrumented {
  const first = attempt(text, options);
  if (first.diagnostics.length === 0 || !isScript(options)) return first;
  // Only scripts have HTML-like comments, which TypeScript doesn't know; they become `//` of the same length.
  const rewritten = text.replace(
    /^(\s*)(<!--|-->)/gm,
    (_all, space: string, mark: string) => space + "//".padEnd(mark.length, "-"),
  );
  return rewritten === text ? first : attempt(rewritten, options);
}

function attempt(text: string, options: InstrumentOptions): Instrumented {
  const sites: Site[] = [];
  let failure: Diagnostic | null = null;
  let output: Transpiled | null = null;
  try {
    output = transpile(text, options, options.probes ? probeTransformers(options, sites) : {});
  } catch (error) {
    failure = describeFailure(error, text, options);
  }
  const diagnostics = failure !== null ? [failure] : syntaxErrors(output?.diagnostics ?? [], options);
  return {
    code: (output?.code ?? "").replace(/\n?\/\/# sourceMappingURL=[^\n]*\n?$/, "\n"),
    map: sourceMap(output?.map, options.fileName),
    sites,
    diagnostics,
  };
}

/** TypeScript's numbers for octal literals and octal escapes, which a script that is not strict may use. */
const SLOPPY = new Set([1121, 1487, 1488]);

function syntaxErrors(diagnostics: readonly ts.Diagnostic[], options: InstrumentOptions): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const each of diagnostics) {
    if (each.file === undefined || each.start === undefined) continue;
    if (SLOPPY.has(each.code) && isScript(options)) continue;
    const message = ts.flattenDiagnosticMessageText(each.messageText, "\n");
    const range = new PositionTable(each.file).range(each.start, each.start + (each.length ?? 0));
    found.push({ message, code: each.code, ...range });
  }
  return found;
}

function describeFailure(error: unknown, text: string, options: InstrumentOptions): Diagnostic {
  if (!(error instanceof RangeError)) {
    const reason = error instanceof Error ? error.message : String(error);
    return { message: `This file could not be compiled: ${reason}`, code: 0, ...START };
  }
  const message = "This is nested too deeply to be compiled; split it into several statements.";
  return { message, code: 0, ...(deepestStatement(text, options) ?? START) };
}

const START: Range = { line: 1, column: 1, endLine: 1, endColumn: 1 };

/** Where the statement stands that holds the deepest nesting; `null` if even the parser gives up. */
function deepestStatement(text: string, options: InstrumentOptions): Range | null {
  try {
    const file = parse(text, options);
    let deepest = { depth: 0, top: file.statements[0] as ts.Node | undefined };
    const stack = file.statements.map((top) => ({ node: top as ts.Node, top: top as ts.Node, depth: 1 }));
    for (let each = stack.pop(); each !== undefined; each = stack.pop()) {
      const { node, top, depth } = each;
      if (depth > deepest.depth) deepest = { depth, top };
      ts.forEachChild(node, (child) => {
        stack.push({
          node: child,
          top: ts.isStatement(child) && !ts.isBlock(child) ? child : top,
          depth: depth + 1,
        });
      });
    }
    const { top } = deepest;
    return top === undefined ? null : new PositionTable(file).range(top.getStart(file), top.end);
  } catch {
    return null;
  }
}

function sourceMap(text: string | undefined, fileName: string): string {
  if (text === undefined) return JSON.stringify({ version: 3, sources: [fileName], names: [], mappings: "" });
  return JSON.stringify({ ...JSON.parse(text), file: undefined, sourceRoot: undefined, sources: [fileName] });
}
