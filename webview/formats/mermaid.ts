/** @file A small graph as a Mermaid flowchart, which GitHub and many wikis draw. */
import type { Role } from "../model/face.js";
import type { Graph } from "../model/graph.js";
import { linesOf } from "./lines.js";

/** Mermaid's own limit is 500 edges; long before that, its drawing is no use. */
export const MERMAID_LIMIT = 150;

/** Mermaid's entity codes, for everything that its grammar, Markdown or HTML could take for theirs. */
function escapeText(text: string): string {
  return text.replace(/[^\p{L}\p{N} .,:=…·‖×]/gu, (character) => `#${character.codePointAt(0)};`);
}

const BRACKETS: Readonly<Record<Role, readonly [string, string]>> = {
  leaf: ['(["', '"])'],
  function: ['["', '"]'],
  constant: ['>"', '"]'],
};

/** @throws Error where the graph has more nodes than Mermaid can draw legibly. */
export function mermaidOf(graph: Graph): string {
  if (graph.cards.length > MERMAID_LIMIT) {
    throw new Error(
      `Mermaid draws small graphs: this one has ${graph.cards.length} nodes, the most are ${MERMAID_LIMIT}. Draw a part of it alone, or save it as DOT.`,
    );
  }
  const nodes = graph.cards.map((card) => {
    const { face, lines } = linesOf(graph, card);
    const [open, close] = BRACKETS[face.role];
    return `  ${card.id}${open}${lines.map(escapeText).join("<br>")}${close}${card.root ? ":::root" : ""}`;
  });
  const edges = graph.links.map(({ producer, consumer, numbered, inputNr }) =>
    numbered ? `  ${producer.id} -->|${inputNr}| ${consumer.id}` : `  ${producer.id} --> ${consumer.id}`,
  );
  const style = "  classDef root stroke:#388a34,stroke-width:2px";
  return `flowchart TD\n${[...nodes, ...edges, style].join("\n")}\n`;
}
