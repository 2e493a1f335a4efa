import assert from "node:assert/strict";
import { Programs } from "../support/programs.js";
import { Stepped } from "../support/stepping.js";

const HEAD = 'import * as torch from "gradwalk";\n';

const MODEL = `${HEAD}const w = torch.tensor([1, 2, 3], { requires_grad: true });
const b = torch.tensor([0.5], { requires_grad: true });
function model(x: torch.Tensor): torch.Tensor {
  const h = w.mul(x).add(b);
  return h.pow(2);
}
for (let i = 0; i < 2; i++) {
  const loss = model(torch.tensor([1, 1, 2])).sum();
  console.log("before", i);
  loss.backward();
  console.log("after", i);
}
console.log(w.grad);
`;

const SQUARE = `${HEAD}class Square extends torch.autograd.Function {
  static override forward(ctx: torch.autograd.FunctionContext, x: torch.Tensor): torch.Tensor {
    ctx.save_for_backward(x);
    return x.mul(x);
  }
  static override backward(ctx: torch.autograd.FunctionContext, grad: torch.Tensor): torch.Tensor {
    const [x] = ctx.saved_tensors;
    const doubled = x!.mul(2);
    return doubled.mul(grad);
  }
}
const x = torch.tensor([3], { requires_grad: true });
const y = Square.apply<torch.Tensor>(x).sum();
y.backward();
console.log(x.grad);
`;

