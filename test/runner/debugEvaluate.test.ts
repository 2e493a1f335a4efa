import assert from "node:assert/strict";
import { dirname } from "node:path";
import { Programs } from "../support/programs.js";
import { NO_BREAKPOINTS, Stepped } from "../support/stepping.js";

const TRAIN = `import * as torch from "gradwalk";
torch.manual_seed(1);
class Net {
  readonly weight = torch.tensor([1, 2], { requires_grad: true });
  forward(x: torch.Tensor): torch.Tensor {
    const h = x.mul(this.weight);
    return h.pow(2);
  }
}
const net = new Net();
const params = { w: net.weight };
for (let i = 0; i < 3; i++) {
  const x = torch.tensor([i + 1, 1]);
  const loss = net.forward(x).sum();
  loss.backward();
  torch.no_grad(() => params.w.sub_(params.w.grad!.mul(0.5)));
  params.w.grad = null;
}
console.log(torch.rand(1));
`;

describe("expressions while a program waits", function () {
  // Each starts processes of its own, several of them.
  this.timeout(60_000);
  const programs = new Programs();
  after(() => programs.dispose());

  it("see the step, the program's tensors by name, and torch", async () => {
    const functions = [{ id: 1, name: "MulBackward0", condition: null, hitCondition: null }];
    const stepped = await Stepped.start(programs, TRAIN, { functions });
    await stepped.next();
    const values = {
      grad: "tensor([2., 4.])",
      "grads.length": "1",
      result: "tensor([1., 2.], grad_fn=<MulBackward0>)",
      "h.equal(result)": "true",
      other: "undefined",
      self: "tensor([1., 1.])",
      x: "tensor([1., 1.])",
      "this.weight.grad": "null",
      "params.w.requires_grad": "true",
      "torch.add(grad, 1).sum().item()": "8",
      "grad.norm() > 4": "true",
      "{ a: 1 }": "{ a: 1 }",
      "": "There is no expression to evaluate.",
      "grad.nothing()": "TypeError: grad.nothing is not a function",
      "grad.add(torch.ones(3))":
        "RuntimeError: The size of tensor a (2) must match the size of tensor b (3) at non-singleton dimension 0",
      "1); (2": "SyntaxError: Unexpected token ')'",
    };
    for (const [expression, text] of Object.entries(values)) {
      if (expression === "other") continue;
      assert.equal(await stepped.evaluate(expression), text, expression);
    }
    const { tensor, type } = await stepped.ask({
      type: "debug.evaluate",
      expression: "grad",
      at: stepped.at,
    });
    assert.deepEqual([type, tensor?.shape, tensor && [...tensor.data]], ["Tensor float32 [2]", [2], [2, 4]]);
    stepped.run.dispose();
  });

  it("see past steps as they were, though memory was written to since, and after the program's end", async () => {
    const stepped = await Stepped.start(programs, TRAIN, {
      functions: [{ id: 1, name: "MulBackward0", condition: null, hitCondition: "3" }],
    });
    const pause = await stepped.next();
    assert.equal(pause?.at?.pass, 2);
    const at = (pass: number, step: number) => ({ pass, step });
    const check = async () => {
      assert.equal(await stepped.evaluate("this.weight", at(0, 0)), "tensor([1., 2.], requires_grad=True)");
      assert.equal(await stepped.evaluate("this.weight", at(1, 0)), "tensor([0., 0.], requires_grad=True)");
      assert.equal(await stepped.evaluate("grad", at(0, 2)), "tensor([2., 4.])");
      assert.equal(await stepped.evaluate("this.weight.grad", at(0, 3)), "null");
      assert.equal(await stepped.evaluate("this.weight.grad", at(0, 4)), "tensor([2., 4.])");
      assert.equal(await stepped.evaluate("params.w", at(1, 0)), "tensor([0., 0.], requires_grad=True)");
      assert.equal(await stepped.evaluate("x", at(0, 2)), "tensor([1., 1.])");
      assert.match(await stepped.evaluate("grad", at(7, 0)), /pass 8 is not kept/);
    };
    await check();
    await stepped.resume("continue");
    await check();
    await assert.rejects(
      stepped.ask({ type: "debug.resume", resume: { mode: "next" } }),
      /program has ended/,
    );
    stepped.run.dispose();
  });

  it("leave no trace in the record, the grad mode, the random stream or the program's gradients", async () => {
    const plain = await programs.run(TRAIN);
    const stepped = await Stepped.start(programs, TRAIN, { onBackward: true });
    await stepped.next();
    for (const expression of [
      "torch.rand(5)",
      "x.mul(x).sum()",
      "torch.enable_grad(() => this.weight.mul(2).requires_grad)",
      "torch.manual_seed(3)",
      "torch.set_grad_enabled(true) && 1",
    ]) {
      await stepped.evaluate(expression);
    }
    await stepped.ask({ type: "debug.breakpoints", breakpoints: NO_BREAKPOINTS });
    await stepped.resume("continue");
    await stepped.finish();
    assert.equal(stepped.stdout, plain.stdout);
    const text = (trace: unknown, folder: string) => JSON.stringify(trace, null, 1).replaceAll(folder, "");
    const stepwise = text(stepped.session.document(), dirname(stepped.program));
    assert.deepEqual(stepwise.split("\n"), text(plain.document, plain.folder).split("\n"));
  });

  it("are completed with names, and with a tensor's members after a dot", async () => {
    const stepped = await Stepped.start(programs, TRAIN, { onBackward: true });
    await stepped.next();
    const complete = async (text: string) => {
      const items = await stepped.ask({ type: "debug.complete", text, column: text.length + 1 });
      return new Map(items.map(({ label, type }) => [label, type]));
    };
    const names = await complete("gr");
    assert.deepEqual(
      ["grad", "loss", "params", "torch", "weight"].map((name) => names.get(name)),
      ["value", "variable", "variable", "module", undefined],
    );
    const members = await complete("1 + loss.gra");
    assert.deepEqual(
      [members.get("grad"), members.get("norm"), members.get("_grad")],
      ["property", "method", undefined],
    );
    assert.equal((await complete("params.")).get("w"), "variable");
    assert.equal((await complete("torch.ze")).get("zeros"), "function");
    assert.equal((await complete("grad.norm().it")).get("item"), "method");
    assert.equal((await complete("nobody.")).size, 0);
    stepped.run.dispose();
  });
});

