/** @file The graph in Graphviz' language. */
import type { Shown } from "../groups/types.js";
import type { Card, Graph } from "../model/graph.js";
import { groupLines, linesOf } from "./lines.js";
import { nested } from "./nested.js";

function quote(text: string): string {
  return `"${text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\r?\n/g, "\\n")}"`;
}

const SHAPES = {
  leaf: "box, style=rounded, color=blue",
  function: "box",
  constant: "box, style=dashed",
} as const;

function cardOf(graph: Graph, card: Card): string {
  const { face, lines } = linesOf(graph, card);
  const colour = card.root ? ", color=darkgreen, penwidth=2" : "";
  return `  ${card.id} [shape=${SHAPES[face.role]}${colour}, label=${quote(lines.join("\n"))}];`;
}

/** The whole graph. Data flows along the edges. */
export function dotOf(graph: Graph): string {
  const nodes = graph.cards.map((card) => cardOf(graph, card));
  const edges = graph.links.map(
    ({ producer, consumer, numbered, inputNr }) =>
      `  ${producer.id} -> ${consumer.id}${numbered ? ` [taillabel=${quote(String(inputNr))}]` : ""};`,
  );
  return document([...nodes, ...edges]);
}

/** What is drawn of it: folded groups are nodes, open ones clusters. */
export function dotOfShown(shown: Shown): string {
  const nodes = nested(shown, {
    item: (item) =>
      item.kind === "card"
        ? cardOf(shown.graph, item.card)
        : `  ${quote(item.id)} [shape=folder, label=${quote(groupLines(shown, item.group).join("\n"))}];`,
    open: ({ id, group }) => `  subgraph ${quote(`cluster ${id}`)} {\n  label=${quote(group.title)};`,
    close: () => "  }",
  });
  const edges = shown.wires.map(({ producer, consumer, links }) => {
    const [link] = links;
    const label = links.length > 1 ? `×${links.length}` : link?.numbered ? String(link.inputNr) : null;
    const name = links.length > 1 ? "label" : "taillabel";
    return `  ${quote(producer.id)} -> ${quote(consumer.id)}${label === null ? "" : ` [${name}=${quote(label)}]`};`;
  });
  return document([...nodes, ...edges]);
}

function document(lines: readonly string[]): string {
  return `digraph gradwalk {\n  node [fontname="monospace", fontsize=10];\n${lines.join("\n")}\n}\n`;
}
