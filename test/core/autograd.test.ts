/** @file Modes, leaves, views and versions, observers, warnings. */
import assert from "node:assert/strict";
import * as torch from "../../src/core/index.js";

const { _C } = torch;
type T = torch.Tensor;
const leaf = (...data: number[]): T => torch.tensor(data, { requires_grad: true });

describe("grad modes", () => {
  it("no_grad holds in a callback, a guard, and until an async callback is done", async () => {
    const x = leaf(1);
    assert.equal(torch.no_grad(() => x.mul(2)).requires_grad, false);
    {
      using _ = torch.no_grad();
      assert.equal(x.mul(2).requires_grad, false);
    }
    const y = await torch.no_grad(async () => {
      await null;
      return x.mul(2);
    });
    assert.equal(y.requires_grad, false);
    assert.equal(x.mul(2).requires_grad, true);
  });

  it("are restored when the callback throws", async () => {
    assert.throws(() =>
      torch.no_grad(() => {
        throw new Error("x");
      }),
    );
    assert.equal(torch.is_grad_enabled(), true);
    await assert.rejects(torch.no_grad(() => Promise.reject(new Error("x"))));
    assert.equal(torch.is_grad_enabled(), true);
  });

  it("nest: enable_grad inside no_grad, set_grad_enabled as a statement", () => {
    const x = leaf(1);
    assert.equal(torch.no_grad(() => torch.enable_grad(() => x.mul(2))).requires_grad, true);
    const guard = torch.set_grad_enabled(false);
    assert.equal(x.mul(2).requires_grad, false);
    guard[Symbol.dispose]();
    assert.equal(x.mul(2).requires_grad, true);
  });

  it("inference_mode makes tensors that cannot be recorded later", () => {
    const x = leaf(1);
    const y = torch.inference_mode(() => x.mul(2));
    assert.equal(y.is_inference(), true);
    assert.throws(() => y.mul(x), /Inference tensors cannot be saved for backward/);
  });

  it("let leaves be changed in place while recording is off", () => {
    const x = leaf(1, 2);
    torch.no_grad(() => x.sub_(torch.tensor([0.5, 0.5])));
    assert.deepEqual(x.tolist(), [0.5, 1.5]);
    assert.equal(x.is_leaf && x.requires_grad, true);
  });
});

describe("views and versions", () => {
  it("share memory and counter with detach, memory only with .data", () => {
    const x = torch.ones(3);
    const [d, raw] = [x.detach(), x.data];
    x.add_(1);
    assert.deepEqual(
      [d.tolist(), raw.tolist()],
      [
        [2, 2, 2],
        [2, 2, 2],
      ],
    );
    assert.deepEqual([x._version, d._version, raw._version], [1, 1, 0]);
    assert.equal(x.data_ptr(), raw.data_ptr());
    assert.notEqual(x.data_ptr(), x.clone().data_ptr());
  });

  it("share one element's memory too", () => {
    const x = torch.tensor(1);
    const d = x.detach();
    const raw = x.data;
    x.add_(1);
    assert.deepEqual([d.item(), raw.item(), x.numpy()[0]], [2, 2, 2]);
    x.numpy()[0] = 7;
    assert.equal(d.item(), 7);
  });

  it("an in-place change through a view becomes history of the base", () => {
    const x = leaf(1, 2, 3);
    const y = x.mul(1);
    y.index([torch.Slice(0, 2)]).mul_(torch.tensor([10, 20]));
    assert.equal(y.grad_fn!.name(), "CopySlices");
    y.sum().backward();
    assert.deepEqual(x.grad!.tolist(), [10, 20, 1]);
  });

  it("a view sees what was done to its base, and is differentiated accordingly", () => {
    const x = leaf(1, 2, 3);
    const y = x.mul(1);
    const v = y.index([1]);
    y.mul_(5);
    assert.equal(v.grad_fn!.name(), "AsStridedBackward0");
    v.backward();
    assert.deepEqual([v.item(), x.grad!.tolist()], [10, [0, 5, 0]]);
  });

  it("a numpy array is the tensor's own memory", () => {
    const x = torch.zeros(2, 2);
    x.numpy()[3] = 4;
    assert.deepEqual(x.tolist(), [
      [0, 0],
      [0, 4],
    ]);
    assert.deepEqual(Array.from(x.t().numpy() as Float32Array), [0, 0, 0, 4]);
  });
});

describe("int64", () => {
  it("is exact beyond 53 bits and wraps at 64", () => {
    const big = torch.tensor([2n ** 62n, 9007199254740993n]);
    assert.deepEqual(big.add(1).tolist(), [2n ** 62n + 1n, 9007199254740994n]);
    assert.deepEqual(big.mul(2).tolist(), [-(2n ** 63n), 18014398509481986n]);
    assert.equal(torch.arange(5).sum().item(), 10);
  });

  it("promotes as in PyTorch: integer numbers keep it, others make float32", () => {
    const i = torch.arange(3);
    assert.equal(i.add(1).dtype, torch.int64);
    assert.equal(i.add(1.5).dtype, torch.float32);
    assert.equal(i.div(2).dtype, torch.float32);
    assert.equal(i.add(torch.tensor([1, 2, 3])).dtype, torch.float32);
    assert.equal(
      torch.ones(3, { dtype: torch.float32 }).add(torch.tensor(1, { dtype: torch.float64 })).dtype,
      torch.float32,
    );
    assert.equal(i.bool().add(i.bool()).dtype, torch.bool);
    assert.equal(i.bool().sum().dtype, torch.int64);
  });
});

