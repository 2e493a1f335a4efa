/** @file Runs Mocha in a process of its own, and reads its result back. */
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { tryCommand } from "./command.js";
import { OUT, ROOT } from "./paths.js";

export interface Failure {
  readonly title: string;
  readonly text: string;
}

export interface Tally {
  readonly passed: number;
  readonly failures: readonly Failure[];
}

interface MochaReport {
  readonly stats: { readonly passes: number };
  readonly failures: readonly {
    readonly fullTitle: string;
    readonly err: { readonly stack?: string; readonly message?: string };
  }[];
}

/** A file for the report of Mocha's JSON reporter; an older one is gone afterwards. */
export async function reportFile(name: string): Promise<string> {
  const folder = join(OUT, "reports");
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${name.replace(/\W+/g, "-")}.json`);
  await rm(file, { force: true });
  await rm(`${file}.progress`, { force: true });
  return file;
}

/**
 * The tally of a report; a run that ended without one, or with a status that does not fit it, is one failure
 * with everything that was printed.
 */
export async function readReport(file: string, name: string, status: number, output: string): Promise<Tally> {
  const json = await readFile(file, "utf8").catch(() => null);
  if (json === null) {
    const diary = await readFile(`${file}.progress`, "utf8").catch(() => "");
    const text = `ended with status ${status} and without a report\n${diary.slice(-4000)}${output.slice(-4000)}`;
    return { passed: 0, failures: [{ title: name, text }] };
  }
  const report = JSON.parse(json) as MochaReport;
  const failures = report.failures.map(({ fullTitle, err }) => ({
    title: fullTitle,
    text: err.stack ?? err.message ?? "no message",
  }));
  if (status !== 0 && failures.length === 0) {
    failures.push({ title: name, text: `all tests passed, but the run ended with ${status}\n${output}` });
  }
  if (report.stats.passes + failures.length === 0) {
    failures.push({ title: name, text: "no test was found" });
  }
  return { passed: report.stats.passes, failures };
}

/** Runs Mocha with `args` in a fresh process. */
export async function runMocha(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Tally> {
  const report = await reportFile(name);
  const mocha = join(ROOT, "node_modules", "mocha", "bin", "mocha.js");
  // A test that failed may leave something running; its failure is what counts.
  const reporting = ["--exit", "--reporter", "json", "--reporter-option", `output=${report}`];
  const result = await tryCommand(process.execPath, [mocha, ...args, ...reporting], { cwd: ROOT, env });
  return readReport(report, name, result.status, result.output);
}
