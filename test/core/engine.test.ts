/** @file The engine as an object: order, stepping, terms, edits, hooks, captures, nesting. */
import assert from "node:assert/strict";
import * as torch from "../../src/core/index.js";

const { _C } = torch;
type T = torch.Tensor;

const leaf = (...data: number[]): T => torch.tensor(data, { requires_grad: true });
const list = (t: T | null): unknown => t?.tolist() ?? null;

function task(loss: T, options: { retain_graph?: boolean } = {}): torch._C.GraphTask {
  return _C.backwardTask([loss], [null], options);
}

describe("a backward pass", () => {
  it("runs exactly one node a step, later nodes first, sinks as soon as they are ready", () => {
    const x = leaf(2, 3);
    const pass = task(x.mul(x).add(x).sum());
    const names: string[] = [];
    while (!pass.done) {
      names.push(pass.next!.name());
      pass.step();
    }
    assert.deepEqual(names, ["SumBackward0", "AddBackward0", "MulBackward0", "AccumulateGrad"]);
    assert.deepEqual(list(x.grad), [5, 7]);
    assert.equal(pass.step(), false);
  });

  it("keeps the terms of a sum apart, with the node that sent each, when asked", () => {
    const x = leaf(2);
    const y = x.mul(3);
    const z = x.exp();
    const pass = task(y.add(z).sum());
    pass.recordTerms();
    while (pass.next?.name() !== "AccumulateGrad") pass.step();
    const terms = pass.terms(pass.next!);
    assert.deepEqual(
      terms.map((t) => t.from?.name()),
      ["ExpBackward0", "MulBackward0"],
    );
    assert.deepEqual(
      terms.map((t) => Math.round(t.grad.item())),
      [7, 3],
    );
    pass.run();
  });

  it("lets a debugger read and change a pending gradient", () => {
    const x = leaf(1, 2);
    const y = x.mul(3);
    const pass = task(y.sum());
    pass.step();
    assert.deepEqual(list(pass.buffer(y.grad_fn!)), [1, 1]);
    pass.setBuffer(y.grad_fn!, 0, torch.tensor([10, 20]));
    pass.run();
    assert.deepEqual(list(x.grad), [30, 60]);
  });

  it("checks a changed gradient like any other", () => {
    const x = leaf(1, 2);
    const y = x.mul(3);
    const pass = task(y.sum());
    pass.step();
    assert.throws(() => pass.setBuffer(y.grad_fn!, 0, torch.ones(3)), /invalid gradient .* got \[3\]/);
    pass.run();
  });

  it("leaves no counters on the nodes when it is given up", () => {
    const x = leaf(1, 2);
    const loss = x.mul(3).sum();
    const pass = task(loss);
    pass.step();
    pass.abandon();
    loss.backward();
    assert.deepEqual(list(x.grad), [3, 3]);
  });

  it("can be started from inside a hook, over the same nodes", () => {
    const x = leaf(2);
    const y = x.mul(x);
    let inner: unknown = null;
    const handle = y.register_hook(() => {
      handle.remove();
      const loss = torch.enable_grad(() => y.mul(5).sum());
      inner = list(torch.autograd.grad(loss, x, { retain_graph: true })[0]!);
    });
    y.sum().backward();
    assert.deepEqual(inner, [20]);
    assert.deepEqual(list(x.grad), [4]);
  });

  it("forgets its state after an error in a hook", () => {
    const x = leaf(2);
    const y = x.mul(x);
    const handle = y.register_hook(() => {
      throw new Error("stop");
    });
    assert.throws(() => y.sum().backward(), /stop/);
    handle.remove();
    assert.equal(torch.is_grad_enabled(), true);
    y.sum().backward();
    assert.deepEqual(list(x.grad), [4]);
  });

  it("handles ten thousand nodes without recursion", () => {
    const x = leaf(1);
    let y: T = x;
    for (let i = 0; i < 10000; i++) y = y.add(x);
    y.sum().backward();
    assert.deepEqual(list(x.grad), [10001]);
  });
});

