/** @file What a node says in formats whose nodes are boxes of text. */
import { groupFace } from "../groups/face.js";
import type { Group, Shown } from "../groups/types.js";
import { type Face, faceOf } from "../model/face.js";
import type { Card, Graph } from "../model/graph.js";

export interface CardLines {
  readonly face: Face;
  /** Name and function, shape and value, gradient: those that there are. */
  readonly lines: readonly string[];
}

/** As at the pass's end. */
export function linesOf(graph: Graph, card: Card): CardLines {
  const face = faceOf(graph, card, graph.pass.steps.length);
  const lines = [
    `${face.title} ${face.subtitle}`.trim(),
    `${face.geometry} ${face.value}`.trim(),
    face.grad?.text ?? "",
  ];
  return { face, lines: lines.filter((line) => line !== "") };
}

/** What a folded group says, line by line. */
export function groupLines(shown: Shown, group: Group): string[] {
  const face = groupFace(shown.tree, group, shown.graph.pass.steps.length);
  const count = face.count > 0 ? `×${face.count}` : "";
  const head = [face.title, face.subtitle, count].filter(Boolean).join(" ");
  return [head, face.content, face.grad?.text ?? "", face.tags.map((tag) => tag.text).join(", ")].filter(
    Boolean,
  );
}
