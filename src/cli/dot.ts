/** @file A graph as Graphviz text; colours as torchviz taught people to read them. */
import type { PassView, ViewNode } from "../protocol/view.js";

const FILL = {
  accumulate: "lightblue",
  constant: "white",
  function: "lightgrey",
  root: "darkolivegreen1",
} as const;

/** @param pass null for a program that made no graph */
export function dot(pass: PassView | null, title: string): string {
  const roots = new Set(pass?.roots);
  const nodes = (pass?.nodes ?? []).map((node) => `  n${node.id} [${attributes(node, roots.has(node.id))}];`);
  // Data flows from the input's function to the function that uses it, against next_functions.
  const edges = (pass?.edges ?? []).map(({ from, to }) => `  n${to} -> n${from};`);
  return [
    `digraph ${quoted(title)} {`,
    "  rankdir=TB;",
    '  node [shape=box, style="filled,rounded", fontname="monospace", fontsize=10];',
    ...nodes,
    ...edges,
    "}",
    "",
  ].join("\n");
}

function attributes(node: ViewNode, root: boolean): string {
  const fill = FILL[root ? "root" : node.kind];
  const dashed = node.kind === "constant" ? ', style="filled,dashed"' : "";
  const line = node.source === null ? "" : `, tooltip=${quoted(`line ${node.source.line}`)}`;
  return `label=${quoted(label(node))}, fillcolor=${fill}${dashed}${line}`;
}

function label({ label: variable, name, shape, dtype, grad }: ViewNode): string {
  const title = [variable, name].filter((part) => part !== null).join("  ");
  const lines = [title || "constant", `[${shape.join(", ")}] ${dtype}`];
  if (grad)
    lines.push(`grad ${grad.norm === null ? "not finite" : `norm ${Number(grad.norm.toPrecision(4))}`}`);
  return lines.join("\n");
}

/** Graphviz's quoted text: only quotes, backslashes and line ends mean something in it. */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&").replace(/\r?\n/g, "\\n")}"`;
}
