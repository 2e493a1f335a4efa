/** @file PyTorch's errors, class and text (see graphs_errors.py). */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as torch from "../../src/core/index.js";

interface Case {
  py: string;
  ts: string;
  error: { type: string; message: string } | null;
}

const fixture = JSON.parse(
  readFileSync(new URL("./fixtures/graphs_errors.json", import.meta.url), "utf8"),
) as { torch: string; cases: Case[] };

const helpers = {
  after(y: torch.Tensor, fn: (y: torch.Tensor) => unknown): torch.Tensor {
    const z = y.mul(2);
    fn(y);
    return y.mul(1).add(z);
  },
  after3(y: torch.Tensor): torch.Tensor {
    const a = y.add(1);
    const z = a.mul(a);
    a.mul_(2);
    return z;
  },
  after2(y: torch.Tensor, fn: () => unknown): torch.Tensor {
    fn();
    return y;
  },
  twice(loss: torch.Tensor): void {
    loss.backward();
    loss.backward();
  },
  freed(y: torch.Tensor): unknown {
    y.sum().backward();
    return y.grad_fn!.kind.saved(y.grad_fn!);
  },
};

function errorOf(source: string): { type: string; message: string } | null {
  const leaf = (data: number[]): torch.Tensor => torch.tensor(data, { requires_grad: true });
  const scope = {
    torch,
    F: torch.nn.functional,
    ...helpers,
    x: leaf([0.5, -1, 2]),
    w: leaf([1, 2, 3]),
    l: leaf([1, 1, 1]),
  };
  const run = new Function(...Object.keys(scope), `return ${source};`) as (...args: unknown[]) => unknown;
  try {
    run(...Object.values(scope));
  } catch (error) {
    return { type: (error as Error).name, message: (error as Error).message };
  }
  return null;
}

describe(`errors as PyTorch ${fixture.torch} raises them`, () => {
  for (const c of fixture.cases) {
    it(c.py, () => {
      assert.deepEqual(errorOf(c.ts), c.error);
    });
  }
});
