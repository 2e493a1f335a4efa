/** @file Inlay hints: shapes behind names, broadcasts behind calls. */
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { closeAll, open, replace, run, withSetting } from "./editor.js";

const TEXT = `import * as torch from "gradwalk";
const b = torch.tensor([1, 2, 3], { requires_grad: true });
const x = torch.ones(5, 3);
const y = x.add(b).mul(2);
`;

async function hints(document: vscode.TextDocument): Promise<string[]> {
  const range = new vscode.Range(0, 0, document.lineCount, 0);
  const found = await vscode.commands.executeCommand<vscode.InlayHint[]>(
    "vscode.executeInlayHintProvider",
    document.uri,
    range,
  );
  return found
    .map(({ position, label }) => `${position.line + 1}:${position.character + 1} ${label as string}`)
    .sort();
}

describe("inlay hints", () => {
  afterEach(closeAll);

  it("are none unless they are asked for", async () => {
    const document = await open(TEXT);
    await run();
    assert.deepEqual(await hints(document), []);
  });

  it("tell what was stretched to fit, and what names hold", async () => {
    const document = await open(TEXT);
    await run();
    await withSetting("inlayHints", "broadcasts", async () => {
      assert.deepEqual(await hints(document), ["4:19 b [3] → [5, 3]"]);
    });
    await withSetting("inlayHints", "all", async () => {
      assert.deepEqual(await hints(document), [
        "2:8 : float32[3]",
        "3:8 : float32[5, 3]",
        "4:19 b [3] → [5, 3]",
        "4:8 : float32[5, 3]",
      ]);
    });
  });

  it("are gone from a line that was edited, and move with the others", async () => {
    const document = await open(TEXT);
    await run();
    await withSetting("inlayHints", "all", async () => {
      await replace(document, "const x", "// new\nconst   x");
      assert.deepEqual(await hints(document), [
        "2:8 : float32[3]",
        "5:19 b [3] → [5, 3]",
        "5:8 : float32[5, 3]",
      ]);
    });
  });
});
