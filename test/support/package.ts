/** @file `npm run package`: the .vsix, the same for every platform, small enough to be downloaded in a moment. */
import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { TSC } from "./build.js";
import { command } from "./command.js";
import { OUT, ROOT } from "./paths.js";

/** Megabytes. */
const LARGEST = 3;

const vsix = join(OUT, "gradwalk.vsix");
const vsce = join(ROOT, "node_modules", "@vscode", "vsce", "vsce");
await mkdir(OUT, { recursive: true });
await command(process.execPath, [TSC, "-b", "src/core"], { cwd: ROOT });
await command(process.execPath, ["esbuild.mjs", "--minify"], { cwd: ROOT });
const options = ["--no-dependencies", "--allow-missing-repository", "--no-rewrite-relative-links"];
await command(process.execPath, [vsce, "package", ...options, "--out", vsix], { cwd: ROOT });
const megabytes = (await stat(vsix)).size / 1e6;
console.log(`${vsix}: ${megabytes.toFixed(2)} MB`);
if (megabytes > LARGEST) {
  console.error(`That is more than ${LARGEST} MB; out/meta says what the bundles are made of.`);
  process.exitCode = 1;
}
