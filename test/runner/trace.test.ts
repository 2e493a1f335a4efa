import assert from "node:assert/strict";
import type { ExportGraph, TraceDocument } from "../../src/protocol/export.js";
import { type Outcome, Programs } from "../support/programs.js";

/** A graph as lines that a person can read: one a node, with its inputs. */
function written({ nodes, edges }: ExportGraph): string[] {
  return nodes.map((node) => {
    const inputs = edges
      .filter((edge) => edge.from === node.id)
      .map(({ to, input_nr }) => `${to}.${input_nr}`);
    const name = `${node.name ?? node.kind} ${node.label ?? "-"} ${node.source?.line}:${node.source?.column}`;
    const grad = node.grad === null ? node.why_no_grad : `${node.grad.data.join()} ×${node.grad.updates}`;
    return `${name} [${node.value?.data.join()}] grad ${grad} (${inputs.join(" ")})`;
  });
}

function bindings({ bindings: all }: TraceDocument): Record<string, string | null> {
  return Object.fromEntries(
    all.map(({ name, grad, why_no_grad }) => [
      name,
      grad === null ? why_no_grad : `${grad.data.join()} ×${grad.updates}`,
    ]),
  );
}

describe("the trace of a program", () => {
  const programs = new Programs();
  after(() => programs.dispose());
  const run = (lines: readonly string[]): Promise<Outcome> =>
    programs.run(['import * as torch from "gradwalk";', ...lines].join("\n"));

  it("has values, gradients and names as of each pass, through writes in place", async () => {
    const { document } = await run([
      "const w = torch.tensor([1, 2], { requires_grad: true });",
      "const x = torch.tensor([3, 4]);",
      "let y = w.mul(x);",
      "y.add_(1);",
      "const kept = y.mul(2);",
      "kept.retain_grad();",
      "const loss = kept.sum();",
      "loss.backward();",
      "torch.no_grad(() => { w.sub_(w.grad!); });",
      "w.grad = null;",
      "w.mul(x).sum().backward();",
    ]);
    assert.deepEqual(document.graphs.map(written), [
      [
        "AccumulateGrad w 2:11 [1,2] grad 6,8 ×1 ()",
        "constant x 3:11 [3,4] grad no_requires_grad ()",
        "MulBackward0 y 4:9 [3,8] grad non_leaf (0.0 1.0)",
        "AddBackward0 y 5:1 [4,9] grad non_leaf (2.0)",
        "MulBackward0 kept 6:14 [8,18] grad 1,1 ×1 (3.0)",
        "SumBackward0 loss 8:14 [26] grad non_leaf (4.0)",
      ],
      [
        "AccumulateGrad w 2:11 [-5,-6] grad 3,4 ×1 ()",
        "constant x 3:11 [3,4] grad no_requires_grad ()",
        "MulBackward0 - 12:1 [-15,-24] grad non_leaf (0.0 1.0)",
        "SumBackward0 - 12:1 [-39] grad non_leaf (2.0)",
      ],
    ]);
    assert.deepEqual(document.problems, []);
  });

  it("has every step with what came, what went, and the terms of a sum", async () => {
    const { document } = await run([
      "const a = torch.tensor(2, { requires_grad: true });",
      "const b = a.mul(3);",
      "const c = b.mul(b).add(b);",
      "c.backward();",
      "c.detach();",
    ]);
    const [pass] = document.backwards;
    const names = document.graphs[0]!.nodes.map(({ name }) => name);
    const number = (summary: { data: readonly unknown[] } | null | undefined) => summary?.data[0] ?? null;
    assert.deepEqual(
      pass?.steps.map(({ node, grad_in, grad_out, terms, accumulated }) => [
        names[node],
        grad_in.map(number),
        grad_out.map(number),
        terms?.map(({ from, value }) => [from === null ? null : names[from], number(value)]),
        accumulated && [number(accumulated.before), number(accumulated.after)],
      ]),
      [
        ["AddBackward0", [1], [1, 1], [[null, 1]], null],
        ["MulBackward0", [1], [6, 6], [["AddBackward0", 1]], null],
        [
          "MulBackward0",
          [13],
          [39, null],
          [
            ["AddBackward0", 1],
            ["MulBackward0", 6],
            ["MulBackward0", 6],
          ],
          null,
        ],
        ["AccumulateGrad", [39], [], [["MulBackward0", 39]], [null, 39]],
      ],
    );
  });

  it("knows loops, functions and iterations, and counts bindings", async () => {
    const { document } = await run([
      "const w = torch.ones(1, { requires_grad: true });",
      "function square(t: torch.Tensor): torch.Tensor { return t.mul(t); }",
      "for (let i = 0; i < 2; i++) {",
      "  for (const k of [1, 2]) {",
      "    const loss = square(w).mul(k);",
      "    loss.backward();",
      "  }",
      "}",
    ]);
    assert.equal(document.backwards.length, 4);
    const last = document.graphs.at(-1)!.nodes.find(({ name }) => name === "MulBackward0");
    assert.deepEqual(
      last?.scope.map((scope) => [
        scope.kind,
        scope.name,
        scope.line,
        "iteration" in scope ? scope.iteration : scope.call,
      ]),
      [
        ["loop", "for", 4, 1],
        ["loop", "for…of", 5, 1],
        ["function", "square", 3, 3],
      ],
    );
    const loss = document.bindings.find(({ name }) => name === "loss");
    assert.deepEqual([loss?.times, loss?.graph, loss?.line], [4, 3, 6]);
    assert.deepEqual(bindings(document).w, "12 ×4");
  });

  it("says why a gradient is missing", async () => {
    const { document } = await run([
      "const w = torch.ones(1, { requires_grad: true });",
      "const late = torch.ones(1, { requires_grad: true });",
      "const plain = torch.ones(1);",
      "const count = torch.arange(3);",
      "const h = w.mul(2);",
      "const cut = h.detach();",
      "const after = cut.mul(2);",
      "const quiet = torch.no_grad(() => w.mul(2));",
      "h.sum().backward();",
      "const fresh = torch.ones(1, { requires_grad: true });",
    ]);
    assert.deepEqual(bindings(document), {
      w: "2 ×1",
      late: "not_reached",
      plain: "no_requires_grad",
      count: "integer",
      h: "non_leaf",
      cut: "detached",
      after: "detached",
      quiet: "no_grad_mode",
      fresh: "no_backward_yet",
    });
  });

  it("shows what is live where a program never calls backward", async () => {
    const { document } = await run([
      "const w = torch.ones(1, { requires_grad: true });",
      "let y = w;",
      "for (let i = 0; i < 3; i++) y = w.mul(i);",
      "const z = y.add(1);",
    ]);
    assert.deepEqual(document.backwards, []);
    assert.deepEqual(document.graphs.map(written), [
      [
        "AccumulateGrad w 2:11 [1] grad no_backward_yet ()",
        "MulBackward0 y 4:33 [2] grad non_leaf (0.0)",
        "AddBackward0 z 5:11 [3] grad non_leaf (1.0)",
      ],
    ]);
  });

  it("keeps autograd.grad, create_graph and retain_graph apart", async () => {
    const { document } = await run([
      "const x = torch.tensor(3, { requires_grad: true });",
      "const y = x.pow(3);",
      "const g = torch.autograd.grad(y, x, { create_graph: true })[0]!;",
      "g.backward();",
    ]);
    assert.deepEqual(
      document.backwards.map(({ call, create_graph, retain_graph, source }) => [
        call,
        create_graph,
        retain_graph,
        source?.line,
      ]),
      [
        ["grad", true, true, 4],
        ["backward", false, false, 5],
      ],
    );
    const [first, second] = document.graphs;
    assert.equal(first?.nodes.find(({ kind }) => kind === "accumulate")?.grad, null);
    assert.deepEqual(second?.nodes.find(({ kind }) => kind === "accumulate")?.grad?.data, [18]);
    assert.equal(second?.nodes.at(-1)?.label, "g");
  });

  it("warns of a gradient that an update left behind, and not of one accumulated on purpose", async () => {
    const forgotten = await run([
      "const w = torch.ones(1, { requires_grad: true });",
      "for (let i = 0; i < 4; i++) {",
      "  w.pow(2).sum().backward();",
      "  torch.no_grad(() => { w.sub_(w.grad!); });",
      "}",
    ]);
    assert.deepEqual(
      forgotten.document.problems.map(({ code, line, related }) => [
        code,
        line,
        related.map((each) => each.line),
      ]),
      [["accumulated-without-zero", 4, [5]]],
    );
    const meant = await run([
      "const w = torch.ones(1, { requires_grad: true });",
      "for (let i = 0; i < 4; i++) {",
      "  for (let k = 0; k < 2; k++) w.pow(2).sum().backward();",
      "  torch.no_grad(() => { w.sub_(w.grad!); w.grad!.zero_(); });",
      "}",
    ]);
    assert.deepEqual(meant.document.problems, []);
  });

  it("finds where a NaN starts, forwards and backwards", async () => {
    const forward = await run([
      "const w = torch.tensor([-1, 2], { requires_grad: true });",
      "const bad = w.log();",
      "bad.mul(2).sum().backward();",
    ]);
    const [problem] = forward.document.problems;
    assert.deepEqual([problem?.code, problem?.line, problem?.related[0]?.line], ["nan-origin", 3, 4]);
    const backward = await run([
      "const w = torch.tensor([0, 2], { requires_grad: true });",
      "const root = w.mul(0).sqrt();",
      "root.sum().backward();",
    ]);
    const [second] = backward.document.problems;
    assert.deepEqual([second?.code, second?.line, second?.related[0]?.line], ["nan-origin", 3, 4]);
  });

  it("relates an error of the engine to the lines that caused it", async () => {
    const { end, document } = await run([
      "const w = torch.ones(2, { requires_grad: true });",
      "const a = w.exp();",
      "const b = a.mul(2);",
      "a.add_(1);",
      "b.sum().backward();",
    ]);
    assert.deepEqual([end.error?.name, end.error?.line], ["RuntimeError", 6]);
    assert.deepEqual(
      document.problems[0]?.related.map(({ line }) => line),
      [3, 5, 6],
    );
    assert.equal(document.backwards[0]?.error?.name, "RuntimeError");
  });

  it("lets old passes go within its budget, and says how many", async () => {
    const { document, events } = await programs.run(
      [
        'import * as torch from "gradwalk";',
        "const w = torch.ones(1000, { requires_grad: true });",
        "for (let i = 0; i < 400; i++) { w.grad = null; w.mul(2).sum().backward(); }",
      ].join("\n"),
      { traceBudget: 1 },
    );
    const summaries = events.filter(({ type }) => type === "summary").length;
    assert.equal(summaries, 400);
    assert.ok(document.backwards.length < 120, `${document.backwards.length} passes were kept`);
    assert.ok(document.backwards.length > 10);
    assert.equal((document.dropped?.passes ?? 0) + document.backwards.length, 400);
    assert.equal(events.filter(({ type }) => type === "structure").length, 1);
  });

  it("hands out whole tensors in pages after the program's end", async () => {
    const started = await programs.start({
      "main.ts":
        'import * as torch from "gradwalk";\nconst w = torch.arange(5000).to(torch.float32).requires_grad_();\nconst v = w.view(50, 100).t();\nv.mul(2).sum().backward();\nprocess.exit(0);',
    });
    const { document, run: running } = { ...(await started.outcome()), run: started.run };
    assert.equal(document.bindings[0]?.value.data.length, 1000);
    assert.ok(document.bindings[0]?.value.truncated);
    const at = document.graphs[0]!.nodes.findIndex(({ label }) => label === "v");
    const page = await running.tensor({ of: "value", pass: 0, node: at }, 4998, 10);
    assert.deepEqual([page.shape, page.numel, [...page.data]], [[100, 50], 5000, [4899, 4999]]);
    assert.match(page.text, /^tensor\(\[\[/);
    const grad = await running.tensor({ of: "grad_in", pass: 0, step: 0, slot: 0 }, 0, 10);
    assert.deepEqual([...grad.data], [1]);
    await assert.rejects(running.tensor({ of: "value", pass: 9, node: 0 }, 0, 1), /no longer held/);
    running.dispose();
  });

  for (const off of [{ record: false }, { probes: false }])
    it(`records nothing with ${Object.keys(off)} off`, async () => {
      const { events, stdout } = await programs.run(
        'import * as torch from "gradwalk";\nconst w = torch.ones(1, { requires_grad: true });\nw.sum().backward();\nconsole.log(w.grad);',
        off,
      );
      assert.equal(stdout, "tensor([1.])\n");
      assert.deepEqual(
        events.map(({ type }) => type),
        ["program", "module", "end"],
      );
    });
});
