/** @file Where an arrow key leads: along an edge where there is one that way, else to the nearest card beside. */
import type { Scene } from "../canvas/scene.js";
import type { Card, Graph } from "../model/graph.js";

export type Arrow = "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight";

const STEP: Readonly<Record<Arrow, readonly [number, number]>> = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};

function centre(scene: Scene, card: Card): { x: number; y: number } | null {
  const box = scene.boxOf(card.id);
  return box && { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** `drift` weighs the way across against the way along: high keeps to the arrow's own line. */
function nearest(
  scene: Scene,
  from: Card,
  candidates: readonly Card[],
  arrow: Arrow,
  drift: number,
): Card | null {
  const start = centre(scene, from);
  const [dx, dy] = STEP[arrow];
  if (!start) return null;
  let best = Number.POSITIVE_INFINITY;
  let found: Card | null = null;
  for (const card of candidates) {
    const at = centre(scene, card);
    if (!at || card === from) continue;
    const ahead = (at.x - start.x) * dx + (at.y - start.y) * dy;
    const aside = Math.abs((at.x - start.x) * dy) + Math.abs((at.y - start.y) * dx);
    const cost = ahead + aside * drift;
    if (ahead > 1 && cost < best) [best, found] = [cost, card];
  }
  return found;
}

export function neighbour(graph: Graph, scene: Scene, from: Card, arrow: Arrow): Card | null {
  const linked = [...from.inputs.map((link) => link.producer), ...from.outputs.map((link) => link.consumer)];
  return nearest(scene, from, linked, arrow, 1) ?? nearest(scene, from, graph.cards, arrow, 4);
}
