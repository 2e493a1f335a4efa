/** @file The graph in Graphviz' language. */
import type { Graph } from "../model/graph.js";
import { linesOf } from "./lines.js";

function quote(text: string): string {
  return `"${text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\r?\n/g, "\\n")}"`;
}

const SHAPES = {
  leaf: "box, style=rounded, color=blue",
  function: "box",
  constant: "box, style=dashed",
} as const;

/** Data flows along the edges. */
export function dotOf(graph: Graph): string {
  const nodes = graph.cards.map((card) => {
    const { face, lines } = linesOf(graph, card);
    const colour = card.root ? ", color=darkgreen, penwidth=2" : "";
    return `  ${card.id} [shape=${SHAPES[face.role]}${colour}, label=${quote(lines.join("\n"))}];`;
  });
  const edges = graph.links.map(
    ({ producer, consumer, numbered, inputNr }) =>
      `  ${producer.id} -> ${consumer.id}${numbered ? ` [taillabel=${quote(String(inputNr))}]` : ""};`,
  );
  return `digraph gradwalk {\n  node [fontname="monospace", fontsize=10];\n${[...nodes, ...edges].join("\n")}\n}\n`;
}
