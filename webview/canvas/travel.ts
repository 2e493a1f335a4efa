/** @file Gradients on their way: what a step has sent runs along its edges once, and the drawing is still again. */
import { takesPart } from "../model/walk.js";
import type { Edge } from "./edge.js";
import type { Painter } from "./painter.js";
import { along } from "./route.js";
import type { Theme } from "./theme.js";

/** Milliseconds. */
const DURATION = 280;
const RADIUS = 4.5;

export class Travel {
  private edges: readonly Edge[] = [];
  private start = 0;

  /** What the card with this id has sent sets out. Nothing moves where motion is not wanted. */
  begin(edges: readonly Edge[], sender: string): void {
    const sent = edges.filter(({ wire }) =>
      wire.links.some((link) => link.consumer.id === sender && takesPart(link)),
    );
    this.edges = wantsMotion() ? sent : [];
    this.start = performance.now();
  }

  /** Draws where they are now; tells whether any is still under way. */
  draw(painter: Painter, { colours }: Theme): boolean {
    const share = (performance.now() - this.start) / DURATION;
    if (share >= 1) this.edges = [];
    // Slower towards its end, where one looks next.
    const eased = 1 - (1 - share) ** 2;
    for (const { gradient } of this.edges) {
      const { x, y } = along(gradient.points, eased);
      const box = { x: x - RADIUS, y: y - RADIUS, width: 2 * RADIUS, height: 2 * RADIUS };
      painter.opacity(1);
      painter.outline(box, { kind: "rect", radius: RADIUS }, colours.grad, {
        colour: colours.bg,
        width: 1.5,
      });
    }
    return this.edges.length > 0;
  }
}

function wantsMotion(): boolean {
  const reduced = matchMedia("(prefers-reduced-motion: reduce)").matches;
  return !reduced && !document.body.classList.contains("vscode-reduce-motion");
}
