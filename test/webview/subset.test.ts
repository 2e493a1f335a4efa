/** @file Relatives of a node, parts of a graph, and what a run made different. */
import assert from "node:assert/strict";
import type { PassView } from "../../src/protocol/view.js";
import { EmbeddedTrace } from "../../webview/document.js";
import { changesBetween, changesText } from "../../webview/model/changes.js";
import { faceOf } from "../../webview/model/face.js";
import { LEGEND } from "../../webview/model/filters.js";
import { buildGraph, type Card, type Graph } from "../../webview/model/graph.js";
import { treeOf } from "../../webview/model/outline-tree.js";
import { ancestors, between, descendants, reaching } from "../../webview/model/relations.js";
import { focusText, partOf } from "../../webview/model/subset.js";
import { incoming } from "../../webview/model/walk.js";
import { chains, fitLine } from "./support/traces.js";

function viewOf(trace = fitLine(1)): PassView {
  const view = new EmbeddedTrace(trace).pass(0);
  assert.ok(view);
  return view;
}

function card(graph: Graph, title: string): Card {
  const found = graph.cards.find((each) => each.title === title);
  assert.ok(found, title);
  return found;
}

const titles = (cards: Iterable<Card> | null) => cards && [...cards].map((each) => each.title).sort();

describe("Relatives of a node", () => {
  const graph = buildGraph(viewOf());

  it("are what it was computed from, and what was computed from it", () => {
    assert.deepEqual(titles(ancestors(card(graph, "y"))), ["b", "w", "w.mul(x)", "x", "y"]);
    assert.deepEqual(titles(descendants(card(graph, "y"))), [
      "loss",
      "y",
      "y.sub(target)",
      "y.sub(target).pow(2)",
    ]);
    assert.deepEqual(titles(ancestors(card(graph, "x"))), ["x"]);
  });

  it("of a leaf are what its gradient comes through", () => {
    assert.deepEqual(titles(reaching(card(graph, "b"))), [
      "b",
      "loss",
      "y",
      "y.sub(target)",
      "y.sub(target).pow(2)",
    ]);
  });

  it("stand on the way between two nodes, whichever comes first", () => {
    const way = ["w", "w.mul(x)", "y"];
    assert.deepEqual(titles(between(card(graph, "w"), card(graph, "y"))), way);
    assert.deepEqual(titles(between(card(graph, "y"), card(graph, "w"))), way);
    assert.equal(between(card(graph, "w"), card(graph, "b")), null);
  });

  it("are found in a chain of 20,000 nodes", () => {
    const long = buildGraph(viewOf(chains(1, 20_000)));
    const last = long.cards.find((each) => each.outputs.length === 0);
    assert.ok(last);
    assert.ok(ancestors(last).size > 20_000);
  });
});

describe("A part of the graph", () => {
  const graph = buildGraph(viewOf());
  const keyOf = (title: string) => card(graph, title).key;

  it("is the graph itself where nothing is left out", () => {
    assert.equal(partOf(graph, { constants: true, focus: null }), graph);
  });

  it("leaves out the constants, with their links and from the tree", () => {
    const part = partOf(graph, { constants: false, focus: null });
    assert.deepEqual(
      graph.cards.filter((each) => !part.cards.includes(each)).map((each) => each.title),
      ["x", "target"],
    );
    assert.equal(part.links.length, graph.links.length - 2);
    assert.deepEqual(new Set(treeOf(part).map((item) => item.card)), new Set(part.cards));
    assert.notEqual(part.signature, graph.signature);
  });

  it("counts what comes in from nodes that it leaves out", () => {
    const part = partOf(graph, { constants: true, focus: { kind: "ancestors", of: keyOf("y") } });
    assert.equal(part.byId.has(card(graph, "loss").id), false);
    assert.deepEqual(incoming(part, card(part, "y"), 7).expected, 1);
    assert.equal(incoming(part, card(part, "y"), 7).arrived, 1);
  });

  it("says in words what it is", () => {
    const of = keyOf("w");
    assert.equal(focusText(graph, { kind: "reaching", of }), "What reaches w");
    assert.equal(focusText(graph, { kind: "path", of, to: keyOf("loss") }), "Between w and loss");
    assert.equal(
      focusText(graph, { kind: "ancestors", of: "gone" }),
      "What a node that is gone was computed from",
    );
  });

  it("is everything where its node is gone", () => {
    assert.equal(partOf(graph, { constants: true, focus: { kind: "ancestors", of: "gone" } }), graph);
  });
});

describe("After another run", () => {
  const before = buildGraph(viewOf());

  it("a graph that came out the same has no marks", () => {
    const changes = changesBetween(before, buildGraph({ ...viewOf(), run: "next" }));
    assert.deepEqual([changes.of.size, changes.removed, changesText(changes)], [0, 0, ""]);
  });

  it("what differs is marked, what is new too, and what is gone is counted", () => {
    const view = viewOf();
    const nodes = view.nodes.map((node) => {
      if (node.label === "w" && node.value)
        return { ...node, value: { ...node.value, data: [9], min: 9, max: 9 } };
      return node.label === "b" ? { ...node, label: "bias" } : node;
    });
    const after = buildGraph({ ...view, nodes });
    const changes = changesBetween(before, after);
    assert.equal(changes.of.get(card(after, "w").id), "changed");
    assert.equal(changes.of.get(card(after, "bias").id), "added");
    assert.equal(changes.of.size, 2);
    assert.equal(changesText(changes), "1 new, 1 changed, 1 gone");
  });
});

describe("A gradient's state", () => {
  const graph = buildGraph(viewOf());
  const states = (title: string) =>
    [0, 1, 5, 7].map((position) => faceOf(graph, card(graph, title), position).grad?.state);

  it("goes from pending over flowing to accumulated, or passed through", () => {
    const { step } = card(graph, "w");
    const leaf = [0, step, step + 1].map((position) => faceOf(graph, card(graph, "w"), position).grad?.state);
    assert.deepEqual(leaf, ["pending", "flowing", "accumulated"]);
    assert.deepEqual(states("loss"), ["flowing", "passed", "passed", "passed"]);
    assert.equal(faceOf(graph, card(graph, "x"), 7).grad, null);
  });

  it("is absent where the pass does not go", () => {
    const view = viewOf();
    const steps = view.steps.filter(({ node }) => node !== 3);
    const nodes = view.nodes.map((node) => (node.id === 3 ? { ...node, grad: null } : node));
    const cut = buildGraph({ ...view, nodes, steps });
    assert.equal(faceOf(cut, card(cut, "b"), steps.length).grad?.state, "absent");
  });

  it("has an entry in the legend for each state that a card can show", () => {
    for (const position of [0, 1, 2, 3, 4, 5, 6, 7])
      for (const each of graph.cards) {
        const face = faceOf(graph, each, position);
        const { grad } = face;
        if (grad) assert.ok(LEGEND.some((entry) => entry.id === grad.state && entry.matches(face, null)));
      }
  });
});
