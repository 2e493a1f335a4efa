/** @file The user's own frames of the call stack, as they are now. */
import type { Pause } from "../../protocol/debug.js";
import type { Sources } from "../sources.js";
import { captureSites } from "../stack.js";

export type Frame = Pause["stack"][number];

/** Innermost first; positions are in the user's text, where each call was made. */
export function callStack(sources: Sources): Frame[] {
  return framesOf(sources, captureSites(callStack)).filter(({ line }) => line > 0);
}

/**
 * The call stack where a probe runs: V8 knows its place only in the generated code, the site that of the loop
 * or function in the text.
 */
export function stackAt(sources: Sources, id: number): Frame[] {
  const [top, ...callers] = framesOf(sources, captureSites(stackAt));
  const found = sources.site(id);
  const rest = callers.filter(({ line }) => line > 0);
  if (found === null || top === undefined) return rest;
  const { line, column } = found.site;
  return [{ name: top.name, file: found.source.file, line, column }, ...rest];
}

function framesOf(sources: Sources, sites: readonly NodeJS.CallSite[]): Frame[] {
  const own = sites.filter((site) => sources.has(site.getFileName() ?? ""));
  return own.map((site, i) => ({
    name: site.getFunctionName() ?? (i === own.length - 1 ? "<module>" : "<anonymous>"),
    file: site.getFileName()!,
    line: site.getLineNumber() ?? 0,
    column: site.getColumnNumber() ?? 1,
  }));
}

const STACK_LINE = /^ {4}at (?:async )?(?:(.*) \()?(.*?):(\d+):(\d+)\)?$/;

/** The frames that an error's stack speaks of. */
export function framesOfError(sources: Sources, error: unknown): Frame[] {
  const stack: unknown = error instanceof Error ? error.stack : null;
  if (typeof stack !== "string") return [];
  return stack.split("\n").flatMap((text) => {
    const match = STACK_LINE.exec(text);
    if (match === null || !sources.has(match[2]!)) return [];
    const [, name, file, line, column] = match;
    return [{ name: name ?? "<module>", file: file!, line: Number(line), column: Number(column) }];
  });
}
