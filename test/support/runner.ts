/** @file The runner's bundle for tests, built once a process from the sources as they are. */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";

export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");
/** Of this process alone: test runs side by side don't pull it from under each other. */
const outdir = join(root, "out/test", `runner-${process.pid}`);

const shipped = join(root, "dist", "typescript.cjs");
const typescript: Plugin = {
  name: "typescript",
  setup({ onResolve }) {
    const path = existsSync(shipped) ? pathToFileURL(shipped).href : "typescript";
    onResolve({ filter: /^typescript$/ }, () => ({ path, external: true }));
  },
};

let built: Promise<string> | null = null;

/** Absolute path of the runner. */
export function runnerBundle(): Promise<string> {
  if (built) return built;
  process.once("exit", () => rmSync(outdir, { recursive: true, force: true }));
  built = build({
    absWorkingDir: root,
    entryPoints: { runner: "src/runner/runner.ts", "runner-watch": "src/runner/watch.ts" },
    outdir,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    // The compiler as it ships loads in a fraction of the time.
    plugins: [typescript],
    logLevel: "silent",
  }).then(() => join(outdir, "runner.js"));
  return built;
}