describe("changes by hand while a program waits", function () {
  // Each starts processes of its own, several of them.
  this.timeout(60_000);
  const programs = new Programs();
  after(() => programs.dispose());

  const TEXT = `import * as torch from "gradwalk";
const w = torch.tensor([1, 2], { requires_grad: true });
for (let i = 0; i < 2; i++) {
  const h = w.pow(2);
  h.sum().backward();
}
console.log(w.grad);
`;

  it("of a pending gradient reach the leaves, and mark what runs from there on", async () => {
    const stepped = await Stepped.start(programs, TEXT, {
      functions: [{ id: 1, name: "h", condition: null, hitCondition: "1" }],
    });
    await stepped.next();
    const target = { of: "pending", pass: 0, node: stepped.at.node, input_nr: 0 } as const;
    const refused: readonly (readonly [string, RegExp])[] = [
      ["torch.ones(3)", /gradient of PowBackward0 has the shape \[2\], but the new value has \[3\]/],
      ["torch.tensor([1n, 2n])", /is float32, but the new value is int64/],
      ["[[1, 2]]", /but the new value has \[1, 2\]/],
      ["'text'", /needs a tensor or numbers/],
      ["grad.(", /SyntaxError/],
    ];
    for (const [expression, reason] of refused)
      await assert.rejects(stepped.edit(target, expression), reason);
    assert.equal((await stepped.edit(target, "grad.mul(10)")).text, "tensor([10., 10.])");
    assert.deepEqual(
      stepped.pass().steps.map(({ altered }) => altered),
      [false],
    );
    const state = await stepped.engine();
    assert.deepEqual(
      state.pending.map(({ value, terms }) => [value && [...value.data], terms.map(({ from }) => from)]),
      [[[10, 10], [null]]],
    );
    await stepped.resume("continue");
    await stepped.finish();
    assert.equal(stepped.stdout, "tensor([22., 44.])\n");
    const marked = [0, 1].map((index) => stepped.session.pass(index)?.steps.map(({ altered }) => altered));
    assert.deepEqual(marked, [
      [false, true, true],
      [true, true, true],
    ]);
    assert.deepEqual(
      stepped.session.pass(0)?.steps[1]?.terms?.map(({ value }) => value?.data),
      [[10, 10]],
    );
  });

  it("of a saved tensor change this node alone; what has run can't be changed", async () => {
    const stepped = await Stepped.start(programs, TEXT, {
      functions: [{ id: 1, name: "h", condition: null, hitCondition: "1" }],
    });
    await stepped.next();
    const { node } = stepped.at;
    const saved = (name: string) => ({ of: "saved", pass: 0, node, name }) as const;
    await assert.rejects(stepped.edit(saved("other"), "1"), /has saved no `other`/);
    await assert.rejects(stepped.edit(saved("self"), "[1]"), /`self` has the shape \[2\]/);
    await stepped.edit(saved("self"), "[10, 20]");
    assert.equal(await stepped.evaluate("w"), "tensor([1., 2.], requires_grad=True)");
    assert.equal(await stepped.evaluate("self"), "tensor([10., 20.])");
    await stepped.resume("next");
    await assert.rejects(stepped.edit({ of: "pending", pass: 0, node, input_nr: 0 }, "0"), /has run already/);
    await stepped.resume("continue");
    await stepped.finish();
    assert.equal(stepped.stdout, "tensor([22., 44.])\n");
  });

  it("of a leaf's gradient count as if the program had assigned it", async () => {
    const stepped = await Stepped.start(programs, TEXT, { onBackward: true });
    await stepped.next();
    await assert.rejects(stepped.edit({ of: "grad", name: "h" }, "1"), /h is no leaf that requires grad/);
    await assert.rejects(
      stepped.edit({ of: "grad", name: "nobody" }, "1"),
      /No tensor is known by the name nobody/,
    );
    await stepped.edit({ of: "grad", name: "w" }, "100");
    assert.equal(await stepped.evaluate("w.grad"), "tensor([100., 100.])");
    await stepped.resume("next");
    await stepped.ask({ type: "debug.breakpoints", breakpoints: NO_BREAKPOINTS });
    await stepped.resume("continue");
    await stepped.finish();
    assert.equal(stepped.stdout, "tensor([104., 108.])\n");
  });

  it("are refused while the program runs", async () => {
    const stepped = await Stepped.start(programs, "for (let i = 0; ; i++) { Math.sqrt(i); }", {});
    await assert.rejects(stepped.edit({ of: "grad", name: "w" }, "1"), /program is running; pause it/);
    stepped.run.dispose();
  });
});