describe("an observer", () => {
  function record<R>(fn: () => R): { events: string[]; result: R } {
    const events: string[] = [];
    const name = (t: T | null): string => (t === null ? "-" : `[${t.shape.join(",")}]`);
    const previous = _C.observe({
      onOp: (op, inputs, outputs, node) => {
        events.push(
          `${op}(${inputs.map(name).join(" ")}) ${outputs.map(name).join(" ")} ${node?.name() ?? "-"}`,
        );
      },
      onCreate: (t, factory) => events.push(`create ${factory} ${name(t)}`),
      onBeforeWrite: (t) => events.push(`write ${t.tolist()}`),
      onRequiresGrad: (t) => events.push(`requires_grad ${t.requires_grad}`),
      onGradAssign: (t, before) => events.push(`grad ${name(before)} to ${name(t.grad)}`),
      onBackwardStart: (task) => events.push(`start ${task.roots.length}`),
      onBeforeStep: (_, node) => events.push(`before ${node.name()}`),
      onStep: (_, node, i, o) =>
        events.push(`step ${node.name()} ${i.map(name).join(" ")} > ${o.map(name).join(" ")}`),
      onAccumulate: (_, __, before, after) =>
        events.push(`accumulate ${before?.tolist() ?? "-"} ${after.tolist()}`),
      onBackwardEnd: (_, error) => events.push(`end ${error ?? "ok"}`),
    });
    try {
      return { events, result: fn() };
    } finally {
      _C.observe(previous);
    }
  }

  it("hears of factories, ops, writes, flags and assignments", () => {
    const { events } = record(() => {
      const x = torch.ones(2);
      x.requires_grad_();
      const y = x.mul(3);
      y.gt(1);
      torch.no_grad(() => x.add_(y));
      x.grad = torch.zeros(2);
      x.grad = null;
    });
    assert.deepEqual(events, [
      "create ones [2]",
      "requires_grad true",
      "mul([2] -) [2] MulBackward0",
      "gt([2] -) [2] -",
      "write 1,1",
      "add_([2] [2]) [2] -",
      "create zeros [2]",
      "grad - to [2]",
      "grad [2] to -",
    ]);
  });

  it("hears of every step of a backward pass, and of what was accumulated", () => {
    const x = leaf(1, 2);
    x.mul(1).sum().backward();
    const loss = x.mul(2).sum();
    const { events } = record(() => loss.backward());
    const steps = events.filter((e) => !/^(expand|mul)\(/.test(e));
    assert.deepEqual(steps, [
      "start 1",
      "before SumBackward0",
      "step SumBackward0 [] > [2]",
      "before MulBackward0",
      "step MulBackward0 [2] > [2] -",
      "before AccumulateGrad",
      "accumulate 1,1 3,3",
      "step AccumulateGrad [2] > ",
      "end ok",
    ]);
  });

  it("may change a gradient before a step", () => {
    const x = leaf(1);
    const previous = _C.observe({
      onBeforeStep(task, node) {
        if (node.name() === "MulBackward0") task.setBuffer(node, 0, torch.tensor([7]));
      },
    });
    x.mul(2).sum().backward();
    _C.observe(previous);
    assert.deepEqual(x.grad!.tolist(), [14]);
  });

  it("hears composites as the primitive ops they are made of", () => {
    const { events } = record(() => torch.ones(3).matmul(torch.ones(3, 2)));
    assert.deepEqual(
      events.filter((e) => !e.startsWith("create")).map((e) => e.split("(")[0]),
      ["unsqueeze", "mm", "squeeze"],
    );
  });
});

describe("call sites", () => {
  it("are stamped on nodes, and one place warns once", () => {
    const warnings: string[] = [];
    const handler = torch.set_warning_handler((m) => warnings.push(m));
    const y = leaf(1).mul(2);
    for (const site of [11, 11, 12]) {
      _C.callSite.cell[0] = site;
      assert.equal(y.grad, null);
      assert.equal(leaf(1).mul(2).grad_fn!.site, site);
    }
    _C.callSite.cell[0] = 0;
    torch.set_warning_handler(handler);
    assert.equal(warnings.length, 2);
    assert.match(
      warnings[0]!,
      /^The \.grad attribute of a Tensor that is not a leaf Tensor is being accessed/,
    );
  });
});

describe("tools", () => {
  it("read a node's saved tensors by name, until they are freed", () => {
    const [a, b] = [leaf(1), leaf(2)];
    const y = a.mul(b);
    const saved = _C.savedTensors(y.grad_fn!);
    assert.deepEqual(
      saved.map((s) => [s.name, s.tensor === a || s.tensor === b, s.version]),
      [
        ["other", true, 0],
        ["self", true, 0],
      ],
    );
    y.sum().backward();
    assert.deepEqual(_C.savedTensors(y.grad_fn!), []);
  });

  it("read derivatives as people write them", () => {
    assert.deepEqual(_C.describeDerivative("MulBackward0"), {
      name: "MulBackward0",
      inputs: { self: "grad * other", other: "grad * self" },
    });
    assert.equal(_C.describeDerivative("tan")!.inputs.self, "grad * (result.pow(2) + 1)");
    assert.equal(_C.describeDerivative("nothing"), null);
  });
});

describe("text", () => {
  it("is Python's repr for the console and Python's format in templates", () => {
    const w = torch.tensor([0.5], { requires_grad: true });
    const loss = w.mul(torch.tensor([2, 4, 6])).mean();
    assert.equal(torch.inspect(loss), "tensor(2., grad_fn=<MeanBackward0>)");
    assert.equal(`${loss}`, "2.0");
    assert.equal(`${w}`, "tensor([0.5000], requires_grad=True)");
    assert.match(String(loss.grad_fn), /^<MeanBackward0 object at 0x[0-9a-f]+>$/);
    assert.equal(`${loss.shape} ${w.shape} ${w.dtype}`, "torch.Size([]) torch.Size([1]) torch.float32");
  });
});
