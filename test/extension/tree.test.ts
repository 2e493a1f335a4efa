/** @file The rows of the view "Gradients", by eye and by ear. */
import assert from "node:assert/strict";
import { type Row, rows } from "../../src/extension/tree/items.js";
import type { TraceEvent } from "../../src/protocol/trace.js";
import { Session } from "../../src/session/session.js";
import { batch, beginning, bindingsEvent, end, FILE, passEvents, wholeRun } from "../session/run.js";

function sessionOf(...events: readonly TraceEvent[]): Session {
  const session = new Session({ run: "r1", file: FILE });
  session.apply(batch(...events));
  return session;
}

function tree(request: Partial<Parameters<typeof rows>[0]> & { readonly session: Session }): Row[] {
  return rows({ pass: 2, elsewhere: false, pinned: null, problems: [], ...request });
}

const children = (all: readonly Row[], id: string) => all.find((row) => row.id === id)!.children!();
const lines = (all: readonly Row[]) => all.map(({ label, description }) => `${label}: ${description}`);

describe("the tree of gradients", () => {
  it("begins with the leaves and their gradients, as of the pass that is looked at", () => {
    const session = sessionOf(...wholeRun);
    assert.deepEqual(lines(children(tree({ session }), "leaves")), ["w: [1] grad [12] (×3)"]);
    const [leaf] = children(tree({ session, pass: 0, elsewhere: true }), "leaves");
    assert.equal(leaf!.spoken, "w, leaf, shape 1, gradient norm 4, accumulated 1 times");
    assert.deepEqual(leaf!.command, { command: "gradwalk.showNode", arguments: [0, 1] });
  });

  it("holds every readout, which leads to its line", () => {
    const all = children(tree({ session: sessionOf(...wholeRun) }), "variables");
    assert.deepEqual(
      all.map(({ label }) => label),
      ["x", "w", "y", "backward()"],
    );
    assert.deepEqual(all[2]!.command, { command: "gradwalk.revealLine", arguments: [FILE, 5] });
    assert.match(all[2]!.spoken!, /^line 5: y: non-leaf, MulBackward0/);
  });

  it("holds the passes, the newest first, and says which one is shown", () => {
    const all = children(tree({ session: sessionOf(...wholeRun), pass: 1 }), "passes");
    assert.deepEqual(lines(all), [
      "Iteration 3: loss 2 · 3 nodes run · line 7",
      "Iteration 2: loss 2 · 3 nodes run · line 7",
      "Iteration 1: loss 2 · 3 nodes run · line 7",
    ]);
    assert.match(all[1]!.spoken!, /^iteration 2 of 3, .*, shown$/);
    assert.doesNotMatch(all[0]!.spoken!, /shown/);
  });

  it("puts hundreds of passes into groups", () => {
    const many = Array.from({ length: 250 }, (_, i) => passEvents(i)).flat();
    const session = sessionOf(...beginning, ...many, bindingsEvent(249), end());
    const groups = children(tree({ session, pass: 249 }), "passes");
    assert.deepEqual(
      groups.map(({ label, open }) => [label, open]),
      [
        ["Passes 151 to 250", true],
        ["Passes 51 to 150", false],
        ["Passes 1 to 50", false],
      ],
    );
    assert.equal(groups[2]!.children!().length, 50);
  });

  it("gives every row a name of its own, which lives through runs", () => {
    const ids = (session: Session) => {
      const all: string[] = [];
      const visit = (row: Row) => {
        all.push(row.id);
        row.children?.().forEach(visit);
      };
      tree({ session }).forEach(visit);
      return all;
    };
    const first = ids(sessionOf(...wholeRun));
    assert.equal(new Set(first).size, first.length);
    assert.deepEqual(ids(sessionOf(...wholeRun)), first);
  });

  it("is empty before there is anything", () => {
    assert.deepEqual(tree({ session: new Session({ file: FILE }), pass: null }), []);
  });

  it("names the run that is pinned", () => {
    const session = sessionOf(...wholeRun);
    const row = tree({ session, pinned: session }).at(-1)!;
    assert.deepEqual([row.context, row.description], ["pinned", "loss 2 · 13 ms"]);
  });
});
