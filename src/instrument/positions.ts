/** @file Offsets into a source file as 1-based lines and columns. */

import type ts from "typescript";
import type { Range } from "./sites.js";

const LINE_BREAK = /\s+/g;
const LONGEST_TEXT = 80;

export class PositionTable {
  constructor(private readonly file: ts.SourceFile) {}

  at(offset: number): { line: number; column: number } {
    const { line, character } = this.file.getLineAndCharacterOfPosition(offset);
    return { line: line + 1, column: character + 1 };
  }

  range(start: number, end: number): Range {
    const from = this.at(start);
    const to = this.at(end);
    return { line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
  }

  /** The source between two offsets, on one line and cut to 80 characters. */
  text(start: number, end: number): string {
    const cut = end - start > 4 * LONGEST_TEXT ? start + 4 * LONGEST_TEXT : end;
    const flat = this.file.text.slice(start, cut).replace(LINE_BREAK, " ");
    return flat.length > LONGEST_TEXT ? `${flat.slice(0, LONGEST_TEXT - 1)}…` : flat;
  }
}
