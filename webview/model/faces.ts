/** @file What all cards say at a position, kept while it lasts: the legend and the filters ask at every change. */
import { type Face, faceOf } from "./face.js";
import type { Graph } from "./graph.js";

const known = new WeakMap<Graph, { readonly position: number; readonly faces: readonly Face[] }>();

/** In the order of the graph's cards. */
export function facesOf(graph: Graph, position: number): readonly Face[] {
  const kept = known.get(graph);
  if (kept?.position === position) return kept.faces;
  const faces = graph.cards.map((card) => faceOf(graph, card, position));
  known.set(graph, { position, faces });
  return faces;
}
