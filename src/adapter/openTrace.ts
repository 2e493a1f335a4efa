/** @file A saved trace as the session of a run, with its files found again. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import type { TraceDocument } from "../protocol/export.js";
import { parseTraceDocument } from "../session/parse.js";
import { Session } from "../session/session.js";
import { RequestErrors } from "./errors.js";

/**
 * A trace names its files from the folder that was the program's; they are looked for from `folder`, from
 * where the trace lies, and from the folders around it.
 * @throws UnreadableTrace where the text is no trace
 */
export function readTrace(text: string, path: string, folder: string): Session {
  const document = parseTraceDocument(text);
  return Session.fromDocument(withFiles(document, finder([folder, ...upwards(dirname(path))])));
}

/** @throws RequestError where the file is no trace */
export function openTrace(path: string, folder: string): Session {
  try {
    return readTrace(readFileSync(path, "utf8"), path, folder);
  } catch (error) {
    throw RequestErrors.unreadableTrace(path, (error as Error).message);
  }
}

function upwards(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...upwards(above)];
}

/** What is found nowhere is named as if it were in the first folder. */
function finder(folders: readonly string[]): (file: string) => string {
  const found = new Map<string, string>();
  return (file) => {
    const known = found.get(file);
    if (known !== undefined) return known;
    const candidates = isAbsolute(file) ? [file] : folders.map((each) => join(each, file));
    const path = candidates.find((candidate) => existsSync(candidate)) ?? resolve(folders[0]!, file);
    found.set(file, path);
    return path;
  };
}

/** The document with every `file` in it renamed. */
function withFiles(document: TraceDocument, rename: (file: string) => string): TraceDocument {
  const renamed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(renamed);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [
        key,
        key === "file" && typeof each === "string" ? rename(each) : renamed(each),
      ]),
    );
  };
  return renamed(document) as TraceDocument;
}
