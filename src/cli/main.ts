/** @file The `gradwalk` command. */
import { readFileSync } from "node:fs";
import { type Call, parseCall } from "./arguments.js";
import { check } from "./check.js";
import { dap } from "./dap.js";
import { open } from "./open.js";
import { run } from "./run.js";
import { step } from "./step.js";
import { HELP, UsageError } from "./usage.js";

const WRONG_USAGE = 2;

function perform(call: Call): number | Promise<number> {
  switch (call.command) {
    case "help":
      process.stdout.write(HELP);
      return 0;
    case "version":
      process.stdout.write(`${version()}\n`);
      return 0;
    case "run":
      return run(call);
    case "step":
      return step(call);
    case "check":
      return check(call);
    case "dap":
      return dap(call);
    case "open":
      return open(call);
  }
}

function version(): string {
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { readonly version: string }).version;
}

try {
  // Not process.exit: what is on its way to a pipe has to get there.
  process.exitCode = await perform(parseCall(process.argv.slice(2)));
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`gradwalk: ${error.message}\n`);
    process.exitCode = WRONG_USAGE;
  } else {
    process.stderr.write(`gradwalk: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
