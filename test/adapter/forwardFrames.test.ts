/** @file The forward call stack: every frame at the line where its own call stands. */
import assert from "node:assert/strict";
import { forwardFrames } from "../../src/adapter/forwardFrames.js";
import type { Scope, SourceLocation } from "../../src/protocol/export.js";
import { Debugging } from "./programs.js";

const at = (line: number, column = 1): SourceLocation => ({ file: "p.ts", line, column });
const loop = (line: number, iteration: number): Scope => ({ kind: "loop", name: "for", line, iteration });
const called = (name: string, from: SourceLocation, call = 0): Scope => {
  return { kind: "function", name, line: 1, call, from };
};
const ran = (name: string, from: SourceLocation, call = 0): Scope => {
  return { kind: "module", name, line: from.line, call, from };
};

function lines(scopes: readonly Scope[], made: SourceLocation | null): string[] {
  return forwardFrames(scopes, made).map(({ name, line }) => `${name} @${line}`);
}

describe("the forward call stack", function () {
  this.timeout(60_000);
  const debugging = new Debugging();
  afterEach(() => debugging.dispose());

  it("has no frame for an operation of the program's own level", () => {
    assert.deepEqual(lines([], at(3)), []);
  });

  it("stands in each frame at the call that led on", () => {
    const scopes = [loop(1, 2), called("outer", at(5)), loop(9, 0), called("inner", at(10), 4)];
    assert.deepEqual(lines(scopes, at(20)), [
      "inner() · call 5 @20",
      "outer() · for 1 · call 1 @10",
      "program · for 3 @5",
    ]);
    assert.deepEqual(lines(scopes.slice(1), at(20)).at(-1), "program @5");
  });

  it("stands at a level's own beginning where the call is unknown", () => {
    const outer: Scope = { kind: "function", name: "f", line: 7, call: 0, file: "p.ts" };
    assert.deepEqual(lines([outer], null), ["f() · call 1 @7"]);
    assert.deepEqual(lines([loop(4, 0)], null), ["program · for 1 @4"]);
  });

  it("has one frame for a module and its own forward, and one for a module of the library", () => {
    const scopes = [ran("Net", at(30)), called("Net.forward", at(30), 3), ran("fc", at(12), 1)];
    assert.deepEqual(lines(scopes, at(12)), ["fc · call 2 @12", "Net.forward() · call 1 @12", "program @30"]);
  });

  it("names the modules of a program, the lines in each", async () => {
    const client = await debugging.stopped(`import * as torch from "gradwalk";
class Block extends torch.nn.Module {
  act = new torch.nn.Tanh();
  forward(x: torch.Tensor) {
    return this.act.call(x);
  }
}
class Net extends torch.nn.Module {
  first = new Block();
  second = new Block();
  forward(x: torch.Tensor) {
    const h = this.first.call(x);
    return this.second.call(h);
  }
}
async function main() {
  const net = new Net();
  await null;
  const out = net.call(torch.ones([1], { requires_grad: true }));
  out.backward();
}
await main();
`);
    const frames = await client.frames();
    assert.deepEqual(
      frames.map(({ name, line }) => `${name} @${line}`),
      [
        "TanhBackward0 (out) @5",
        "forward pass @0",
        "second.act · call 1 @5",
        "second.forward() · call 1 @5",
        "Net.forward() · call 1 @13",
        "main() · call 1 @19",
        "program @22",
        "backward pass @0",
        "out.backward() in main @20",
        "<module> @22",
      ],
    );
    assert.equal(await client.move("stepOut"), "TanhBackward0 (h) 5 (step)", "out of the module's call");
  });
});
