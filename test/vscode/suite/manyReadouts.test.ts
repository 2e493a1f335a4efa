/** @file Documents that are hard to read out: long ones, crowded ones, split and shared ones, ones that change. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as vscode from "vscode";
import { closeAll, lenses, lensOf, open, PROGRAM, replace, run, until } from "./editor.js";

const IMPORT = 'import * as torch from "gradwalk";\n';

/** The lenses as VS Code asks for them first: places without words. */
async function places(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
  return vscode.commands.executeCommand("vscode.executeCodeLensProvider", document.uri);
}

describe("readouts", () => {
  afterEach(closeAll);

  it("of ten thousand bindings have their places at once and their words when looked at", async () => {
    const lines = Array.from({ length: 10_000 }, (_, i) => `const v${i} = a.add(${i});`);
    const document = await open(`${IMPORT}const a = torch.ones(1);\n${lines.join("\n")}\n`);
    assert.equal((await run()).state, "done");
    const found = await places(document);
    const silent = found.filter(({ command }) => !command);
    assert.ok(silent.length >= 10_001, `${silent.length} places`);
    const [first] = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      "vscode.executeCodeLensProvider",
      document.uri,
      3,
    );
    assert.ok(first?.command);
    assert.equal(await lensOf(document, "v900"), "v900: leaf · [1] · no grad: requires_grad is false");
  });

  it("of a name that is rebound in a hot loop are one", async () => {
    const document = await open(
      `${IMPORT}let s = torch.zeros(1);\nfor (let i = 0; i < 5000; i++) {\n  s = s.add(1);\n}\n`,
    );
    await run();
    const of = (await lenses(document)).filter((lens) => /: s: /.test(lens));
    assert.deepEqual(of, [
      "2: s: leaf · [1] · no grad: requires_grad is false",
      "4: s: leaf · [1] · no grad: requires_grad is false · last of 5000",
    ]);
  });

  it("of nested functions tell the last call", async () => {
    const document = await open(
      `${IMPORT}function outer(n: number) {\n  const inner = (m: number) => {\n    const t = torch.full([1], m);\n    return t;\n  };\n  for (let i = 0; i < n; i++) inner(i);\n}\nouter(2);\nouter(3);\n`,
    );
    await run();
    assert.equal(await lensOf(document, "t"), "t: leaf · [1] · no grad: requires_grad is false · last of 5");
  });

  it("of destructuring each have their name, and a crowd of them is counted", async () => {
    const document = await open(
      `${IMPORT}const { a, b: [c, d], ...rest } = { a: torch.ones(1), b: [torch.ones(2), torch.ones(3)], e: torch.ones(4) };\nconst [f, g, h, i, j, k] = torch.ones(6).unbind();\nconsole.log(rest.e);\n`,
    );
    await run();
    const found = (await lenses(document)).map((lens) => lens.replace(/ · no grad.*/, "")).slice(2);
    assert.deepEqual(found.slice(0, 3), ["2: a: leaf · [1]", "2: c: leaf · [2]", "2: d: leaf · [3]"]);
    assert.ok(found.includes("3: 2 more"), found.join("\n"));
  });

  it("of a line that was renamed are where the line is, by the name that ran, and stale", async () => {
    const document = await open(PROGRAM);
    await run();
    const edit = new vscode.WorkspaceEdit();
    const text = document.getText();
    for (const match of text.matchAll(/\bw\b/g)) {
      edit.replace(
        document.uri,
        new vscode.Range(document.positionAt(match.index), document.positionAt(match.index + 1)),
        "weight",
      );
    }
    await vscode.workspace.applyEdit(edit);
    assert.ok((await lenses(document)).some((lens) => /^4: w: .* · stale$/.test(lens)));
    await run();
    assert.match((await lensOf(document, "weight"))!, /grad \[4\] \(×1\)$/);
  });

  it("are the same in two editors on one file", async () => {
    const document = await open(PROGRAM);
    await vscode.window.showTextDocument(document, vscode.ViewColumn.Two);
    await run();
    assert.equal(await lensOf(document, "w"), "w: leaf, requires_grad · [1] · grad [4] (×1)");
    await replace(document, "const x", "\nconst x");
    assert.ok((await lenses(document)).some((lens) => lens.startsWith("5: w: ")));
  });

  it("of an edit in the middle of a run are of the text that ran", async () => {
    const slow = `${PROGRAM}const end = Date.now() + 700;\nwhile (Date.now() < end) torch.ones(1);\n`;
    const document = await open(slow);
    const running = run();
    await until("it runs", async () => (await lensOf(document, "w")) !== undefined);
    await replace(document, "const x", "// above\nconst x");
    await running;
    assert.ok(
      (await lenses(document)).includes("5: w: leaf, requires_grad · [1] · grad [4] (×1) · stale"),
      (await lenses(document)).join("\n"),
    );
  });

  it("of an imported file follow that file's own edits", async () => {
    const main = await open(`${IMPORT}import { half } from "./lib.js";\nhalf(torch.ones(2));\n`);
    const path = join(dirname(main.uri.fsPath), "lib.ts");
    writeFileSync(
      path,
      'import type { Tensor } from "gradwalk";\nexport function half(t: Tensor) {\n  const part = t.div(2);\n  return part;\n}\n',
    );
    await run(main);
    const library = await vscode.workspace.openTextDocument(path);
    await replace(library, "export", "// above\nexport");
    assert.match((await lenses(library)).join("\n"), /^4: part: leaf · \[2\] · .* · stale$/m);
  });
});
