/** @file Whether a node was made at a place in the source. */
import type { SourceLocation } from "../../src/protocol/export.js";

/** One side may give the path absolutely and the other from the workspace. */
export function sameFile(a: string, b: string): boolean {
  const [x, y] = [a, b].map((path) => path.replace(/\\/g, "/")) as [string, string];
  return x === y || x.endsWith(`/${y}`) || y.endsWith(`/${x}`);
}

export function coversLine(source: SourceLocation | null, file: string, line: number): boolean {
  if (source === null || !sameFile(source.file, file)) return false;
  return source.line <= line && line <= (source.endLine ?? source.line);
}