describe("accumulation", () => {
  it("adds into the same .grad in place, and copies what it is given", () => {
    const x = leaf(1, 2);
    const v = torch.tensor([1, 1]);
    x.mul(1).backward(v);
    const first = x.grad!;
    v.fill_(100);
    assert.deepEqual(list(first), [1, 1]);
    x.mul(2).sum().backward();
    assert.equal(x.grad, first);
    assert.deepEqual(list(first), [3, 3]);
  });

  it("gives leaves that share a gradient memory of their own", () => {
    const [a, b] = [leaf(1, 2), leaf(3, 4)];
    a.add(b).backward(torch.ones(2));
    a.grad!.fill_(9);
    assert.deepEqual(list(b.grad), [1, 1]);
  });

  it("sums broadcast gradients back, and casts them to the leaf's type", () => {
    const a = torch.ones(2, 1, { requires_grad: true });
    const b = torch.ones(3, { dtype: torch.float64, requires_grad: true });
    a.mul(b).sum().backward();
    assert.deepEqual([list(a.grad), a.grad!.dtype], [[[3], [3]], torch.float32]);
    assert.deepEqual([list(b.grad), b.grad!.dtype], [[2, 2, 2], torch.float64]);
  });

  it("goes to `inputs` only, where they are named", () => {
    const [a, b] = [leaf(2), leaf(3)];
    const y = a.mul(b);
    y.backward({ inputs: [a], retain_graph: true });
    assert.deepEqual([list(a.grad), b.grad], [[3], null]);
    const z = y.mul(2);
    z.backward({ inputs: [y] });
    assert.deepEqual([list(y.grad), list(a.grad), b.grad], [[2], [3], null]);
  });
});

describe("autograd.grad", () => {
  it("touches no .grad, and reads a running node before its hooks but a final one after", () => {
    const x = leaf(1);
    x.register_hook((g) => g.mul(10));
    const y = x.mul(2);
    y.register_hook((g) => g.mul(100));
    const z = y.sum();
    const [gy, gx] = torch.autograd.grad(z, [y, x], { retain_graph: true });
    assert.deepEqual([list(gy!), list(gx!), x.grad], [[1], [2000], null]);
    assert.deepEqual(list(torch.autograd.grad(z, y, { retain_graph: true })[0]!), [100]);
  });

  it("differentiates twice under create_graph", () => {
    const x = leaf(2);
    const [g] = torch.autograd.grad(x.pow(3).sum(), x, { create_graph: true });
    const [h] = torch.autograd.grad(g!.sum(), x);
    assert.deepEqual([list(g!.detach()), list(h!)], [[12], [12]]);
  });

  it("answers null, or zeros, for inputs that take no part", () => {
    const [x, w] = [leaf(2), leaf(3)];
    const y = x.mul(2).sum();
    assert.equal(torch.autograd.grad(y, [x, w], { allow_unused: true, retain_graph: true })[1], null);
    assert.deepEqual(list(torch.autograd.grad(y, [x, w], { materialize_grads: true })[1]!), [0]);
  });
});

