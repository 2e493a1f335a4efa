/** @file Running programs: what runs, from where, and what is shown afterwards. */
import assert from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as vscode from "vscode";
import {
  closeAll,
  graphTabs,
  lenses,
  lensOf,
  open,
  PROGRAM,
  problems,
  replace,
  run,
  until,
} from "./editor.js";

const W = "w: leaf, requires_grad · [1] · grad [4] (×1)";

describe("gradwalk.run", () => {
  afterEach(closeAll);

  it("runs the active file, shows its graph beside it, and leaves the focus where it is", async () => {
    const document = await open(PROGRAM);
    const result = await run();
    assert.deepEqual(
      { ...result, duration: 0 },
      { state: "done", exit: 0, passes: 1, error: null, duration: 0 },
    );
    await until("the graph has its tab", () => graphTabs()[0]?.label === "Graph: program.ts");
    const [tab] = graphTabs();
    assert.equal(tab?.group.viewColumn, vscode.ViewColumn.Two);
    assert.equal(vscode.window.activeTextEditor?.document, document);
  });

  it("uses one panel for all runs", async () => {
    await open(PROGRAM);
    await run();
    await until("the graph has its tab", () => graphTabs().length > 0);
    await run();
    assert.equal(graphTabs().length, 1);
  });

  it("runs the text that is not saved", async () => {
    const document = await open(PROGRAM);
    await replace(document, "[2, 4, 6]", "[20, 40, 60]");
    assert.equal(document.isDirty, true);
    await run();
    assert.match((await lensOf(document, "w"))!, /grad \[40\]/);
  });

  it("runs an untitled document", async () => {
    const document = await vscode.workspace.openTextDocument({ language: "typescript", content: PROGRAM });
    await vscode.window.showTextDocument(document);
    assert.equal((await run()).state, "done");
    assert.equal(await lensOf(document, "w"), W);
  });

  it("runs JavaScript", async () => {
    const document = await open(PROGRAM, "program.js");
    assert.equal((await run()).state, "done");
    assert.equal(await lensOf(document, "w"), W);
  });

  it("runs a file whose path has spaces, quotes and letters of all kinds", async () => {
    const document = await open(PROGRAM, "a 'b' – ∂L∕∂w %20 日本.ts");
    assert.equal((await run()).state, "done");
    assert.equal(await lensOf(document, "w"), W);
  });

  it("runs a file with CRLF line ends and a byte order mark", async () => {
    const document = await open(`\uFEFF${PROGRAM.replaceAll("\n", "\r\n")}`);
    assert.equal((await run()).state, "done");
    assert.ok((await lenses(document)).includes(`4: ${W}`));
    assert.doesNotMatch((await lensOf(document, "w"))!, /stale/);
  });

  it("runs a file outside the workspace", async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "gradwalk-outside-")));
    try {
      const document = await open(PROGRAM, "outside.ts", folder);
      assert.equal((await run()).state, "done");
      assert.equal(await lensOf(document, "w"), W);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("runs a program that is made of several files, and reads the imported ones out too", async () => {
    const main = await open(
      'import { double } from "./lib.js";\nimport * as torch from "gradwalk";\n' +
        "const w = torch.tensor([3], { requires_grad: true });\nconst d = double(w);\nd.backward();\n",
    );
    const path = join(dirname(main.uri.fsPath), "lib.ts");
    writeFileSync(
      path,
      'import type { Tensor } from "gradwalk";\nexport function double(t: Tensor) {\n  const twice = t.mul(2);\n  return twice;\n}\n',
    );
    assert.equal((await run(main)).error, null);
    const library = await vscode.workspace.openTextDocument(path);
    assert.match(
      (await lenses(library)).join("\n"),
      /^3: twice: non-leaf, MulBackward0 · \[1\] · no grad: no retain_grad\(\)/m,
    );
  });

  it("runs what is unsaved in an imported file", async () => {
    const main = await open(
      'import * as torch from "gradwalk";\nimport { factor } from "./factor.js";\n' +
        "const w = torch.tensor([3], { requires_grad: true });\nw.mul(factor).sum().backward();\n",
    );
    const path = join(dirname(main.uri.fsPath), "factor.ts");
    writeFileSync(path, "export const factor = 2;\n");
    const factor = await vscode.workspace.openTextDocument(path);
    await replace(factor, "2", "5");
    await run(main);
    assert.match((await lensOf(main, "w"))!, /grad \[5\]/);
  });

  it("leaves no problem behind when the next run is good", async () => {
    const document = await open(`${PROGRAM}throw new Error("no");\n`);
    await run();
    assert.equal(problems(document).length, 1);
    await replace(document, 'throw new Error("no");', "");
    await run();
    assert.deepEqual(problems(document), []);
  });
});
