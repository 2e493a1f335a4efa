/** @file What the session says of earlier passes, of positions in the text, of shapes and leaves. */
import assert from "node:assert/strict";
import type { StructureNode, TraceEvent } from "../../src/protocol/trace.js";
import { Session } from "../../src/session/session.js";
import { batch, FILE, pass, SITE, scopeOf, structureEvent, summary, tensor, wholeRun } from "./run.js";

function sessionOf(...events: readonly TraceEvent[]): Session {
  const session = new Session({ run: "r1" });
  session.apply(batch(...events));
  return session;
}

describe("what a name held", () => {
  it("is known for every kept pass over the same graph", () => {
    const session = sessionOf(...wholeRun);
    const grads = [0, 1, 2].map((index) => session.variables.asOf(SITE.w, index)?.grad);
    assert.deepEqual(
      grads.map((grad) => [grad?.data, grad?.updates]),
      [
        [[4], 1],
        [[8], 2],
        [[12], 3],
      ],
    );
  });

  it("is that of the end of the pass, with its reason where it had no gradient", () => {
    const then = sessionOf(...wholeRun).variables.asOf(SITE.yBinding, 1)!;
    assert.deepEqual(
      [then.graph, then.node, then.value.data, then.why_no_grad],
      [1, 2, [1, 2, 3], "non_leaf"],
    );
    assert.deepEqual(then.scope, scopeOf(1));
  });

  it("is found by name and place in another graph", () => {
    const { nodes } = structureEvent as { readonly nodes: readonly StructureNode[] };
    const other = { ...structureEvent, id: 8, nodes: nodes.map((node) => ({ ...node, custom: true })) };
    const values = [tensor([2, 4, 6]), tensor([0.25]), tensor([1, 2, 3]), tensor([2], [])];
    const session = sessionOf(
      ...wholeRun,
      other as TraceEvent,
      { type: "summary", summary: summary(3) },
      { type: "pass", pass: pass(3, { structure: 8, values }) },
    );
    assert.deepEqual(session.variables.asOf(SITE.w, 3)?.value.data, [0.25]);
  });

  it("is not guessed: another name at the place, or a pass that is gone, tell nothing", () => {
    const { nodes } = structureEvent as { readonly nodes: readonly StructureNode[] };
    const renamed = nodes.map((node) => ({ ...node, label: node.label === "w" ? "v" : node.label }));
    const session = sessionOf(
      ...wholeRun,
      { ...structureEvent, id: 8, nodes: renamed } as TraceEvent,
      { type: "summary", summary: summary(3) },
      { type: "pass", pass: pass(3, { structure: 8 }) },
      { type: "dropped", dropped: { passes: 1, bytes: 10 }, keptFrom: 1 },
    );
    assert.equal(session.variables.asOf(SITE.w, 3), null);
    assert.equal(session.variables.asOf(SITE.w, 0), null);
    assert.equal(session.variables.asOf(SITE.mul, 1), null);
  });
});

describe("a position in the text", () => {
  it("belongs to the innermost call around it, in the latest pass", () => {
    const found = sessionOf(...wholeRun).expressionAt(FILE, 5, 15)!;
    assert.deepEqual([found.text, found.pass, found.node, found.others], ["w.mul(x)", 2, 2, []]);
  });

  it("belongs to the pass that is looked at", () => {
    assert.equal(sessionOf(...wholeRun).expressionAt(FILE, 5, 15, 0)?.pass, 0);
  });

  it("outside of calls belongs to none", () => {
    const session = sessionOf(...wholeRun);
    assert.equal(session.expressionAt(FILE, 5, 3), null);
    assert.equal(session.expressionAt("/other.ts", 5, 15), null);
  });
});

describe("shapes", () => {
  it("tell what was stretched to fit", () => {
    assert.deepEqual(
      sessionOf(...wholeRun)
        .broadcasts(FILE)
        .map(({ line, inputs, shape }) => ({ line, inputs, shape })),
      [{ line: 5, inputs: [{ name: "w", shape: [1] }], shape: [3] }],
    );
  });
});

describe("leaves", () => {
  it("are those that the pass reached, with their gradients and what uses them", () => {
    const [leaf, ...more] = sessionOf(...wholeRun).leaves(1);
    assert.deepEqual(more, []);
    assert.deepEqual([leaf?.name, leaf?.user, leaf?.module, leaf?.grad?.norm], ["w", "w.mul(x)", null, 8]);
  });

  it("belong to the module in whose call they are used", () => {
    const scopes = [[], [], [{ kind: "module", name: "net.out", line: 5, call: 0 } as const], []];
    const session = sessionOf(...wholeRun, { type: "pass", pass: pass(2, { scopes }) });
    assert.equal(session.leaves(2)[0]?.module, "net.out");
  });
});
