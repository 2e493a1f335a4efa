/** @file Properties of shapes: broadcasting against a naive reading of its definition, views, exp32. */
import assert from "node:assert/strict";
import fc from "fast-check";
import * as torch from "../../src/core/index.js";
import { exp32, sigmoid32, tanh32 } from "../../src/core/kernels/exp32.js";

const dims = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 4 });

/** Two shapes that broadcast: dimensions of a common one, some set to 1, some leading ones dropped. */
const pair = dims.chain((shape) =>
  fc.tuple(
    ...[0, 1].map(() =>
      fc
        .tuple(fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), fc.nat({ max: shape.length }))
        .map(([ones, drop]) => shape.map((n, d) => (ones[d] ? 1 : n)).slice(drop)),
    ),
  ),
);

function at(t: torch.Tensor, index: number[]): number {
  const own = index.slice(index.length - t.dim()).map((i, d) => (t.shape[d] === 1 ? 0 : i));
  return own.length === 0 ? t.item() : t.index(own).item();
}

function* indices(shape: readonly number[]): Generator<number[]> {
  const n = shape.reduce((p, d) => p * d, 1);
  for (let flat = 0; flat < n; flat++) {
    let rest = flat;
    const index = shape.map(() => 0);
    for (let d = shape.length - 1; d >= 0; d--) {
      index[d] = rest % shape[d]!;
      rest = Math.floor(rest / shape[d]!);
    }
    yield index;
  }
}

const numbered = (shape: number[], from: number): torch.Tensor =>
  torch
    .arange(shape.reduce((p, d) => p * d, 1))
    .add(from)
    .double()
    .reshape(shape);

describe("broadcasting", () => {
  it("reads operands as its definition says, contiguous or not", () => {
    fc.assert(
      fc.property(pair, fc.boolean(), ([p, q], flipped) => {
        let a = numbered(p!, 1);
        const b = numbered(q!, 100);
        if (flipped)
          a = a
            .permute(p!.map((_, d) => p!.length - 1 - d))
            .contiguous()
            .permute(p!.map((_, d) => p!.length - 1 - d));
        const c = a.sub(b);
        for (const index of indices([...c.shape])) {
          assert.equal(c.dim() === 0 ? c.item() : c.index(index).item(), at(a, index) - at(b, index));
        }
      }),
      { numRuns: 60 },
    );
  });

  it("sends each operand the sum of what its copies would get", () => {
    fc.assert(
      fc.property(pair, ([p, q]) => {
        const a = numbered(p!, 1).requires_grad_();
        const b = numbered(q!, 2).requires_grad_();
        const y = a.mul(b);
        y.sum().backward();
        assert.deepEqual([...a.grad!.shape], p);
        const copies = b
          .detach()
          .expand([...y.shape])
          .sum_to_size([...a.shape]);
        assert.deepEqual(a.grad!.tolist(), copies.tolist());
      }),
      { numRuns: 60 },
    );
  });
});

describe("views", () => {
  it("reshape keeps row-major order, whatever the layout", () => {
    fc.assert(
      fc.property(dims, fc.nat(), (shape, seed) => {
        const x = numbered(shape, 0);
        const order = shape
          .map((_, d) => d)
          .sort((i, j) => ((i * 7 + seed) % 5) - ((j * 7 + seed) % 5) || i - j);
        const y = x.permute(order);
        assert.deepEqual(
          y.reshape(-1 * Math.sign(y.numel()) || 0).tolist(),
          y.contiguous().flatten().tolist(),
        );
      }),
      { numRuns: 60 },
    );
  });
});

describe("float32 exponentials", () => {
  const near = (a: number, b: number): boolean =>
    Math.abs(a - b) <= 2 ** -23 * Math.abs(b) || Math.fround(a) === Math.fround(b);

  it("lie within half a unit in the last place of float32, or one where rounding is a tie", () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true }), (x) => {
        assert.ok(near(exp32(x), Math.exp(x)), `exp ${x}`);
        assert.ok(near(tanh32(x), Math.tanh(x)), `tanh ${x}`);
        assert.ok(near(sigmoid32(x), 1 / (1 + Math.exp(-x))), `sigmoid ${x}`);
      }),
      { numRuns: 2000 },
    );
  });

  it("have the limits of the real functions", () => {
    const values = [Infinity, -Infinity, NaN, 0];
    assert.deepEqual(values.map(exp32), [Infinity, 0, NaN, 1]);
    assert.deepEqual(values.map(tanh32), [1, -1, NaN, 0]);
    assert.deepEqual(values.map(sigmoid32), [1, 0, NaN, 0.5]);
  });
});
