/** @file What outlines and colours mean; each entry filters the graph to what it stands for. */
import type { Box } from "../canvas/painter.js";
import { overlaps } from "../canvas/route.js";
import type { Change } from "../model/changes.js";
import type { Face } from "../model/face.js";
import { LEGEND, type LegendEntry } from "../model/filters.js";
import type { Heat, Overlay } from "../model/heat.js";
import { h, replace, svg } from "./dom.js";

export interface LegendView {
  readonly faces: readonly Face[];
  /** Of the same cards: what the last run made of them. */
  readonly changes: readonly (Change | null)[];
  readonly filter: LegendEntry["id"] | null;
  /** What cards are coloured by; null for their own colours. */
  readonly overlay: Overlay | null;
  readonly heat: Heat | null;
  /** The graph has gradients that travelled. */
  readonly gradients: boolean;
}

const MARGIN = 12;

export class Legend {
  readonly element = h("div", { class: "gw-legend", attributes: { role: "group", "aria-label": "Legend" } });

  constructor(private readonly filter: (id: LegendEntry["id"] | null) => void) {}

  show({ faces, changes, filter, overlay, heat, gradients }: LegendView): void {
    const entries = LEGEND.flatMap((entry) => {
      const count = faces.filter((face, i) => entry.matches(face, changes[i] ?? null)).length;
      return count === 0 ? [] : [this.entry(entry, count, filter === entry.id)];
    });
    const arrows = gradients
      ? [
          h("div", { class: "gw-key gw-key-grad" }, arrow(""), "gradient that arrived"),
          h("div", { class: "gw-key gw-key-grad" }, arrow("4 3"), "gradient about to flow"),
        ]
      : [];
    replace(this.element, ...entries, ...arrows, overlay && scale(heat, overlay));
  }

  /** Into the corner where it covers the fewest cards; the usual one where several do. */
  settle(width: number, height: number, cards: readonly Box[]): void {
    const { offsetWidth, offsetHeight } = this.element;
    if (offsetWidth === 0) return;
    const [right, bottom] = [width - offsetWidth - MARGIN, height - offsetHeight - MARGIN];
    const corners = {
      "end bottom": [right, bottom],
      "start bottom": [MARGIN, bottom],
      "end top": [right, MARGIN],
      "start top": [MARGIN, MARGIN],
    };
    let fewest = Number.POSITIVE_INFINITY;
    for (const [corner, [x = 0, y = 0]] of Object.entries(corners)) {
      const place = { x, y, width: offsetWidth, height: offsetHeight };
      const covered = cards.filter((card) => overlaps(card, place)).length;
      if (covered >= fewest) continue;
      fewest = covered;
      this.element.dataset.corner = corner;
    }
  }

  private entry(entry: LegendEntry, count: number, pressed: boolean): HTMLElement {
    return h(
      "button",
      {
        class: "gw-key",
        title: pressed ? "Show everything" : `Show only these (${count})`,
        attributes: { type: "button", "aria-pressed": pressed },
        on: { click: () => this.filter(pressed ? null : entry.id) },
      },
      h("span", { class: `gw-swatch gw-swatch-${entry.id}`, attributes: { "aria-hidden": "true" } }),
      entry.text,
    );
  }
}

function arrow(dash: string): SVGElement {
  return svg(
    "svg",
    { viewBox: "0 0 18 10", width: 18, height: 10, "aria-hidden": "true" },
    svg("line", { x1: 0, x2: 12, y1: 5, y2: 5, "stroke-dasharray": dash }),
    svg("path", { d: "M18 5L11 1.5V8.5Z" }),
  );
}

function scale(heat: Heat | null, { scale: title, reversed, write }: Overlay): HTMLElement {
  if (!heat) return h("div", { class: "gw-scale" }, h("span", {}, `${title}: not known of this graph`));
  const ramp = reversed ? "gw-ramp gw-ramp-back" : "gw-ramp";
  return h(
    "div",
    { class: "gw-scale" },
    h("span", {}, title),
    h("span", { class: ramp, attributes: { "aria-hidden": "true" } }),
    h("span", { class: "gw-ends" }, h("span", {}, write(heat.from)), h("span", {}, write(heat.to))),
  );
}
