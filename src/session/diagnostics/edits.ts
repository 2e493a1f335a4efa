/** @file Quick fixes as changes of a text: of the one that ran, or of what it has become since. */
import type { Fix, TextEdit } from "../../protocol/export.js";

/** Lines and columns as the protocol has them: 1-based. */
export type Edit = Omit<TextEdit, "file">;

/** Where a line of the text that ran is now; null where it is gone. */
export type CurrentLine = (line: number) => number | null;

/**
 * The edits of a fix in one file, for the text as it is now. null where a line that they touch has changed
 * since the run: what was computed for the old line may not fit the new one.
 */
export function currentEdits(
  edits: readonly Edit[],
  original: string,
  current: string,
  toCurrent: CurrentLine,
): Edit[] | null {
  const before = linesOf(original);
  const now = linesOf(current);
  const moved: Edit[] = [];
  for (const edit of edits) {
    const line = toCurrent(edit.line);
    if (line === null) return null;
    for (let each = edit.line; each <= edit.endLine; each++) {
      const at = line + each - edit.line;
      if (toCurrent(each) !== at || now[at - 1] !== before[each - 1]) return null;
    }
    moved.push({ ...edit, line, endLine: line + edit.endLine - edit.line });
  }
  return moved;
}

/** The text with the edits made, which may touch but not overlap each other. */
export function edited(text: string, edits: readonly Edit[]): string {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|\r|\n/g)) starts.push(match.index + match[0].length);
  const offset = (line: number, column: number) => (starts[line - 1] ?? text.length) + column - 1;
  const sorted = edits
    .map((edit, order) => ({
      start: offset(edit.line, edit.column),
      end: offset(edit.endLine, edit.endColumn),
      text: edit.text,
      order,
    }))
    .sort((a, b) => b.start - a.start || b.end - a.end || b.order - a.order);
  return sorted.reduce(
    (result, { start, end, text: by }) => result.slice(0, start) + by + result.slice(end),
    text,
  );
}

/** The files that a fix changes, with its edits in each. */
export function byFile(fix: Fix, file: string): ReadonlyMap<string, readonly TextEdit[]> {
  const files = new Map<string, TextEdit[]>();
  for (const edit of fix.edits) {
    const list = files.get(edit.file ?? file);
    if (list === undefined) files.set(edit.file ?? file, [edit]);
    else list.push(edit);
  }
  return files;
}

function linesOf(text: string): string[] {
  return text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
}
