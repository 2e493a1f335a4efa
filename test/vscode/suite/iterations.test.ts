/** @file A loop's readouts: the last iteration, and every other one that is kept. */
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { closeAll, lenses, lensOf, open, PROGRAM, replace, run, until } from "./editor.js";

const LOOP = `import * as torch from "gradwalk";
const w = torch.tensor([1], { requires_grad: true });
const scale = torch.tensor(3);
for (let i = 0; i < 4; i++) {
  const factor = torch.full([1], i);
  const loss = w.mul(factor).sum();
  w.grad?.zero_();
  loss.backward();
}
`;

const goTo = (pass: number) => vscode.commands.executeCommand("gradwalk.goToIteration", pass);

describe("iterations of a loop", () => {
  afterEach(closeAll);

  it("begin with the last, and offer the one before", async () => {
    const document = await open(LOOP);
    await run();
    const found = await lenses(document);
    const at = found.findIndex((lens) => lens.startsWith("8: loss 3"));
    assert.match(found[at]!, /^8: loss 3 ▁▃▆█ · \d nodes · 1 leaf$/);
    assert.deepEqual(found.slice(at + 1), ["8: $(chevron-left)", "8: last of 4", "8: $(chevron-right)"]);
    assert.equal(await lensOf(document, "w"), "w: leaf, requires_grad · [1] · grad [3] (×1)");
  });

  it("take all readouts to one of them, and back", async () => {
    const document = await open(LOOP);
    await run();
    await goTo(1);
    assert.equal(
      await lensOf(document, "w"),
      "w: leaf, requires_grad · [1] · grad [1] (×1) · iteration 2 of 4",
    );
    assert.match((await lensOf(document, "loss"))!, /^loss: non-leaf, SumBackward0 .* · iteration 2 of 4$/);
    const all = await lenses(document);
    assert.ok(all.some((lens) => lens.startsWith("8: loss 1 ▁")));
    assert.ok(all.includes("8: iteration 2 of 4"));
    // What is bound once and needs no gradient is the same in every iteration.
    assert.equal(await lensOf(document, "scale"), "scale: leaf · no grad: requires_grad is false");
    await goTo(3);
    assert.equal(await lensOf(document, "w"), "w: leaf, requires_grad · [1] · grad [3] (×1)");
  });

  it("are gone through by commands, which stop at either end", async () => {
    const document = await open(LOOP);
    await run();
    const step = (which: string) => vscode.commands.executeCommand(`gradwalk.${which}Iteration`);
    await step("next");
    for (let i = 0; i < 5; i++) await step("previous");
    assert.match((await lensOf(document, "w"))!, /grad \[0\] \(×1\) · iteration 1 of 4$/);
    await step("next");
    assert.match((await lensOf(document, "w"))!, /iteration 2 of 4$/);
  });

  it("are left by the next run", async () => {
    const document = await open(LOOP);
    await run();
    await goTo(0);
    await run();
    assert.equal(await lensOf(document, "w"), "w: leaf, requires_grad · [1] · grad [3] (×1)");
  });

  it("keep silent about what a pass did not hold", async () => {
    const text = `import * as torch from "gradwalk";
const w = torch.tensor(2, { requires_grad: true });
w.mul(3).backward();
const later = torch.tensor(5, { requires_grad: true });
later.mul(w).backward();
`;
    const document = await open(text);
    await run();
    await goTo(0);
    assert.equal(await lensOf(document, "later"), "later: not in pass 1 of 2");
    assert.match((await lensOf(document, "w"))!, /grad 3 \(×1\) · pass 1 of 2$/);
  });
});

describe("a run that is pinned", () => {
  afterEach(async () => {
    await vscode.commands.executeCommand("gradwalk.unpinRun");
    await closeAll();
  });

  it("is what the readouts of the next one are compared with", async () => {
    const document = await open(PROGRAM);
    await run();
    await vscode.commands.executeCommand("gradwalk.pinRun");
    assert.equal(await lensOf(document, "w"), "w: leaf, requires_grad · [1] · grad [4] (×1)");
    await replace(document, "[2, 4, 6]", "[3, 6, 9]");
    await run();
    assert.equal(await lensOf(document, "w"), "w: leaf, requires_grad · [1] · grad [4] → [6] (×1)");
    assert.equal(
      await lensOf(document, "x"),
      "x: leaf · [3] · no grad: requires_grad is false · value [2, 4, 6] → [3, 6, 9]",
    );
    assert.ok((await lenses(document)).some((lens) => lens.startsWith("6: L 2 → 3 · ")));
    await vscode.commands.executeCommand("gradwalk.unpinRun");
    await until("the comparison ends", async () => !(await lensOf(document, "w"))!.includes("→"));
  });

  it("is matched by line and name, also where lines were put in above", async () => {
    const document = await open(PROGRAM);
    await run();
    await vscode.commands.executeCommand("gradwalk.pinRun");
    await replace(
      document,
      "const x = torch.tensor([2, 4, 6]);",
      "// twice\nconst x = torch.tensor([4, 8, 12]);",
    );
    await run();
    assert.equal(await lensOf(document, "w"), "w: leaf, requires_grad · [1] · grad [4] → [8] (×1)");
  });
});
