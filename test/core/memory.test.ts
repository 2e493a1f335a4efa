/** @file What a program holds on to: memory after collecting, never times. */
import { strict as assert } from "node:assert";
import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as torch from "../../src/core/index.js";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Bytes in use, in objects and in the arrays behind tensors. Arrays are let go a turn after their owners. */
async function used(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    collect();
    await setImmediate();
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const MB = 1 << 20;

describe("memory", () => {
  it("is flat over training steps", async () => {
    torch.manual_seed(0);
    const model = new torch.nn.Sequential(
      new torch.nn.Linear(784, 64),
      new torch.nn.ReLU(),
      new torch.nn.Linear(64, 10),
    );
    const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.01, momentum: 0.9 });
    const x = torch.randn(32, 784);
    const target = torch.randint(0, 10, [32]);
    const train = (steps: number): void => {
      for (let i = 0; i < steps; i++) {
        optimizer.zero_grad();
        torch.nn.functional.cross_entropy(model.forward(x) as torch.Tensor, target).backward();
        optimizer.step();
      }
    };
    train(20);
    const before = await used();
    train(100);
    // One step makes half a megabyte: were it kept, a hundred would be fifty.
    assert.ok((await used()) - before < 2 * MB);
  });

  it("of a saved tensor is free when backward has used it, while the loss is still there", async () => {
    const x = torch.randn(1 << 20).requires_grad_();
    const build = (): torch.Tensor => x.exp().tanh().sigmoid().sum();
    const empty = await used();
    const loss = build();
    const full = await used();
    assert.ok(full - empty > 11 * MB, "three results of four megabytes are saved");
    loss.backward();
    x.grad = null;
    assert.ok((await used()) - empty < MB);
    assert.equal(typeof loss.item(), "number");
  });

  it("of a saved tensor stays with retain_graph, and goes with the graph", async () => {
    const x = torch.randn(1 << 20).requires_grad_();
    const empty = await used();
    let loss: torch.Tensor | null = x.exp().sum();
    loss.backward({ retain_graph: true });
    x.grad = null;
    assert.ok((await used()) - empty > 3 * MB);
    loss = null;
    assert.ok((await used()) - empty < MB);
  });
});
