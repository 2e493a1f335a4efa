/** @file What a person waits for in the real workbench: activation, the first run, the next ones. */
import { join } from "node:path";
import { temporaryWorkspace } from "../vscode/host/suite.js";
import type { HostVersion } from "../vscode/host/versions.js";
import { Workbench } from "../vscode/host/workbench.js";
import { EditorPage } from "../vscode/workbench/editorPage.js";

const EXAMPLE = "linear-regression.ts";
const WARM_RUNS = 9;
const RUN_LENS = "Run and show graph";
const RUN = "Gradwalk: Run and Show Graph";

/** Milliseconds. */
export interface EditorTimes {
  /** What VS Code itself counts: loading the code and the call of `activate`. */
  readonly activation: number;
  /** From the command to the painted graph, in a window just opened. */
  readonly cold: number;
  /** The same after an edit, with everything loaded. */
  readonly warm: readonly number[];
}

export async function measureEditor(version: HostVersion): Promise<EditorTimes> {
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
    return { activation: await activation(workbench), cold, warm };
  } finally {
    await workbench.close();
    await workspace.remove();
  }
}

/** As the editor of the running extensions tells it. */
async function activation(workbench: Workbench): Promise<number> {
  await workbench.command("Developer: Show Running Extensions");
  const row = workbench.page.locator(".runtime-extensions-editor .monaco-list-row", { hasText: "Gradwalk" });
  const text = await row.locator(".activation-time").first().innerText();
  return Number(/(\d+)\s*ms/.exec(text)?.[1]);
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
