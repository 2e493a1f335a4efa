/** @file The launch configuration, checked where it enters. */
import { statSync } from "node:fs";
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
  stopOnEntry: flag,
  stopOnBackward: flag,
  noDebug: flag,
  timeout: amount,
  memoryLimit: amount,
  traceBudget: amount,
};

/** What is to be run or opened; `program` or `trace` is absolute and exists. */
export type Launch = LaunchArguments & { readonly cwd: string };

/** @throws RequestError that says what is wrong with the configuration */
export function checkLaunch(args: unknown, format: ClientFormat): Launch {
  if (typeof args !== "object" || args === null) throw RequestErrors.launchWhat();
  for (const [name, [is, should]] of Object.entries(CHECKS)) {
    const value = (args as Readonly<Record<string, unknown>>)[name];
    if (value !== undefined && value !== null && !is(value)) throw RequestErrors.badArgument(name, should);
  }
  const { program, trace, cwd, ...rest } = args as LaunchArguments;
  const given = program ?? trace;
  if (given === undefined) throw RequestErrors.launchWhat();
  const folder = cwd ?? null;
  const path = resolve(folder ?? process.cwd(), format.pathFrom(given));
  if (!isFile(path)) throw RequestErrors.noProgram(path);
  return {
    ...rest,
    ...(program === undefined ? { trace: path } : { program: path }),
    cwd: folder === null ? dirname(path) : resolve(folder),
  };
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
