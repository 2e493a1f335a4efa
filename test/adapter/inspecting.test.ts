/** @file What a stop shows, and what can be changed at it. */
import assert from "node:assert/strict";
import { Debugging, FAN_IN } from "./programs.js";

describe("a stop", function () {
  this.timeout(60_000);
  const debugging = new Debugging();
  afterEach(() => debugging.dispose());

  it("shows the terms of a gradient and those still to come, the same live and in the past", async () => {
    const client = await debugging.stopped(FAN_IN);
    for (let i = 0; i < 3; i++) await client.move("next");
    assert.equal(await client.top(), "MulBackward0 (a) 3");
    const waiting = async () => {
      const [, group] = (await client.scope("Engine")).variables;
      const [first] = await client.variables(group!.variablesReference);
      const terms = await client.variables(first!.variablesReference);
      return [first!.name, first!.value, ...terms.map(({ name, value }) => `${name} = ${value}`)];
    };
    const live = await waiting();
    assert.deepEqual(live, [
      "AccumulateGrad (x)",
      "1 of 2 terms: tensor([2., 4.])",
      "grad = tensor([2., 4.])",
      "grad ← PowBackward0 (b) = tensor([2., 4.])",
      "grad ← MulBackward0 (a) = still to come",
    ]);
    const shown = async () => [
      await client.shows("Incoming gradients"),
      await client.shows("Saved tensors"),
      await client.shows("Derivative"),
      await client.shows("Outgoing gradients"),
      await client.shows("Leaves"),
    ];
    const now = await shown();
    assert.deepEqual(now, [
      ["grad = tensor([1., 1.])", "grad ← AddBackward0 = tensor([1., 1.])"],
      ["other = 3"],
      ["self = grad * other = [1, 1] * 3 = [3, 3]"],
      ["→ AccumulateGrad (x) = tensor([3., 3.])"],
      ["x.grad = None"],
    ]);
    await client.move("next");
    assert.deepEqual(await client.shows("Incoming gradients"), [
      "grad = tensor([5., 7.])",
      "grad ← PowBackward0 (b) = tensor([2., 4.])",
      "grad ← MulBackward0 (a) = tensor([3., 3.])",
    ]);
    assert.deepEqual(await client.shows("Outgoing gradients"), ["x.grad = tensor([5., 7.])"]);
    await client.move("stepBack");
    assert.deepEqual(await waiting(), live);
    assert.deepEqual(await shown(), now);
  });

  it("pages through large tensors, beyond what was recorded of them, and reads their bytes", async () => {
    const client = await debugging.stopped(`import * as torch from "gradwalk";
const x = torch.arange(0, 3000, { dtype: torch.float32 }).reshape([3, 1000]).requires_grad_();
const loss = x.mul(2).sum();
loss.backward();
`);
    const { variables } = await client.scope("Tensors");
    const x = variables.find(({ name }) => name === "x")!;
    assert.equal(x.type, "float32[3, 1000]");
    assert.equal(x.indexedVariables, 3);
    const [last] = await client.variables(x.variablesReference, { filter: "indexed", start: 2, count: 1 });
    assert.match(last!.value, /^\[2000, 2001, .*…\]$/);
    const page = { filter: "indexed", start: 998, count: 100 };
    const elements = await client.variables(last!.variablesReference, page);
    assert.deepEqual(
      elements.map(({ name, value }) => [name, value]),
      [
        ["998", "2998"],
        ["999", "2999"],
      ],
    );
    const end = { memoryReference: x.memoryReference, offset: 4 * 2999, count: 8 };
    const { data, unreadableBytes } = await client.get("readMemory", end);
    assert.equal(Buffer.from(data, "base64").readFloatLE(), 2999);
    assert.equal(unreadableBytes, 4);
  });

  it("changes a pending gradient, and everything that follows from it is marked", async () => {
    const client = await debugging.stopped(FAN_IN);
    await client.move("next");
    const { reference } = await client.scope("Incoming gradients");
    const change = { variablesReference: reference, name: "grad", value: "[10, 20]" };
    assert.equal((await client.get("setVariable", change)).value, "tensor([10., 20.])");
    await client.event("invalidated");
    assert.deepEqual(await client.shows("Incoming gradients"), [
      "grad (altered) = tensor([10., 20.])",
      "grad ← changed by hand = tensor([10., 20.])",
    ]);
    for (let i = 0; i < 4; i++) await client.move("next");
    assert.deepEqual(await client.shows("Leaves"), ["x.grad (altered) = tensor([ 50., 140.]) (was None)"]);
    assert.equal(client.output(), "tensor([ 50., 140.])\n");
  });

  it("changes a leaf's .grad and a saved tensor by expression", async () => {
    const client = await debugging.stopped(FAN_IN);
    const grad = await client.get("setExpression", { expression: "x.grad", value: "[100, 100]" });
    assert.equal(grad.value, "tensor([100., 100.])");
    while ((await client.top()) !== "PowBackward0 (b) 4") await client.move("next");
    await client.get("setExpression", { expression: "self", value: "self.mul(10)" });
    assert.deepEqual(await client.shows("Outgoing gradients"), ["→ AccumulateGrad (x) = tensor([20., 40.])"]);
    while (client.output() === "") await client.move("next");
    assert.equal(client.output(), "tensor([123., 143.])\n");
  });

  it("refuses changes that don't fit, in the past, or of what can't be changed", async () => {
    const client = await debugging.stopped(FAN_IN);
    await client.move("next");
    const refusal = async (expression: string, value: string) => {
      const { success, message } = await client.ask("setExpression", { expression, value });
      assert.equal(success, false);
      return message!;
    };
    assert.match(await refusal("grad", "[1, 2, 3]"), /shape \[2\].*\[3\]/);
    assert.match(await refusal("grad", "nothing()"), /nothing/);
    assert.match(await refusal("loss", "1"), /pending gradients, saved tensors/);
    await client.move("stepBack");
    assert.match(await refusal("grad", "2"), /past can't be changed/);
  });

  it("evaluates expressions as of the step, and completes them", async () => {
    const client = await debugging.stopped(FAN_IN);
    const value = async (expression: string) =>
      (await client.get("evaluate", { expression, context: "watch" })).result;
    assert.equal(await value("grad"), "tensor(1.)");
    while ((await client.top()) !== "AccumulateGrad (x) 2") await client.move("next");
    assert.equal(await value("grad.sum().item() + 1"), "13");
    assert.equal(await value("x.grad"), "null");
    await client.move("stepBack");
    assert.equal(await value("grad"), "tensor([1., 1.])");
    const failed = await client.ask("evaluate", { expression: "grad.", context: "repl" });
    assert.equal(failed.success, false);
    const { targets } = await client.get("completions", { text: "gr", column: 3 });
    assert.ok(targets.some(({ label }: { readonly label: string }) => label === "grad"));
  });

  it("names the calls that made the node, and those that led to backward()", async () => {
    const client = await debugging.stopped(`import * as torch from "gradwalk";
const w = torch.ones([1], { requires_grad: true });
function layer(x: torch.Tensor) {
  return x.mul(w);
}
function train() {
  for (let epoch = 0; epoch < 2; epoch++) {
    const loss = layer(w);
    if (epoch === 1) loss.backward();
  }
}
train();
`);
    const frames = await client.frames();
    assert.deepEqual(
      frames.map(({ name, line, presentationHint }) => [name, line, presentationHint ?? "normal"]),
      [
        ["MulBackward0 (loss)", 4, "normal"],
        ["forward pass", 0, "label"],
        ["layer() · call 2", 4, "normal"],
        ["train() · for 2 · call 1", 8, "normal"],
        ["program", 12, "normal"],
        ["backward pass", 0, "label"],
        ["loss.backward() in train", 9, "normal"],
        ["<module>", 12, "normal"],
      ],
    );
  });
});
