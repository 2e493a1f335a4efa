/** @file Files that the call names: looked at before the program runs, written after it ended. */
import { closeSync, openSync, statSync, writeSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";
import { STDOUT } from "./arguments.js";
import { UsageError } from "./usage.js";

const PROGRAM = /\.([cm]?[jt]s|[jt]sx)$/i;

/** @throws UsageError where there is no such program */
export function checkProgram(file: string): string {
  const kind = kindOf(file);
  if (kind === "none")
    throw new UsageError(`there is no file ${file}: check its path (it is taken from ${process.cwd()})`);
  if (kind === "folder") throw new UsageError(`${file} is a folder: name a TypeScript file in it`);
  if (!PROGRAM.test(file)) {
    throw new UsageError(
      `${file} is no program: gradwalk runs TypeScript and JavaScript files (.ts, .mts, .cts, .tsx, .js …)`,
    );
  }
  return resolve(file);
}

/** An export that could only fail is told of before the program runs. */
export function checkOutput(option: string, out: string): void {
  if (out === STDOUT) return;
  if (kindOf(out) === "folder") throw new UsageError(`${option} ${out} is a folder: name a file in it`);
  const folder = dirname(out);
  if (kindOf(folder) !== "folder")
    throw new UsageError(`${option} ${out}: there is no folder ${folder}, make it first`);
}

export function kindOf(file: string): "file" | "folder" | "none" {
  try {
    return statSync(file).isDirectory() ? "folder" : "file";
  } catch {
    return "none";
  }
}

/** @param content in pieces where the whole may be longer than a string can be */
export function writeOutput(out: string, content: Iterable<string>): void {
  if (out === STDOUT) {
    for (const piece of content) process.stdout.write(piece);
    return;
  }
  const file = openSync(out, "w");
  try {
    for (const piece of content) writeSync(file, piece);
  } finally {
    closeSync(file);
  }
}

/** The file as people write it here: relative where it is below the working directory. */
export function shown(file: string): string {
  const path = relative(process.cwd(), file);
  return path === "" || path === ".." || path.startsWith(`..${sep}`) ? file : path;
}
