/** @file The graph of a pass, and what can be asked of it. */
import assert from "node:assert/strict";
import { mix, parseColour, plain } from "../../webview/canvas/theme.js";
import { EmbeddedTrace } from "../../webview/document.js";
import { bytesText } from "../../webview/model/bytes.js";
import { describe as describeCard, faceOf, gradNorm, whyNone } from "../../webview/model/face.js";
import { buildGraph, type Graph } from "../../webview/model/graph.js";
import { heatBy, overlayOf, type Quantity, timeText } from "../../webview/model/heat.js";
import { treeOf } from "../../webview/model/outline-tree.js";
import { search } from "../../webview/model/search.js";
import { incoming, termState } from "../../webview/model/walk.js";
import { chains, fitLine, oddities } from "./support/traces.js";

function graphOf(trace = fitLine(1), pass = 0): Graph {
  const view = new EmbeddedTrace(trace).pass(pass);
  assert.ok(view);
  return buildGraph(view);
}

function card(graph: Graph, title: string) {
  const found = graph.cards.find((each) => each.title === title);
  assert.ok(found, `${title} among ${graph.cards.map((each) => each.title).join(", ")}`);
  return found;
}

describe("The graph of a pass", () => {
  it("gives each link the gradient term that its consumer sent", () => {
    const graph = graphOf();
    const terms = graph.links.map(({ producer, consumer, term }) => [
      consumer.title,
      producer.title,
      term?.data.map(Number),
    ]);
    const rounded = JSON.parse(
      JSON.stringify(terms, (_, value) =>
        typeof value === "number" ? Math.round(value * 100) / 100 : value,
      ),
    );
    assert.deepEqual(rounded, [
      ["loss", "y.sub(target).pow(2)", [0.33, 0.33, 0.33]],
      ["y.sub(target).pow(2)", "y.sub(target)", [-1.27, -1.93, -2.6]],
      ["y.sub(target)", "y", [-1.27, -1.93, -2.6]],
      ["y.sub(target)", "target", null],
      ["y", "w.mul(x)", [-1.27, -1.93, -2.6]],
      ["y", "b", [-5.8]],
      ["w.mul(x)", "w", [-25.87]],
      ["w.mul(x)", "x", null],
    ]);
  });

  it("finds the terms from outgoing gradients where a trace has none", () => {
    const trace = fitLine(1);
    const [backward] = trace.backwards;
    assert.ok(backward);
    const steps = backward.steps.map(({ terms: _, ...step }) => step);
    const bare = graphOf({ ...trace, backwards: [{ ...backward, steps }] });
    const whole = graphOf(trace);
    assert.deepEqual(
      bare.links.map((link) => link.term?.data),
      whole.links.map((link) => link.term?.data),
    );
  });

  it("keeps the two terms apart that one consumer sends to two outputs", () => {
    const graph = graphOf(oddities());
    const [first, second] = card(graph, "h.unbind(0)").outputs;
    assert.deepEqual([first?.inputNr, second?.inputNr], [0, 1]);
    assert.equal(first?.numbered, true);
    assert.ok(first?.term);
  });

  it("leaves out edges to nodes that a cut trace does not hold", () => {
    const trace = fitLine(1);
    const [graph] = trace.graphs;
    assert.ok(graph);
    const cut = graphOf({ ...trace, graphs: [{ ...graph, nodes: graph.nodes.slice(4) }] });
    assert.deepEqual(
      cut.links.map((link) => `${link.consumer.title} ${link.producer.title}`),
      [
        "loss y.sub(target).pow(2)",
        "y.sub(target).pow(2) y.sub(target)",
        "y.sub(target) y",
        "y.sub(target) target",
      ],
    );
  });

  it("gives nodes the same keys in the next run, wherever their lines have moved", () => {
    const moved = fitLine(1);
    const [graph] = moved.graphs;
    assert.ok(graph);
    const nodes = graph.nodes.map((node) => ({
      ...node,
      source: node.source && { ...node.source, line: node.source.line + 7 },
    }));
    const keys = (of: Graph) => of.cards.map((each) => each.key);
    assert.deepEqual(keys(graphOf({ ...moved, graphs: [{ ...graph, nodes }] })), keys(graphOf()));
    assert.equal(new Set(keys(graphOf(chains(3, 4)))).size, graphOf(chains(3, 4)).cards.length);
  });

  it("is one tree for a reader, each node once, inputs below what uses them", () => {
    for (const trace of [fitLine(1), oddities(), chains(30, 400)]) {
      const graph = graphOf(trace);
      const items = treeOf(graph);
      assert.equal(new Set(items.map((item) => item.card)).size, graph.cards.length);
      assert.ok(items.every((item) => item.position >= 1 && item.position <= item.siblings));
    }
  });
});

