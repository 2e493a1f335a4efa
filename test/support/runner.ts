/** @file The runner's bundle for tests, built once a process from the sources as they are. */
import { copyFileSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { runnerBuilds } from "../../esbuild.runner.mjs";

export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");
/** Of this process alone: test runs side by side don't pull it from under each other. */
const outdir = join(root, "out/test", `runner-${process.pid}`);

const shipped = join(root, "dist", "typescript.cjs");
const kernels = join(root, "dist", "kernels.wasm");

/** Builds the runner's files in a folder. The compiler as it ships loads in a fraction of the time. */
export async function buildRunner(folder: string): Promise<string> {
  const builds = runnerBuilds(folder, existsSync(shipped) ? shipped : "typescript");
  await Promise.all(Object.values(builds).map((options) => build({ ...options, logLevel: "silent" })));
  if (existsSync(kernels)) copyFileSync(kernels, join(folder, "kernels.wasm"));
  return join(folder, "runner.js");
}

let built: Promise<string> | null = null;

/** Absolute path of the runner. */
export function runnerBundle(): Promise<string> {
  if (built) return built;
  process.once("exit", () => rmSync(outdir, { recursive: true, force: true }));
  built = buildRunner(outdir);
  return built;
}
