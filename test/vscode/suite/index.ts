/**
 * @file What VS Code calls inside the extension host: Mocha over every bundled suite beside this file, or over those
 * that GRADWALK_SUITES names (`GRADWALK_SUITES="live hovers"`).
 */
import { appendFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

export async function run(): Promise<void> {
  const { default: Mocha } = await import("mocha");
  const report = process.env.GRADWALK_REPORT;
  const mocha = new Mocha({
    timeout: 30_000,
    ...(report ? { reporter: "json", reporterOptions: { output: report } } : { reporter: "spec" }),
  });
  const wanted = process.env.GRADWALK_SUITES?.split(" ");
  for (const file of readdirSync(__dirname)
    .filter((name) => name.endsWith(".test.cjs"))
    .filter((name) => !wanted || wanted.includes(name.replace(".test.cjs", "")))
    .sort()) {
    mocha.addFile(join(__dirname, file));
  }
  await mocha.loadFilesAsync();
  await new Promise<void>((resolve, reject) => {
    const runner = mocha.run((failures) => {
      if (failures === 0) resolve();
      else reject(new Error(`${failures} tests failed`));
    });
    if (report) keepDiary(runner, `${report}.progress`);
  });
}

/** For whoever waits for a report that never comes: what was begun, and what failed. */
function keepDiary(runner: Mocha.Runner, file: string): void {
  const note = (line: string) => appendFileSync(file, `${line}\n`);
  runner.on("test", (test) => note(test.fullTitle()));
  runner.on("fail", (test, error) => note(`  ✗ ${test.title}: ${error.stack ?? error.message}`));
}
