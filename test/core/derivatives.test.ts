/** @file Every derivative of the table against finite differences in float64, to second order. */
import assert from "node:assert/strict";
import * as torch from "../../src/core/index.js";
import { derivatives } from "../../src/core/ops/derivatives.js";
import { ops } from "../../src/core/ops/op.js";
import type { OpName } from "../../src/core/ops/schema.js";
import { familySamples } from "./family_samples.js";
import { matrixSamples } from "./matrix_samples.js";
import { resampleSamples } from "./resample_samples.js";
import { fill, type Sample, samplesOf } from "./samples.js";

type T = torch.Tensor;
/** Central differences: the error is O(h²) + rounding/h, about 1e-10 of the values here. */
const STEP = 1e-5;
const TOLERANCE = 2e-6;

type Numbers = { [i: number]: number; length: number };

/** d f(x) / dx · v summed, by moving one element of one input at a time. */
function numerical(f: () => number, input: T): number[] {
  const memory = input.data.numpy() as unknown as Numbers;
  return Array.from({ length: input.numel() }, (_, i) => {
    const kept = memory[i]!;
    memory[i] = kept + STEP;
    const above = f();
    memory[i] = kept - STEP;
    const below = f();
    memory[i] = kept;
    return (above - below) / (2 * STEP);
  });
}

function flat(t: T): number[] {
  return Array.from(t.detach().reshape(-1).numpy() as unknown as number[]);
}

function assertNear(actual: number[], expected: number[], what: string): void {
  expected.forEach((e, i) => {
    const gap = Math.abs(actual[i]! - e);
    assert.ok(gap <= TOLERANCE * (1 + Math.abs(e)), `${what}[${i}]: ${actual[i]} but differences give ${e}`);
  });
}

/** A scalar that depends on every element differently. */
function project(out: T): T {
  return out
    .mul(torch.linspace(0.6, 1.7, out.numel(), { dtype: torch.float64 }).reshape([...out.shape]))
    .sum();
}

function gradients(sample: Sample, create_graph: boolean): T[] {
  const out = project(sample.run(...sample.inputs));
  return torch.autograd.grad(out, [...sample.inputs], {
    create_graph,
    allow_unused: true,
    materialize_grads: true,
  });
}

function checkFirst(sample: Sample): void {
  const found = gradients(sample, false);
  sample.inputs.forEach((input, k) => {
    const value = (): number => torch.no_grad(() => project(sample.run(...sample.inputs)).item());
    assertNear(flat(found[k]!), numerical(value, input), `gradient of input ${k}`);
  });
}

function checkSecond(sample: Sample): void {
  const weights = sample.inputs.map((input) => fill([...input.shape], 0.5, 1.5));
  const directional = (create_graph: boolean): T => {
    const grads = gradients(sample, create_graph);
    return grads.map((g, k) => g.mul(weights[k]!).sum()).reduce((a, b) => a.add(b));
  };
  const scalar = directional(true);
  const second = scalar.requires_grad
    ? torch.autograd.grad(scalar, [...sample.inputs], { allow_unused: true, materialize_grads: true })
    : sample.inputs.map((input) => torch.zeros_like(input.detach()));
  sample.inputs.forEach((input, k) => {
    assertNear(
      flat(second[k]!),
      numerical(() => directional(false).item(), input),
      `second order, input ${k}`,
    );
  });
}

describe("the derivative table", () => {
  for (const key of Object.keys(derivatives) as OpName[]) {
    describe(key, () => {
      // Functions of integers and bools take no gradient and give none.
      if (ops[key].inputs.length === 0) return;
      const samples =
        familySamples[key] ?? resampleSamples[key] ?? matrixSamples[key] ?? samplesOf(key) ?? [];
      it("has a sample", () => {
        assert.ok(samples.length > 0, `add one to test/core/samples.ts for ${key}`);
      });
      samples.forEach((sample, i) => {
        if (sample.refuses !== undefined) {
          it("refuses to be differentiated", () => {
            assert.throws(() => gradients(sample, false), sample.refuses!);
          });
          return;
        }
        it(`agrees with finite differences (${i})`, () => {
          checkFirst(sample);
          if (sample.firstOrderOnly !== true) checkSecond(sample);
        });
      });
      it("has a text, and saves only what it names", () => {
        const op = ops[key];
        assert.equal(op.traces.length, op.inputs.length);
        for (const trace of op.traces) assert.ok(trace.text.length > 0 && !trace.text.includes("undefined"));
      });
    });
  }
});
