/** @file Hovers: what they tell of an expression, what they offer, and where they are silent. */
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { closeAll, open, replace, run } from "./editor.js";

const TEXT = `import * as torch from "gradwalk";
const x = torch.tensor([[1, 2, 3], [4, 5, 6]]);
const w = torch.tensor([1, 2, 3], { requires_grad: true });
const h = w.mul(x);
const loss = h.mean();
loss.backward();
function other(w: number): number {
  return w + 1;
}
console.log(other(1), w.grad);
`;

/** Our hover at the first place of `find` in the text, moved to the right by `offset`. */
async function hover(
  document: vscode.TextDocument,
  find: string,
  offset = 0,
): Promise<vscode.MarkdownString | null> {
  const position = document.positionAt(document.getText().indexOf(find) + offset);
  const found = await vscode.commands.executeCommand<vscode.Hover[]>(
    "vscode.executeHoverProvider",
    document.uri,
    position,
  );
  const contents = found.flatMap((each) => each.contents as vscode.MarkdownString[]);
  return contents.find(({ value }) => value.includes("command:gradwalk.")) ?? null;
}

describe("hovers", () => {
  afterEach(closeAll);

  it("tell everything about a name where it is bound", async () => {
    const document = await open(TEXT);
    await run();
    const { value } = (await hover(document, "w = torch"))!;
    assert.match(value, /^`w` — leaf · float32 \[3\] · `requires_grad`/);
    assert.match(value, /tensor\(\[1\., 2\., 3\.\], requires_grad=True\)/);
    assert.match(value, /min 1 · max 3 · mean 2 · norm 3\.742/);
    assert.match(value, /\*\*grad\*\* — accumulated once[\s\S]*tensor\(\[0\.8333, 1\.1667, 1\.5000\]\)/);
    assert.match(value, /\*\*used by\*\* — `w\.mul\(x\)` on line 4/);
  });

  it("tell of a backward pass where it was called, and offer to go there", async () => {
    const document = await open(TEXT);
    await run();
    const { value } = (await hover(document, "backward"))!;
    assert.match(value, /^`loss\.backward\(\)` — `loss` 7\.667 · \d nodes run/);
    assert.match(value, /\*\*1 leaf reached\*\* — `w` ‖2\.075‖/);
    assert.match(value, /\[Show in Graph\]\(command:gradwalk\.showNode/);
    await replace(document, "loss.backward();", "loss.backward(); // edited");
    assert.equal(await hover(document, "backward"), null);
  });

  it("tell of the innermost call, with its grad_fn and its derivative", async () => {
    const document = await open(TEXT);
    await run();
    const { value } = (await hover(document, ".mul(x)", 2))!;
    assert.match(value, /^`w\.mul\(x\)` — `MulBackward0` · float32 \[2, 3\]/);
    assert.match(value, /∂L\/∂self = .*grad.*other/);
    assert.match(value, /`h\.mean\(\)` on line 5/);
  });

  it("offer to show it in the graph, to step to it, to copy it, and to retain its gradient", async () => {
    const document = await open(TEXT);
    await run();
    const found = (await hover(document, "h = w"))!;
    for (const command of ["showNode", "stepToNode", "copyValue", "retainGrad"]) {
      assert.ok(found.value.includes(`(command:gradwalk.${command}?`), command);
    }
    const { isTrusted } = found;
    assert.ok(
      typeof isTrusted === "object" && isTrusted.enabledCommands.every((id) => id.startsWith("gradwalk.")),
    );
  });

  it("retain a gradient by a statement of its own, after which there is one", async () => {
    const document = await open(TEXT);
    await run();
    await vscode.commands.executeCommand("gradwalk.retainGrad", document.uri.toString(), "h", 4);
    assert.equal(document.lineAt(4).text, "h.retain_grad();");
    await run();
    assert.match((await hover(document, "h = w"))!.value, /\*\*grad\*\* — accumulated once/);
  });

  it("copy a value as JavaScript writes it", async () => {
    const document = await open(TEXT);
    await run();
    const { value } = (await hover(document, "x = torch"))!;
    const [, args] = /command:gradwalk\.copyValue\?([^)]*)\)/.exec(value)!;
    await vscode.commands.executeCommand("gradwalk.copyValue", ...JSON.parse(decodeURIComponent(args!)));
    assert.equal(await vscode.env.clipboard.readText(), "[[1, 2, 3], [4, 5, 6]]");
  });

  it("are silent on a line that was edited since, and where nothing made a tensor", async () => {
    const document = await open(TEXT);
    await run();
    assert.equal(await hover(document, "console"), null);
    await replace(document, "h.mean()", "h.sum().mean()");
    assert.equal(await hover(document, "h.sum"), null);
    assert.ok(await hover(document, ".mul(x)", 2), "other lines still speak");
  });

  it("do not take a parameter for the variable of the same name", async () => {
    const document = await open(TEXT);
    await run();
    assert.equal(await hover(document, "w + 1"), null);
  });
});
