/** @file Where breakpoints can stand: the calls of a file, by line and column. */
import type { Site } from "./sites.js";

export interface BreakLocation {
  /** Index among the file's sites. */
  readonly index: number;
  readonly line: number;
  /** At the name of what is called, so that each call of a chain has its own. */
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** All places of a file, in the order of the text. */
export function breakLocations(sites: readonly Site[]): BreakLocation[] {
  const locations: BreakLocation[] = [];
  sites.forEach(({ kind, line, column, endLine, endColumn, anchor }, index) => {
    if (kind === "binding" || kind === "loop" || kind === "function") return;
    locations.push({
      index,
      line,
      column: anchor.line === line ? anchor.column : column,
      endLine,
      endColumn,
    });
  });
  return locations.sort((a, b) => a.line - b.line || a.column - b.column);
}

/**
 * The places that a breakpoint means: all of its line or, with a column, the one that stands there or next
 * to it. Where the line has none, those of the nearest later line that has some. Empty past the last.
 */
export function locate(
  locations: readonly BreakLocation[],
  line: number,
  column: number | null,
): BreakLocation[] {
  const first = locations.find((location) => location.line >= line);
  if (first === undefined) return [];
  const there = locations.filter((location) => location.line === first.line);
  if (column === null) return there;
  if (first.line > line) return [first];
  return [there.find((location) => location.column >= column) ?? there.at(-1)!];
}
