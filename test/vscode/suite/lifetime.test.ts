/** @file Runs that meet each other, that are stopped, that lose their editor; no process is left behind. */
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { closeAll, graphTabs, lensOf, open, PROGRAM, type RunResult, run, runners, until } from "./editor.js";

const ENDLESS =
  'import * as torch from "gradwalk";\nlet i = 0;\nfor (;;) {\n  const t = torch.ones(1);\n  i++;\n}\n';

/** Starts the endless program; resolves to how it will have ended, once it runs. */
async function startEndless(): Promise<{ readonly ended: Promise<RunResult> }> {
  await open(ENDLESS);
  const ended = run();
  await until("a program runs", () => graphTabs().length > 0);
  return { ended };
}

describe("runs", () => {
  afterEach(closeAll);

  it("are stopped by the command, also in an endless loop", async () => {
    const { ended } = await startEndless();
    await vscode.commands.executeCommand("gradwalk.stop");
    assert.equal((await ended).state, "stopped");
  });

  it("give way to the next one", async () => {
    const { ended } = await startEndless();
    const document = await open(PROGRAM, "second.ts");
    const second = await run(document);
    assert.equal(second.state, "done");
    assert.equal((await ended).state, "stopped");
    assert.match((await lensOf(document, "w"))!, /grad \[4\]/);
  });

  it("go on when their editor is closed", async () => {
    const document = await open(PROGRAM);
    const ended = run();
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    assert.equal((await ended).state, "done");
    assert.ok(document);
  });

  it("leave no process behind but the one that waits for the next run", async () => {
    const { ended } = await startEndless();
    await vscode.commands.executeCommand("gradwalk.stop");
    await ended;
    await run(await open(PROGRAM));
    await vscode.commands.executeCommand("gradwalk.clear");
    await until("one runner is left", () => runners().length <= 1);
  });
});
