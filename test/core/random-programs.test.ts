/**
 * @file Random programs with views and in-place writes: their gradients agree with finite differences.
 *
 * `RANDOM_PROGRAMS=5000` runs more of them; `TORCH_PYTHON=/path/to/python` compares losses, gradients and
 * errors with PyTorch, too.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as torch from "../../src/core/index.js";
import { leafOf, pythonText, type RandomProgram, randomProgram, runProgram } from "./random_programs.js";

const COUNT = Number(process.env.RANDOM_PROGRAMS ?? 60);
const STEP = 1e-6;

type Outcome = { loss: number; grads: number[][] } | { error: string };

function outcome(program: RandomProgram): Outcome {
  const leaves = program.leaves.map(leafOf);
  try {
    const loss = runProgram(program, leaves);
    const grads = torch.autograd.grad(loss, leaves, { allow_unused: true, materialize_grads: true });
    return { loss: loss.item(), grads: grads.map((g) => g.reshape([-1]).tolist() as number[]) };
  } catch (error) {
    assert.ok(error instanceof torch.RuntimeError, String(error));
    return { error: error.message };
  }
}

/** d loss / d element `k` of leaf `i`, by central differences. */
function slope(program: RandomProgram, i: number, k: number): number {
  const at = (delta: number): number => {
    const leaves = program.leaves.map((leaf, j) => {
      return leafOf({ ...leaf, data: leaf.data.map((x, m) => (j === i && m === k ? x + delta : x)) });
    });
    return torch.no_grad(() =>
      runProgram(
        program,
        leaves.map((t) => t.clone()),
      ).item(),
    );
  };
  return (at(STEP) - at(-STEP)) / (2 * STEP);
}

const MODIFIED = /modified by an inplace operation/;

/** Elements where the difference quotient disagrees though a wider step agrees with it: kinks of `maximum`. */
function disagreements(program: RandomProgram, grads: readonly number[][]): string[] {
  const wrong: string[] = [];
  grads.forEach((grad, i) => {
    grad.forEach((g, k) => {
      const numerical = slope(program, i, k);
      if (Math.abs(g - numerical) > 1e-5 * (1 + Math.abs(g) + Math.abs(numerical))) {
        wrong.push(`leaf ${i}, element ${k}: ${g}, differences give ${numerical}`);
      }
    });
  });
  return wrong;
}

describe("random programs with views and in-place writes", () => {
  const programs = Array.from({ length: COUNT }, (_, seed) => randomProgram(seed));

  it("have the gradients that finite differences give, or are refused for what they overwrote", () => {
    let checked = 0;
    programs.forEach((program, seed) => {
      const found = outcome(program);
      if ("error" in found) {
        assert.match(found.error, MODIFIED, `program ${seed}`);
        return;
      }
      const wrong = disagreements(program, found.grads);
      assert.deepEqual(wrong, [], `program ${seed}:\n${pythonText(program, "program")}`);
      checked++;
    });
    assert.ok(checked > COUNT / 2, `only ${checked} of ${COUNT} ran through`);
  });

  it("write in place and look through views", () => {
    const all = programs.flatMap((p) => p.instructions.map((i) => i.method));
    for (const method of ["add_", "mul_", "copy_", "sin_", "transpose", "narrow", "select", "diagonal"]) {
      assert.ok(all.includes(method), `no program uses ${method}`);
    }
  });

  const python = process.env.TORCH_PYTHON;
  if (python !== undefined) {
    it("do what PyTorch does: losses, gradients, errors", () => {
      const theirs = askTorch(python, programs);
      programs.forEach((program, seed) => {
        const ours = outcome(program);
        const text = `program ${seed}:\n${pythonText(program, "program")}`;
        const expected = theirs[seed]!;
        if ("error" in expected) {
          assert.deepEqual(ours, expected, text);
          return;
        }
        assert.ok("loss" in ours, `${text}${JSON.stringify(ours)}`);
        const flat = (o: { loss: number; grads: number[][] }): number[] => [o.loss, ...o.grads.flat()];
        flat(expected).forEach((x, i) => {
          assert.ok(
            Math.abs(flat(ours)[i]! - x) <= 1e-9 * (1 + Math.abs(x)),
            `${text}${flat(ours)[i]} for ${x}`,
          );
        });
      });
    }).timeout(600_000);
  }
});

function askTorch(python: string, programs: readonly RandomProgram[]): Outcome[] {
  const source = [
    "import json, torch",
    "def leaf(shape, data):",
    "    return torch.tensor(data, dtype=torch.float64).reshape(shape).requires_grad_()",
    "def outcome(program, leaves):",
    "    try:",
    "        loss = program(*leaves)",
    "        grads = torch.autograd.grad(loss, leaves, allow_unused=True, materialize_grads=True)",
    "        return {'loss': loss.item(), 'grads': [g.reshape(-1).tolist() for g in grads]}",
    "    except RuntimeError as e:",
    "        return {'error': str(e)}",
    "out = []",
    ...programs.flatMap((p, i) => [
      pythonText(p, `p${i}`),
      `out.append(outcome(p${i}, [${p.leaves.map((l) => `leaf(${JSON.stringify(l.shape)}, ${JSON.stringify(l.data)})`).join(", ")}]))`,
    ]),
    "print(json.dumps(out))",
  ].join("\n");
  const run = spawnSync(python, ["-"], { input: source, encoding: "utf8", maxBuffer: 2 ** 28 });
  assert.equal(run.status, 0, run.stderr);
  return JSON.parse(run.stdout) as Outcome[];
}
