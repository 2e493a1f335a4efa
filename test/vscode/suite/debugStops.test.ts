/** @file What makes a session stop, and what VS Code is told and may change at a stop. */
import assert from "node:assert/strict";
import type { DebugProtocol } from "@vscode/debugprotocol";
import * as vscode from "vscode";
import { forEachTest, type Sessions } from "./debugging.js";
import { lensOf, open, PROGRAM, replace, until, withSetting } from "./editor.js";

const FAN_IN = `import * as torch from "gradwalk";

const x = torch.tensor([1, 2], { requires_grad: true });
const squared = x.pow(2);
const scaled = x.mul(10);
const both = squared.mul(scaled);
const loss = both.add(x).sum();
loss.backward();
`;

/** The gradient of the root of 0 is infinite, and nothing times that is no number. */
const NAN = `import * as torch from "gradwalk";

const x = torch.tensor([0, 4], { requires_grad: true });
const root = x.sqrt();
const kept = root.mul(torch.tensor([0, 1]));
kept.sum().backward();
`;

describe("at a stop", function () {
  this.timeout(60_000);
  let sessions: Sessions;
  let document: vscode.TextDocument;

  forEachTest((fresh) => {
    sessions = fresh;
  });

  async function step(text: string, ...breakpoints: readonly vscode.Breakpoint[]): Promise<void> {
    document = await open(text);
    vscode.debug.addBreakpoints([...breakpoints, ...pending.splice(0).map((make) => make(document.uri))]);
    await vscode.commands.executeCommand("gradwalk.step");
    await sessions.stopped();
  }

  /** Breakpoints in the file that is about to be written. */
  const pending: ((uri: vscode.Uri) => vscode.Breakpoint)[] = [];
  const breakAt = (line: number, condition?: string, hit?: string, log?: string, column = 1) =>
    pending.push((uri) => {
      const place = new vscode.Location(uri, new vscode.Position(line - 1, column - 1));
      return new vscode.SourceBreakpoint(place, true, condition, hit, log);
    });

  it("goes on to conditions, hit counts and log messages on lines", async () => {
    breakAt(4, "grad.norm() > 1000");
    breakAt(5, "grad.norm() > 1", "1");
    breakAt(6, undefined, undefined, "both gets {grad}");
    await step(FAN_IN);
    assert.equal((await sessions.move("continue")).reason, "breakpoint");
    assert.equal(await sessions.top(), "MulBackward0 (scaled) 5");
    assert.match(sessions.output.join(""), /both gets tensor\(\[1\., 1\.\]\)/);
    await sessions.request("continue");
    await sessions.over();
  });

  it("goes on to functions by a pattern of their names", async () => {
    await step(FAN_IN, new vscode.FunctionBreakpoint("Pow*"), new vscode.FunctionBreakpoint("x"));
    assert.equal((await sessions.move("continue")).reason, "function breakpoint");
    assert.equal(await sessions.top(), "PowBackward0 (squared) 4");
    await sessions.move("continue");
    assert.match(await sessions.top(), /^AccumulateGrad \(x\)/);
  });

  it("goes on to where a leaf's .grad is about to change", async () => {
    await step(PROGRAM);
    const { variables } = await sessions.scope("Leaves");
    const leaf = variables.find(({ name }) => name.startsWith("w"))!;
    const info = await sessions.request<DebugProtocol.DataBreakpointInfoResponse["body"]>(
      "dataBreakpointInfo",
      {
        name: leaf.name,
      },
    );
    await sessions.request("setDataBreakpoints", { breakpoints: [{ dataId: info.dataId }] });
    assert.equal((await sessions.move("continue")).reason, "data breakpoint");
    assert.match(await sessions.top(), /^AccumulateGrad \(w\)/);
  });

  it("stops where a gradient turns NaN, and names the forward line that it comes from", async () => {
    await step(NAN);
    assert.equal((await sessions.move("continue")).reason, "exception");
    const info = await sessions.request<DebugProtocol.ExceptionInfoResponse["body"]>("exceptionInfo");
    assert.match(`${info.exceptionId} ${info.description}`, /NaN/i);
    assert.match(`${info.description}`, /It arose first at .*program\.ts:4:14/);
  });

  it("follows the exception filters that are switched off", async () => {
    await step(NAN);
    await sessions.request("setExceptionBreakpoints", { filters: [], filterOptions: [] });
    await sessions.request("continue");
    await sessions.over();
  });

  it("evaluates in the program's own terms, with completions", async () => {
    await step(FAN_IN);
    await sessions.move("next");
    await sessions.move("next");
    const [frame] = await sessions.frames();
    const evaluate = (expression: string, context: string) =>
      sessions.request<DebugProtocol.EvaluateResponse["body"]>("evaluate", {
        expression,
        context,
        frameId: frame!.id,
      });
    assert.match((await evaluate("grad", "hover")).result, /tensor\(\[1\., 1\.\]\)/);
    assert.match((await evaluate("squared.mul(grad).sum()", "watch")).result, /tensor\(5\.\)/);
    const { targets } = await sessions.request<DebugProtocol.CompletionsResponse["body"]>("completions", {
      text: "squ",
      column: 4,
      frameId: frame!.id,
    });
    const labels = targets.map(({ label }) => label);
    for (const name of ["squared", "grad", "self"]) assert.ok(labels.includes(name), labels.join(", "));
  });

  it("gives a tensor's bytes to the hex view, as little-endian floats", async () => {
    await step(FAN_IN);
    await sessions.move("next");
    await sessions.move("next");
    const { variables } = await sessions.scope("Incoming gradients");
    const { memoryReference } = variables[0]!;
    const { data } = await sessions.request<NonNullable<DebugProtocol.ReadMemoryResponse["body"]>>(
      "readMemory",
      {
        memoryReference,
        count: 8,
      },
    );
    const bytes = Buffer.from(data!, "base64");
    assert.deepEqual([bytes.readFloatLE(0), bytes.readFloatLE(4)], [1, 1]);
  });

  it("refuses an edit of another shape, and marks all that follows from one that fits", async () => {
    await step(FAN_IN);
    await sessions.move("next");
    const { reference } = await sessions.scope("Incoming gradients");
    const set = (value: string) =>
      sessions.request("setVariable", { variablesReference: reference, name: "grad", value });
    await assert.rejects(set("[1, 2, 3]"), /shape/);
    await set("[10, 10]");
    await sessions.move("next");
    await until("what follows is marked", async () => /altered/.test((await lensOf(document, "both")) ?? ""));
    await vscode.commands.executeCommand("workbench.action.debug.restart");
    await sessions.stopped();
    await sessions.move("next");
    await sessions.move("next");
    await until("the mark is gone", async () => /grad \[1, 1\]/.test((await lensOf(document, "both")) ?? ""));
    assert.doesNotMatch((await lensOf(document, "both"))!, /altered/);
  });

  it("puts the gradients that a step moves at the ends of their lines", async () => {
    const values = async () => {
      const range = new vscode.Range(0, 0, document.lineCount, 0);
      const [frame] = await sessions.frames();
      const context = { frameId: frame!.id, stoppedLocation: range };
      const found = await vscode.commands.executeCommand<vscode.InlineValueText[]>(
        "vscode.executeInlineValueProvider",
        document.uri,
        range,
        context,
      );
      return found.map(({ range, text }) => `${range.start.line + 1} ${text}`);
    };
    await step(FAN_IN);
    await sessions.move("next");
    await sessions.move("next");
    await until("the step's gradients", async () =>
      (await values()).includes("6 both: grad [1, 1], runs next"),
    );
    assert.deepEqual(
      (await values()).map((value) => value.split(":")[0]),
      ["3 x", "4 squared", "5 scaled", "6 both"],
    );
    await withSetting("readouts", "off", async () => {
      assert.ok((await values()).some((value) => value.startsWith("7 loss: grad 1, passed on")));
    });
    await withSetting("readouts", "inline", async () => assert.deepEqual(await values(), []));
  });

  it("speaks of the lines as they are after an edit, also in new breakpoints", async () => {
    await step(FAN_IN);
    await replace(document, "const squared", "// one\n// two\nconst squared");
    await until("the frames have moved", async () => (await sessions.top()) === "SumBackward0 (loss) 9");
    const place = (line: number) => new vscode.Location(document.uri, new vscode.Position(line - 1, 0));
    const [added, moved] = [4, 6].map((line) => new vscode.SourceBreakpoint(place(line))) as [
      vscode.SourceBreakpoint,
      vscode.SourceBreakpoint,
    ];
    vscode.debug.addBreakpoints([added, moved]);
    await sessions.move("continue");
    assert.equal(await sessions.top(), "PowBackward0 (squared) 6");
    const told = (breakpoint: vscode.Breakpoint) =>
      sessions.current.getDebugProtocolBreakpoint(breakpoint) as Thenable<
        DebugProtocol.Breakpoint | undefined
      >;
    assert.equal((await told(moved))?.verified, true);
    assert.equal((await told(added))?.verified, false);
    assert.match((await told(added))!.message!, /added after the program was started/);
    await vscode.commands.executeCommand("workbench.action.debug.restart");
    await sessions.stopped();
    assert.equal(await sessions.top(), "SumBackward0 (loss) 9");
    await sessions.move("continue");
    assert.equal(await sessions.top(), "PowBackward0 (squared) 6");
  });

  it("keeps a program's tensors whole after its end, to be walked once more", async () => {
    await step(PROGRAM.replace("[2, 4, 6]", "Array.from({ length: 2000 }, (_, i) => i)"));
    await sessions.request("continue");
    await sessions.over();
    await vscode.debug.startDebugging(undefined, { type: "gradwalk", request: "attach", name: "again" });
    await sessions.stopped();
    await sessions.move("next");
    const { variables } = await sessions.scope("Incoming gradients");
    assert.equal(variables[0]!.indexedVariables, 2000);
  });
});
