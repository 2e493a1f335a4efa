/** @file Several graphs side by side, and saved traces as documents of their own. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { closeAll, graphTabs, open, PROGRAM, run, until, workspaceFolder } from "./editor.js";

/** The window hears of a panel, and of its title, a moment later. */
async function untilLabels(...labels: readonly string[]): Promise<void> {
  const now = () => graphTabs().map(({ label }) => label);
  await until(`the panels are ${labels.join(" and ")}`, () => now().sort().join() === labels.join());
}

/** The tab of a saved trace. */
function traceTab(uri: vscode.Uri): vscode.Tab | undefined {
  return vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .find(({ input }) => input instanceof vscode.TabInputCustom && input.uri.path === uri.path);
}

describe("graph panels", () => {
  afterEach(async () => {
    await closeAll();
    await until("no panel is left", () => graphTabs().length === 0);
  });

  it("are one that follows what is run", async () => {
    await run(await open(PROGRAM, "first.ts"));
    await run(await open(PROGRAM, "second.ts"));
    await untilLabels("Graph: second.ts");
  });

  it("stay with their file when they are locked, and the next program gets its own", async () => {
    const first = await open(PROGRAM, "first.ts");
    await run(first);
    await vscode.commands.executeCommand("gradwalk.lockGraph");
    await untilLabels("Graph, locked: first.ts");
    await run(await open(PROGRAM, "second.ts"));
    await untilLabels("Graph, locked: first.ts", "Graph: second.ts");
    // Its own program, run again, comes to the locked panel.
    await run(first);
    await untilLabels("Graph, locked: first.ts", "Graph: second.ts");
    await vscode.commands.executeCommand("gradwalk.unlockGraph");
    await untilLabels("Graph: first.ts");
  });

  it("open a saved trace as a document, by its name", async () => {
    await run(await open(PROGRAM, "first.ts"));
    const target = vscode.Uri.file(join(workspaceFolder(), `${randomUUID()}.gradwalk.json`));
    await vscode.commands.executeCommand("gradwalk.export", { format: "json", target });
    await vscode.commands.executeCommand("vscode.open", target);
    await until("the trace is open", () => traceTab(target) !== undefined);
    const { input } = traceTab(target)!;
    assert.ok(input instanceof vscode.TabInputCustom);
    assert.equal(input.viewType, "gradwalk.trace");
  });

  it("open also what is no whole trace, to say so", async () => {
    const path = join(workspaceFolder(), `${randomUUID()}.gradwalk.json`);
    writeFileSync(path, '{"format": "gradwalk-trace", "version"');
    const target = vscode.Uri.file(path);
    await vscode.commands.executeCommand("vscode.open", target);
    await until("it is open", () => traceTab(target) !== undefined);
    assert.match(readFileSync(path, "utf8"), /^\{"format"/);
  });
});
