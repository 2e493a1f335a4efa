/** @file Bundles the suites that run inside an extension host, which knows nothing of tsx. */
import { join } from "node:path";
import { build } from "esbuild";
import { OUT, ROOT } from "../../support/paths.js";

/** Folder of the bundled suites; its index.cjs exports the `run()` that VS Code calls. */
export async function bundleSuites(): Promise<string> {
  const outdir = join(OUT, "test", "vscode");
  await build({
    absWorkingDir: ROOT,
    entryPoints: ["test/vscode/suite/index.ts", "test/vscode/suite/*.test.ts"],
    outdir,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node20",
    sourcemap: "inline",
    external: ["vscode", "mocha"],
    logLevel: "warning",
  });
  return join(outdir, "index.cjs");
}
