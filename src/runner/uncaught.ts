/** @file An error that nobody caught: what is printed of it, and what the trace says. */
import { inspect } from "node:util";
import type { ProgramError } from "../protocol/export.js";
import type { Place, Sources } from "./sources.js";

/** The error as the trace has it, at the innermost place of the user's own text. */
export function describeError(sources: Sources, error: unknown): ProgramError {
  const { name, message, stack } = parts(error);
  const place = placeOf(sources, error);
  return {
    name,
    message,
    line: place?.line ?? null,
    column: place?.column ?? null,
    file: place?.file ?? null,
    ...(stack === null ? {} : { stack }),
  };
}

function parts(error: unknown): { name: string; message: string; stack: string | null } {
  try {
    if (error instanceof Error) {
      const stack: unknown = error.stack;
      return {
        name: String(error.name),
        message: String(error.message),
        stack: typeof stack === "string" ? stack : null,
      };
    }
    return { name: "Uncaught", message: inspect(error), stack: null };
  } catch {
    return { name: "Error", message: "an error that can't be read", stack: null };
  }
}

export function placeOf(sources: Sources, error: unknown): Place | null {
  // A stack is formatted, and its place remembered, when somebody first reads it.
  if (typeof error === "object" && error !== null) void parts(error);
  return sources.placeOf(error);
}

/** As Node prints it: the place, its line with a caret, the error with its stack, Node's version. */
export function printedError(sources: Sources, error: unknown): string {
  const place = placeOf(sources, error);
  return `${place === null ? "" : excerpt(sources, place)}${body(error)}\n\nNode.js ${process.version}\n`;
}

function excerpt(sources: Sources, { file, line, column }: Place): string {
  const text = sources.line(file, line);
  if (text === null) return `${file}:${line}\n\n`;
  const indent = text.slice(0, column - 1).replace(/[^\t]/g, " ");
  return `${file}:${line}\n${text}\n${indent}^\n\n`;
}

function body(error: unknown): string {
  try {
    return error instanceof Error ? inspect(error) : `Uncaught:\n${inspect(error)}`;
  } catch {
    return "Uncaught: an error that can't be printed";
  }
}
