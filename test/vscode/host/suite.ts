/** @file The extension host's suites on one version of VS Code, with their tally. */
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readReport, reportFile, type Tally } from "../../support/mochaRun.js";
import { ROOT } from "../../support/paths.js";
import { bundleSuites } from "./bundle.js";
import { runInHost } from "./inHost.js";
import { type HostVersion, NEWEST } from "./versions.js";

export interface TemporaryWorkspace {
  readonly folder: string;
  remove(): Promise<void>;
}

/** What the editor needs to check the examples outside this repository, where `gradwalk` is known by its types. */
const TSCONFIG = {
  compilerOptions: {
    target: "es2022",
    module: "esnext",
    moduleResolution: "bundler",
    strict: true,
    types: [],
  },
};

/** A copy of the examples for one run, in a folder whose name needs quoting, with settings of its own. */
export async function temporaryWorkspace(
  settings: Readonly<Record<string, unknown>> = {},
  name = "gradient dà",
): Promise<TemporaryWorkspace> {
  const base = await mkdtemp(join(tmpdir(), "gradwalk-workspace-"));
  const folder = join(base, name);
  await cp(join(ROOT, "examples"), folder, { recursive: true });
  await mkdir(join(folder, ".vscode"));
  await writeFile(join(folder, ".vscode", "settings.json"), JSON.stringify(settings));
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(TSCONFIG));
  return { folder, remove: () => rm(base, { recursive: true, force: true, maxRetries: 5 }) };
}

/** A workspace of the folder and of an empty one beside it. */
async function withSecondFolder(folder: string): Promise<string> {
  const second = join(dirname(folder), "second");
  await mkdir(second);
  const file = join(dirname(folder), "several.code-workspace");
  await writeFile(file, JSON.stringify({ folders: [{ path: folder }, { path: second }] }));
  return file;
}

export async function runHostSuite(version: HostVersion): Promise<Tally> {
  const tests = await bundleSuites();
  const report = await reportFile(`host-${version.name}`);
  const workspace = await temporaryWorkspace();
  try {
    // One of the two windows has one folder, the other several: both are common.
    const folder = version === NEWEST ? await withSecondFolder(workspace.folder) : workspace.folder;
    const { code, output } = await runInHost(version, {
      tests,
      folder,
      env: { GRADWALK_REPORT: report },
    }).catch((error: unknown) => ({ code: 1, output: String(error) }));
    return await readReport(report, version.name, code, output);
  } finally {
    await workspace.remove();
  }
}
