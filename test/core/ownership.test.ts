/**
 * @file Memory that the engine uses again is memory that nobody else holds: what a program or a tool got hold of
 * keeps its values, whatever runs later.
 */
import { strict as assert } from "node:assert";
import * as torch from "../../src/core/index.js";

type Tensor = torch.Tensor;

/** Elements of a tensor that is large enough to be pooled. */
const N = 1 << 15;

const values = (t: Tensor): number[] => [...(t.detach().contiguous().numpy() as Float32Array)];

/** Without the thousands of lines that a failure of deepEqual would print. */
const same = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((x, i) => Object.is(x, b[i]));

/** Passes that take and give back memory of every size that the tests hold. */
function churn(): void {
  for (let i = 0; i < 3; i++) {
    const x = torch.full([N], 7 + i).requires_grad_();
    const y = x.mul(x).add(x.exp().mul(1e-9));
    y.mul(y).sum().backward();
    x.grad = null;
    const square = torch.full([N >> 8, 256], 3).requires_grad_();
    square.t().contiguous().tanh().add(square.t()).sum().backward();
    square.grad = null;
  }
}

/** Runs `program`, then other passes; what it handed out must be what it was. */
function keeps(program: () => Tensor[]): void {
  churn();
  const held = program();
  const before = held.map(values);
  churn();
  assert.ok(held.some((t) => t.numel() >= N));
  held.forEach((t, i) => {
    assert.ok(same(values(t), before[i]!), `tensor ${i} was written to`);
  });
}

const leaf = (): Tensor => torch.linspace(-2, 2, N).requires_grad_();

class Keeping extends torch.autograd.Function {
  static seen: Tensor[] = [];
  static override forward(_ctx: torch.autograd.FunctionContext, x: Tensor): Tensor {
    return x.mul(2);
  }
  static override backward(_ctx: torch.autograd.FunctionContext, grad: Tensor): Tensor {
    const given = grad.mul(2);
    Keeping.seen.push(grad, given);
    return given;
  }
}

describe("memory of gradients", () => {
  it("that were read from .grad stays when .grad is cleared", () => {
    keeps(() => {
      const x = leaf();
      x.exp().mul(x).sum().backward();
      const grad = x.grad!;
      x.grad = null;
      return [grad, grad.view(-1, 2).t()];
    });
  });

  it("that .grad holds stays while nobody clears it", () => {
    keeps(() => {
      const [x, y] = [leaf(), leaf()];
      x.mul(y).sum().backward();
      y.mul(3).add(x.tanh()).sum().backward();
      const holder: Tensor[] = [];
      y.register_post_accumulate_grad_hook((t) => {
        holder.push(t.grad!);
      });
      y.add(x).sum().backward();
      y.grad = null;
      return [x.grad!, ...holder];
    });
  });

  it("is used again once .grad is cleared, where nobody has read it", () => {
    const x = leaf();
    const pass = (): unknown => {
      x.sum().backward();
      return x._grad!._storage.array;
    };
    const first = pass();
    x.grad = null;
    assert.equal(pass(), first);
    const read = x.grad!;
    const want = values(read);
    x.grad = null;
    assert.notEqual(pass(), first);
    churn();
    assert.ok(same(values(read), want));
  });

  it("that hooks were given stays", () => {
    keeps(() => {
      const x = leaf();
      const seen: Tensor[] = [];
      const y = x.exp();
      y.register_hook((g) => {
        seen.push(g);
      });
      const z = y.mul(x);
      z.grad_fn!.register_prehook((grads) => {
        seen.push(grads[0]!);
      });
      z.grad_fn!.register_hook((inputs, outputs) => {
        seen.push(inputs[0]!, inputs[1]!, outputs[0]!);
      });
      z.mul(z).sum().backward();
      return seen;
    });
  });

  it("that functions of the program's were given, and made, stays", () => {
    keeps(() => {
      const x = leaf();
      Keeping.seen = [];
      Keeping.apply(x.mul(1.5)).mul(x).sum().backward();
      return Keeping.seen;
    });
  });

  it("that was asked for stays, and so do saved tensors and results", () => {
    keeps(() => {
      const x = leaf();
      const y = x.exp();
      const z = y.mul(x).tanh();
      const [gx, gy] = torch.autograd.grad(z.sum(), [x, y], { retain_graph: true }) as [Tensor, Tensor];
      y.retain_grad();
      z.sum().backward();
      return [gx, gy, y, z, y.grad!];
    });
  });

  it("that an optimizer of the program's keeps stays, and the library's train as if nothing were used again", () => {
    class Averaging extends torch.optim.Optimizer<{ lr: number }> {
      readonly seen: Tensor[] = [];
      constructor(params: Tensor[]) {
        super(params, { lr: 0.1 });
      }
      protected override update(group: torch.optim.Group<{ lr: number }>): void {
        for (const [, grad] of this.active(group, false, () => ({}))) this.seen.push(grad);
      }
    }
    keeps(() => {
      const x = leaf();
      const optimizer = new Averaging([x]);
      for (let i = 0; i < 3; i++) {
        optimizer.zero_grad();
        x.exp()
          .mul(i + 1)
          .sum()
          .backward();
        optimizer.step();
      }
      optimizer.zero_grad();
      return optimizer.seen;
    });
    const train = (): number[] => {
      const x = leaf();
      const optimizers = [new torch.optim.Adam([x]), new torch.optim.SGD([x], { lr: 0.1, momentum: 0.9 })];
      for (const optimizer of [...optimizers, ...optimizers, ...optimizers]) {
        optimizer.zero_grad();
        x.exp().mul(x.sin()).mean().mul(1e3).backward();
        optimizer.step();
      }
      return values(x);
    };
    const bare = train();
    const previous = torch._C.observe({});
    try {
      assert.ok(same(bare, train()));
    } finally {
      torch._C.observe(previous);
    }
  });

  it("that a recorded backward pass keeps stays", () => {
    keeps(() => {
      const x = leaf();
      const [g] = torch.autograd.grad(x.exp().mul(x).sum(), x, { create_graph: true }) as [Tensor];
      g.mul(g).sum().backward();
      return [g, x.grad!];
    });
  });

  it("that unpack hooks made stays", () => {
    keeps(() => {
      const x = leaf();
      const seen: Tensor[] = [];
      const loss = torch.autograd.graph.saved_tensors_hooks(
        (t: Tensor) => t,
        (t: Tensor) => {
          const copy = t.mul(1);
          seen.push(copy);
          return copy;
        },
        () => x.exp().mul(x).sum(),
      );
      loss.backward();
      return [...seen, x.grad!];
    });
  });

  it("that an observer saw stays", () => {
    keeps(() => {
      const x = leaf();
      const seen: Tensor[] = [];
      const previous = torch._C.observe({
        onStep: (_task, _node, given, made) => {
          for (const g of [...given, ...made]) if (g !== null) seen.push(g);
        },
        onAccumulate: (_task, _node, _before, after) => {
          seen.push(after);
        },
      });
      try {
        x.exp().mul(x).add(x).sum().backward();
        x.grad = null;
      } finally {
        torch._C.observe(previous);
      }
      return seen;
    });
  });

  it("passed through to several inputs is nobody's alone", () => {
    const [x, y] = [leaf(), leaf()];
    const s = x.add(y).add(x.view(-1, 2).reshape([N]));
    s.mul(s).sum().backward();
    const want = values(s.mul(2));
    assert.ok(same(values(y.grad!), want));
    assert.ok(same(values(x.grad!), values(s.mul(4))));
    y.grad!.zero_();
    assert.ok(same(values(x.grad!), values(s.mul(4))));
  });
});

