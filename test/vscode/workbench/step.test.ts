/** @file The backward pass stepped as a person does it: with the lens, the debug toolbar and the panel's buttons. */
import assert from "node:assert/strict";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { OUT } from "../../support/paths.js";
import { eventually } from "../../support/wait.js";
import { type TemporaryWorkspace, temporaryWorkspace } from "../host/suite.js";
import { hostVersion } from "../host/versions.js";
import { Workbench } from "../host/workbench.js";
import { type DebugButton, DebugPage } from "./debugPage.js";
import { EditorPage } from "./editorPage.js";
import { GraphPage } from "./graphPage.js";

describe("stepping in the workbench", function () {
  this.bail(true);
  let workspace: TemporaryWorkspace;
  let workbench: Workbench;
  let debug: DebugPage;
  let editor: EditorPage;
  let graph: GraphPage;

  before(async () => {
    workspace = await temporaryWorkspace();
    const { folder } = workspace;
    await tellProcess(join(folder, "fan-in.ts"));
    workbench = await Workbench.open(hostVersion(), { folder, file: join(folder, "fan-in.ts") });
    debug = new DebugPage(workbench.page);
    editor = new EditorPage(workbench.page);
    graph = new GraphPage(workbench);
  });

  after(async () => {
    await workbench?.close();
    await workspace?.remove();
  });

  /** The current node by what is read of it, once it is the one. */
  async function current(name: RegExp): Promise<string> {
    const [node] = await eventually(
      () => graph.current(),
      (found) => found.length === 1 && name.test(found[0]!),
    );
    return node!;
  }

  const press = (name: DebugButton) => debug.press(name);

  /** As they stand in the variables pane, once one of them is as it should be. */
  const variables = (row: RegExp) =>
    eventually(
      () => debug.variables(),
      (rows) => rows.some((text) => row.test(text)),
    );

  it("starts by the lens, and stops before the root of the pass", async () => {
    await workbench.run("Step backward pass");
    await debug.toolbar.waitFor({ timeout: 60_000 });
    await current(/^loss, SumBackward0/);
    await eventually(
      () => editor.highlightedLines(".debug-top-stack-frame-line"),
      (lines) => lines[0] === 10,
    );
    assert.equal(await graph.live(), "live");
  });

  it("shows what comes in in the variables pane, and the forward call in the call stack", async () => {
    const rows = await eventually(
      () => debug.variables(),
      (found) => found.some((row) => row.startsWith("grad")),
    );
    assert.match(rows.join("\n"), /^grad.*tensor\(1\.\)/m);
    const stack = await eventually(
      () => debug.callStack(),
      (found) => found.length > 1,
    );
    assert.match(stack.join("\n"), /SumBackward0 \(loss\)/);
    assert.match(stack.join("\n"), /loss\.backward\(\)/);
  });

  it("runs one node at a press of Step Over, and takes it back at Step Back", async () => {
    await press("Step Over");
    await current(/AddBackward0/);
    await press("Step Over");
    const third = await current(/MulBackward0/);
    await press("Step Back");
    await current(/AddBackward0/);
    assert.equal(await graph.live(), "past");
    await press("Step Over");
    assert.equal(await current(/MulBackward0/), third);
    assert.equal(await graph.live(), "live");
  });

  it("reads the gradients out as of the step", async () => {
    // The one before it reads 3: lenses follow a stop a moment later.
    await eventually(
      () => editor.lenses(),
      (texts) => texts.some((text) => /^x: .*grad pending · 2 terms to come/.test(text)),
    );
  });

  it("steps by the panel's own buttons, and the variables follow", async () => {
    const before = await graph.current();
    await graph.press("One step on");
    const [after] = await eventually(
      () => graph.current(),
      (found) => found.length === 1 && found[0] !== before[0],
    );
    await variables(/^grad =.*tensor\(\[1\., 4\.\]\)/);
    await graph.press("One step back");
    await eventually(
      () => graph.current(),
      (found) => found[0] === before[0],
    );
    await variables(/^grad =.*tensor\(\[1\., 1\.\]\)/);
    assert.notEqual(after, before[0]);
  });

  it("selects a variable's node in the graph", async () => {
    await debug.choose(/^grad =/, "Show in Graph");
    const [node] = await graph.current();
    const [selected] = await eventually(
      () => graph.selected(),
      (found) => found.length === 1,
    );
    assert.equal(selected?.split(",")[0], node?.split(",")[0]);
  });

  it("changes an incoming gradient in the variables pane, and marks what it changes", async () => {
    // Where the program waits: the past can't be changed.
    await press("Step Over");
    await current(/^scaled, MulBackward0/);
    await variables(/^grad =.*tensor\(\[1\., 4\.\]\)/);
    await debug.change(/^grad =/, "[10, 10]");
    await variables(/^grad \(altered\) =.*tensor\(\[10\., 10\.\]\)/);
    await current(/MulBackward0.*\[10, 10\].*altered/);
  });

  it("can be looked at in the middle of a pass, light and dark", async () => {
    for (const [name, theme] of [
      ["light", "Default Light Modern"],
      ["dark", "Default Dark Modern"],
    ] as const) {
      await setTheme(theme);
      await workbench.page.locator(`.monaco-workbench.vs${name === "dark" ? "-dark" : ""}`).waitFor();
      const file = join(OUT, "screenshots", `${hostVersion().name}-stop-${name}.png`);
      await workbench.page.screenshot({ path: file });
      assert.ok((await stat(file)).size > 20_000);
    }
  });

  it("goes on when its panel is closed, and shows the step when it is opened again", async () => {
    await workbench.closeGraph();
    await press("Step Back");
    await variables(/^grad =.*tensor\(\[1\., 1\.\]\)/);
    await workbench.command("Gradwalk: Show Graph");
    await workbench.graphReady();
    await current(/^both, MulBackward0/);
    assert.equal(await graph.live(), "past");
    await press("Step Over");
    await current(/^scaled, MulBackward0/);
    assert.equal(await graph.live(), "live");
  });

  it("starts anew by Restart, with nothing altered", async () => {
    await press("Restart");
    await current(/^loss, SumBackward0/);
    await press("Step Over");
    await press("Step Over");
    assert.doesNotMatch(await current(/MulBackward0/), /altered/);
    await variables(/^grad =.*tensor\(\[1\., 1\.\]\)/);
  });

  it("goes back to the pass's start by Reverse, and to the program's end by Continue", async () => {
    await press("Reverse");
    await current(/^loss, SumBackward0/);
    await press("Continue");
    await current(/^again, SumBackward0/);
    assert.equal(await graph.live(), "live");
    await press("Continue");
    await debug.toolbar.waitFor({ state: "hidden" });
    const all = await eventually(
      () => editor.lenses(),
      (texts) => texts.some((text) => /^x: .*grad \[0, 0\]/.test(text)),
    );
    assert.ok(!all.some((text) => text.includes("pending")), all.join("\n"));
    assert.equal(await graph.live(), "");
  });

  it("ends the program by Stop, and plays the record without it", async () => {
    await startAgain();
    const pid = await programsProcess();
    await press("Step Over");
    await current(/AddBackward0/);
    await press("Step Over");
    await current(/^both, MulBackward0/);
    await press("Stop");
    await debug.toolbar.waitFor({ state: "hidden" });
    await eventually(
      async () => isAlive(pid),
      (alive) => !alive,
    );
    await workbench.graph.getByRole("combobox", { name: "Speed" }).selectOption("8");
    await graph.press("Play the pass");
    await eventually(
      () => graph.current(),
      (found) => found.length === 0,
    );
    await graph.press("One step back");
    await eventually(
      () => graph.current(),
      (found) => found.length === 1,
    );
  });

  it("leaves no process behind when the window is closed in the middle of a pass", async () => {
    await startAgain();
    const pid = await programsProcess();
    assert.ok(isAlive(pid));
    await press("Step Over");
    await current(/AddBackward0/);
    await workbench.leave();
    await eventually(
      async () => isAlive(pid),
      (alive) => !alive,
    );
  });

  /** By the palette: lenses are drawn anew after a run, and a press on one that goes is lost. */
  async function startAgain(): Promise<void> {
    await workbench.command("Gradwalk: Step Backward Pass");
    await debug.toolbar.waitFor();
    await current(/^loss, SumBackward0/);
  }

  /** As the program itself wrote it. */
  async function programsProcess(): Promise<number> {
    return Number(await readFile(join(workspace.folder, "pid"), "utf8"));
  }

  async function setTheme(theme: string): Promise<void> {
    const file = join(workspace.folder, ".vscode", "settings.json");
    await writeFile(file, JSON.stringify({ "workbench.colorTheme": theme }));
  }
});

/** Lets the program leave its process's number, without moving a line. */
async function tellProcess(file: string): Promise<void> {
  const text = await readFile(file, "utf8");
  const first = 'import * as torch from "gradwalk";';
  const tell = 'import { writeFileSync } from "node:fs"; writeFileSync("pid", String(process.pid));';
  assert.ok(text.includes(first));
  await writeFile(file, text.replace(first, `${first} ${tell}`));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
