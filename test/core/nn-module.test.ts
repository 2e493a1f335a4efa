import assert from "node:assert/strict";
import * as torch from "../../src/core/index.js";

const { nn } = torch;

class Net extends nn.Module {
  fc1 = new nn.Linear(2, 3);
  act = new nn.ReLU();
  fc2: torch.nn.Linear;
  scale = new nn.Parameter(torch.ones(1));
  declare running: torch.Tensor;

  constructor() {
    super();
    this.fc2 = new nn.Linear(3, 1, { bias: false });
    this.register_buffer("running", torch.zeros(2));
  }

  override forward(x: torch.Tensor): torch.Tensor {
    return this.fc2.call(this.act.call(this.fc1.call(x))).mul(this.scale);
  }
}

const message = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
  return "nothing thrown";
};

describe("nn.Module", () => {
  it("finds parameters, buffers and modules by assignment, in PyTorch's order", () => {
    const net = new Net();
    assert.deepEqual(
      net.named_parameters().map(([name]) => name),
      ["scale", "fc1.weight", "fc1.bias", "fc2.weight"],
    );
    assert.deepEqual(
      net.named_modules().map(([name]) => name),
      ["", "fc1", "act", "fc2"],
    );
    assert.deepEqual(Object.keys(net.state_dict()), [
      "scale",
      "running",
      "fc1.weight",
      "fc1.bias",
      "fc2.weight",
    ]);
    assert.equal(net.get_submodule("fc1"), net.fc1);
    assert.equal(net.get_parameter("fc1.weight"), net.fc1.weight);
  });

  it("yields what is shared once", () => {
    const net = new Net();
    net.fc2.weight = net.fc1.weight;
    assert.equal(net.parameters().length, 3);
    assert.equal(net.named_parameters({ remove_duplicate: false }).length, 4);
  });

  it("prints as PyTorch prints", () => {
    assert.equal(
      new Net().toString(),
      "Net(\n  (fc1): Linear(in_features=2, out_features=3, bias=True)\n  (act): ReLU()\n" +
        "  (fc2): Linear(in_features=3, out_features=1, bias=False)\n)",
    );
    const list = new nn.ModuleList<torch.nn.Module>([
      new nn.Linear(1, 1),
      new nn.Linear(1, 1),
      new nn.Tanh(),
    ]);
    assert.equal(
      new nn.Sequential(list, new nn.ModuleDict({ a: new nn.Identity() }), new nn.ELU()).toString(),
      "Sequential(\n  (0): ModuleList(\n    (0-1): 2 x Linear(in_features=1, out_features=1, bias=True)\n" +
        "    (2): Tanh()\n  )\n  (1): ModuleDict(\n    (a): Identity()\n  )\n  (2): ELU(alpha=1.0)\n)",
    );
    assert.equal(
      torch.inspect(new nn.Parameter(torch.zeros(2))),
      "Parameter containing:\ntensor([0., 0.], requires_grad=True)",
    );
  });

  it("draws Linear's weights from the stream as PyTorch does", () => {
    torch.manual_seed(0);
    const { weight, bias } = new nn.Linear(2, 3);
    assert.equal(
      torch.inspect(weight.detach()),
      "tensor([[-0.0053,  0.3793],\n        [-0.5820, -0.5204],\n        [-0.2723,  0.1896]])",
    );
    assert.equal(torch.inspect(bias!.detach()), "tensor([-0.0140,  0.5607, -0.0628])");
  });

  it("takes a state back, and names everything that does not fit", () => {
    const [a, b] = [new Net(), new Net()];
    assert.equal(String(b.load_state_dict(a.state_dict())), "<All keys matched successfully>");
    assert.ok(torch.equal(a.fc1.weight, b.fc1.weight));
    assert.equal(
      message(() => a.fc1.load_state_dict({ weight: torch.zeros(3, 3), x: torch.zeros(1) })),
      'RuntimeError: Error(s) in loading state_dict for Linear:\n\tMissing key(s) in state_dict: "bias". \n' +
        '\tUnexpected key(s) in state_dict: "x". \n\tsize mismatch for weight: copying a param with shape ' +
        "torch.Size([3, 3]) from checkpoint, the shape in current model is torch.Size([3, 2]).",
    );
    const keys = a.fc1.load_state_dict({ weight: torch.ones(3, 2), x: torch.zeros(1) }, { strict: false });
    assert.deepEqual([keys.missing_keys, keys.unexpected_keys], [[], []]);
    assert.equal(a.fc1.weight.sum().item(), 6);
  });

  it("refuses what PyTorch refuses", () => {
    const m = new nn.Linear(2, 2);
    const cases: [() => unknown, string][] = [
      [
        () => new nn.Module().call(),
        'NotImplementedError: Module [Module] is missing the required "forward" function',
      ],
      [() => m.register_parameter("a.b", null), 'KeyError: parameter name can\'t contain "."'],
      [() => m.register_buffer("weight", null), "KeyError: attribute 'weight' already exists"],
      [
        () => m.register_parameter("z", torch.zeros(2) as never),
        "TypeError: cannot assign 'torch.FloatTensor' object to parameter 'z' (torch.nn.Parameter or None required)",
      ],
      [() => m.add_module("q", 3 as never), "TypeError: int is not a Module subclass"],
      [() => m.get_submodule("foo"), "AttributeError: Linear has no attribute `foo`"],
      [() => m.call(torch.zeros(3)), "RuntimeError: mat1 and mat2 shapes cannot be multiplied (1x3 and 2x2)"],
    ];
    for (const [run, expected] of cases) assert.equal(message(run), expected);
  });

  it("switches mode, clears gradients and casts for all of the tree", () => {
    const net = new Net();
    assert.equal(net.eval().fc1.training, false);
    net.call(torch.ones(1, 2)).sum().backward();
    net.zero_grad(false);
    assert.equal(net.scale.grad?.item(), 0);
    net.zero_grad();
    assert.equal(net.scale.grad, null);
    const { weight } = net.fc1;
    net.to(torch.float64);
    assert.equal(net.fc1.weight, weight);
    assert.deepEqual([weight.dtype, net.running.dtype], [torch.float64, torch.float64]);
    net
      .call(torch.ones(1, 2, { dtype: torch.float64 }))
      .sum()
      .backward();
    assert.equal(weight.grad?.dtype, torch.float64);
  });

  it("runs forward hooks, which may replace inputs and output", () => {
    const m = new nn.Identity();
    const pre = m.register_forward_pre_hook((_, [x]) => (x as torch.Tensor).mul(2));
    m.register_forward_hook((_, __, out) => (out as torch.Tensor).add(1));
    assert.equal(m.call(torch.tensor(3)).item(), 7);
    pre.remove();
    assert.equal(m.call(torch.tensor(3)).item(), 4);
  });

  it("runs backward hooks with the gradients of inputs and outputs, which they may replace", () => {
    const m = new nn.Tanh();
    const seen: unknown[] = [];
    m.register_full_backward_pre_hook((_, [g]) => [g!.mul(3)]);
    m.register_full_backward_hook((_, gradInput, gradOutput) => {
      seen.push(gradInput[0]!.item(), gradOutput[0]!.item());
      return [gradInput[0]!.mul(2)];
    });
    const x = torch.tensor(0, { requires_grad: true });
    m.call(x).backward();
    assert.deepEqual(seen, [3, 3]);
    assert.equal(x.grad?.item(), 6);
  });

  it("tells the observer which module runs, by its path from the outermost", () => {
    const seen: string[] = [];
    const previous = torch._C.observe({
      onModuleEnter: (_, name) => seen.push(name),
      onModuleExit: (module) => seen.push(`/${module._get_name()}`),
    });
    try {
      new Net().call(torch.ones(1, 2));
    } finally {
      torch._C.observe(previous);
    }
    assert.deepEqual(seen, ["", "fc1", "/Linear", "act", "/ReLU", "fc2", "/Linear", "/Net"]);
  });
});

