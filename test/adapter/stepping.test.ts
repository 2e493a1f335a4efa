/** @file Walking a live program: forward by running it, back by its record, and forward again. */
import assert from "node:assert/strict";
import { CALLS, Debugging, FAN_IN, isGone, LOOP } from "./programs.js";

describe("stepping", function () {
  this.timeout(60_000);
  const debugging = new Debugging();
  afterEach(() => debugging.dispose());

  it("runs one node a step, in the engine's order, and the program goes on afterwards", async () => {
    const client = await debugging.stopped(FAN_IN);
    assert.equal(await client.top(), "SumBackward0 (loss) 5");
    assert.equal(await client.move("next"), "AddBackward0 5 (step)");
    assert.equal(await client.move("next"), "PowBackward0 (b) 4 (step)");
    assert.equal(await client.move("next"), "MulBackward0 (a) 3 (step)");
    assert.equal(await client.move("next"), "AccumulateGrad (x) 2 (step)");
    assert.equal(client.output(), "", "later code has not run yet");
    assert.equal(await client.move("next"), "loss.backward() in <module>: complete 6 (pause)");
    assert.equal(client.output(), "tensor([5., 7.])\n");
    await client.get("next", { threadId: 1 });
    assert.deepEqual((await client.event("exited")).body, { exitCode: 0 });
    await client.event("terminated");
  });

  it("ends with the program where continue meets no stop", async () => {
    const client = await debugging.stopped(FAN_IN);
    await client.get("continue", { threadId: 1 });
    await client.event("terminated");
    assert.equal(client.output(), "tensor([5., 7.])\n");
  });

  it("steps back across passes to the program's start, and forward to the live edge", async () => {
    const client = await debugging.stopped(LOOP);
    const there: string[] = [await client.top()];
    for (let i = 0; i < 6; i++) there.push((await client.move("next")).replace(/ \(\w+\)$/, ""));
    assert.equal(there[4], there[0], "the second pass begins as the first one");
    assert.equal(client.adapter.position?.live, true);
    const back: string[] = [];
    for (let i = 0; i < 6; i++) back.push((await client.move("stepBack")).replace(/ \(\w+\)$/, ""));
    assert.deepEqual(back, there.slice(0, -1).reverse());
    assert.deepEqual(client.adapter.position, {
      pass: 0,
      step: 0,
      live: false,
      node: client.adapter.position!.node,
    });
    assert.match(await client.move("stepBack"), /\(entry\)$/, "there is nothing before the start");
    for (const place of there.slice(1)) {
      assert.equal(client.adapter.position?.live, false);
      assert.equal((await client.move("next")).replace(/ \(\w+\)$/, ""), place);
    }
    assert.equal(client.adapter.position?.live, true);
    assert.equal(client.output(), "");
  });

  it("reverses to the nearest breakpoint, to a pass's start, and to the program's start", async () => {
    const client = await debugging.stopped(LOOP, { stopOnBackward: true });
    await client.get("setBreakpoints", { source: { path: client.program }, breakpoints: [{ line: 4 }] });
    for (const stop of [
      "MulBackward0 (y) 4 (breakpoint)",
      "SumBackward0 (loss) 8 (entry)",
      "MulBackward0 (y) 4 (breakpoint)",
    ]) {
      assert.equal(await client.move("continue"), stop);
    }
    for (const stop of [
      "SumBackward0 (loss) 8 (entry)",
      "MulBackward0 (y) 4 (breakpoint)",
      "SumBackward0 (loss) 8 (entry)",
    ]) {
      assert.equal(await client.move("reverseContinue"), stop);
    }
    assert.equal(await client.move("reverseContinue"), "SumBackward0 (loss) 8 (entry)");
    assert.deepEqual(client.adapter.position?.pass, 0);
  });

  it("goes on through the past to the live edge, and then really on", async () => {
    const client = await debugging.stopped(LOOP, { stopOnBackward: false, stopOnEntry: true });
    await client.get("setBreakpoints", { source: { path: client.program }, breakpoints: [{ line: 5 }] });
    assert.equal(await client.move("continue"), "ExpBackward0 5 (breakpoint)");
    await client.move("next");
    await client.move("stepBack");
    await client.get("setBreakpoints", { source: { path: client.program }, breakpoints: [] });
    await client.get("continue", { threadId: 1 });
    await client.event("terminated");
    assert.equal(client.output(), "done\n");
  });

  it("goes to a line's node, in the past and ahead", async () => {
    const client = await debugging.stopped(FAN_IN);
    const source = { path: client.program };
    const ahead = await client.get("gotoTargets", { source, line: 3 });
    assert.deepEqual(
      ahead.targets.map(({ label }: { readonly label: string }) => label),
      ["MulBackward0 (a), still to run"],
    );
    assert.equal(
      await client.move("goto", { threadId: 1, targetId: ahead.targets[0].id }),
      "MulBackward0 (a) 3 (goto)",
    );
    const past = await client.get("gotoTargets", { source, line: 5 });
    assert.deepEqual(
      past.targets.map(({ label }: { readonly label: string }) => label),
      ["SumBackward0 (loss), step 1", "AddBackward0, step 2"],
    );
    assert.equal(
      await client.move("goto", { threadId: 1, targetId: past.targets[1].id }),
      "AddBackward0 5 (goto)",
    );
  });

  it("goes to where the backward of a line's calls begins, in the past and ahead", async () => {
    const client = await debugging.stopped(CALLS);
    const source = { path: client.program };
    const targets = async (): Promise<readonly { readonly id: number; readonly label: string }[]> =>
      (await client.get("gotoTargets", { source, line: 8 })).targets;
    const ahead = await targets();
    assert.deepEqual(
      ahead.map(({ label }) => label),
      ["layer() · call 1: MulBackward0, still to run", "layer() · call 2: MulBackward0 (h), still to run"],
    );
    assert.equal(await client.move("goto", { threadId: 1, targetId: ahead[0]!.id }), "MulBackward0 3 (goto)");
    const [past, coming] = await targets();
    assert.match(past!.label, /^layer\(\) · call 2: MulBackward0 .*step 3$/);
    assert.match(coming!.label, /^layer\(\) · call 1: .*still to run$/);
    await client.move("goto", { threadId: 1, targetId: past!.id });
    const { pass, step, live } = client.adapter.position!;
    assert.deepEqual({ pass, step, live }, { pass: 0, step: 2, live: false });
  });

  it("steps out of the call that a node was made in", async () => {
    const client = await debugging.stopped(LOOP);
    await client.move("next");
    assert.equal(await client.top(), "ExpBackward0 5");
    const live = await client.move("stepOut");
    await client.move("stepBack");
    while ((await client.top()) !== "ExpBackward0 5") await client.move("stepBack");
    const past = await client.move("stepOut");
    assert.equal(past.replace(/ \(\w+\)$/, ""), live.replace(/ \(\w+\)$/, ""), "in the past as it was live");
  });

  it("offers the ready nodes to step to", async () => {
    const client = await debugging.stopped(FAN_IN);
    await client.move("next");
    await client.move("next");
    const [frame] = await client.frames();
    const { targets } = await client.get("stepInTargets", { frameId: frame!.id });
    assert.deepEqual(
      targets.map(({ label }: { readonly label: string }) => label),
      ["PowBackward0 (b)", "MulBackward0 (a)"],
    );
    assert.equal(
      await client.move("stepIn", { threadId: 1, targetId: targets[1].id }),
      "MulBackward0 (a) 3 (step)",
    );
  });

  it("stops before the first statement where asked", async () => {
    const client = await debugging.stopped(FAN_IN, { stopOnEntry: true });
    assert.equal(client.adapter.position, null);
    const [frame] = await client.frames();
    assert.equal(frame?.line, 2);
  });

  it("restarts from the program's start with the same breakpoints", async () => {
    const client = await debugging.stopped(FAN_IN, { stopOnBackward: false, stopOnEntry: true });
    await client.get("setFunctionBreakpoints", { breakpoints: [{ name: "Mul*" }] });
    assert.equal(await client.move("continue"), "MulBackward0 (a) 3 (function breakpoint)");
    await client.get("restart", {});
    await client.event("stopped");
    assert.equal(await client.move("continue"), "MulBackward0 (a) 3 (function breakpoint)");
    await assert.rejects(client.runs[0]!.where(), "the first process is gone");
  });

  it("runs a program through without debugging", async () => {
    const client = await debugging.client();
    await client.begin({ program: debugging.program(FAN_IN), noDebug: true });
    await client.event("terminated");
    assert.equal(client.output(), "tensor([5., 7.])\n");
    assert.ok(client.messages.every((one) => !("event" in one) || one.event !== "stopped"));
  });

  it("pauses an endless loop, and ends it", async () => {
    const client = await debugging.client();
    const text = `import * as torch from "gradwalk";\nlet x = torch.ones([1]);\nfor (;;) x = x.mul(1);\n`;
    await client.begin({ program: debugging.program(text) });
    await client.event("process");
    await client.get("pause", { threadId: 1 });
    await client.event("stopped");
    assert.equal((await client.frames())[0]?.line, 3);
    await client.get("terminate");
    await client.event("terminated");
  });

  it("steps a pass of a hundred thousand nodes both ways, and the process is gone afterwards", async function () {
    this.timeout(120_000);
    const client = await debugging.stopped(`import * as torch from "gradwalk";
let x = torch.ones([], { requires_grad: true });
for (let i = 0; i < 100_000; i++) x = x.neg();
console.log("pid", process.pid);
x.backward();
`);
    assert.equal(await client.move("next"), "NegBackward0 (x) 3 (step)");
    assert.equal(await client.move("stepBack"), "NegBackward0 (x) 3 (step)");
    await client.get("setFunctionBreakpoints", { breakpoints: [{ name: "AccumulateGrad" }] });
    assert.equal(await client.move("continue"), "AccumulateGrad (x) 2 (function breakpoint)");
    assert.equal((await client.get("evaluate", { expression: "grad.item()" })).result, "1");
    await client.get("disconnect", {});
    assert.ok(await isGone(Number(/pid (\d+)/.exec(client.output())![1])));
  });
});
