/** @file The user's own frames of the call stack, as they are now. */
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
