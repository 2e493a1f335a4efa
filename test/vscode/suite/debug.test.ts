/** @file Stepping the backward pass in VS Code: starting, going both ways, changing values, ending. */
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { forEachTest, type Sessions } from "./debugging.js";
import {
  graphTabs,
  lenses,
  lensOf,
  messages,
  open,
  PROGRAM,
  replace,
  run,
  runners,
  until,
} from "./editor.js";

/** Two passes, with a leaf that gets two terms. */
const LOOP = `import * as torch from "gradwalk";

const x = torch.tensor([2, 4, 6]);
const w = torch.tensor([0.5], { requires_grad: true });
for (let epoch = 0; epoch < 2; epoch++) {
  const h = w.mul(x);
  const y = h.mul(w);
  const L = y.sum();
  L.backward();
}
console.log("end");
`;

const ENDLESS = `${PROGRAM}for (;;) torch.ones(1);\n`;

describe("gradwalk.step", function () {
  // A session is several rounds through the window, of which a busy machine makes the first a slow one.
  this.timeout(60_000);
  let sessions: Sessions;

  forEachTest((fresh) => {
    sessions = fresh;
  });

  async function step(text: string): Promise<vscode.TextDocument> {
    const document = await open(text);
    assert.equal(await vscode.commands.executeCommand("gradwalk.step"), true);
    await sessions.stopped();
    return document;
  }

  it("stops the program at its backward pass, with the graph beside it", async () => {
    await step(PROGRAM);
    assert.equal(await sessions.top(), "MeanBackward0 (L) 5");
    assert.equal(graphTabs().length, 1);
    assert.match((await sessions.texts("Incoming gradients"))[0]!, /^grad = tensor\(1\.\)/);
    assert.equal(sessions.isOver(), false);
  });

  it("runs the text that is not saved, and does not save it", async () => {
    // In a browser, VS Code saves by itself after a second.
    const files = vscode.workspace.getConfiguration("files");
    await files.update("autoSave", "off", vscode.ConfigurationTarget.Workspace);
    const document = await open(PROGRAM);
    await replace(document, "const x", "// moved down\nconst x");
    await vscode.commands.executeCommand("gradwalk.step");
    await sessions.stopped();
    assert.equal(await sessions.top(), "MeanBackward0 (L) 6");
    assert.equal(document.isDirty, true);
    await files.update("autoSave", undefined, vscode.ConfigurationTarget.Workspace);
  });

  it("steps forward and back, and says at every step what the gradients are", async () => {
    const document = await step(LOOP);
    const told = async () => [await sessions.top(), await lensOf(document, "w"), await lensOf(document, "h")];
    const lens = (text: string) =>
      until(text, async () => (await lensOf(document, "w"))?.includes(text) ?? false);
    await lens("grad pending · 2 terms to come");
    assert.match((await told())[0]!, /^SumBackward0 \(L\)/);
    await sessions.move("next");
    await sessions.move("next");
    await lens("grad pending · 1 term to come");
    assert.deepEqual(await told(), [
      "MulBackward0 (h) 6",
      "w: leaf, requires_grad · [1] · grad pending · 1 term to come",
      "h: non-leaf, MulBackward0 · [3] · grad [0.5, 0.5, 0.5], runs next",
    ]);
    await sessions.move("next");
    assert.match(await sessions.top(), /^AccumulateGrad \(w\)/);
    await lens("grad none, [12] arrives");
    await sessions.move("stepBack");
    assert.equal(await sessions.top(), "MulBackward0 (h) 6");
    await lens("grad pending · 1 term to come");
  });

  it("goes on to the next pass, back through the one before, and forward to where the program waits", async () => {
    const document = await step(LOOP);
    await sessions.move("continue");
    assert.match(await sessions.top(), /^SumBackward0/);
    await until("the leaf has its first gradient", async () =>
      ((await lensOf(document, "w")) ?? "").includes("grad [12], pending"),
    );
    await sessions.move("stepBack");
    assert.match(await sessions.top(), /^AccumulateGrad \(w\)/);
    await sessions.move("reverseContinue");
    assert.match(await sessions.top(), /^SumBackward0/);
    await sessions.move("continue");
    await sessions.request("continue");
    await sessions.over();
    assert.match((await lensOf(document, "w"))!, /grad \[24\] \(×2\)$/);
    assert.ok(sessions.output.some((text) => text.includes("end")));
  });

  it("changes a pending gradient, and marks what follows from it", async () => {
    const document = await step(PROGRAM);
    const { reference } = await sessions.scope("Incoming gradients");
    await sessions.request("setVariable", { variablesReference: reference, name: "grad", value: "10" });
    await sessions.move("next");
    await sessions.move("next");
    await sessions.move("next");
    await until("the leaf is marked", async () =>
      /grad none → \[40\] · altered$/.test((await lensOf(document, "w"))!),
    );
  });

  it("stops at the breakpoints that the editor has on forward lines", async () => {
    const document = await open(LOOP);
    const line = new vscode.Location(document.uri, new vscode.Position(5, 0));
    vscode.debug.addBreakpoints([new vscode.SourceBreakpoint(line)]);
    await vscode.commands.executeCommand("gradwalk.step");
    await sessions.stopped();
    assert.equal((await sessions.move("continue")).reason, "breakpoint");
    assert.equal(await sessions.top(), "MulBackward0 (h) 6");
  });

  it("starts without any launch.json, as F5 does", async () => {
    await open(PROGRAM);
    const empty = { type: "gradwalk", request: "", name: "" };
    assert.equal(await vscode.debug.startDebugging(undefined, empty), true);
    await sessions.stopped();
    assert.equal(await sessions.top(), "MeanBackward0 (L) 5");
  });

  it("starts by a launch.json that names the active file", async () => {
    await open(PROGRAM);
    const [folder] = vscode.workspace.workspaceFolders!;
    // biome-ignore lint/suspicious/noTemplateCurlyInString: VS Code puts the active file in its place
    const program = "${file}";
    const configuration = { type: "gradwalk", request: "launch", name: "mine", program, stopOnEntry: true };
    assert.equal(await vscode.debug.startDebugging(folder, configuration), true);
    assert.equal((await sessions.stopped()).reason, "entry");
    await sessions.move("continue");
    assert.equal(await sessions.top(), "MeanBackward0 (L) 5");
  });

  it("walks the record of the run that ended, by attaching to it", async () => {
    await run(await open(LOOP));
    const configuration = { type: "gradwalk", request: "attach", name: "walk" };
    assert.equal(await vscode.debug.startDebugging(undefined, configuration), true);
    await sessions.stopped();
    assert.match(await sessions.top(), /^SumBackward0/);
    await sessions.move("next");
    assert.equal(await sessions.top(), "MulBackward0 (y) 7");
    const { reference } = await sessions.scope("Incoming gradients");
    await assert.rejects(
      sessions.request("setVariable", { variablesReference: reference, name: "grad", value: "10" }),
      /record can't be changed/,
    );
  });

  it("refuses a program that has nothing to do with the library, and says so", async () => {
    await open("export const a = 1;\n");
    const shown = await messages(async () => vscode.commands.executeCommand("gradwalk.step"));
    assert.match(shown.join("\n"), /does not import "gradwalk", so it has no backward pass/);
    assert.equal(sessions.started.length, 0);
  });

  it("says so where the program calls no backward", async () => {
    await open(PROGRAM.replace("L.backward();", ""));
    const shown = await messages(async () => {
      await vscode.commands.executeCommand("gradwalk.step");
      await sessions.over();
    });
    assert.match(shown.join("\n"), /no backward pass to step through/);
  });

  it("kills the program when the session is stopped in the middle of a pass", async () => {
    await step(PROGRAM);
    await vscode.debug.stopDebugging(sessions.current);
    await sessions.over();
    await until("no program is left", () => runners().length <= 1);
  });

  it("pauses and ends a program that goes on without end", async () => {
    await step(ENDLESS);
    await sessions.request("continue");
    await sessions.request("pause");
    assert.equal((await sessions.stopped()).reason, "pause");
    await sessions.request("continue");
    await vscode.commands.executeCommand("gradwalk.stop");
    await sessions.over();
  });

  it("gives way to a run, and to another session", async () => {
    const document = await step(PROGRAM);
    const first = sessions.current;
    await vscode.commands.executeCommand("gradwalk.step");
    await sessions.stopped();
    await sessions.over(first);
    assert.equal((await run(document)).state, "done");
    await sessions.over();
    assert.match((await lensOf(document, "w"))!, /grad \[4\] \(×1\)$/);
  });

  it("starts anew when it is restarted", async () => {
    const document = await step(LOOP);
    await sessions.move("next");
    await replace(document, "[0.5]", "[1.5]");
    await vscode.commands.executeCommand("workbench.action.debug.restart");
    await sessions.stopped();
    assert.match(await sessions.top(), /^SumBackward0/);
    assert.match((await sessions.texts("Tensors")).join("\n"), /w = tensor\(\[1\.5/);
  });

  it("marks the readouts as stale when the file is edited meanwhile", async () => {
    const document = await step(PROGRAM);
    await replace(document, "const x", "// one\nconst x");
    await until("they are stale", async () =>
      (await lenses(document)).some((lens) => /^5: w: .*grad pending · stale$/.test(lens)),
    );
  });
});
