/** @file The graph as GraphML (graphml.graphdrawing.org), which yEd, Gephi, Cytoscape and NetworkX read. */
import { gradNorm, roleOf } from "../model/face.js";
import type { Card, Graph, Link } from "../model/graph.js";
import { shapeText } from "../model/numbers.js";
import { xmlText } from "./xml.js";

type Type = "string" | "int" | "double" | "boolean";

interface Column<T> {
  readonly name: string;
  readonly type: Type;
  /** null where there is nothing to say. */
  of(item: T, graph: Graph): string | number | boolean | null;
}

const NODE: readonly Column<Card>[] = [
  { name: "label", type: "string", of: ({ node }) => node.label },
  { name: "name", type: "string", of: ({ node }) => node.name },
  { name: "kind", type: "string", of: (card) => roleOf(card) },
  { name: "text", type: "string", of: ({ node }) => node.text ?? null },
  { name: "shape", type: "string", of: ({ node }) => shapeText(node.shape) },
  { name: "dtype", type: "string", of: ({ node }) => node.dtype },
  { name: "requires_grad", type: "boolean", of: ({ node }) => node.requires_grad },
  { name: "is_leaf", type: "boolean", of: ({ node }) => node.is_leaf },
  { name: "root", type: "boolean", of: ({ root }) => root },
  { name: "line", type: "int", of: ({ node }) => node.source?.line ?? null },
  { name: "step", type: "int", of: ({ step }) => (step < 0 ? null : step + 1) },
  { name: "value_norm", type: "double", of: ({ node }) => node.value?.norm ?? null },
  { name: "grad_norm", type: "double", of: (card, graph) => gradNorm(graph, card, graph.pass.steps.length) },
];

const EDGE: readonly Column<Link>[] = [
  { name: "input_nr", type: "int", of: ({ inputNr }) => inputNr },
  { name: "term_norm", type: "double", of: ({ term }) => term?.norm ?? null },
];

/** XML Schema's spelling of doubles, which GraphML takes its types from. */
function write(value: string | number | boolean): string {
  if (typeof value !== "number" || Number.isFinite(value)) return xmlText(String(value));
  return Number.isNaN(value) ? "NaN" : value > 0 ? "INF" : "-INF";
}

function keys<T>(columns: readonly Column<T>[], domain: "node" | "edge"): string[] {
  return columns.map(
    ({ name, type }) =>
      `  <key id="${domain}_${name}" for="${domain}" attr.name="${name}" attr.type="${type}"/>`,
  );
}

function data<T>(columns: readonly Column<T>[], domain: "node" | "edge", item: T, graph: Graph): string {
  return columns
    .flatMap((column) => {
      const value = column.of(item, graph);
      return value === null ? [] : [`<data key="${domain}_${column.name}">${write(value)}</data>`];
    })
    .join("");
}

/** Data flows along the edges. */
export function graphmlOf(graph: Graph): string {
  const nodes = graph.cards.map(
    (card) => `    <node id="${card.id}">${data(NODE, "node", card, graph)}</node>`,
  );
  const edges = graph.links.map((link) => {
    const { id, producer, consumer } = link;
    const values = data(EDGE, "edge", link, graph);
    return `    <edge id="${id}" source="${producer.id}" target="${consumer.id}">${values}</edge>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
${[...keys(NODE, "node"), ...keys(EDGE, "edge")].join("\n")}
  <graph id="gradwalk" edgedefault="directed">
${[...nodes, ...edges].join("\n")}
  </graph>
</graphml>
`;
}
