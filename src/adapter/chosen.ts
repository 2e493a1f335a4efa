/** @file What is to be debugged: a program to run, or a record to walk. */
import { dirname } from "node:path";
import type { LaunchOptions } from "../launcher/types.js";
import type { Breakpoints } from "../protocol/debug.js";
import { checkLaunch, type Launch } from "./launchArguments.js";
import { openTrace } from "./openTrace.js";
import type { ClientFormat } from "./paths.js";
import type { ClientDocuments, RecordedRun } from "./types.js";

export type Chosen =
  | { readonly kind: "program"; readonly launch: Launch; readonly program: string }
  | { readonly kind: "record"; readonly launch: Partial<Launch>; readonly recorded: RecordedRun };

/** @throws RequestError that says what is wrong with the configuration, or with the trace */
export function choose(args: unknown, format: ClientFormat, documents: ClientDocuments | undefined): Chosen {
  const launch = checkLaunch(args, format, (path) => documents?.has(path) ?? false);
  const { program, trace } = launch;
  if (program !== undefined) return { kind: "program", launch, program };
  return { kind: "record", launch, recorded: { session: openTrace(trace!, launch.cwd), run: null } };
}

/** What the launcher is asked for; null breakpoints: a run that is not stepped. */
export function launchOptions(launch: Launch, program: string, debug: Breakpoints | null): LaunchOptions {
  const { cwd, overlays, args, env, timeout, memoryLimit, traceBudget } = launch;
  return {
    program,
    cwd,
    overlays,
    debug,
    ...(args && { args }),
    ...(env && { env }),
    ...(timeout !== undefined && { timeout }),
    ...(memoryLimit !== undefined && { memoryLimit }),
    ...(traceBudget !== undefined && { traceBudget }),
  };
}

/** Folders that the files of a record may be named from. */
export function foldersOf({ trace, cwd }: Partial<Launch>): string[] {
  return [...(cwd === undefined ? [] : [cwd]), ...(trace === undefined ? [] : [dirname(trace)])];
}
