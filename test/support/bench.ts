/** @file `npm run bench`: what a person waits for, on both versions of VS Code; numbers, no verdict. */
import { measureEditor } from "../bench/editor.js";
import { VERSIONS } from "../vscode/host/versions.js";
import { TSC } from "./build.js";
import { command } from "./command.js";
import { ROOT } from "./paths.js";

const ms = (time: number) => `${time.toFixed(0)} ms`;

await command(process.execPath, [TSC, "-b", "src/core"], { cwd: ROOT });
await command(process.execPath, ["esbuild.mjs", "--minify"], { cwd: ROOT });
for (const version of VERSIONS) {
  const { activation, cold, warm } = await measureEditor(version);
  const sorted = [...warm].sort((a, b) => a - b);
  console.log(`VS Code ${version.vscode}`);
  console.log(
    `  activation                         ${ms(activation.wall)}, ${ms(activation.cpu)} of processor   (target 30 ms)`,
  );
  console.log(`  command to painted graph, cold     ${ms(cold)}   (target 1500 ms)`);
  console.log(`  command to painted graph, warm     ${ms(sorted[sorted.length >> 1]!)}   (target 150 ms)`);
}
