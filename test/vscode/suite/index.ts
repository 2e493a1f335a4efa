/** @file What VS Code calls inside the extension host: Mocha over every bundled suite beside this file. */
import { readdirSync } from "node:fs";
import { join } from "node:path";

export async function run(): Promise<void> {
  const { default: Mocha } = await import("mocha");
  const report = process.env.GRADWALK_REPORT;
  const mocha = new Mocha({
    timeout: 30_000,
    ...(report ? { reporter: "json", reporterOptions: { output: report } } : { reporter: "spec" }),
  });
  for (const file of readdirSync(__dirname)
    .filter((name) => name.endsWith(".test.cjs"))
    .sort()) {
    mocha.addFile(join(__dirname, file));
  }
  await mocha.loadFilesAsync();
  await new Promise<void>((resolve, reject) => {
    mocha.run((failures) => (failures === 0 ? resolve() : reject(new Error(`${failures} tests failed`))));
  });
}
