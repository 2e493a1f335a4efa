/** @file The user's own frames of the call stack, as they are now. */

import type { Range } from "../../instrument/sites.js";
import type { Pause } from "../../protocol/debug.js";
import type { Sources } from "../sources.js";

export type Frame = Pause["stack"][number];

/** Frames that are looked at: those of a deep recursion end somewhere. */
const LOOKED_AT = 1000;

/** Innermost first; positions are in the user's text, where each call was made. */
export function callStack(sources: Sources): Frame[] {
  return framesOf(sources, capture());
}

function capture(): readonly NodeJS.CallSite[] {
  const { stackTraceLimit, prepareStackTrace } = Error;
  const holder: { stack?: unknown } = {};
  try {
    Error.stackTraceLimit = LOOKED_AT;
    Error.prepareStackTrace = (_, sites) => sites;
    Error.captureStackTrace(holder, callStack);
    return Array.isArray(holder.stack) ? (holder.stack as NodeJS.CallSite[]) : [];
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    Error.prepareStackTrace = prepareStackTrace;
  }
}

function framesOf(sources: Sources, sites: readonly NodeJS.CallSite[]): Frame[] {
  const own = sites.filter((site) => sources.has(site.getFileName() ?? ""));
  return own.map((site, i) => ({
    name: site.getFunctionName() ?? (i === own.length - 1 ? "<module>" : "<anonymous>"),
    file: site.getFileName()!,
    line: site.getLineNumber() ?? 1,
    column: site.getColumnNumber() ?? 1,
  }));
}

/**
 * The call stack where a probe runs: V8 knows its place only in the generated code, the site knows the loop or
 * function in the text.
 */
export function stackAt(sources: Sources, id: number): Frame[] {
  const stack = callStack(sources);
  const found = sources.site(id);
  if (found === null) return stack;
  const { source, site } = found;
  const body = site.kind === "function" ? found : sources.site(functionAround(sources, site.within));
  const name = body === null ? "<module>" : (body.site.name ?? "<anonymous>");
  const frame = { name, file: source.file, line: site.line, column: site.column };
  const [top] = stack;
  const extent = body?.site.extent;
  const same = top?.file === source.file && (extent === undefined || contains(extent, top));
  return [frame, ...(same ? stack.slice(1) : stack)];
}

function functionAround(sources: Sources, within: number | null): number {
  let id = within;
  while (id !== null) {
    const site = sources.site(id)?.site;
    if (site === undefined || site.kind === "function") return id;
    id = site.within;
  }
  return -1;
}

function contains(range: Range, { line, column }: Frame): boolean {
  const after = line > range.line || (line === range.line && column >= range.column);
  return after && (line < range.endLine || (line === range.endLine && column <= range.endColumn));
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
