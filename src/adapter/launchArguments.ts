/** @file The launch configuration, checked where it enters. */
import { type Stats, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { RequestErrors } from "./errors.js";
import type { ClientFormat } from "./paths.js";
import type { LaunchArguments } from "./types.js";

type Check = readonly [is: (value: unknown) => boolean, should: string];

const text: Check = [(value) => typeof value === "string" && value !== "", "should be a path"];
const flag: Check = [(value) => typeof value === "boolean", "should be true or false"];
const amount: Check = [(value) => typeof value === "number" && value >= 0, "should be a number, 0 or more"];
const texts: Check = [
  (value) => Array.isArray(value) && value.every((one) => typeof one === "string"),
  "should be a list of texts",
];
const table: Check = [
  (value) =>
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every((one) => typeof one === "string"),
  "should map names to texts",
];

const CHECKS: Readonly<Record<string, Check>> = {
  program: text,
  trace: text,
  args: texts,
  cwd: text,
  env: table,
  sources: table,
  stopOnEntry: flag,
  stopOnBackward: flag,
  noDebug: flag,
  timeout: amount,
  memoryLimit: amount,
  traceBudget: amount,
};

/** What is to be run or opened; `program` or `trace` is absolute and exists, as a file or as a text. */
export type Launch = Omit<LaunchArguments, "sources"> & {
  readonly cwd: string;
  /** By absolute path. */
  readonly overlays: ReadonlyMap<string, string>;
};

/**
 * @param isDocument whether the client has a document for a path that may be on no disk
 * @throws RequestError that says what is wrong with the configuration
 */
export function checkLaunch(
  args: unknown,
  format: ClientFormat,
  isDocument: (path: string) => boolean,
): Launch {
  if (typeof args !== "object" || args === null) throw RequestErrors.launchWhat();
  for (const [name, [is, should]] of Object.entries(CHECKS)) {
    const value = (args as Readonly<Record<string, unknown>>)[name];
    if (value !== undefined && value !== null && !is(value)) throw RequestErrors.badArgument(name, should);
  }
  const { program, trace, cwd, sources, ...rest } = args as LaunchArguments;
  const given = program ?? trace;
  if (given === undefined) throw RequestErrors.launchWhat();
  const folder = cwd === undefined ? null : resolve(format.pathFrom(cwd));
  const absolute = (path: string): string => resolve(folder ?? process.cwd(), format.pathFrom(path));
  const path = absolute(given);
  const overlays = new Map(Object.entries(sources ?? {}).map(([file, content]) => [absolute(file), content]));
  const isThere =
    program === undefined ? isFile(path) : overlays.has(path) || isDocument(path) || isFile(path);
  if (!isThere) throw RequestErrors.noProgram(path, program === undefined ? "trace" : "program");
  if (folder !== null && !isFolder(folder)) throw RequestErrors.badArgument("cwd", "should be a folder");
  return {
    ...rest,
    ...(program === undefined ? { trace: path } : { program: path }),
    // A document that no file holds may have no folder either.
    cwd: folder ?? (isFolder(dirname(path)) ? dirname(path) : process.cwd()),
    overlays,
  };
}

function isFile(path: string): boolean {
  return statOf(path)?.isFile() ?? false;
}

function isFolder(path: string): boolean {
  return statOf(path)?.isDirectory() ?? false;
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
