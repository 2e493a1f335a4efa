import assert from "node:assert/strict";
import * as torch from "../../src/core/index.js";

const { functional } = torch.autograd;
const x = () => torch.tensor([1, 2]);

describe("autograd.functional", () => {
  it("gives the Jacobian of one output and one input", () => {
    const j = functional.jacobian((t) => t!.pow(2), x()) as torch.Tensor;
    assert.deepEqual(j.tolist(), [
      [2, 0],
      [0, 4],
    ]);
  });

  it("nests the Jacobian by outputs and inputs", () => {
    const f = (a?: torch.Tensor, b?: torch.Tensor) => [a!.mul(b!), a!.add(b!)];
    const j = functional.jacobian(f, [x(), torch.tensor([3, 4])]) as torch.Tensor[][];
    assert.deepEqual(
      j.map((row) => row.map((t) => t.tolist())),
      [
        [
          [
            [3, 0],
            [0, 4],
          ],
          [
            [1, 0],
            [0, 2],
          ],
        ],
        [
          [
            [1, 0],
            [0, 1],
          ],
          [
            [1, 0],
            [0, 1],
          ],
        ],
      ],
    );
  });

  it("gives Hessians and their products, with and without a graph", () => {
    const f = (t?: torch.Tensor) => t!.pow(3).sum().add(t!.prod());
    const h = functional.hessian(f, x()) as torch.Tensor;
    assert.deepEqual(h.tolist(), [
      [6, 1],
      [1, 12],
    ]);
    const [value, product] = functional.hvp(f, x(), torch.tensor([1, 1])) as torch.Tensor[];
    assert.deepEqual([value!.item(), product!.tolist()], [11, [7, 13]]);
    const leaf = x().requires_grad_();
    const recorded = functional.hessian(f, leaf, { create_graph: true }) as torch.Tensor;
    recorded.sum().backward();
    assert.deepEqual(leaf.grad!.tolist(), [6, 6]);
  });

  it("multiplies the Jacobian from both sides", () => {
    const f = (t?: torch.Tensor) => torch.stack([t!.sum(), t!.prod(), t!.select(0, 0)]);
    const [out, back] = functional.vjp(f, x(), torch.tensor([1, 2, 3])) as torch.Tensor[];
    assert.deepEqual(
      [out!.tolist(), back!.tolist()],
      [
        [3, 2, 1],
        [8, 3],
      ],
    );
    const [, forth] = functional.jvp(f, x(), torch.tensor([1, 10])) as torch.Tensor[];
    assert.deepEqual(forth!.tolist(), [11, 12, 1]);
  });
});

describe("anomaly mode", () => {
  it("stops at the function that returns NaN", () => {
    const t = torch.tensor(0, { requires_grad: true });
    const previous = torch.set_warning_handler(() => {});
    try {
      const run = () => torch.autograd.detect_anomaly(() => t.sqrt().mul(0).backward());
      assert.throws(run, { message: "Function 'SqrtBackward0' returned nan values in its 0th output." });
      assert.equal(torch.autograd.is_anomaly_enabled(), false);
      torch.autograd.detect_anomaly({ check_nan: false }, () => t.sqrt().mul(0).backward());
    } finally {
      torch.set_warning_handler(previous);
    }
    assert.ok(Number.isNaN(t.grad!.item()));
  });
});
