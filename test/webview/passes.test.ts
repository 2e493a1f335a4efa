/** @file The passes of a run as curves, and two of them held against each other. */
import assert from "node:assert/strict";
import { EmbeddedTrace } from "../../webview/document.js";
import { compared, comparisonLine, difference, distance } from "../../webview/model/compare.js";
import { faceOf } from "../../webview/model/face.js";
import { buildGraph, type Graph } from "../../webview/model/graph.js";
import { heatBy, overlayFor } from "../../webview/model/heat.js";
import {
  goneSpans,
  leavesOf,
  logNormOf,
  lossOf,
  nextKept,
  piecesOf,
  seriesOf,
  withinText,
} from "../../webview/model/timeline.js";
import { fitLine, tensor } from "./support/traces.js";

const source = new EmbeddedTrace(fitLine(3));
const { passes } = source.outline();

function graphOf(index: number): Graph {
  const view = source.pass(index);
  assert.ok(view);
  return buildGraph(view);
}

describe("The curves of a run", () => {
  it("leave gaps where a loss is not finite", () => {
    const losses = [3, 2, Number.NaN, 1, null];
    const series = losses.map((root, index) => ({ ...passes[0]!, index, root }));
    assert.deepEqual(piecesOf(series, lossOf), [
      [
        { index: 0, value: 3 },
        { index: 1, value: 2 },
      ],
      [{ index: 3, value: 1 }],
    ]);
  });

  it("join only the losses of one backward call", () => {
    const elsewhere = passes.map((pass, i) =>
      i === 1 ? { ...pass, source: { file: "b.ts", line: 1, column: 1 } } : pass,
    );
    const joined = (index: number) => seriesOf(elsewhere, elsewhere[index]).map((pass) => pass.index);
    assert.deepEqual([joined(0), joined(1)], [[0, 2], [1]]);
  });

  it("say inside which step of which pass a nested one ran", () => {
    const { backwards, ...rest } = fitLine(2);
    const [outer, inner] = backwards;
    const nested = { ...rest, backwards: [outer!, { ...inner!, within: { graph: outer!.graph, step: 3 } }] };
    const told = new EmbeddedTrace(nested).outline().passes.map(withinText);
    assert.deepEqual(told, [null, "inside step 4 of pass 1"]);
  });

  it("show each leaf's gradient norm on a logarithmic scale, the largest leaf first", () => {
    assert.deepEqual(leavesOf(passes), ["w", "b"]);
    const norms = [100, 0, 10].map((w, i) => ({ ...passes[i]!, gradNorms: { w } }));
    assert.deepEqual(piecesOf(norms, logNormOf("w")), [[{ index: 0, value: 2 }], [{ index: 2, value: 1 }]]);
    assert.deepEqual(piecesOf(norms, logNormOf("toString")), []);
  });

  it("say of which passes only a summary is kept, and playing skips those", () => {
    const kept = [false, false, true, false, true].map((each, index) => ({
      ...passes[0]!,
      index,
      kept: each,
    }));
    assert.deepEqual(goneSpans(kept), [
      { from: 0, to: 1 },
      { from: 3, to: 3 },
    ]);
    assert.deepEqual([nextKept(kept, -1, 1), nextKept(kept, 2, 1), nextKept(kept, 4, 1)], [2, 4, null]);
    assert.equal(nextKept(kept, 2, -1), null);
  });
});

describe("Two passes", () => {
  const other = graphOf(0);
  const graph = compared(graphOf(2), other);
  const face = (title: string) => {
    const card = graph.cards.find((each) => each.title === title);
    assert.ok(card);
    return faceOf(graph, card, 7);
  };

  it("tell on each card what was and what is, or by how much they differ", () => {
    assert.match(face("loss").value, /^9\.0767 → [\d.]+$/);
    assert.match(face("y").value, /^diff \[/);
    assert.match(face("w").grad?.text ?? "", /^\[-25\.867\] → \[-?[\d.]+\]$/);
    assert.equal(face("x").value, "no difference");
  });

  it("are coloured by how far they are apart, whatever colour was chosen", () => {
    const overlay = overlayFor(graph, "state");
    assert.equal(overlay?.id, "difference");
    const heat = overlay && heatBy(overlay, graph, 7);
    assert.equal(heat?.of.get("n1"), 0);
    assert.ok((heat?.of.get("n8") ?? 0) > 0);
  });

  it("that are drawn beside each other keep their own values", () => {
    const beside = compared(graphOf(2), other, true);
    const card = beside.cards.find((each) => each.title === "loss");
    assert.ok(card);
    assert.equal(faceOf(beside, card, 7).value, faceOf(graphOf(2), card, 7).value);
  });

  it("say which cards only one of them has", () => {
    const less = { ...other, cards: other.cards.filter((card) => card.title !== "y") };
    const beside = compared(graphOf(2), less);
    const card = beside.cards.find((each) => each.title === "y");
    assert.ok(card && faceOf(beside, card, 7).tags.some((tag) => tag.text === "only here"));
  });

  it("are not compared with themselves", () => {
    assert.equal(compared(other, other).against, undefined);
    assert.equal(compared(other, null).against, undefined);
  });

  it("differ element by element where all are known, by their norms where not", () => {
    const [a, b] = [tensor([1, 2, 3]), tensor([1, 4, 3])];
    assert.deepEqual(difference(a, b)?.data, [0, 2, 0]);
    assert.equal(comparisonLine(a, b), "diff [0, 2, 0]");
    assert.equal(distance(a, b), 2);
    const cut = (norm: number) => ({ ...tensor([1, 2, 3], [50]), truncated: true, norm });
    assert.equal(comparisonLine(cut(3.2), cut(2.9)), "‖·‖ 3.2 → 2.9");
    assert.ok(Math.abs((distance(cut(3.2), cut(2.9)) ?? 0) - 0.3) < 1e-12);
    assert.equal(comparisonLine(a, tensor([1], [1])), "[3] → [1]");
    assert.equal(distance(a, tensor([1], [1])), null);
  });

  it("that are not finite say so instead of a number", () => {
    const nan = tensor([Number.NaN, 1]);
    assert.deepEqual(difference(tensor([1, 1]), nan)?.data, ["NaN", 0]);
    assert.equal(distance(tensor([1, 1]), nan), null);
  });
});