describe("hooks", () => {
  it("run as PyTorch runs them around an in-place change", () => {
    const x = leaf(1);
    const seen: unknown[] = [];
    const y = x.mul(2);
    y.register_hook((g) => void seen.push(["before", list(g)]));
    y.mul_(3);
    y.register_hook((g) => void seen.push(["after", list(g)]));
    y.sum().backward();
    assert.deepEqual(seen, [
      ["after", [1]],
      ["before", [3]],
    ]);
  });

  it("retain_grad follows a tensor through in-place changes", () => {
    const y = leaf(1).mul(2);
    y.retain_grad();
    y.mul_(3);
    y.sum().backward();
    assert.deepEqual(list(y.grad), [1]);
  });

  it("on nodes see, and may replace, what goes in and out", () => {
    const x = leaf(1);
    const y = x.mul(2);
    y.grad_fn!.register_prehook(([g]) => [g!.mul(5)]);
    y.grad_fn!.register_hook((out) => [out[0]!.add(1), out[1] ?? null]);
    y.sum().backward();
    assert.deepEqual(list(x.grad), [11]);
  });

  it("after accumulation see the leaf with its new gradient", () => {
    const x = leaf(1);
    const seen: unknown[] = [];
    x.register_post_accumulate_grad_hook((t) => {
      seen.push(list(t.grad));
      t.grad = null;
    });
    x.mul(2).sum().backward();
    assert.deepEqual([seen, x.grad], [[[2]], null]);
  });

  it("end with their handle, and cannot change a gradient's shape", () => {
    const x = leaf(1, 2);
    const handle = x.register_hook(() => torch.ones(3));
    assert.throws(() => x.mul(2).sum().backward(), /has changed the size of value/);
    handle.remove();
    x.mul(2).sum().backward();
    assert.deepEqual(list(x.grad), [2, 2]);
  });
});

describe("torch.autograd.Function", () => {
  class Double extends torch.autograd.Function {
    static override forward(ctx: torch.autograd.FunctionContext, a: T, factor: number): T {
      ctx.save_for_backward(a);
      ctx.factor = factor;
      return a.mul(factor);
    }
    static override backward(ctx: torch.autograd.FunctionContext, g: T): [T, null] {
      assert.equal(ctx.saved_tensors.length, 1);
      return [g.mul(ctx.factor as number), null];
    }
  }

  it("records one node, named after the class, with edges for tensors only", () => {
    const x = leaf(1, 2);
    const y = Double.apply(x, 4);
    assert.equal(y.grad_fn!.name(), "DoubleBackward");
    assert.equal(y.grad_fn!.next_functions.length, 1);
    y.sum().backward();
    assert.deepEqual(list(x.grad), [4, 4]);
    assert.throws(() => y.sum().backward(), /backward through the graph a second time/);
  });

  it("refuses a wrong number of gradients", () => {
    class Short extends torch.autograd.Function {
      static override forward(_ctx: torch.autograd.FunctionContext, a: T, b: T): T {
        return a.mul(b);
      }
      static override backward(_ctx: torch.autograd.FunctionContext, g: T): T {
        return g;
      }
    }
    assert.throws(
      () => Short.apply(leaf(1), leaf(2)).sum().backward(),
      /function ShortBackward returned an incorrect number of gradients \(expected 2, got 1\)/,
    );
  });

  it("gives missing gradients of several outputs as zeros", () => {
    const seen: unknown[] = [];
    class Pair extends torch.autograd.Function {
      static override forward(_ctx: torch.autograd.FunctionContext, a: T): T[] {
        return [a.clone(), a.sum()];
      }
      static override backward(_ctx: torch.autograd.FunctionContext, g: T, h: T): T {
        seen.push(list(g), list(h));
        return g.add(h);
      }
    }
    const x = leaf(1, 2);
    const [, total] = Pair.apply<T[]>(x);
    assert.equal(total!.output_nr, 1);
    total!.backward();
    assert.deepEqual(seen, [[0, 0], 1]);
    assert.deepEqual(list(x.grad), [1, 1]);
  });

  it("marks written inputs as its own", () => {
    class Twice extends torch.autograd.Function {
      static override forward(ctx: torch.autograd.FunctionContext, a: T): T {
        ctx.mark_dirty(a);
        return a.mul_(2);
      }
      static override backward(_ctx: torch.autograd.FunctionContext, g: T): T {
        return g.mul(2);
      }
    }
    const x = leaf(3);
    const u = x.clone();
    assert.equal(Twice.apply(u), u);
    assert.equal(u.grad_fn!.name(), "TwiceBackward");
    u.sum().backward();
    assert.deepEqual(list(x.grad), [2]);
    assert.throws(
      () => Twice.apply(leaf(1)),
      /a leaf Variable that requires grad has been used in an in-place/,
    );
  });
});
