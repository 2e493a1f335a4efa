/** @file What leaves the page as text. */
import assert from "node:assert/strict";
import { EmbeddedTrace } from "../../webview/document.js";
import { dotOf, dotOfShown } from "../../webview/formats/dot.js";
import { graphmlOf } from "../../webview/formats/graphml.js";
import { MERMAID_LIMIT, mermaidOf } from "../../webview/formats/mermaid.js";
import { ALL, AUTOMATIC } from "../../webview/groups/folds.js";
import { shownOf } from "../../webview/groups/shown.js";
import { groupTree } from "../../webview/groups/tree.js";
import type { Shown } from "../../webview/groups/types.js";
import { buildGraph, type Graph } from "../../webview/model/graph.js";
import { loops } from "../bench/graph.js";
import { chains, fitLine, oddities } from "./support/traces.js";

const HOSTILE = `</data>"]--><img src=x>\u202e\u0000#;%%\\n\ud83d👩‍🔬 שלום`;

function graphOf(trace = fitLine(1)): Graph {
  const view = new EmbeddedTrace(trace).pass(0);
  assert.ok(view);
  return buildGraph(view);
}

function shown(trace = fitLine(1), level: number | null = ALL): Shown {
  return shownOf(groupTree(graphOf(trace)), { ...AUTOMATIC, level });
}

describe("DOT", () => {
  it("has a line for each node and each edge, data flowing along it", () => {
    const text = dotOf(graphOf());
    assert.match(text, /^digraph gradwalk \{/);
    assert.match(
      text,
      /n0 \[shape=box, style=rounded, color=blue, label="w AccumulateGrad\\n\[1\] float32 \[0\.5\]/,
    );
    assert.match(text, / {2}n0 -> n2;/);
    assert.match(text, /n8 \[shape=box, color=darkgreen, penwidth=2/);
  });

  it("keeps every name inside its quotes", () => {
    for (const line of dotOf(graphOf(oddities(HOSTILE)))
      .split("\n")
      .slice(2, -2))
      assert.equal((line.replace(/\\./g, "").match(/"/g)?.length ?? 0) % 2, 0, line);
  });
});

describe("DOT and Mermaid of a folded graph", () => {
  const folded = shown(loops(400), 0);
  const open = shown(loops(400), null);

  it("have a node for each folded group, and the counts of what is bundled", () => {
    assert.match(dotOfShown(folded), /"g\d+" \[shape=folder, label="for line 4 ×20\\n399 ops/);
    assert.match(dotOfShown(folded), /"n0" -> "g\d+" \[label="×20"\];/);
    assert.match(mermaidOf(folded), / {2}n0 -->\|×20\| g\d+\n/);
    assert.doesNotMatch(dotOfShown(folded), /Tanh/);
  });

  it("hold what is in an open group between its beginning and its end", () => {
    assert.match(
      dotOfShown(open),
      /subgraph "cluster g\d+" \{\n {2}label="for";\n(?:.*\n)*?.*Tanh(?:.*\n)*? {2}\}\n/,
    );
    assert.match(mermaidOf(open), /subgraph g\d+\["for"\]\n(?:.*\n)*?.*Tanh(?:.*\n)*? {2}end\n/);
  });
});

describe("GraphML", () => {
  it("declares its columns and gives each node and edge its values", () => {
    const text = graphmlOf(graphOf());
    assert.match(text, /<key id="node_grad_norm" for="node" attr\.name="grad_norm" attr\.type="double"\/>/);
    assert.match(text, /<node id="n0"><data key="node_label">w<\/data><data key="node_name">AccumulateGrad/);
    assert.match(text, /<edge id="e\d+" source="n0" target="n2"><data key="edge_input_nr">0<\/data>/);
    const declared = new Set([...text.matchAll(/<key id="(\w+)"/g)].map(([, id]) => id));
    for (const [, key] of text.matchAll(/<data key="(\w+)">/g)) assert.ok(declared.has(key), key);
  });

  it("has no name that is markup, and no character that XML forbids", () => {
    const text = graphmlOf(graphOf(oddities(HOSTILE)));
    assert.doesNotMatch(text, /<img/);
    assert.doesNotMatch(text, /\p{Cs}/u);
    assert.doesNotMatch(text, /(?!\n)\p{Cc}/u);
    // What is left without the elements it is made of holds no angle bracket.
    const rest = text.replace(/<\/?(?:\?xml|graphml|graph|key|node|edge|data)(?: [^<>]*)?\/?>/g, "");
    assert.doesNotMatch(rest, /[<>]/);
  });
});

describe("Mermaid", () => {
  it("draws leaves round, constants flagged and the root green", () => {
    const text = mermaidOf(shown());
    assert.match(text, /^flowchart TD\n/);
    assert.match(text, / {2}n0\(\["w AccumulateGrad<br>/);
    assert.match(text, / {2}n1>"x /);
    assert.match(text, / {2}n8\["loss .*"\]:::root/);
    assert.match(text, / {2}n0 --> n2\n/);
  });

  it("leaves nothing in a name that its grammar or HTML could read", () => {
    const body = mermaidOf(shown(oddities(HOSTILE)))
      .split("\n")
      .slice(1, -2);
    for (const line of body) {
      const quoted = /"(.*)"/.exec(line)?.[1]?.replaceAll("<br>", "") ?? "";
      assert.doesNotMatch(quoted.replace(/#\d+;/g, ""), /[<>"#;%`\\]/, line);
    }
  });

  it("is refused for a graph that it could not draw legibly", () => {
    assert.throws(() => mermaidOf(shown(chains(2, MERMAID_LIMIT))), /small graphs.*save it as DOT/);
  });
});
