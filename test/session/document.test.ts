import assert from "node:assert/strict";
import type { TraceDocument } from "../../src/protocol/export.js";
import type { TraceEvent } from "../../src/protocol/trace.js";
import { parseTraceDocument, UnreadableTrace } from "../../src/session/parse.js";
import { Session } from "../../src/session/session.js";
import { checkExport } from "./exportChecker.js";
import { BASE, batch, beginning, end, FILE, pass, summary, TEXT, tensor, wholeRun } from "./run.js";

function saved(...events: readonly TraceEvent[]): TraceDocument {
  const session = new Session();
  session.apply(batch(...events));
  return session.document(BASE);
}

/** A deep copy that a test may spoil. */
function spoilt(change: (document: TraceDocument) => unknown): string {
  const copy = JSON.parse(JSON.stringify(saved(...wholeRun)));
  change(copy);
  return JSON.stringify(copy);
}

function refusal(text: string): string {
  try {
    parseTraceDocument(text);
  } catch (error) {
    assert.ok(error instanceof UnreadableTrace, String(error));
    assert.match(error.message, /^[A-Z][^\n]*\.$/);
    return error.message;
  }
  assert.fail("the document was taken");
}

describe("the JSON export", () => {
  it("is what the contract says", () => {
    checkExport(saved(...wholeRun));
  });

  it("holds a graph for each backward pass, and the pass's steps", () => {
    const { graphs, backwards } = saved(...wholeRun);
    assert.equal(graphs.length, 3);
    assert.deepEqual(
      backwards.map((b) => [b.graph, b.roots, b.steps.length]),
      [0, 1, 2].map((g) => [g, [3], 3]),
    );
    assert.deepEqual(backwards[1]!.steps[2]!.accumulated!.before!.data, [4]);
  });

  it("holds the live graph of a program that never calls backward", () => {
    const document = saved(
      ...beginning,
      { type: "summary", summary: summary(0, { call: "live", site: -1 }) },
      { type: "pass", pass: pass(0, { call: "live", site: -1, steps: [] }) },
      end(),
    );
    checkExport(document);
    assert.equal(document.graphs.length, 1);
    assert.deepEqual(document.backwards, []);
  });

  it("names files from the folder given, and files outside by their whole path", () => {
    const document = saved(...wholeRun);
    assert.equal(document.program.file, "fit line.ts");
    assert.equal(document.graphs[0]!.nodes[1]!.source!.file, "fit line.ts");
    const session = new Session();
    session.apply(batch(...wholeRun));
    assert.equal(session.document("/elsewhere").program.file, FILE);
    assert.equal(session.document("/work/cou").program.file, FILE);
  });

  it("speaks of Windows files with slashes", () => {
    const session = new Session();
    session.apply(batch({ type: "program", file: "C:\\course\\a\\fit.ts", time: 0 }));
    assert.equal(session.document("C:\\course").program.file, "a/fit.ts");
  });

  it("writes what JSON lacks by name", () => {
    const odd = tensor([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
    const document = saved(...beginning, {
      type: "pass",
      pass: pass(0, { values: [odd, null, null, null] }),
    });
    checkExport(document);
    assert.deepEqual(document.graphs[0]!.nodes[0]!.value, {
      data: ["NaN", "Infinity", "-Infinity"],
      truncated: false,
      min: null,
      max: null,
      mean: null,
      norm: null,
      nan: 1,
      inf: 2,
    });
  });

  it("writes at most 1,000 elements and says so", () => {
    const large = { ...tensor(Array.from({ length: 1200 }, () => 1)), shape: [30, 40] };
    const document = saved(...beginning, {
      type: "pass",
      pass: pass(0, { values: [large, null, null, null] }),
    });
    const { value } = document.graphs[0]!.nodes[0]!;
    assert.equal(value!.data.length, 1000);
    assert.equal(value!.truncated, true);
  });

  it("holds the program's text", () => {
    assert.equal(saved(...wholeRun).text, TEXT);
  });
});

describe("a saved trace", () => {
  const document = saved(...wholeRun);
  const opened = Session.fromDocument(parseTraceDocument(JSON.stringify(document)), { run: "r1" });

  it("opens as the document that it was", () => {
    assert.deepEqual(opened.document(), document);
  });

  it("answers as the run did", () => {
    const live = new Session({ run: "r1" });
    live.apply(batch(...wholeRun));
    const file = "fit line.ts";
    const here = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll(FILE, file));
    assert.deepEqual(opened.pass(1), here(live.pass(1)));
    assert.deepEqual(opened.nodeDetail(2, 1), here(live.nodeDetail(2, 1)));
    assert.deepEqual(opened.readouts(file), here(live.readouts(FILE)));
    assert.deepEqual(opened.backwardReadouts(file), here(live.backwardReadouts(FILE)));
    assert.deepEqual(opened.nodesAt(file, 5, 14), live.nodesAt(FILE, 5, 14));
    assert.deepEqual(opened.problems(), here(live.problems()));
    assert.deepEqual(opened.outline().passes, here(live.outline().passes));
    assert.equal(opened.text(file), TEXT);
  });

  it("of a failed program is a failed one", () => {
    const error = { name: "Error", message: "no", line: null, column: null };
    const failed = Session.fromDocument(saved(...beginning, end(error)));
    assert.equal(failed.outline().state, "failed");
    assert.deepEqual(failed.outline().program.error, error);
  });

  it("keeps what a foreign writer leaves out", () => {
    const bare = spoilt((d) => {
      Reflect.deleteProperty(d, "text");
      for (const node of d.graphs.flatMap((graph) => graph.nodes)) {
        for (const key of ["text", "derivative", "saved", "custom", "why_no_grad"])
          Reflect.deleteProperty(node, key);
      }
    });
    const session = Session.fromDocument(parseTraceDocument(bare));
    assert.equal(session.pass(0)!.nodes[2]!.name, "MulBackward0");
    assert.deepEqual(session.nodeDetail(0, 1)!.steps.length, 3);
  });

  it("may number its nodes as it likes", () => {
    const text = JSON.stringify(document);
    const renumbered = JSON.parse(text, (key, value) =>
      ["id", "from", "to", "node"].includes(key) && typeof value === "number" ? 50 - 7 * value : value,
    );
    for (const backward of renumbered.backwards)
      backward.roots = backward.roots.map((r: number) => 50 - 7 * r);
    const session = Session.fromDocument(parseTraceDocument(JSON.stringify(renumbered)));
    assert.deepEqual(session.document(), document);
  });
});

describe("a file that is no usable trace is refused in one sentence", () => {
  it("when it is empty", () => {
    assert.match(refusal(" \n"), /empty/);
  });

  it("when it is not JSON, or other JSON", () => {
    assert.match(refusal("hello"), /not JSON/);
    for (const other of ["[]", "null", "3", '{"format":"other"}', '{"nodes":[]}']) {
      assert.match(refusal(other), /no Gradwalk trace/);
    }
  });

  it("when it is cut off, wherever that is", () => {
    const text = JSON.stringify(document());
    for (let length = 30; length < text.length; length += 611) {
      assert.match(refusal(text.slice(0, length)), /cut off/);
    }
  });

  it("when it is of a newer version", () => {
    assert.match(refusal(spoilt((d) => Object.assign(d, { version: 2 }))), /version 2.*update Gradwalk/);
  });

  it("when a field is missing or of the wrong kind", () => {
    const whole = document() as unknown as Record<string, unknown>;
    for (const field of ["program", "graphs", "backwards", "bindings", "problems"]) {
      assert.match(refusal(JSON.stringify({ ...whole, [field]: undefined })), new RegExp(`broken: ${field}`));
      assert.match(refusal(JSON.stringify({ ...whole, [field]: 7 })), new RegExp(`broken: ${field}`));
    }
    assert.match(
      refusal(spoilt((d) => Object.assign(d.graphs[0]!.nodes[1]!, { shape: [-1] }))),
      /broken: graphs\[0\]\.nodes\[1\]\.shape\[0\]/,
    );
  });

  it("when its ids lead nowhere", () => {
    const cases: [(d: TraceDocument) => object, object, RegExp][] = [
      [(d) => d.graphs[0]!.edges[0]!, { to: 99 }, /edges\[0\]/],
      [(d) => d.graphs[1]!.nodes[1]!, { id: 0 }, /two nodes/],
      [(d) => d.backwards[0]!, { graph: 3 }, /graph/],
      [(d) => d.backwards[0]!, { roots: [17] }, /roots/],
      [(d) => d.backwards[0]!.steps[1]!, { node: 4 }, /steps\[1\]/],
      [(d) => d.backwards[0]!.steps[1]!.terms![0]!, { from: 4 }, /steps\[1\]/],
      [(d) => d.bindings[1]!, { node: 4 }, /bindings\[1\]/],
      [(d) => d.bindings[1]!, { graph: 9 }, /bindings\[1\]/],
    ];
    for (const [part, change, message] of cases) {
      assert.match(refusal(spoilt((d) => Object.assign(part(d), change))), message);
    }
  });

  function document(): TraceDocument {
    return saved(...wholeRun);
  }
});
