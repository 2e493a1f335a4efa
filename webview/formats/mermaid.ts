/** @file A small graph as a Mermaid flowchart, which GitHub and many wikis draw. */

import type { Shown } from "../groups/types.js";
import type { Role } from "../model/face.js";
import { groupLines, linesOf } from "./lines.js";
import { nested } from "./nested.js";

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

/**
 * What is drawn of a graph: folded groups are nodes, open ones subgraphs.
 * @throws Error where there are more of them than Mermaid can draw legibly.
 */
export function mermaidOf(shown: Shown): string {
  const { graph, items, wires } = shown;
  if (items.length > MERMAID_LIMIT) {
    throw new Error(
      `Mermaid draws small graphs: this one has ${items.length} nodes, the most are ${MERMAID_LIMIT}. Fold groups, draw a part of it alone, or save it as DOT.`,
    );
  }
  const nodes = nested(shown, {
    item: (item) => {
      if (item.kind === "group")
        return `  ${item.id}[["${groupLines(shown, item.group).map(escapeText).join("<br>")}"]]`;
      const { face, lines } = linesOf(graph, item.card);
      const [open, close] = BRACKETS[face.role];
      return `  ${item.id}${open}${lines.map(escapeText).join("<br>")}${close}${item.card.root ? ":::root" : ""}`;
    },
    open: ({ id, group }) => `  subgraph ${id}["${escapeText(group.title)}"]`,
    close: () => "  end",
  });
  const edges = wires.map(({ producer, consumer, links }) => {
    const [link] = links;
    const label = links.length > 1 ? `×${links.length}` : link?.numbered ? String(link.inputNr) : null;
    return label === null
      ? `  ${producer.id} --> ${consumer.id}`
      : `  ${producer.id} -->|${label}| ${consumer.id}`;
  });
  const style = "  classDef root stroke:#388a34,stroke-width:2px";
  return `flowchart TD\n${[...nodes, ...edges, style].join("\n")}\n`;
}
