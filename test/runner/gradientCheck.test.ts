import assert from "node:assert/strict";
import type { GradientCheck } from "../../src/protocol/checks.js";
import type { ExportProblem } from "../../src/protocol/export.js";
import { lessonsOf } from "../support/diagnosticPages.js";
import { Programs } from "../support/programs.js";

const HEAD = 'import * as torch from "gradwalk";\ntorch.manual_seed(0);\n';

interface Checked {
  readonly checks: readonly GradientCheck[];
  readonly problems: readonly ExportProblem[];
  readonly stdout: string;
}

describe("a check of gradients", function () {
  this.timeout(60_000);
  const programs = new Programs();
  after(() => programs.dispose());

  async function check(text: string): Promise<Checked> {
    const { events, document, stdout, end, stderr } = await programs.run(text, { check: true });
    assert.equal(end.exit, 0, stderr);
    const checks = events.flatMap((event) => (event.type === "check" ? [event.check] : []));
    return { checks, problems: document.problems, stdout };
  }

  const told = ({ checks }: Checked) =>
    checks.map(({ leaf, verdict, reason }) => `${leaf} ${verdict}${reason === null ? "" : `: ${reason}`}`);

  it("names the custom function whose backward is wrong, and its line", async () => {
    const [lesson] = lessonsOf("gradient-mismatch");
    const wrong = await check(lesson!.example);
    assert.deepEqual(told(wrong), ["w disagrees: CubeBackward"]);
    const [problem] = wrong.problems;
    assert.deepEqual([problem?.code, problem?.line], ["gradient-mismatch", lesson!.line]);
    assert.match(problem!.message, /Cube/);
    const right = await check(lesson!.fixed);
    assert.deepEqual(told(right), ["w agrees"]);
    assert.deepEqual(right.problems, []);
  });

  it("agrees through views, writes in place, dropout, and gradients of gradients", async () => {
    const checked = await check(`${HEAD}
      const w = torch.tensor([1, 2, 3], { requires_grad: true });
      const u = torch.tensor([1, -1, 0.5], { requires_grad: true });
      const m = torch.randn(20, 30, { requires_grad: true });
      const buffer = torch.ones(3);
      buffer.index([0]).copy_(u.index([1]));
      buffer.mul_(u);
      const y = w.mul(2);
      y.index([torch.Slice(0, 2)]).mul_(u.index([torch.Slice(1)]));
      y.add_(w);
      const dropped = torch.nn.functional.dropout(m, 0.5).matmul(torch.randn(30, 1)).tanh();
      torch.cat([y.exp(), buffer.pow(3), torch.stack([w.max(), u.prod()])]).sum().add(dropped.sum()).backward();
      const [slope] = torch.autograd.grad(w.sin().sum(), w, { create_graph: true });
      slope.pow(2).sum().backward();
    `);
    assert.deepEqual(
      told(checked).sort(),
      ["u agrees", "m agrees", "w agrees", "w agrees", "w agrees"].sort(),
    );
    assert.deepEqual(checked.problems, []);
    const large = checked.checks.find(({ leaf }) => leaf === "m");
    assert.ok(large!.elements > 0 && large!.elements < 600 && large!.directions > 0);
    assert.ok(checked.checks.every(({ difference }) => difference < 1e-4));
  });

  it("is not troubled by kinks, by float32, or by values that the program overwrites", async () => {
    const checked = await check(`${HEAD}
      const w = torch.tensor([0, -1, 2], { requires_grad: true });
      w.relu().sum().backward();
      const a = torch.tensor([1e4], { requires_grad: true });
      const data = torch.tensor([1]);
      const far = a.add(data).sub(1e4).pow(2).sum();
      data.zero_();
      far.backward();
    `);
    assert.deepEqual(told(checked), ["w agrees", "a agrees"]);
    assert.equal(checked.checks[0]!.kinks, 1);
  });

  it("tells a hook that changes a gradient", async () => {
    const checked = await check(`${HEAD}
      const w = torch.tensor([1, 2], { requires_grad: true });
      const y = w.mul(2);
      y.register_hook((grad) => grad.mul(3));
      y.sum().backward();
    `);
    assert.deepEqual(told(checked), ["w disagrees: a hook that changes the gradient"]);
    assert.equal(checked.problems[0]?.code, "gradient-mismatch");
  });

  it("says what it cannot compare, and why", async () => {
    const { checks } = await check(`${HEAD}
      class Noisy extends torch.autograd.Function {
        static override forward(_: torch.autograd.FunctionContext, x: torch.Tensor) {
          return x.add(torch.randn(2));
        }
        static override backward(_: torch.autograd.FunctionContext, grad: torch.Tensor) { return grad; }
      }
      const w = torch.tensor([1, 2], { requires_grad: true });
      Noisy.apply(w).sum().backward();
      const z = torch.tensor([0], { requires_grad: true });
      z.mul(0).sqrt().backward();
    `);
    assert.deepEqual(
      checks.map(({ verdict }) => verdict),
      ["unchecked", "unchecked"],
    );
    assert.match(checks[0]!.reason!, /random/);
    assert.match(checks[1]!.reason!, /NaN/);
  });

  it("leaves the program as it is: what it prints, its random stream, its gradients", async () => {
    const program = `${HEAD}
      class Loud extends torch.autograd.Function {
        static override forward(_: torch.autograd.FunctionContext, x: torch.Tensor) {
          console.log("forward");
          return x.mul(2);
        }
        static override backward(_: torch.autograd.FunctionContext, grad: torch.Tensor) { return grad.mul(2); }
      }
      const w = torch.randn(3, { requires_grad: true });
      for (let step = 0; step < 5; step++) {
        Loud.apply(torch.nn.functional.dropout(w)).sum().backward();
        torch.no_grad(() => w.sub_(w.grad!));
        w.grad!.zero_();
      }
      console.log(w, torch.randn(2));
    `;
    const checked = await check(program);
    assert.equal(checked.stdout, (await programs.run(program)).stdout);
    assert.deepEqual(
      checked.checks.map(({ pass }) => pass),
      [0, 1, 2],
    );
  });
});