describe("gradients of large tensors", () => {
  const programs: Record<string, (x: Tensor, y: Tensor) => Tensor> = {
    "sums of many terms": (x, y) => x.mul(y).add(x.exp()).add(x.tanh()).mul(x).sub(y),
    "views and transposes": (x, y) => x.view(-1, 256).t().mul(y.view(256, -1)).flip(0).sum(1).exp(),
    broadcasting: (x, y) =>
      x
        .view(-1, 256)
        .add(y.narrow(0, 0, 256))
        .mul(x.narrow(0, 5, 1))
        .sigmoid(),
    "in-place writes": (x, y) => x.mul(2).mul_(y).add_(x).tanh_(),
    "writes through views": (x, y) => {
      const z = x.clone();
      z.narrow(0, 0, N >> 1).mul_(y.narrow(0, 7, N >> 1));
      return z.mul(z);
    },
    "several outputs": (x, y) => {
      const [a, b] = x.mul(y).chunk(2) as [Tensor, Tensor];
      return torch
        .cat([a.mul(b), b.exp(), a])
        .cumsum(0)
        .mul(1e-3);
    },
    losses: (x, y) =>
      torch.nn.functional.smooth_l1_loss(torch.log_softmax(x.view(-1, 128), 1), y.view(-1, 128)),
    "matrix products": (x, y) => x.view(128, 256).matmul(y.view(256, 128)).matmul(x.view(128, 256)).relu(),
  };
  for (const [name, program] of Object.entries(programs)) {
    it(`are those of a pass that is observed: ${name}`, () => {
      const run = (): number[][] => {
        const [x, y] = [torch.linspace(-1, 2, N).requires_grad_(), torch.linspace(1, -2, N).requires_grad_()];
        // Twice: the second pass adds to what the first left.
        for (let i = 0; i < 2; i++) program(x, y).pow(2).mean().mul(1000).backward();
        return [values(x.grad!), values(y.grad!)];
      };
      churn();
      const bare = run();
      const previous = torch._C.observe({});
      try {
        run().forEach((want, i) => {
          assert.ok(same(bare[i]!, want));
        });
      } finally {
        torch._C.observe(previous);
      }
      assert.ok(bare[0]!.some((g) => g !== 0));
    });
  }
});
