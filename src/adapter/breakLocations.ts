/**
 * @file Where breakpoints can stand in a record: the calls that made nodes or led to them, each at the name of
 * what is called.
 */
import type { BreakLocation } from "../protocol/debug.js";
import type { SourceLocation } from "../protocol/export.js";
import type { Pass } from "../session/pass.js";
import type { Session } from "../session/session.js";

const OPENING: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/**
 * Offset of the name that is called in the text of a call, so that each call of a chain has its own:
 * 12 in `x.matmul(w).add(b)`. 0 where there is no such name.
 */
export function calleeOffset(call: string): number {
  let at = call.trimEnd().length - 1;
  const open: string[] = [];
  for (; at >= 0; at--) {
    const letter = call[at]!;
    if (letter === '"' || letter === "'" || letter === "`")
      at = Math.max(0, call.lastIndexOf(letter, at - 1));
    else if (letter in OPENING) open.push(OPENING[letter]!);
    else if (letter === open.at(-1)) open.pop();
    if (open.length === 0) break;
  }
  const name = /([\p{ID_Continue}$]+)\s*(?:<[^()]*>)?\s*$/u.exec(call.slice(0, Math.max(at, 0)));
  return name?.index ?? 0;
}

/** Finds the callee's column of calls, reading each file's text once. */
export class Anchors {
  readonly #session: Session;
  readonly #lines = new Map<string, readonly string[] | null>();

  constructor(session: Session) {
    this.#session = session;
  }

  column({ file, line, column, endLine, endColumn }: SourceLocation): number {
    // Over lines, a link of a chain begins at its own name.
    const text = endLine === line && endColumn !== undefined ? this.#text(file)?.[line - 1] : undefined;
    return text === undefined ? column : column + calleeOffset(text.slice(column - 1, endColumn! - 1));
  }

  #text(file: string): readonly string[] | null {
    let lines = this.#lines.get(file);
    if (lines === undefined) {
      lines = this.#session.text(file)?.split(/\r\n|\r|\n/) ?? null;
      this.#lines.set(file, lines);
    }
    return lines;
  }
}

/** All places of a file in the passes that are kept, in the order of the text. */
export function breakLocations(passes: Iterable<Pass>, anchors: Anchors, file: string): BreakLocation[] {
  const found = new Map<string, BreakLocation>();
  const add = (at: SourceLocation | null): void => {
    if (at === null || at.file !== file) return;
    const column = anchors.column(at);
    const { line, endLine = at.line, endColumn = at.column } = at;
    found.set(`${line}:${column}`, { line, column, endLine, endColumn });
  };
  const seen = new Set<object>();
  for (const pass of passes) {
    pass.structure.nodes.forEach(({ kind }, node) => {
      if (kind !== "function") return;
      if (!seen.has(pass.structure)) add(pass.location(node));
      for (const scope of pass.record.scopes[node]!) {
        if (scope.kind !== "function" || scope.from === undefined || seen.has(scope.from)) continue;
        seen.add(scope.from);
        add(scope.from);
      }
    });
    seen.add(pass.structure);
  }
  return [...found.values()].sort((a, b) => a.line - b.line || a.column - b.column);
}

/**
 * The place that a breakpoint means: the first of its line or, with a column, the one that stands there or
 * next to it. Where the line has none, the first of the nearest later line. null past the last.
 */
export function locate(
  locations: readonly BreakLocation[],
  line: number,
  column: number | null,
): BreakLocation | null {
  const first = locations.find((location) => location.line >= line);
  if (first === undefined) return null;
  if (column === null || first.line > line) return first;
  const there = locations.filter((location) => location.line === line);
  return there.find((location) => location.column >= column) ?? there.at(-1)!;
}
