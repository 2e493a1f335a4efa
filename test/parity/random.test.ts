/** @file Random streams against PyTorch 2.13: the draws and generator states in fixtures/random.json. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { formatScalar } from "../../src/core/print/repr.js";
import {
  fillBernoulli,
  fillBernoulliEach,
  fillGeometric,
  fillRandomFromTo,
  randperm,
} from "../../src/core/random/discrete.js";
import { defaultGenerator, Generator, STATE_BYTES } from "../../src/core/random/generator.js";
import { fillLogNormal, fillNormal } from "../../src/core/random/normal.js";
import { fillPoisson, multinomial } from "../../src/core/random/sampling.js";
import { fillCauchy, fillExponential, fillUniform } from "../../src/core/random/uniform.js";
import type { TypedArray } from "../../src/core/storage.js";
import { run, type Step, type Value } from "./random_step.js";

interface Program {
  seed: Value;
  initial_seed: string;
  steps: Step[];
  state: string;
}
interface Fixture {
  torch: string;
  newGeneratorSeed: number;
  state: { seed: number; bytes: number; fnv1a: string };
  programs: Program[];
}

const fixture = JSON.parse(
  readFileSync(new URL("./fixtures/random.json", import.meta.url), "utf8"),
) as Fixture;

/**
 * Draws that pass through the platform's log, sin, cos, tan or exp in double precision. V8 and the C
 * library may differ there in the last places of a double, so float64 results are compared to `TOLERANCE`
 * and in printed digits; every other draw is compared bit for bit.
 */
const TRANSCENDENTAL = /^(randn|normal|normal_transposed|log_normal|exponential|cauchy)$/;
const TOLERANCE = 2 ** -50;

function fnv1a(bytes: Uint8Array): string {
  let value = 0x811c9dc5;
  for (const byte of bytes) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value.toString(16).padStart(8, "0");
}

function compare(step: Step, out: TypedArray, where: string): void {
  const expected = step.values ?? [...step.head!, ...step.tail!];
  const shown = step.values ? [...out] : [...out.slice(0, 3), ...out.slice(-3)];
  const close = step.dtype === "float64" && TRANSCENDENTAL.test(step.op);
  expected.forEach((value, i) => {
    const actual = shown[i]!;
    if (close) {
      const scale = Math.max(1, Math.abs(Number(value)));
      assert.ok(
        Math.abs(Number(actual) - Number(value)) <= TOLERANCE * scale,
        `${where}: ${actual} ≠ ${value}`,
      );
      assert.equal(formatScalar(actual, "float64"), formatScalar(Number(value), "float64"), where);
    } else if ((step.result ?? step.dtype) === "int64") assert.equal(actual, BigInt(value), where);
    else assert.equal(actual, step.dtype === "float32" ? Math.fround(Number(value)) : Number(value), where);
  });
  assert.equal(shown.length, expected.length, where);
  if (step.fnv1a === undefined || close) return;
  assert.equal(fnv1a(new Uint8Array(out.buffer)), step.fnv1a, `${where}: some element differs`);
}