describe("stepping a backward pass", function () {
  // Each starts processes of its own, several of them.
  this.timeout(60_000);
  const programs = new Programs();
  after(() => programs.dispose());

  it("runs one node at a time while the program waits inside the engine, and goes on to the next pass", async () => {
    const stepped = await Stepped.start(programs, MODEL, { onBackward: true });
    const seen: string[] = [];
    for (let pause = await stepped.next(); pause !== null; pause = await stepped.resume("next")) {
      seen.push(`${pause.reason} ${stepped.at.pass}.${stepped.at.step} ${stepped.node}`);
      const expected = stepped.at.pass === 0 ? "before 0\n" : "before 0\nafter 0\nbefore 1\n";
      await stepped.printed(expected);
      assert.equal(stepped.pass().steps.length, stepped.at.step);
      assert.deepEqual(pause.stack[0], { name: "<module>", file: stepped.program, line: 11, column: 8 });
    }
    const nodes = ["SumBackward0 loss", "PowBackward0", "AddBackward0 h", "AccumulateGrad b", "MulBackward0"];
    const pass = [...nodes, "AccumulateGrad w"];
    assert.deepEqual(seen, [
      ...pass.map((node, i) => `${i === 0 ? "backward" : "step"} 0.${i} ${node}`),
      ...pass.map((node, i) => `${i === 0 ? "backward" : "step"} 1.${i} ${node}`),
    ]);
    assert.equal(stepped.stdout.endsWith("tensor([ 6., 10., 52.])\n"), true);
    assert.equal((await stepped.finish()).reason, "exit");
  });

  it("sends a pass in progress once, then only its new steps, and the whole at its end", async () => {
    const stepped = await Stepped.start(programs, MODEL, { onBackward: true });
    await stepped.next();
    for (const _ of [1, 2, 3]) await stepped.resume("next");
    const told = stepped.events.flatMap((event) => {
      if (event.type === "pass") return [`pass ${event.pass.index}: ${event.pass.steps.length}`];
      return event.type === "steps" ? [`steps ${event.pass}: ${event.from} + ${event.steps.length}`] : [];
    });
    assert.deepEqual(told, ["pass 0: 0", "steps 0: 0 + 1", "steps 0: 1 + 1", "steps 0: 2 + 1"]);
    const inProgress = stepped.pass(0);
    assert.deepEqual(
      inProgress.steps[1]?.terms?.map(({ from, value }) => [from, value?.data]),
      [[6, [1, 1, 1]]],
    );
    await stepped.resume("continue");
    const done = stepped.pass(0);
    assert.equal(done.steps.length, 6);
    assert.deepEqual(done.steps.slice(0, 3), inProgress.steps);
    assert.deepEqual(done.edges, inProgress.edges);
    await stepped.finish();
  });

  it("pauses before the first statement where that was asked for", async () => {
    const stepped = await Stepped.start(programs, MODEL, { onEntry: true });
    const pause = await stepped.next();
    assert.deepEqual([pause?.reason, pause?.at, pause?.stack[0]?.line], ["entry", null, 2]);
    assert.equal(stepped.stdout, "");
    assert.equal(await stepped.evaluate("w"), "ReferenceError: w is not defined");
    assert.equal(await stepped.ask({ type: "debug.engine" }), null);
    assert.equal((await stepped.resume("next"))?.reason, "backward");
    await stepped.finish();
  });

  it("steps out of a call, of an iteration, of the pass", async () => {
    const text = `${HEAD}const w = torch.ones(2, { requires_grad: true });
function twice(t: torch.Tensor): torch.Tensor {
  const once = t.mul(2);
  return once.mul(3);
}
let h = w.exp();
for (let i = 0; i < 2; i++) {
  h = twice(h).sin();
}
h.sum().backward();
w.sum().backward();
`;
    const stepped = await Stepped.start(programs, text, { source: [{ line: 5 }] });
    await stepped.next();
    assert.equal(stepped.at.step, 2);
    await stepped.ask({
      type: "debug.breakpoints",
      breakpoints: { source: [], functions: [], data: [], exceptions: [], onBackward: false, onEntry: false },
    });
    await stepped.resume("out");
    assert.deepEqual([stepped.node, stepped.at.step], ["SinBackward0 h", 4]);
    await stepped.resume("out");
    assert.deepEqual([stepped.node, stepped.at.step], ["ExpBackward0 h", 7]);
    const pause = await stepped.resume("out");
    assert.deepEqual([pause?.reason, stepped.at.pass, stepped.at.step], ["backward", 1, 0]);
    await stepped.finish();
  });

  it("runs to a node, and chooses among ready nodes, in the engine's own order", async () => {
    const text = `${HEAD}const a = torch.ones(2, { requires_grad: true });
const p = a.exp();
const q = a.sin();
const r = p.add(q);
r.sum().backward();
`;
    const stepped = await Stepped.start(programs, text, { onBackward: true });
    await stepped.next();
    await stepped.resume("next");
    await stepped.resume("next");
    assert.equal(stepped.node, "SinBackward0 q");
    const { ready } = await stepped.engine();
    const names = ready.map((node) => stepped.pass().nodes[node]?.name);
    assert.deepEqual(names, ["SinBackward0", "ExpBackward0"]);
    const pause = await stepped.resume({ mode: "in", node: ready[1]! });
    assert.deepEqual([pause?.reason, stepped.node], ["step", "ExpBackward0 p"]);
    await assert.rejects(
      stepped.ask({ type: "debug.resume", resume: { mode: "to", pass: 0, node: ready[0]! } }),
      /SinBackward0 has run already/,
    );
    const sink = stepped.pass().nodes.findIndex(({ name }) => name === "AccumulateGrad");
    const last = await stepped.resume({ mode: "to", pass: 0, node: sink });
    assert.deepEqual([last?.reason, stepped.node], ["goto", "AccumulateGrad a"]);
    await stepped.finish();
  });

  it("steps into a custom function's backward, and over it", async () => {
    const into = await Stepped.start(programs, SQUARE, {
      functions: [{ id: 9, name: "Square*", condition: null, hitCondition: null }],
    });
    const before = await into.next();
    assert.deepEqual([before?.reason, before?.hit, before?.inside], ["function breakpoint", [9], null]);
    assert.equal((await into.engine()).preview, null);
    const entered = await into.resume("in");
    assert.deepEqual([entered?.reason, entered?.inside, entered?.at], ["step", "backward()", before?.at]);
    assert.deepEqual([entered?.stack[0]?.name, entered?.stack.at(-1)?.line], ["backward", 15]);
    const inside = await into.resume("in");
    assert.deepEqual([inside?.inside, inside?.stack[0]?.line], ["mul", 9]);
    assert.equal(await into.evaluate("grad"), "tensor([1.])");
    const after = await into.resume("next");
    assert.deepEqual([after?.inside, into.node], [null, "AccumulateGrad x"]);
    await into.finish();
    const over = await Stepped.start(programs, SQUARE, { onBackward: true });
    await over.next();
    await over.resume("next");
    await over.resume("next");
    assert.equal(over.node, "AccumulateGrad x");
    await over.finish();
  });

  it("steps into a pass that runs inside another, names the outer one, and comes back", async () => {
    const text = `${HEAD}const x = torch.tensor([2], { requires_grad: true });
const y = x.exp();
y.register_hook((grad: torch.Tensor) => {
  const z = torch.tensor([5], { requires_grad: true });
  torch.enable_grad(() => z.mul(z)).backward();
  return grad.mul(z.grad!);
});
y.backward();
console.log("done");
`;
    const stepped = await Stepped.start(programs, text, { onBackward: true });
    await stepped.next();
    const { hooks } = await stepped.engine();
    assert.deepEqual(
      hooks.map(({ kind, output, name }) => [kind, output, name]),
      [["tensor", 0, null]],
    );
    const inner = await stepped.resume("in");
    assert.deepEqual(
      [inner?.reason, inner?.at?.pass, inner?.outer],
      ["step", 1, [{ pass: 0, step: 0, node: 1 }]],
    );
    assert.deepEqual(
      inner?.stack.map(({ line }) => line),
      [6, 9],
    );
    assert.equal(stepped.node, "MulBackward0");
    const back = await stepped.resume("out");
    assert.deepEqual([back?.at?.pass, stepped.node], [0, "AccumulateGrad x"]);
    await stepped.finish();
    const over = await Stepped.start(programs, text, { onBackward: true });
    await over.next();
    await over.resume("next");
    assert.deepEqual([over.at.pass, over.node], [0, "AccumulateGrad x"]);
    await over.finish();
  });

  it("steps into what a derivative records under create_graph", async () => {
    const text = `${HEAD}const x = torch.tensor([2], { requires_grad: true });
const y = x.pow(3);
const [g] = torch.autograd.grad(y, x, { create_graph: true });
g!.backward();
console.log(x.grad);
`;
    const stepped = await Stepped.start(programs, text, { onBackward: true });
    const first = await stepped.next();
    const inside = await stepped.resume("in");
    assert.deepEqual([inside?.at, typeof inside?.inside], [first?.at, "string"]);
    const second = await stepped.resume("continue");
    assert.deepEqual([second?.reason, second?.at?.pass], ["backward", 1]);
    await stepped.finish();
    assert.equal(stepped.stdout, "tensor([12.])\n");
  });

  it("tells what is ready, pending with its terms, still missing, and what would come out", async () => {
    const text = `${HEAD}const x = torch.tensor([2, 3], { requires_grad: true });
const h = x.mul(2);
const a = h.mul(5);
const b = h.sin();
const c = a.add(b);
c.sum().backward();
`;
    const stepped = await Stepped.start(programs, text, {
      functions: [{ id: 1, name: "a", condition: null, hitCondition: null }],
    });
    await stepped.next();
    const { nodes } = stepped.pass();
    const name = (node: number | null) => (node === null ? null : (nodes[node]?.label ?? nodes[node]?.name));
    const state = await stepped.engine();
    assert.deepEqual(state.ready.map(name), ["a"]);
    const pending = state.pending.map(({ node, value, terms, missing }) => ({
      node: name(node),
      value: value && [...value.data].map((each) => Number(each.toFixed(3))),
      terms: terms.map(({ from }) => name(from)),
      missing: missing.map(name),
    }));
    assert.deepEqual(pending, [
      { node: "a", value: [1, 1], terms: ["c"], missing: [] },
      { node: "h", value: [-0.654, 0.96], terms: ["b"], missing: ["a"] },
    ]);
    assert.deepEqual(
      state.preview?.map((grad) => grad && [...grad.data]),
      [[5, 5], null],
    );
    await stepped.finish();
  });
});
