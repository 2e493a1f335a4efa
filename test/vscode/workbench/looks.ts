/** @file Pictures of the whole window with an example and its graph, in the themes that people use. */
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { eventually } from "../../support/wait.js";
import { temporaryWorkspace } from "../host/suite.js";
import type { HostVersion } from "../host/versions.js";
import { Workbench } from "../host/workbench.js";
import { DebugPage } from "./debugPage.js";
import { EditorPage } from "./editorPage.js";
import { GraphPage } from "./graphPage.js";

export const THEMES = {
  light: { settings: { "workbench.colorTheme": "Default Light Modern" } },
  dark: { settings: { "workbench.colorTheme": "Default Dark Modern" } },
  // VS Code follows the system here, whatever theme is set.
  "high-contrast": { settings: {}, highContrast: true, colorScheme: "dark" },
} as const;

export interface Look {
  readonly theme: keyof typeof THEMES;
  readonly example: string;
  /** Lens to press. */
  readonly press: "Run and show graph" | "Step backward pass";
  /** Node to select, by the beginning of its name. */
  readonly select?: RegExp;
  /** Of a debug session: presses of Step Over. */
  readonly steps?: number;
}

/** What would be in the way of looking at the code. */
const SETTINGS = {
  "editor.minimap.enabled": false,
  "workbench.activityBar.location": "hidden",
  "workbench.sideBar.location": "left",
  "breadcrumbs.enabled": false,
  "editor.scrollBeyondLastLine": false,
};

export async function takePicture(version: HostVersion, look: Look, file: string): Promise<void> {
  const { settings, ...system } = THEMES[look.theme];
  const workspace = await temporaryWorkspace({ ...SETTINGS, ...settings }, "examples");
  const { folder } = workspace;
  const size = { width: 1560, height: 940 };
  const request = { folder, file: join(folder, look.example), size, ...system };
  const workbench = await Workbench.open(version, request);
  try {
    const editor = new EditorPage(workbench.page);
    // Before the editor has settled, it takes the focus from whatever else has it.
    await workbench.lens(look.press).waitFor({ timeout: 60_000 });
    await workbench.command("View: Close Primary Side Bar");
    await addTypes(workbench);
    await workbench.run(look.press);
    await eventually(
      () => editor.lenses(),
      (texts) => texts.length > 1,
    );
    if (look.steps !== undefined) await stepOn(workbench, look.steps);
    if (look.select) await workbench.graph.getByRole("treeitem", { name: look.select }).first().click();
    // Away from whatever would show its tooltip.
    await workbench.page.mouse.move(10, 10);
    // Fades and the TypeScript server's first look at the file.
    await workbench.page.waitForTimeout(3000);
    await mkdir(dirname(file), { recursive: true });
    await workbench.page.screenshot({ path: file });
  } finally {
    await workbench.close();
    await workspace.remove();
  }
}

/** Presses Step Over as soon as the step before is shown. */
async function stepOn(workbench: Workbench, steps: number): Promise<void> {
  const debug = new DebugPage(workbench.page);
  const graph = new GraphPage(workbench);
  await debug.toolbar.waitFor();
  for (let step = 1; step <= steps; step++) {
    const [before] = await eventually(
      () => graph.current(),
      (found) => found.length === 1,
    );
    await debug.press("Step Over");
    await eventually(
      () => graph.current(),
      ([now]) => now !== undefined && now !== before,
    );
  }
  await eventually(
    () => debug.variables(),
    (rows) => rows.some((row) => row.startsWith("grad")),
  );
}

/** As a person adds them; without them, TypeScript would underline every import. */
export async function addTypes(workbench: Workbench): Promise<void> {
  await workbench.command("Gradwalk: Add or Remove Types");
  await workbench.page.locator(".monaco-dialog-box").getByRole("button", { name: "Add Types" }).click();
}
