/** @file Diagnostics: on the line, with their page and their fixes, as loud as the setting says. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import * as vscode from "vscode";
import { closeAll, open, problems, replace, run, until, withSetting } from "./editor.js";

const FORGOTTEN = `import * as torch from "gradwalk";

const w = torch.tensor([1], { requires_grad: true });
for (let step = 0; step < 3; step++) {
  const loss = w.pow(2).sum();
  loss.backward();
  torch.no_grad(() => w.sub_(w.grad!.mul(0.1)));
}
`;

const WRONG = `import * as torch from "gradwalk";
class Cube extends torch.autograd.Function {
  static override forward(ctx: torch.autograd.FunctionContext, x: torch.Tensor): torch.Tensor {
    ctx.save_for_backward(x);
    return x.pow(3);
  }
  static override backward(ctx: torch.autograd.FunctionContext, grad: torch.Tensor): torch.Tensor {
    const [x] = ctx.saved_tensors;
    return grad.mul(x!.pow(2));
  }
}
const w = torch.tensor([1, 2, 3], { requires_grad: true });
const y = Cube.apply(w);
y.sum().backward();
`;

function found(document: vscode.TextDocument): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === "gradwalk");
}

async function actions(document: vscode.TextDocument): Promise<vscode.CodeAction[]> {
  const [diagnostic] = found(document);
  return vscode.commands.executeCommand<vscode.CodeAction[]>(
    "vscode.executeCodeActionProvider",
    document.uri,
    diagnostic!.range,
    vscode.CodeActionKind.QuickFix.value,
  );
}

const titles = (all: readonly vscode.CodeAction[]) => all.map(({ title }) => title);

describe("Diagnostics", () => {
  afterEach(closeAll);

  it("have a link to their page, a related place, and a fix that does away with them", async () => {
    const document = await open(FORGOTTEN);
    await run();
    const [diagnostic] = found(document);
    assert.equal(diagnostic?.range.start.line, 5);
    const code = diagnostic.code as { value: string; target: vscode.Uri };
    assert.equal(code.value, "accumulated-without-zero");
    assert.ok(existsSync(code.target.fsPath), code.target.fsPath);
    assert.deepEqual(
      diagnostic.relatedInformation?.map(({ location }) => location.range.start.line),
      [6],
    );
    const [fix, explain] = await actions(document);
    assert.equal(fix?.isPreferred, true);
    assert.equal(explain?.title, "Explain accumulated-without-zero");
    assert.ok(await vscode.workspace.applyEdit(fix.edit!));
    assert.equal(document.lineAt(5).text, "  w.grad?.zero_();");
    await run();
    assert.deepEqual(problems(document), []);
  });

  it("of the text come as it is written, without a run, which then tells them in their place", async () => {
    const text = FORGOTTEN.replace("  const loss = w.pow(2).sum();\n", "").replace(
      "{ r",
      "{ dtype: torch.int64, r",
    );
    const document = await open(text);
    await until("the text is told", () => problems(document).length === 1);
    assert.match(problems(document)[0]!, /^3: Error An integer has no neighbourhood/);
    const [fix] = await actions(document);
    assert.equal(fix?.title, "Make w float32");
    await run();
    assert.equal(problems(document).length, 1, problems(document).join("\n"));
    assert.match(problems(document)[0]!, /^3: Error RuntimeError: only Tensors of floating point/i);
    assert.ok(await vscode.workspace.applyEdit(fix.edit!));
    await until("it is gone without another run", () => problems(document).length === 0);
    await replace(document, "loss.backward()", "w.add_(1)");
    await until("the next one is told", () => /^5: Error A leaf/.test(problems(document)[0] ?? ""));
    await replace(document, "w.add_(1)", "w.pow(2).sum().backward()");
    await until("the loop is told", () =>
      /^5: Warning Nothing in this loop/.test(problems(document)[0] ?? ""),
    );
    await withSetting("diagnostics", { "accumulated-without-zero": "off" }, async () => {
      await until("it is as loud as the setting says", () => problems(document).length === 0);
    });
  });

  it("and their fixes move with the text; a line that was rewritten has no fix", async () => {
    // Of a loop whose iterations the text does not tell.
    const document = await open(
      FORGOTTEN.replace("let step = 0; step < 3; step++", "const step of [1, 2, 3]"),
    );
    await run();
    await replace(document, "const w", "// one\nconst w");
    await until("the diagnostic has moved", () => found(document)[0]?.range.start.line === 6);
    const [fix] = await actions(document);
    assert.equal(fix?.edit?.get(document.uri)[0]?.range.start.line, 6);
    await replace(document, "loss.backward()", "loss.backward( )");
    assert.deepEqual(titles(await actions(document)), ["Explain accumulated-without-zero"]);
  });

  it("are as loud as the setting says, at once", async () => {
    const document = await open(FORGOTTEN);
    await run();
    const severities = () => found(document).map(({ severity }) => vscode.DiagnosticSeverity[severity]);
    assert.deepEqual(severities(), ["Warning"]);
    await withSetting("diagnostics", { "accumulated-without-zero": "error" }, async () => {
      await until("it is an error", () => severities().join() === "Error");
    });
    await withSetting("diagnostics", { "accumulated-without-zero": "off" }, async () => {
      await until("it is gone", () => severities().length === 0);
    });
    await until("it is a warning again", () => severities().join() === "Warning");
  });

  it("name an error that ended the program, and tell it plainly where they are off", async () => {
    const document = await open(FORGOTTEN.replace(".sum()", "").replace("[1]", "[1, 2]"));
    await run();
    const values = () => found(document).map(({ code }) => (typeof code === "object" ? code.value : code));
    assert.deepEqual(values(), ["implicit-non-scalar"]);
    await withSetting("diagnostics", { "implicit-non-scalar": "off" }, async () => {
      await until("it is told plainly", () => values().join() === "RuntimeError");
    });
  });

  it("of a check name the operation whose backward is wrong", async () => {
    const document = await open(WRONG);
    const check = () => vscode.commands.executeCommand("gradwalk.checkGradients", document.uri);
    assert.deepEqual(await check(), { compared: 1, wrong: 1, unchecked: 0, exit: 0 });
    assert.equal(problems(document).length, 1);
    assert.match(problems(document)[0]!, /^13: Error The backward of Cube /);
    await replace(document, "grad.mul(x!.pow(2))", "grad.mul(x!.pow(2)).mul(3)");
    assert.deepEqual(await check(), { compared: 1, wrong: 0, unchecked: 0, exit: 0 });
    assert.deepEqual(problems(document), []);
  });
});
