/** @file The parts of the graph page that need no browser. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { pageHtml } from "../../src/protocol/page.js";
import { boundsOf, crosses, lineOf, nearness } from "../../webview/canvas/route.js";
import { SvgPainter } from "../../webview/canvas/svg-painter.js";
import { mix, parseColour, plain, type Theme } from "../../webview/canvas/theme.js";
import { EmbeddedTrace, parseTrace } from "../../webview/document.js";
import { bytesText } from "../../webview/model/bytes.js";
import { describe as describeCard, faceOf, gradNorm, whyNone } from "../../webview/model/face.js";
import { buildGraph, type Graph } from "../../webview/model/graph.js";
import { heatBy, overlayOf, type Quantity, timeText } from "../../webview/model/heat.js";
import { cleanName, shortCall, shorten } from "../../webview/model/names.js";
import { shortNumber, valueLine } from "../../webview/model/numbers.js";
import { treeOf } from "../../webview/model/outline-tree.js";
import { coversLine } from "../../webview/model/place.js";
import { search } from "../../webview/model/search.js";
import { tensorText } from "../../webview/model/tensor.js";
import { incoming, termState } from "../../webview/model/walk.js";
import { preferredPass } from "../../webview/passes.js";
import { DEFAULTS, restore } from "../../webview/state.js";
import { binsOf } from "../../webview/ui/picture.js";
import { chains, fitLine, oddities, tensor } from "./support/traces.js";

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

describe("Numbers on cards", () => {
  it("keep few digits, and exponents for the very large and small", () => {
    const texts = [
      0,
      1,
      -25.866667,
      9.0766667,
      1 / 3,
      123456,
      1.5e-7,
      2.5e9,
      Number.NaN,
      Number.NEGATIVE_INFINITY,
    ];
    assert.deepEqual(
      texts.map((value) => shortNumber(value)),
      ["0", "1", "-25.87", "9.077", "0.3333", "123456", "1.5e-7", "2.5e9", "nan", "-inf"],
    );
  });

  it("list a short vector, and give the range of anything larger", () => {
    assert.equal(valueLine(tensor([9.07666], []), []), "9.0767");
    assert.equal(valueLine(tensor([1.1, 2.1, 3.1]), [3]), "[1.1, 2.1, 3.1]");
    assert.equal(valueLine(tensor([1, 2, 3, 4], [2, 2]), [2, 2]), "1 … 4");
    assert.equal(valueLine(tensor([0, 0, 0, 0, 0]), [5]), "all 0");
    assert.equal(valueLine(tensor([Number.NaN, 1, 2, 3, 4]), [5]), "1 … 4 · NaN");
    assert.equal(valueLine(tensor([], [0]), [0]), "empty");
  });
});

describe("A tensor's text", () => {
  // Each expectation is what PyTorch 2.13 prints.
  const cases: readonly [readonly number[], readonly number[], string][] = [
    [[2], [], "tensor(2.)"],
    [[9.07666666], [], "tensor(9.0767)"],
    [[1, 2, 3], [3], "tensor([1., 2., 3.])"],
    [[0.5, -1, 2, 0.25], [4], "tensor([ 0.5000, -1.0000,  2.0000,  0.2500])"],
    [[1, 2, 3, 4], [2, 2], "tensor([[1., 2.],\n        [3., 4.]])"],
    [[1e-5, 1], [2], "tensor([1.0000e-05, 1.0000e+00])"],
    [[Number.NaN, 1, Number.POSITIVE_INFINITY], [3], "tensor([nan, 1., inf])"],
    [[1, 2, 3, 4], [2, 1, 2], "tensor([[[1., 2.]],\n\n        [[3., 4.]]])"],
    [[0.03125], [1], "tensor([0.0312])"],
    [[0, 1, -20, Number.NaN], [4], "tensor([  0.,   1., -20.,  nan])"],
    [[0, 0.5, -0, Number.POSITIVE_INFINITY], [4], "tensor([0.0000, 0.5000, -0.0000,    inf])"],
    [[], [0], "tensor([])"],
  ];
  for (const [data, shape, expected] of cases) {
    it(`reads ${expected.replace(/\s+/g, " ")}`, () =>
      assert.equal(tensorText(tensor(data, shape)), expected));
  }

  it("names the dtypes that the default leaves open", () => {
    assert.equal(
      tensorText({ ...tensor([1, 2]), dtype: "float64" }),
      "tensor([1., 2.], dtype=torch.float64)",
    );
    assert.equal(tensorText({ ...tensor([1, 0]), dtype: "bool" }), "tensor([ True, False])");
    assert.equal(tensorText({ ...tensor([1, -20]), dtype: "int64" }), "tensor([  1, -20])");
  });

  it("breaks long rows where PyTorch does", () => {
    const text = tensorText(tensor(Array.from({ length: 12 }, (_, i) => i + 0.5)));
    assert.equal(
      text,
      "tensor([ 0.5000,  1.5000,  2.5000,  3.5000,  4.5000,  5.5000,  6.5000,  7.5000,\n" +
        "         8.5000,  9.5000, 10.5000, 11.5000])",
    );
  });

  it("says what it is a part of when elements were left out", () => {
    const whole = tensor(Array.from({ length: 2000 }, (_, i) => i));
    assert.equal(tensorText(whole), "[0, 1, 2, 3, 4, 5, …] of 2000 elements [2000]");
  });
});

describe("Names", () => {
  it("of long calls keep what was called last", () => {
    assert.equal(shortCall("y.sub(target).pow(2)"), "y.sub(target).pow(2)");
    assert.equal(shortCall("y.sub(target).pow(2).mul(weights)"), "….mul(weights)");
    assert.equal(shortCall("torch.nn.functional.mse_loss(prediction, target)"), "….mse_loss(…)");
  });

  it("are cut between what a reader sees as characters", () => {
    assert.equal(shorten("👩‍🔬👩‍🔬👩‍🔬", 3), "👩‍🔬👩‍🔬…");
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 2, max: 20 }), (text, limit) => {
        assert.doesNotMatch(shorten(text, limit), /\p{Surrogate}/u);
      }),
    );
  });

  it("can't turn the text around them", () => {
    assert.equal(cleanName("a\u202eb\u0000c\u200f"), "a b c");
  });
});

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

describe("A trace document", () => {
  it("is refused with a sentence when it is none", () => {
    for (const text of ["", "{", "null", "[]", "3", '{"format":"gradwalk-trace","version":1}'])
      assert.throws(() => parseTrace(text), { name: "TraceError" });
  });

  it("lists a loop's passes with their losses and gradient norms", () => {
    const { passes } = new EmbeddedTrace(fitLine(3)).outline();
    assert.deepEqual(
      passes.map((pass) => [pass.iteration, pass.loopLine, pass.rootName]),
      [
        [0, 8, "loss"],
        [1, 8, "loss"],
        [2, 8, "loss"],
      ],
    );
    assert.ok(Math.abs((passes[0]?.root ?? 0) - 9.076667) < 1e-5);
    assert.ok(Math.abs((passes[0]?.gradNorms?.b ?? 0) - 5.8) < 1e-9);
  });

  it("cuts what travels with every node, not what is asked for", () => {
    const trace = oddities();
    const long = tensor(Array.from({ length: 100 }, (_, i) => i));
    const [graph] = trace.graphs;
    assert.ok(graph);
    const nodes = graph.nodes.map((each) => (each.id === 1 ? { ...each, value: long, shape: [100] } : each));
    const source = new EmbeddedTrace({ ...trace, graphs: [{ ...graph, nodes }] });
    assert.equal(source.pass(0)?.nodes[1]?.value?.data.length, 12);
    assert.equal(source.node(0, 1)?.node.value?.data.length, 100);
    assert.equal(source.node(0, 77), null);
    assert.equal(source.pass(5), null);
  });
});

describe("The page's memory", () => {
  it("takes what fits and falls back for the rest", () => {
    assert.deepEqual(restore(null), DEFAULTS);
    assert.deepEqual(
      restore({ orientation: "right", flow: 3, speed: "fast", viewport: { zoom: -1, x: 0, y: 0 }, other: 1 }),
      {
        ...DEFAULTS,
        orientation: "right",
      },
    );
  });

  it("goes to the chosen pass where it is kept, else to the latest that is", () => {
    const { passes, ...outline } = new EmbeddedTrace(fitLine(4)).outline();
    const kept = (flags: readonly boolean[]) => ({
      ...outline,
      passes: passes.map((pass, i) => ({ ...pass, kept: flags[i] ?? false })),
    });
    assert.equal(preferredPass(kept([true, true, true, true]), 1), 1);
    assert.equal(preferredPass(kept([false, false, true, true]), 1), 3);
    assert.equal(preferredPass(kept([true, true, true, true]), null), 3);
    assert.equal(preferredPass(kept([true, false, false, false]), 9), 0);
  });

  it("knows a file by its path from the workspace and by its absolute path", () => {
    const source = { file: "examples/a.ts", line: 3, column: 1, endLine: 5 };
    assert.equal(coversLine(source, "/home/me/examples/a.ts", 4), true);
    assert.equal(coversLine(source, "C:\\me\\examples\\a.ts", 5), true);
    assert.equal(coversLine(source, "/home/me/examples/ba.ts", 4), false);
    assert.equal(coversLine(source, "/home/me/examples/a.ts", 6), false);
  });
});

describe("Edges", () => {
  it("leave and arrive along the layout's axis, with the arrowhead at the end", () => {
    const line = lineOf(
      [
        { x: 0, y: 0 },
        { x: 100, y: 60 },
      ],
      "down",
    );
    assert.deepEqual(line.arrow.start, { x: 100, y: 60 });
    assert.deepEqual(line.path.commands.at(-1)?.to, { x: 100, y: 52 });
    assert.ok(line.points.every((point) => point.y >= 0 && point.y <= 60));
  });

  it("know what is near them and what they cross", () => {
    const points = [
      { x: 0, y: 0 },
      { x: 10, y: 0 },
      { x: 10, y: 10 },
    ];
    assert.equal(nearness(points, { x: 13, y: 5 }), 9);
    assert.equal(crosses(points, { x: 8, y: 4, width: 4, height: 2 }), true);
    assert.equal(crosses(points, { x: 1, y: 3, width: 4, height: 4 }), false);
    const box = boundsOf(points);
    assert.ok(box.x < 0 && box.x + box.width > 10);
  });
});

describe("Pictures of elements", () => {
  it("count every finite element once", () => {
    fc.assert(
      fc.property(fc.array(fc.double()), (values) => {
        const finite = values.filter(Number.isFinite);
        assert.equal(
          binsOf(values).reduce((a, b) => a + b, 0),
          finite.length,
        );
      }),
    );
  });
});

describe("What leaves the page", () => {
  const colours = new Proxy({} as Theme["colours"], { get: () => "rgb(0, 0, 0)" });
  const theme: Theme = { colours, sans: '"A & B"', mono: "m", highContrast: false };

  it("is SVG in which no name is markup", () => {
    const painter = new SvgPainter(theme);
    painter.text('<script>"&\u0000', 1, 2, { size: 11, face: "mono", colour: "red" });
    const svg = painter.document({ x: 0, y: 0, width: 10, height: 10 }, "</title>");
    assert.ok(!svg.includes("<script>") && !svg.includes("</title></title>") && !svg.includes("\u0000"));
  });

  it("is a page out of which neither a trace nor a script can break", () => {
    const trace = JSON.stringify({ label: "</script><script>alert(1)</script><!-- \u2028" });
    const script = 'const a = "</script>"; const b = "<!--";';
    const html = pageHtml({
      title: "<t>",
      script: { text: script },
      style: { text: "</style><b>" },
      nonce: "n",
      trace,
    });
    assert.equal(html.match(/<\/script/g)?.length, 2);
    assert.equal(html.match(/<\/style/g)?.length, 1);
    const embedded = /id="gradwalk-trace">(.*)<\/script>/.exec(html)?.[1] ?? "";
    assert.deepEqual(JSON.parse(embedded), JSON.parse(trace));
    assert.match(html, /default-src &#39;none&#39;; script-src &#39;nonce-n&#39;/);
  });
});
