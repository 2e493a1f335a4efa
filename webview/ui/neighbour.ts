/** @file Where an arrow key leads: along an edge where there is one that way, else to the nearest card beside. */
import type { Scene } from "../canvas/scene.js";
import type { Item, Thing } from "../groups/types.js";

export type Arrow = "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight";

const STEP: Readonly<Record<Arrow, readonly [number, number]>> = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};

function centre(scene: Scene, { id }: Thing): { x: number; y: number } | null {
  const box = scene.boxOf(id);
  return box && { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** `drift` weighs the way across against the way along: high keeps to the arrow's own line. */
function nearest(
  scene: Scene,
  from: Thing,
  candidates: readonly Item[],
  arrow: Arrow,
  drift: number,
): Item | null {
  const start = centre(scene, from);
  const [dx, dy] = STEP[arrow];
  if (!start) return null;
  let best = Number.POSITIVE_INFINITY;
  let found: Item | null = null;
  for (const item of candidates) {
    const at = centre(scene, item);
    if (!at || item === from) continue;
    const ahead = (at.x - start.x) * dx + (at.y - start.y) * dy;
    const aside = Math.abs((at.x - start.x) * dy) + Math.abs((at.y - start.y) * dx);
    const cost = ahead + aside * drift;
    if (ahead > 1 && cost < best) [best, found] = [cost, item];
  }
  return found;
}

export function neighbour(scene: Scene, from: Thing, arrow: Arrow): Item | null {
  const { wires, items } = scene.shown;
  const linked = wires.flatMap(({ producer, consumer }) => {
    if (producer.id === from.id) return [consumer];
    return consumer.id === from.id ? [producer] : [];
  });
  return nearest(scene, from, linked, arrow, 1) ?? nearest(scene, from, items, arrow, 4);
}
