/** @file The text that a run had of each file, against the editor's. */
import type * as vscode from "vscode";
import type { Session } from "../../session/session.js";
import { type LineMap, lineMap } from "../lineMap.js";
import { openDocument } from "../programs.js";

interface Cached {
  readonly version: number;
  readonly map: LineMap;
}

/** The text that problems were found in, against the editor's. */
export interface ProblemText {
  original(file: string): string | null;
  /** Where a line of a file, as it was, is now; null where it is gone. */
  currentLine(file: string, line: number): number | null;
}

export class RanText implements ProblemText {
  readonly #maps = new WeakMap<vscode.TextDocument, Cached>();

  constructor(private readonly session: Session) {}

  original(file: string): string | null {
    return this.session.text(file);
  }

  /** Where a line of a file, as it ran, is now. A file that no editor has open is taken to be as it was. */
  currentLine(file: string, line: number): number | null {
    const document = openDocument(file);
    const original = this.session.text(file);
    if (!document || original === null) return line;
    const cached = this.#maps.get(document);
    if (cached?.version === document.version) return cached.map.toCurrent(line);
    const map = lineMap(original, document.getText());
    this.#maps.set(document, { version: document.version, map });
    return map.toCurrent(line);
  }
}
