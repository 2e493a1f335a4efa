/** @file Results that agree with PyTorch to the last bit (see graphs_numbers.py). */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as torch from "../../src/core/index.js";

interface Fixture {
  torch: string;
  sums: {
    seed: number;
    shape: number[];
    dtype: string;
    dim: number | number[] | null;
    sum: number[];
    mean: number[];
  }[];
  products: { m: number; k: number; transposed: boolean; mv: number[] }[];
  training: { loss: number; w: number[]; b: number[] }[];
}

const fixture = JSON.parse(
  readFileSync(new URL("./fixtures/graphs_numbers.json", import.meta.url), "utf8"),
) as Fixture;

const flat = (t: torch.Tensor): number[] =>
  Array.from(t.detach().double().reshape(-1).numpy() as Float64Array);

describe(`numbers as PyTorch ${fixture.torch} has them, bit for bit`, () => {
  for (const c of fixture.sums) {
    it(`sum and mean of ${c.dtype} [${c.shape}] over ${c.dim}`, () => {
      torch.manual_seed(c.seed);
      const x = torch.randn(c.shape).to(c.dtype === "torch.float64" ? torch.float64 : torch.float32);
      assert.deepEqual(flat(x.sum(c.dim)), c.sum);
      assert.deepEqual(flat(x.mean(c.dim)), c.mean);
    });
  }

  for (const c of fixture.products) {
    it(`[${c.m}, ${c.k}]${c.transposed ? ", transposed," : ""} times a vector`, () => {
      torch.manual_seed(9);
      const a = c.transposed ? torch.randn(c.k, c.m).t() : torch.randn(c.m, c.k);
      assert.deepEqual(flat(a.matmul(torch.randn(c.k))), c.mv);
    });
  }

  it("thirty epochs of a linear model after manual_seed(42)", () => {
    torch.manual_seed(42);
    const X = torch.randn(50, 3);
    const y = X.matmul(torch.tensor([1, -0.5, 0.3])).add(torch.randn(50).mul(0.1));
    const w = torch.randn(3, { requires_grad: true });
    const b = torch.zeros(1, { requires_grad: true });
    for (const expected of fixture.training) {
      const loss = torch.mean(X.matmul(w).add(b).sub(y).pow(2));
      w.grad = b.grad = null;
      loss.backward();
      torch.no_grad(() => {
        w.sub_(torch.mul(0.1, w.grad!));
        b.sub_(torch.mul(0.1, b.grad!));
      });
      assert.deepEqual({ loss: loss.item(), w: flat(w), b: flat(b) }, expected);
    }
  });
});