describe("A walk", () => {
  it("fills in the gradients in the engine's order, and says how many terms are to come", () => {
    const graph = graphOf();
    const w = card(graph, "w");
    const lines = [0, 5, 6, 7].map((position) => faceOf(graph, w, position).grad?.text);
    assert.deepEqual(lines, [
      ".grad none · 1 term to come",
      ".grad none · 1 term to come",
      ".grad none · arriving",
      ".grad [-25.867]  ×1",
    ]);
    const link = w.outputs[0];
    assert.ok(link);
    assert.deepEqual(
      [4, 5, 6].map((position) => termState(link, position)),
      ["expected", "leaving", "arrived"],
    );
  });

  it("counts the terms of a fan-in one by one", () => {
    const graph = graphOf(oddities());
    const h = card(graph, "h");
    const counts = [3, 4, 6].map((position) => {
      const { arrived, expected, gradients } = incoming(graph, h, position);
      return [arrived, expected, gradients.length];
    });
    assert.deepEqual(counts, [
      [0, 2, 0],
      [1, 2, 0],
      [2, 2, 1],
    ]);
    assert.equal(faceOf(graph, h, 4).grad?.text, "in · 1 of 2 terms");
  });

  it("says why there is no .grad, at every position", () => {
    const graph = graphOf();
    assert.match(whyNone(graph, card(graph, "w"), 3) ?? "", /still to come/);
    assert.equal(whyNone(graph, card(graph, "w"), 7), null);
    assert.match(whyNone(graph, card(graph, "x"), 7) ?? "", /does not require grad/);
    assert.match(whyNone(graph, card(graph, "y"), 7) ?? "", /retain_grad/);
  });

  it("tells NaN, a version clash, retained gradients and custom functions in words", () => {
    const graph = graphOf(oddities());
    const end = graph.pass.steps.length;
    assert.match(describeCard(graph, card(graph, "logits"), end), /NaN, inf/);
    assert.match(describeCard(graph, card(graph, "h"), end), /modified.*retained/);
    assert.match(describeCard(graph, card(graph, "Clip.apply(h)"), end), /custom/);
    assert.match(describeCard(graph, card(graph, "weights"), end), /×2/);
  });
});

describe("Colouring", () => {
  const heat = (graph: Graph, by: Quantity, position = graph.pass.steps.length) =>
    heatBy(overlayOf(by), graph, position);

  it("by gradient norm spans the pass on a logarithmic scale, whatever the position", () => {
    const graph = graphOf();
    const end = heat(graph, "norm", 7);
    const early = heat(graph, "norm", 1);
    assert.ok(end && early);
    assert.deepEqual([end.from, end.to], [early.from, early.to]);
    assert.equal(end.of.get(card(graph, "w").id), 1);
    assert.equal(early.of.has(card(graph, "w").id), false);
    assert.ok(Math.abs((gradNorm(graph, card(graph, "b"), 7) ?? 0) - 5.8) < 1e-9);
  });

  it("by order starts hottest at the root, and has nothing to say where nothing ran", () => {
    const order = heat(graphOf(), "order");
    assert.equal(order?.of.get("n8"), 1);
    assert.equal(order?.of.get("n0"), 0);
    assert.deepEqual([order?.from, order?.to], [1, 7]);
    assert.equal(heat(graphOf(chains(2, 2)), "order"), null);
  });

  it("by memory counts the bytes of each tensor", () => {
    const graph = graphOf();
    const memory = heat(graph, "memory");
    // The loss is one float32, x three of them.
    assert.ok(Math.abs((memory?.from ?? 0) - 4) < 1e-9 && Math.abs((memory?.to ?? 0) - 12) < 1e-9);
    assert.equal(memory?.of.get(card(graph, "x").id), 1);
    assert.deepEqual([0, 12, 2048, 3 * 2 ** 30].map(bytesText), ["0 B", "12 B", "2 KiB", "3 GiB"]);
  });

  it("by values compares tensors of different sizes by their root mean square", () => {
    const graph = graphOf();
    const of = heat(graph, "value")?.of;
    // w is [0.5], x is [2, 4, 6].
    assert.ok((of?.get(card(graph, "w").id) ?? 1) < (of?.get(card(graph, "x").id) ?? 0));
  });

  it("by time takes what the steps tell", () => {
    const graph = graphOf();
    assert.equal(heat(graph, "time"), null);
    const steps = graph.pass.steps.map((step, i) => ({ ...step, time: 10 ** -i }));
    const timed = heat(buildGraph({ ...graph.pass, steps }), "time");
    assert.equal(timed?.of.get("n8"), 1);
    assert.deepEqual([0.0125, 3].map(timeText), ["12.5 µs", "3 ms"]);
  });

  it("mixes what browsers compute, and writes what every reader of SVG knows", () => {
    assert.deepEqual(parseColour("color(srgb 1 0.5 0 / 1)"), [255, 127.5, 0]);
    assert.equal(mix("rgb(255, 0, 0)", "rgb(0, 0, 0)", 0.5), "rgb(128, 0, 0)");
    const written = ["color(srgb 1 0.5 0)", "color(srgb 0 0 0 / 0.25)", "rgb(1, 2, 3)", "rgba(1, 2, 3, 0.5)"];
    assert.deepEqual(written.map(plain), [
      "rgb(255, 128, 0)",
      "rgba(0, 0, 0, 0.25)",
      "rgb(1, 2, 3)",
      "rgba(1, 2, 3, 0.5)",
    ]);
  });
});

describe("Search", () => {
  it("needs every word, takes lines whole, and finds what is not written on the card", () => {
    const graph = graphOf();
    const titles = (query: string) => search(graph, query, 7).map((each) => each.title);
    assert.deepEqual(titles("LINE:9"), ["w.mul(x)", "y"]);
    assert.deepEqual(titles("line:1"), []);
    assert.deepEqual(titles("leaf requires grad accumulate"), ["w", "b"]);
    assert.deepEqual(titles(".pow(2).mean"), ["loss"]);
    assert.deepEqual(titles("  "), []);
    assert.deepEqual(titles("leaf accumulated"), ["w", "b"]);
    assert.deepEqual(titles("passed mulbackward"), ["w.mul(x)"]);
    assert.deepEqual(titles("shape:[1]"), ["w", "b"]);
    const early = search(graph, "pending", 1).map((each) => each.title);
    assert.ok(early.includes("w") && !early.includes("loss"));
  });
});
