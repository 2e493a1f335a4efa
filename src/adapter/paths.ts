/** @file Files and positions as the run names them, and as the client does. */
import { existsSync } from "node:fs";
import { basename, isAbsolute, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Session } from "../session/session.js";
import type { ClientDocuments } from "./types.js";

/** How the client counts and names, by its `initialize`. Ours is from 1, and paths. */
export class ClientFormat {
  readonly #linesFrom: number;
  readonly #columnsFrom: number;
  readonly #uris: boolean;
  readonly #documents: ClientDocuments | undefined;

  constructor(
    client: Partial<DebugProtocol.InitializeRequestArguments> = {},
    documents: ClientDocuments | undefined = undefined,
  ) {
    this.#documents = documents;
    this.#linesFrom = client.linesStartAt1 === false ? 0 : 1;
    this.#columnsFrom = client.columnsStartAt1 === false ? 0 : 1;
    this.#uris = client.pathFormat === "uri";
  }

  lineTo(line: number): number {
    return line - 1 + this.#linesFrom;
  }

  lineFrom(line: number): number {
    return line - this.#linesFrom + 1;
  }

  columnTo(column: number): number {
    return column - 1 + this.#columnsFrom;
  }

  columnFrom(column: number): number {
    return column - this.#columnsFrom + 1;
  }

  pathTo(path: string): string {
    return this.nameOf(path) ?? (this.#uris ? pathToFileURL(path).href : path);
  }

  pathFrom(path: string): string {
    return this.#documents?.pathOf(path) ?? (path.startsWith("file:") ? fileURLToPath(path) : path);
  }

  /** What the client calls a document that no file holds; null for files. */
  nameOf(path: string): string | null {
    return this.#documents?.nameOf(path) ?? null;
  }

  /** The fields of a place that are known, as the client counts. */
  placeTo(place: {
    readonly line: number | null;
    readonly column: number | null;
    readonly endLine?: number | null | undefined;
    readonly endColumn?: number | null | undefined;
  }): { line?: number; column?: number; endLine?: number; endColumn?: number } {
    const { line, column, endLine, endColumn } = place;
    return {
      ...(typeof line === "number" && { line: this.lineTo(line) }),
      ...(typeof column === "number" && { column: this.columnTo(column) }),
      ...(typeof endLine === "number" && { endLine: this.lineTo(endLine) }),
      ...(typeof endColumn === "number" && { endColumn: this.columnTo(endColumn) }),
    };
  }
}

const isWindows = process.platform === "win32";
const same = (path: string): string => (isWindows ? path.toLowerCase() : path);

/** A saved trace names files from the folder in which it was written, which may be elsewhere now. */
export class SourceFiles {
  readonly #session: Session;
  readonly #folders: readonly string[];
  /** Files whose text only the session has, by number from 1. */
  readonly #texts: string[] = [];

  /** @param folders where to look for files that are named from one */
  constructor(session: Session, folders: readonly string[]) {
    this.#session = session;
    this.#folders = folders;
  }

  /** A module's file on disk, or where it would be. */
  path(file: string): string {
    if (isAbsolute(file)) return file;
    const candidates = this.#folders.map((folder) => resolve(folder, file));
    return candidates.find((path) => existsSync(path)) ?? candidates[0] ?? file;
  }

  /** How the run names a file of the client's; as it is where the run does not know it. */
  file(path: string): string {
    return this.#session.files().find((file) => same(this.path(file)) === same(resolve(path))) ?? path;
  }

  source(file: string, format: ClientFormat): DebugProtocol.Source {
    const path = this.path(file);
    const name = basename(path);
    const shownByClient = format.nameOf(path) !== null || existsSync(path);
    if (shownByClient || this.#session.text(file) === null) return { name, path: format.pathTo(path) };
    if (!this.#texts.includes(file)) this.#texts.push(file);
    return { name, path: format.pathTo(path), sourceReference: this.#texts.indexOf(file) + 1 };
  }

  /** The text of a source that has no file; null where the number is none. */
  text(reference: number): string | null {
    const file = this.#texts[reference - 1];
    return file === undefined ? null : this.#session.text(file);
  }
}
