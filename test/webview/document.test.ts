/** @file A trace as a document, what the page remembers, and what leaves it. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { pageHtml } from "../../src/protocol/page.js";
import { boundsOf, crosses, lineOf, nearness } from "../../webview/canvas/route.js";
import { SvgPainter } from "../../webview/canvas/svg-painter.js";
import type { Theme } from "../../webview/canvas/theme.js";
import { EmbeddedTrace, parseTrace } from "../../webview/document.js";
import { coversLine } from "../../webview/model/place.js";
import { preferredPass } from "../../webview/passes.js";
import { DEFAULTS, restore } from "../../webview/state.js";
import { binsOf } from "../../webview/ui/picture.js";
import { fitLine, oddities, tensor } from "./support/traces.js";

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
