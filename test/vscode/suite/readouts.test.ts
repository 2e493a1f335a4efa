/** @file CodeLenses: what is read out, on which line, and what an edit does to it. */
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { closeAll, lenses, lensOf, open, PROGRAM, replace, run, until, withSetting } from "./editor.js";

const ACTIONS = ["1: $(play) Run and show graph", "1: $(debug-alt) Step backward pass"];
const READOUTS = [
  "3: x: leaf · [3] · no grad: requires_grad is false",
  "4: w: leaf, requires_grad · [1] · grad [4] (×1)",
  "5: L: non-leaf, MeanBackward0 · no grad: no retain_grad()",
];

describe("CodeLenses", () => {
  afterEach(closeAll);

  it("offer to run and to step above the first line of a program that imports the library", async () => {
    assert.deepEqual(await lenses(await open(PROGRAM)), ACTIONS);
  });

  it("leave files alone that have nothing to do with it", async () => {
    assert.deepEqual(await lenses(await open("export const a = 1;\n")), []);
  });

  it("read out every binding and the backward pass", async () => {
    const document = await open(PROGRAM);
    await run();
    const found = await lenses(document);
    assert.deepEqual(found.slice(0, 5), [...ACTIONS, ...READOUTS]);
    assert.match(found[5]!, /^6: L 2 · \d nodes · 1 leaf$/);
    assert.equal(found.length, 6);
  });

  it("move with the lines when text is put in above, and are marked as stale", async () => {
    const document = await open(PROGRAM);
    await run();
    await replace(document, "const x", "// one\n// two\nconst x");
    const stale = (await lenses(document)).slice(2, 5);
    assert.deepEqual(stale, [
      `5${READOUTS[0]!.slice(1)} · stale`,
      `6${READOUTS[1]!.slice(1)} · stale`,
      `7${READOUTS[2]!.slice(1)} · stale`,
    ]);
  });

  it("are fresh again when the edit is undone", async () => {
    const document = await open(PROGRAM);
    await run();
    await replace(document, "mean", "sum");
    assert.match((await lensOf(document, "w"))!, /· stale$/);
    await vscode.commands.executeCommand("undo");
    assert.deepEqual((await lenses(document)).slice(2, 5), READOUTS);
  });

  it("are gone with the line that bound the tensor", async () => {
    const document = await open(PROGRAM);
    await run();
    await replace(document, "const x = torch.tensor([2, 4, 6]);\n", "");
    assert.equal(await lensOf(document, "x"), undefined);
    assert.ok((await lenses(document)).includes(`3${READOUTS[1]!.slice(1)} · stale`));
  });

  it("share a line that binds several tensors", async () => {
    const document = await open(
      'import * as torch from "gradwalk";\nconst [a, b] = [torch.ones(2), torch.zeros(1)];\n',
    );
    await run();
    assert.deepEqual((await lenses(document)).slice(2), [
      "2: a: leaf · [2] · no grad: requires_grad is false",
      "2: b: leaf · [1] · no grad: requires_grad is false",
    ]);
  });

  it("tell of a loop's last iteration, and of how many there were", async () => {
    const document = await open(
      'import * as torch from "gradwalk";\nlet s = 0;\nfor (let i = 0; i < 5; i++) {\n  const t = torch.full([1], i);\n  s += t.item() as number;\n}\n',
    );
    await run();
    assert.match((await lensOf(document, "t"))!, /· last of 5$/);
  });

  it("are turned off and on again by a command", async () => {
    const document = await open(PROGRAM);
    await run();
    await vscode.commands.executeCommand("gradwalk.toggleReadouts");
    await until("only the actions are left", async () => (await lenses(document)).length === ACTIONS.length);
    await vscode.commands.executeCommand("gradwalk.toggleReadouts");
    await until("the readouts are back", async () => (await lenses(document)).length > ACTIONS.length);
  });

  it("give way to text at the lines' ends when so set", async () => {
    const document = await open(PROGRAM);
    await run();
    await withSetting("readouts", "inline", async () => {
      await until(
        "only the actions are left",
        async () => (await lenses(document)).length === ACTIONS.length,
      );
    });
  });

  it("are gone after Clear Results", async () => {
    const document = await open(PROGRAM);
    await run();
    await vscode.commands.executeCommand("gradwalk.clear");
    assert.deepEqual(await lenses(document), ACTIONS);
  });
});
