/** @file What is drawn, for Cytoscape's model, and how far the view has to move to show a part of it. */
import type cytoscape from "cytoscape";
import type { Point } from "../layout/types.js";
import type { Box } from "./painter.js";
import type { Scene } from "./scene.js";

/** Cytoscape's model takes a millisecond for three elements; beyond this, only the scene knows what is where. */
const MOST_ELEMENTS = 1_500;

/** What is drawn, as Cytoscape takes it. */
export function elementsOf(scene: Scene): cytoscape.ElementDefinition[] {
  const { items, wires } = scene.shown;
  if (items.length + wires.length > MOST_ELEMENTS) return [];
  const nodes = items.flatMap(({ id }) => {
    const box = scene.boxOf(id);
    if (!box) return [];
    const position = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    return [{ group: "nodes" as const, data: { id, width: box.width, height: box.height }, position }];
  });
  const edges = wires.map(({ id, producer, consumer }) => ({
    group: "edges" as const,
    data: { id, source: producer.id, target: consumer.id },
  }));
  return [...nodes, ...edges];
}

/** The smallest pan, in the drawing's units, that brings a box wholly into view; its middle, where it is larger. */
export function panInto(box: Box, view: Box, margin: number): Point {
  const shift = (from: number, size: number, start: number, room: number) => {
    if (size + 2 * margin > room) return start + room / 2 - (from + size / 2);
    if (from - margin < start) return start - (from - margin);
    return Math.min(0, start + room - (from + size + margin));
  };
  return {
    x: shift(box.x, box.width, view.x, view.width),
    y: shift(box.y, box.height, view.y, view.height),
  };
}
