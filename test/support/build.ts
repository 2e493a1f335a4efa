/** @file Builds the bundles and the declarations that they carry. */
import { join } from "node:path";
import { command } from "./command.js";
import { ROOT } from "./paths.js";

/** TypeScript's own binary, run without a shell. */
export const TSC = join(ROOT, "node_modules", "typescript", "bin", "tsc");

export async function buildAll(): Promise<void> {
  await command(process.execPath, [TSC, "-b", "src/core"], { cwd: ROOT });
  await command(process.execPath, ["esbuild.mjs"], { cwd: ROOT });
}
