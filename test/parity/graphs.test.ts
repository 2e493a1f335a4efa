/** @file PyTorch's graphs, values, gradients and order of execution, case by case (see graphs.py). */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as torch from "../../src/core/index.js";

interface Case {
  py: string;
  ts: string;
  dtype: string;
  shape: number[];
  stride: number[];
  values: number[];
  graph: string;
  order?: string[];
  grads?: Record<string, number[]>;
}

interface Fixture {
  torch: string;
  data: Record<string, unknown>;
  leaves: string[];
  cases: Case[];
}

const fixture = JSON.parse(
  readFileSync(new URL("./fixtures/graphs.json", import.meta.url), "utf8").replaceAll(/\bNaN\b/g, "null"),
) as Fixture;

type Env = Record<string, torch.Tensor>;

function inputs(): Env {
  const env: Env = {};
  for (const [name, data] of Object.entries(fixture.data)) {
    const dtype =
      name === "idx" || name === "gi" ? torch.int64 : name === "mask" ? torch.bool : torch.float32;
    env[name] = torch.tensor(data as number[], { dtype, requires_grad: fixture.leaves.includes(name) });
  }
  return env;
}

const helpers = {
  through(y: torch.Tensor, write: (y: torch.Tensor) => unknown): torch.Tensor {
    write(y);
    return y;
  },
  view_after(
    y: torch.Tensor,
    look: (y: torch.Tensor) => torch.Tensor,
    write: (y: torch.Tensor) => unknown,
  ): torch.Tensor {
    const seen = look(y);
    write(y);
    return seen;
  },
};

function evaluate(source: string, env: Env): torch.Tensor {
  const scope = { torch, F: torch.nn.functional, ...helpers, ...env };
  // The cases are TypeScript expressions in a text file, beside their Python originals.
  const run = new Function(...Object.keys(scope), `return ${source};`) as (
    ...args: unknown[]
  ) => torch.Tensor;
  return run(...Object.values(scope));
}

function labelOf(node: torch._C.Node, env: Env): string {
  if (node.variable === null) return node.name();
  return Object.keys(env).find((k) => env[k] === node.variable) ?? "?";
}

function graph(node: torch._C.Node | null, env: Env): string {
  if (node === null) return "-";
  if (node.variable !== null) return labelOf(node, env);
  const inside = node.next_functions.map(([n, nr]) => graph(n, env) + (nr ? `#${nr}` : "")).join(", ");
  return `${node.name()}(${inside})`;
}

function nodesUnder(node: torch._C.Node | null, seen: Set<torch._C.Node>): Set<torch._C.Node> {
  if (node === null || seen.has(node)) return seen;
  seen.add(node);
  for (const [n] of node.next_functions) nodesUnder(n, seen);
  return seen;
}

function numbers(t: torch.Tensor): number[] {
  return ([t.detach().double().tolist()] as unknown as { flat(d: number): unknown[] })
    .flat(Infinity)
    .map(Number);
}

function assertClose(actual: number[], expected: number[], what: string): void {
  assert.equal(actual.length, expected.length, `${what}: length`);
  expected.forEach((e, i) => {
    const a = actual[i]!;
    const near = Object.is(a, e) || a === e || Math.abs(a - e) <= 1e-6 + 3e-6 * Math.abs(e);
    assert.ok(near, `${what}: element ${i} is ${a}, PyTorch has ${e}`);
  });
}

describe(`graphs as PyTorch ${fixture.torch} builds them`, () => {
  for (const c of fixture.cases) {
    it(c.py, () => {
      const env = inputs();
      const out = evaluate(c.ts, env);
      assert.equal(String(out.dtype), c.dtype);
      assert.deepEqual([...out.shape], c.shape);
      assertClose(numbers(out), c.values, "value");
      assert.equal(graph(out.grad_fn, env), c.graph);
      assert.deepEqual(out.stride(), c.stride, "stride");
      if (c.order === undefined) return;
      const weight = torch.linspace(0.5, 1.5, out.numel(), { dtype: out.dtype }).reshape([...out.shape]);
      const loss = out.mul(weight).sum();
      const order: string[] = [];
      for (const node of nodesUnder(loss.grad_fn, new Set())) {
        node.register_prehook(() => {
          order.push(labelOf(node, env));
        });
      }
      loss.backward();
      assert.deepEqual(order, c.order);
      const got = fixture.leaves.filter((k) => env[k]!.grad !== null);
      assert.deepEqual(got, Object.keys(c.grads!));
      for (const k of got) assertClose(numbers(env[k]!.grad!), c.grads![k]!, `gradient of ${k}`);
    });
  }
});
