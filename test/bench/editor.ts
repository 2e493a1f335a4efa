/** @file What a person waits for in the real workbench: activation, the first run, the next ones. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { OUT, ROOT } from "../support/paths.js";
import { runInHost } from "../vscode/host/inHost.js";
import { temporaryWorkspace } from "../vscode/host/suite.js";
import type { HostVersion } from "../vscode/host/versions.js";
import { Workbench } from "../vscode/host/workbench.js";
import { EditorPage } from "../vscode/workbench/editorPage.js";

const EXAMPLE = "linear-regression.ts";
const WARM_RUNS = 9;
const RUN_LENS = "Run and show graph";
const RUN = "Gradwalk: Run and Show Graph";

/** Milliseconds; on a busy machine, the processor's time says more than the clock's. */
export interface Activation {
  readonly wall: number;
  readonly cpu: number;
}

/** Milliseconds. */
export interface EditorTimes {
  readonly activation: Activation;
  /** From the command to the painted graph, in a window just opened. */
  readonly cold: number;
  /** The same after an edit, with everything loaded. */
  readonly warm: readonly number[];
}

export async function measureEditor(version: HostVersion): Promise<EditorTimes> {
  return { activation: await activation(version), ...(await runs(version)) };
}

async function activation(version: HostVersion): Promise<Activation> {
  const tests = join(OUT, "bench", "activation.cjs");
  await build({
    absWorkingDir: ROOT,
    entryPoints: ["test/bench/activation.ts"],
    outfile: tests,
    bundle: true,
    format: "cjs",
    platform: "node",
    external: ["vscode"],
  });
  const folder = await mkdtemp(join(tmpdir(), "gradwalk-bench-"));
  const report = join(folder, "activation");
  await runInHost(version, { tests, folder, env: { GRADWALK_REPORT: report } });
  const times = JSON.parse(await readFile(report, "utf8")) as Activation;
  await rm(folder, { recursive: true });
  return times;
}

async function runs(version: HostVersion): Promise<Pick<EditorTimes, "cold" | "warm">> {
  const workspace = await temporaryWorkspace();
  const workbench = await Workbench.open(version, {
    folder: workspace.folder,
    file: join(workspace.folder, EXAMPLE),
  });
  try {
    await workbench.lens(RUN_LENS).waitFor({ timeout: 60_000 });
    const run = await workbench.findCommand(RUN);
    const cold = await timed(async () => {
      await run();
      await workbench.graphReady();
      await workbench.graph.getByRole("treeitem").first().waitFor({ state: "attached" });
    });
    const warm: number[] = [];
    for (let run = 1; run <= WARM_RUNS; run++) warm.push(await editAndRun(workbench, run));
    return { cold, warm };
  } finally {
    await workbench.close();
    await workspace.remove();
  }
}

/** Another value of `target` each time: the graph is painted when its constant says so. */
async function editAndRun(workbench: Workbench, run: number): Promise<number> {
  const editor = new EditorPage(workbench.page);
  await editor.goTo(6);
  await workbench.page.keyboard.press("Home");
  await workbench.page.keyboard.press("Shift+End");
  await workbench.page.keyboard.type(`const target = torch.tensor([${run}, 5, 7`);
  await editor.lens(/stale/).waitFor();
  const command = await workbench.findCommand(RUN);
  const painted = workbench.graph.getByRole("treeitem", { name: new RegExp(`^target.*\\[${run}\\.?, 5`) });
  return timed(async () => {
    await command();
    await painted.first().waitFor({ state: "attached" });
  });
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