describe("nn.utils", () => {
  it("clips gradients by their norm and by value", () => {
    const p = torch.tensor([3, 4], { requires_grad: true });
    p.grad = torch.tensor([3, 4]);
    assert.equal(nn.utils.clip_grad_norm_([p], 1).item(), 5);
    assert.equal(torch.inspect(p.grad!), "tensor([0.6000, 0.8000])");
    nn.utils.clip_grad_value_([p], 0.7);
    assert.equal(torch.inspect(p.grad!), "tensor([0.6000, 0.7000])");
  });

  it("lays parameters into one vector and back", () => {
    const m = new nn.Linear(2, 1);
    const vec = nn.utils.parameters_to_vector(m.parameters());
    assert.deepEqual([...vec.shape], [3]);
    nn.utils.vector_to_parameters(torch.tensor([1, 2, 3]), m.parameters());
    assert.deepEqual([m.weight.tolist(), m.bias!.tolist()], [[[1, 2]], [3]]);
  });
});

describe("retain_grad", () => {
  it("accumulates over passes, as the gradient of a leaf does", () => {
    const x = torch.tensor([1, 2], { requires_grad: true });
    const y = x.mul(2);
    y.retain_grad();
    const z = y.mul(y).sum();
    z.backward({ retain_graph: true });
    const first = y.grad!;
    z.backward();
    assert.deepEqual(
      [first.tolist(), y.grad!.tolist()],
      [
        [4, 8],
        [8, 16],
      ],
    );
  });
});
