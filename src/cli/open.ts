/** @file `gradwalk open`: an exported trace as the interactive page. */
import { readFileSync } from "node:fs";
import { parseTraceDocument, UnreadableTrace } from "../session/parse.js";
import type { OpenCall } from "./arguments.js";
import { STDOUT } from "./arguments.js";
import { checkOutput, kindOf, writeOutput } from "./files.js";
import { htmlPage } from "./html.js";
import { UsageError } from "./usage.js";

/** @returns the exit status */
export async function open(call: OpenCall): Promise<number> {
  if (kindOf(call.file) !== "file") {
    throw new UsageError(
      `there is no file ${call.file}: write one with gradwalk run FILE.ts --json ${call.file}`,
    );
  }
  const out = call.html ?? `${call.file.replace(/(\.gradwalk)?\.json$/i, "")}.html`;
  checkOutput("--html", out);
  try {
    writeOutput(out, [await htmlPage(parseTraceDocument(readFileSync(call.file, "utf8")))]);
  } catch (error) {
    if (!(error instanceof UnreadableTrace)) throw error;
    throw new UsageError(`${call.file}: ${error.message}`);
  }
  if (out !== STDOUT) process.stdout.write(`${out}\n`);
  return 0;
}
