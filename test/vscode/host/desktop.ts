/** @file The extension host's suites in a desktop VS Code: one that is installed, or one downloaded. */
import { runTests } from "@vscode/test-electron";
import { readReport, reportFile, type Tally } from "../../support/mochaRun.js";
import { ROOT } from "../../support/paths.js";
import { bundleSuites } from "./bundle.js";
import { temporaryWorkspace } from "./suite.js";
import { OLDEST } from "./versions.js";

/** Uses the VS Code that `VSCODE_EXECUTABLE` names, else downloads the oldest one that is supported. */
export async function runDesktopSuite(): Promise<Tally> {
  const tests = await bundleSuites();
  const report = await reportFile("desktop");
  const workspace = await temporaryWorkspace();
  const executable = process.env.VSCODE_EXECUTABLE;
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  try {
    const code = await runTests({
      ...(executable ? { vscodeExecutablePath: executable } : { version: OLDEST.vscode }),
      extensionDevelopmentPath: ROOT,
      extensionTestsPath: tests,
      extensionTestsEnv: { GRADWALK_REPORT: report },
      launchArgs: [workspace.folder, "--disable-workspace-trust", "--disable-extensions", ...sandbox],
    }).catch(() => 1);
    return await readReport(report, "desktop", code, "");
  } finally {
    await workspace.remove();
  }
}
