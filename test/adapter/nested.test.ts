/** @file Into what runs inside a step: code of the user's, recorded derivatives, passes within passes. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "./client.js";
import { Debugging, NESTED } from "./programs.js";

const CUSTOM = `import * as torch from "gradwalk";
class Cube extends torch.autograd.Function {
  static forward(ctx: torch.autograd.FunctionContext, x: torch.Tensor) {
    ctx.save_for_backward(x);
    return x.pow(3);
  }
  static backward(ctx: torch.autograd.FunctionContext, grad: torch.Tensor) {
    const [x] = ctx.saved_tensors;
    const square = x!.mul(x!);
    return grad.mul(square).mul(3);
  }
}
const x = torch.tensor([2], { requires_grad: true });
const y = Cube.apply(x) as torch.Tensor;
y.sum().backward();
console.log(x.grad);
`;

const TWICE = `import * as torch from "gradwalk";
const x = torch.tensor([2], { requires_grad: true });
const y = x.pow(3);
const [g] = torch.autograd.grad(y.sum(), [x], { create_graph: true });
g!.sum().backward();
console.log(x.grad);
`;

describe("stepping into", function () {
  this.timeout(60_000);
  const debugging = new Debugging();
  afterEach(() => debugging.dispose());

  const bare = (stood: string): string => stood.replace(/ \(\w+( \w+)?\)$/, "");
  const at = (client: Client): string => {
    const { pass, step } = client.adapter.position!;
    return `${pass}.${step}`;
  };

  async function places(client: Client, command: string, count: number): Promise<string[]> {
    const seen: string[] = [];
    for (let i = 0; i < count; i++) {
      await client.move(command);
      seen.push(at(client));
    }
    return seen;
  }

  it("a pass inside a hook goes through it, and over it without; back the same ways, live and in a trace", async () => {
    const client = await debugging.stopped(NESTED);
    assert.deepEqual([await client.top(), at(client)], ["SinBackward0 (out) 10", "0.0"]);
    const down = ["1.0", "1.1", "0.1", "2.0", "2.1", "0.2"];
    assert.deepEqual(await places(client, "stepIn", 6), down);
    assert.equal(await client.top(), "AccumulateGrad (x) 2");
    assert.deepEqual(await places(client, "stepBack", 2), ["0.1", "0.0"], "over the inner passes");
    assert.deepEqual(await places(client, "stepIn", 6), down, "into them again, in the record");
    assert.equal(client.adapter.position?.live, true);
    assert.deepEqual(await places(client, "stepBack", 2), ["0.1", "0.0"]);
    assert.deepEqual(await places(client, "next", 2), ["0.1", "0.2"]);
    await client.get("setFunctionBreakpoints", { breakpoints: [{ name: "Mul*" }] });
    assert.deepEqual(await places(client, "reverseContinue", 3), ["2.0", "1.0", "0.0"]);
    assert.deepEqual(await places(client, "continue", 2), ["1.0", "2.0"]);
    await client.get("setFunctionBreakpoints", { breakpoints: [{ name: "Mul*", hitCondition: "2" }] });
    await places(client, "reverseContinue", 1);
    assert.deepEqual(await places(client, "continue", 1), ["2.0"], "hits count in the order of time");

    const folder = debugging.folder({});
    const trace = join(folder, "run.json");
    writeFileSync(trace, JSON.stringify(client.adapter.session!.document(folder)));
    const reader = await debugging.client();
    await reader.launch({ trace });
    assert.deepEqual(await places(reader, "stepIn", 5), down.slice(0, 5));
  });

  it("a pass shows the outer one's node, to which a step back leads", async () => {
    const client = await debugging.stopped(NESTED);
    const waiting = await client.shows("Incoming gradients");
    await client.move("stepIn");
    const frames = (await client.frames()).map(({ name, line }) => `${name} ${line}`);
    assert.deepEqual(frames.slice(0, 1), ["MulBackward0 5"]);
    assert.ok(frames.includes("SinBackward0 (out) 10"), frames.join("; "));
    await client.move("next");
    assert.equal(bare(await client.move("stepBack")), "MulBackward0 5");
    assert.equal(bare(await client.move("stepBack")), "SinBackward0 (out) 10", "the node that waits");
    assert.equal(at(client), "0.0");
    assert.deepEqual(await client.shows("Incoming gradients"), waiting);
    assert.equal(bare(await client.move("stepIn")), "MulBackward0 5");
  });

  it("a custom function goes through its backward, line by line of what it computes", async () => {
    const client = await debugging.stopped(CUSTOM);
    await client.move("next");
    const seen: string[] = [];
    for (let i = 0; i < 4; i++) seen.push(bare(await client.move("stepIn")));
    assert.deepEqual(seen, [
      "CubeBackward (y), in backward() 7",
      "CubeBackward (y), in mul 9",
      "CubeBackward (y), in mul 10",
      "CubeBackward (y), in mul 10",
    ]);
    const below = (await client.frames()).map(({ name, line }) => `${name} ${line}`).slice(1);
    assert.deepEqual(below, ["backward pass 0", "backward() in <module> 15"]);
    assert.equal(bare(await client.move("stepOut")), "AccumulateGrad (x) 13");
    assert.equal(bare(await client.move("stepBack")), "CubeBackward (y) 14");
    assert.equal(
      bare(await client.move("stepIn")),
      "AccumulateGrad (x) 13",
      "what ran inside is no place of the record",
    );
    await client.get("continue", { threadId: 1 });
    await client.event("terminated");
    assert.equal(client.output(), "tensor([12.])\n");
  });

  it("a pass with create_graph goes through what its derivatives record, which the next pass walks", async () => {
    const client = await debugging.stopped(TWICE);
    await client.move("next");
    assert.equal(await client.top(), "PowBackward0 (y) 3");
    const inside: string[] = [];
    for (;;) {
      const stood = bare(await client.move("stepIn"));
      if (!stood.includes(", in ")) break;
      inside.push(stood);
    }
    assert.deepEqual(inside, [
      "PowBackward0 (y), in pow 3",
      "PowBackward0 (y), in mul 3",
      "PowBackward0 (y), in mul 3",
    ]);
    const second: string[] = [];
    for (;;) {
      const stood = bare(await client.move("next"));
      second.push(stood);
      if (stood.startsWith("AccumulateGrad (x)") && at(client).startsWith("1.")) break;
    }
    assert.ok(
      second.some((one) => one.startsWith("PowBackward0")),
      "the inner graph's own nodes",
    );
    await client.get("continue", { threadId: 1 });
    await client.event("terminated");
    assert.equal(client.output(), "tensor([12.])\n");
  });
});
