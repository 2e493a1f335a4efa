import assert from "node:assert/strict";
import type { TraceEvent } from "../../src/protocol/trace.js";
import { CARD_DATA } from "../../src/protocol/view.js";
import { MalformedBatch } from "../../src/session/batch.js";
import { Session } from "../../src/session/session.js";
import {
  batch,
  beginning,
  bindingsEvent,
  end,
  FILE,
  pass,
  passEvents,
  SITE,
  scopeOf,
  summary,
  tensor,
  wholeRun,
} from "./run.js";

function sessionOf(...events: readonly TraceEvent[]): Session {
  const session = new Session({ run: "r1" });
  session.apply(batch(...events));
  return session;
}

describe("a session", () => {
  describe("while a program runs", () => {
    it("says what state the run is in", () => {
      const session = new Session({ file: FILE });
      assert.equal(session.outline().state, "idle");
      session.apply(batch(...beginning));
      assert.equal(session.outline().state, "running");
      session.apply(batch(end()));
      const outline = session.outline();
      assert.equal(outline.state, "done");
      assert.equal(outline.duration, 12.5);
      assert.deepEqual(outline.program, { file: FILE, exit: 0, error: null });
    });

    it("has failed when the program threw, with the error", () => {
      const error = { name: "RuntimeError", message: "element 0 of tensors …", line: 7, column: 3 };
      const { state, program } = sessionOf(...beginning, end(error)).outline();
      assert.equal(state, "failed");
      assert.deepEqual(program, { file: FILE, exit: 1, error });
    });

    it("is told by its host what the runner can't say", () => {
      const session = sessionOf(...beginning);
      const where = { file: FILE, line: 4, column: 1, iteration: 31 };
      session.finish({ state: "stopped", exit: 124, error: null, duration: 2000, where });
      assert.equal(session.outline().state, "stopped");
      assert.deepEqual(session.outline().where, where);
      session.stale = true;
      assert.equal(session.outline().stale, true);
    });

    it("gives each run a name of its own", () => {
      assert.notEqual(new Session().outline().run, new Session().outline().run);
    });
  });

  describe("outlines the passes", () => {
    it("in their order, with the call's place", () => {
      const { passes } = sessionOf(...wholeRun).outline();
      assert.deepEqual(
        passes.map((p) => [p.index, p.kept, p.root, p.iteration]),
        [0, 1, 2].map((i) => [i, true, 2, i]),
      );
      assert.deepEqual(passes[0]!.source, { file: FILE, line: 7, column: 3, endLine: 7, endColumn: 18 });
      assert.deepEqual(passes[0]!.gradNorms, { w: 4 });
    });

    it("also those whose values were let go", () => {
      const session = sessionOf(...wholeRun, {
        type: "dropped",
        dropped: { passes: 2, bytes: 900 },
        keptFrom: 2,
      });
      const outline = session.outline();
      assert.deepEqual(
        outline.passes.map((p) => p.kept),
        [false, false, true],
      );
      assert.deepEqual(outline.dropped, { passes: 2, bytes: 900 });
      assert.equal(session.pass(0), null);
      assert.equal(session.nodeDetail(0, 1), null);
      assert.equal(session.nodeDetail(2, 1)!.steps.length, 1);
      assert.equal(session.document().graphs.length, 1);
    });

    it("whose record may follow later, or never", () => {
      const session = sessionOf(
        ...beginning,
        { type: "summary", summary: summary(0) },
        { type: "summary", summary: summary(1) },
      );
      assert.deepEqual(
        session.outline().passes.map((p) => p.kept),
        [false, false],
      );
      session.apply(batch({ type: "pass", pass: pass(0) }));
      assert.deepEqual(
        session.outline().passes.map((p) => p.kept),
        [true, false],
      );
    });
  });

  describe("shows a pass", () => {
    it("with its nodes, edges and steps", () => {
      const view = sessionOf(...wholeRun).pass(1)!;
      assert.equal(view.run, "r1");
      assert.deepEqual(
        view.nodes.map((n) => [n.id, n.kind, n.name, n.label, n.text]),
        [
          [0, "constant", null, "x", "torch.tensor([2, 4, 6])"],
          [1, "accumulate", "AccumulateGrad", "w", "torch.tensor([0.5], { requires_grad: true })"],
          [2, "function", "MulBackward0", "y", "w.mul(x)"],
          [3, "function", "MeanBackward0", "loss", "y.mean()"],
        ],
      );
      assert.deepEqual(view.edges[0], { from: 3, to: 2, input_nr: 0 });
      assert.deepEqual(view.roots, [3]);
      assert.deepEqual(view.nodes[3]!.scope, scopeOf(1));
      assert.equal(view.nodes[1]!.grad!.updates, 2);
      assert.deepEqual(view.nodes[1]!.grad!.data, [8]);
      assert.deepEqual(
        view.steps.map((s) => s.node),
        [3, 2, 1],
      );
      assert.equal(view.nodes[2]!.freed, true);
      assert.equal("saved" in view.nodes[2]!, false);
    });

    it("with no more elements than a card holds", () => {
      const long = tensor(Array.from({ length: 40 }, (_, i) => i));
      const view = sessionOf(...beginning, {
        type: "pass",
        pass: pass(0, { values: [long, null, null, null] }),
      }).pass(0)!;
      assert.equal(view.nodes[0]!.value!.data.length, CARD_DATA);
      assert.equal(view.nodes[0]!.value!.truncated, true);
      assert.equal(view.nodes[0]!.value!.max, 39);
    });

    it("with a clash where a saved tensor was modified afterwards", () => {
      const saved = [[], [], [{ name: "other", value: null, savedVersion: 0, version: 1, freed: false }], []];
      const view = sessionOf(...beginning, { type: "pass", pass: pass(0, { saved }) }).pass(0)!;
      assert.deepEqual(
        view.nodes.map((n) => n.clash ?? false),
        [false, false, true, false],
      );
    });

    it("as null where there is none", () => {
      assert.equal(sessionOf(...wholeRun).pass(3), null);
    });

    it("as it was last told, when it is told twice", () => {
      const session = sessionOf(...wholeRun);
      session.apply(batch({ type: "pass", pass: pass(1, { retains: [false, false, true, false] }) }));
      assert.equal(session.pass(1)!.nodes[2]!.retains_grad, true);
      assert.equal(session.outline().passes.length, 3);
    });
  });

  describe("details a node", () => {
    it("with all its elements, saved tensors, formulas and texts", () => {
      const detail = sessionOf(...wholeRun).nodeDetail(0, 2)!;
      assert.equal(detail.valueText, "tensor([1., 2., 3.], grad_fn=<MulBackward0>)");
      assert.equal(detail.gradText, null);
      assert.equal(detail.node.saved![0]!.name, "other");
      assert.equal(detail.node.derivative![1]!.formula, "grad * self");
    });

    it("of a leaf with its gradient", () => {
      const detail = sessionOf(...wholeRun).nodeDetail(2, 1)!;
      assert.equal(detail.valueText, "tensor([0.5000], requires_grad=True)");
      assert.equal(detail.gradText, "tensor([12.])");
    });

    it("with its step in each pass over the same structure", () => {
      const { steps } = sessionOf(...wholeRun).nodeDetail(0, 1)!;
      assert.deepEqual(
        steps.map((s) => [s.pass, s.index, s.step.accumulated!.after.data[0]]),
        [
          [0, 2, 4],
          [1, 2, 8],
          [2, 2, 12],
        ],
      );
    });

    it("with the nearest passes only, where there are many", () => {
      const session = sessionOf(...beginning, ...Array.from({ length: 500 }, (_, i) => passEvents(i)).flat());
      const told = (index: number) => session.nodeDetail(index, 1)!.steps.map((step) => step.pass);
      assert.deepEqual([told(0)[0], told(0).length], [0, 200]);
      assert.ok(told(250).includes(250) && told(250)[0]! > 100);
      assert.equal(told(499).at(-1), 499);
    });

    it("as null where there is none", () => {
      const session = sessionOf(...wholeRun);
      for (const node of [-1, 4, 0.5, Number.NaN]) assert.equal(session.nodeDetail(0, node), null);
    });
  });

  describe("finds the nodes of a place", () => {
    const session = sessionOf(...wholeRun);

    it("by line, in the latest pass first", () => {
      assert.deepEqual(
        session.nodesAt(FILE, 5),
        [2, 1, 0].map((pass) => ({ pass, node: 2 })),
      );
    });

    it("by column, or all of the line where no call is around it", () => {
      assert.equal(session.nodesAt(FILE, 6, 18)[0]!.node, 3);
      assert.equal(session.nodesAt(FILE, 6, 2)[0]!.node, 3);
    });

    it("innermost first", () => {
      const nested = sessionOf(
        {
          type: "module",
          file: FILE,
          text: "",
          first: 0,
          sites: [
            { line: 1, column: 1, endLine: 2, endColumn: 9, text: "f(\n g(x))", name: null },
            { line: 2, column: 2, endLine: 2, endColumn: 6, text: "g(x)", name: null },
          ],
        },
        {
          type: "structure",
          id: 0,
          nodes: [0, 1].map((site) => ({
            kind: "function",
            name: "F",
            label: null,
            is_leaf: false,
            requires_grad: true,
            shape: [],
            dtype: "float32",
            site,
            custom: false,
            derivative: [],
          })),
          edges: [0, 1, 0],
        },
        {
          type: "pass",
          pass: pass(0, {
            structure: 0,
            roots: [0],
            site: -1,
            values: [null, null],
            grads: [null, null],
            retains: [false, false],
            why: [null, null],
            scopes: [[], []],
            saved: [[], []],
            steps: [],
          }),
        },
      );
      const at = (line: number, column: number) => nested.nodesAt(FILE, line, column).map((n) => n.node);
      assert.deepEqual(at(2, 3), [1, 0]);
      assert.deepEqual(at(2, 8), [0]);
      assert.deepEqual(at(1, 1), [0]);
    });

    it("nowhere else", () => {
      assert.deepEqual(session.nodesAt(FILE, 4), []);
      assert.deepEqual(session.nodesAt("/work/course/other.ts", 5), []);
    });
  });

  describe("reads out", () => {
    const session = sessionOf(...wholeRun);

    it("the bindings of a file by position", () => {
      const readouts = session.readouts(FILE);
      assert.deepEqual(
        readouts.map((r) => [r.name, r.line, r.column, r.endColumn, r.times, r.grad_fn]),
        [
          ["x", 2, 7, 8, 1, null],
          ["w", 3, 7, 8, 1, null],
          ["y", 5, 9, 10, 3, "MulBackward0"],
        ],
      );
      assert.deepEqual(readouts[2]!.scope, scopeOf(2));
      assert.deepEqual([readouts[1]!.graph, readouts[1]!.node], [2, 1]);
      assert.deepEqual(session.readouts("/work/course/other.ts"), []);
    });

    it("no node where its pass was let go", () => {
      const kept = sessionOf(...wholeRun, { type: "dropped", dropped: { passes: 3, bytes: 1 }, keptFrom: 3 });
      assert.deepEqual(
        kept.readouts(FILE).map((r) => [r.graph, r.node]),
        Array.from({ length: 3 }, () => [null, null]),
      );
    });

    it("the latest of a binding told twice", () => {
      const again = sessionOf(...wholeRun);
      again.apply(batch(bindingsEvent(1)));
      assert.equal(again.readouts(FILE)[2]!.times, 2);
    });

    it("each backward call once, with the losses of all its passes", () => {
      const [call, ...more] = session.backwardReadouts(FILE);
      assert.deepEqual(more, []);
      assert.equal(call!.times, 3);
      assert.equal(call!.pass, 2);
      assert.equal(call!.rootName, "loss");
      assert.equal(call!.leaves, 1);
      assert.deepEqual(call!.roots, [2, 2, 2]);
      assert.equal(call!.source.line, 7);
    });

    it("no call for a graph that was never walked", () => {
      const live = sessionOf(...beginning, {
        type: "summary",
        summary: summary(0, { call: "live", site: -1 }),
      });
      assert.deepEqual(live.backwardReadouts(FILE), []);
    });

    it("problems, each with its file", () => {
      assert.deepEqual(
        session.problems().map((p) => [p.file, p.code]),
        [[FILE, "accumulated-without-zero"]],
      );
    });
  });

  describe("refuses", () => {
    const whole = sessionOf(...wholeRun);
    const before = JSON.stringify(whole.document());
    const refused = (events: readonly unknown[], message: RegExp, version: unknown = 1) => {
      assert.throws(
        () => whole.apply({ version, events } as Parameters<Session["apply"]>[0]),
        (error) => error instanceof MalformedBatch && message.test(error.message),
      );
      assert.equal(JSON.stringify(whole.document()), before);
    };

    it("another version's batch", () => {
      refused([], /trace version 2, this is version 1/, 2);
    });

    it("what is no batch at all", () => {
      for (const junk of [null, undefined, 3, "batch", { version: 1 }, { version: 1, events: 4 }]) {
        assert.throws(() => whole.apply(junk as never), MalformedBatch);
      }
    });

    it("an event that it does not know", () => {
      refused([{ type: "nonsense" }], /event 0 \(nonsense\)\.type/);
      refused([null], /event 0/);
    });

    it("everything of a batch in which one event is wrong", () => {
      refused(
        [...passEvents(3), { type: "pass", pass: { ...pass(4), steps: 9 } }],
        /event 2 \(pass\)\.pass\.steps/,
      );
    });

    it("references that lead nowhere", () => {
      const wrong = (over: object) => [{ type: "pass", pass: { ...pass(3), ...over } }];
      refused(wrong({ structure: 8 }), /structure is unknown/);
      refused(wrong({ roots: [4] }), /roots/);
      refused(wrong({ values: [] }), /values/);
      refused(wrong({ site: 5 }), /site is unknown/);
      refused(wrong({ steps: [{ ...pass(3).steps[0], node: 4 }] }), /steps\[0\]/);
      refused([{ type: "structure", id: 9, nodes: [], edges: [0, 0, 0] }], /edges/);
      refused([{ type: "structure", id: 7, nodes: [], edges: [] }], /in use/);
      refused([{ type: "summary", summary: summary(3, { site: 5 }) }], /site is unknown/);
    });

    it("a site id given twice", () => {
      const sites = [{ line: 1, column: 1, endLine: 1, endColumn: 2, text: "a", name: null }];
      refused([{ type: "module", file: "a.ts", text: "a", first: SITE.w, sites }], /in use/);
    });
  });
});