describe("random streams of PyTorch 2.13", () => {
  const byOp = new Map<string, Program[]>();
  for (const program of fixture.programs) {
    const { op, dtype } = program.steps[0]!;
    byOp.set(`${op} ${dtype}`, [...(byOp.get(`${op} ${dtype}`) ?? []), program]);
  }
  for (const [name, programs] of byOp) {
    it(`draws what ${programs.length} programs starting with ${name} draw`, () => {
      for (const { seed, initial_seed, steps, state } of programs) {
        const gen = new Generator().manual_seed(BigInt(seed));
        assert.equal(String(gen.initial_seed()), initial_seed);
        for (const step of steps) {
          const where = `seed ${seed}, ${step.op}(${step.size}) ${step.dtype}`;
          compare(step, run(step, gen), where);
        }
        // A kept normal sample is a double out of Box–Muller; all else in the state must agree exactly.
        if (gen.keptNormal === null) assert.equal(fnv1a(gen.stateBytes()), state, `state after seed ${seed}`);
      }
    });
  }

  it("lays a saved state out as torch.get_rng_state() does", () => {
    const gen = new Generator().manual_seed(fixture.state.seed);
    fillNormal(new Float32Array(1), 0, 1, gen);
    assert.equal(gen.stateBytes().length, fixture.state.bytes);
    assert.equal(STATE_BYTES, fixture.state.bytes);
    assert.equal(fnv1a(gen.stateBytes()), fixture.state.fnv1a);
  });

  it("continues a saved state, the kept normal sample included", () => {
    const gen = new Generator().manual_seed(9);
    fillNormal(new Float32Array(5), 0, 1, gen);
    const copy = gen.clone_state();
    const [a, b] = [new Float64Array(700), new Float64Array(700)];
    for (const [out, source] of [
      [a, gen],
      [b, copy],
    ] as const) {
      fillNormal(out.subarray(0, 3), 0, 1, source);
      fillUniform(out.subarray(3), 0, 1, source);
    }
    assert.deepEqual(a, b);
    assert.equal(copy.initial_seed(), 9);
  });

  it("forgets the kept normal sample when seeded again", () => {
    const gen = new Generator().manual_seed(1);
    const [first, again] = [new Float32Array(1), new Float32Array(1)];
    fillNormal(first, 0, 1, gen);
    fillNormal(again, 0, 1, gen.manual_seed(1));
    assert.deepEqual(first, again);
  });

  it("rejects states that are none", () => {
    const gen = new Generator();
    assert.throws(() => gen.setStateBytes(new Uint8Array(10)), {
      name: "RuntimeError",
      message: /found the input RNG state size to be 10/,
    });
    assert.throws(() => gen.setStateBytes(new Uint8Array(STATE_BYTES)), {
      name: "RuntimeError",
      message: "Invalid mt19937 state",
    });
  });

  it("starts a new generator from PyTorch's default seed, the default generator from chance", () => {
    assert.equal(new Generator().initial_seed(), fixture.newGeneratorSeed);
    assert.notEqual(defaultGenerator.initial_seed(), fixture.newGeneratorSeed);
  });

  it("seeds from chance and says with what", () => {
    const gen = new Generator();
    const seed = gen.seed();
    assert.equal(gen.initial_seed(), seed);
    assert.equal(gen.random(), new Generator().manual_seed(seed).random());
  });

  it("rejects seeds beyond 64 bits", () => {
    const overflow = { name: "ValueError", message: "Overflow when unpacking long long" };
    for (const seed of [2n ** 64n, -(2n ** 63n) - 1n, 1e30]) {
      assert.throws(() => new Generator().manual_seed(seed), overflow);
    }
    assert.throws(() => new Generator().manual_seed(Number.NaN), { name: "ValueError" });
  });

  it("checks parameters with PyTorch's errors", () => {
    const out = new Float32Array(3);
    const cases: [() => void, string][] = [
      [
        () => fillUniform(out, 2, 1),
        "uniform_ expects to return a [from, to) range, but found from=2 > to=1",
      ],
      [() => fillUniform(out, Number.NaN, 1), "from is out of bounds for float"],
      [() => fillNormal(out, 0, -1), "normal expects std >= 0.0, but found std -1"],
      [() => fillBernoulli(out, 1.5), "bernoulli_ expects p to be in [0, 1], but got p=1.5"],
      [() => fillExponential(out, 0), "exponential_ expects lambda > 0.0, but found lambda=0"],
      [() => fillCauchy(out, 0, 0), "cauchy_ expects sigma > 0.0, but found sigma=0"],
      [() => fillLogNormal(out, 0, 0), "log_normal_ expects std > 0.0, but found std=0"],
      [() => fillGeometric(out, 0), "geometric_ expects p to be in (0, 1), but got p=0"],
      [
        () => fillRandomFromTo(out, 3, 3),
        "random_ expects 'from' to be less than 'to', but got from=3 >= to=3",
      ],
      [() => randperm(-1), "Trying to create tensor with negative dimension -1: [-1]"],
    ];
    for (const [call, message] of cases) assert.throws(call, { name: "RuntimeError", message });
    const weights: [number[], boolean, string][] = [
      [[1, -1], true, "invalid multinomial distribution (encountering probability entry < 0)"],
      [
        [1, Infinity],
        true,
        "invalid multinomial distribution (encountering probability entry = infinity or NaN)",
      ],
      [[0, 0], true, "invalid multinomial distribution (sum of probabilities <= 0)"],
      [[0, 0], false, "invalid multinomial distribution (sum of probabilities <= 0)"],
      [[1, -1], false, "probability tensor contains either `inf`, `nan` or element < 0"],
    ];
    for (const [row, replacement, message] of weights) {
      const call = () => multinomial(Float32Array.from(row), 2, 2, replacement);
      assert.throws(call, { name: "RuntimeError", message });
    }
    assert.throws(() => fillPoisson(out, Float32Array.of(1, -1, 1)), {
      name: "RuntimeError",
      message: "invalid Poisson rate, expected rate to be non-negative",
    });
    assert.throws(() => fillBernoulliEach(out, Float32Array.of(0.5, 1.5, 0)), { name: "RuntimeError" });
  });
});
