/**
 * @file What outlines and colours mean; each entry filters the graph to what it stands for. Where no corner has room
 * for it, a button stands in its place.
 */
import type { Size } from "../canvas/card.js";
import type { Box } from "../canvas/painter.js";
import type { Change } from "../model/changes.js";
import type { Face } from "../model/face.js";
import { LEGEND, type LegendEntry } from "../model/filters.js";
import type { Heat, Overlay } from "../model/heat.js";
import { type Corner, freeCorner } from "./corner.js";
import { h, replace, svg } from "./dom.js";
import { icon } from "./icons.js";

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
  /** Of the graph: what has once been said of it goes on being said, so that nothing jumps while one walks. */
  readonly signature: string;
}

const MARGIN = 12;
/** Kept clear around it. */
const AIR = 6;
/** The button and its distance from the edges fit into the rim that fitting a graph leaves. */
const BUTTON: Size = { width: 24, height: 24 };
const BUTTON_MARGIN = 4;

/** All of it; a button in its place; all of it below the button, over whatever is there. */
type Form = "whole" | "button" | "open";

export class Legend {
  readonly element = h("div", { class: "gw-legend" });
  private readonly body = h("div", {
    class: "gw-keys",
    attributes: { role: "group", "aria-label": "Legend" },
  });
  private readonly button = h(
    "button",
    {
      class: "gw-button gw-legend-button",
      title: "What outlines and colours mean",
      attributes: {
        type: "button",
        "aria-label": "What outlines and colours mean",
        "aria-expanded": "false",
      },
      on: { click: () => this.toggle() },
    },
    icon("legend"),
  );
  private form: Form = "whole";
  private corner: Corner = "end bottom";
  private signature = "";
  private readonly said = new Set<LegendEntry["id"]>();
  /** What it showed when it was put where it is. */
  private words = "";

  constructor(private readonly filter: (id: LegendEntry["id"] | null) => void) {
    this.element.append(this.button, this.body);
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.form !== "open") return;
      event.stopPropagation();
      this.toggle();
    });
    this.take(this.form, this.corner);
  }

  /** @returns whether it says other things than where it was put, and may need another place */
  show({ faces, changes, filter, overlay, heat, gradients, signature }: LegendView): boolean {
    if (signature !== this.signature) this.said.clear();
    this.signature = signature;
    const entries = LEGEND.flatMap((entry) => {
      const count = faces.filter((face, i) => entry.matches(face, changes[i] ?? null)).length;
      if (count > 0) this.said.add(entry.id);
      return this.said.has(entry.id) ? [this.entry(entry, count, filter === entry.id)] : [];
    });
    const arrows = gradients
      ? [
          h("div", { class: "gw-key gw-key-grad" }, arrow(""), "gradient that arrived"),
          h("div", { class: "gw-key gw-key-grad" }, arrow("4 3"), "gradient about to flow"),
        ]
      : [];
    replace(this.body, ...entries, ...arrows, overlay && scale(heat, overlay));
    return this.body.textContent !== this.words;
  }

  /**
   * Into a corner where it covers nothing; where there is none, only the button that opens it.
   * @param isFree of a place in the room, which begins at 0, 0
   */
  settle(room: Size, isFree: (place: Box) => boolean): void {
    if (this.element.hidden) return;
    this.words = this.body.textContent ?? "";
    const { form, corner: now } = this;
    this.take("whole", now);
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const apart = ({ x, y, width, height }: Box) =>
      isFree({ x: x - AIR, y: y - AIR, width: width + 2 * AIR, height: height + 2 * AIR });
    const corner = freeCorner({ width, height }, room, MARGIN, apart, now);
    if (corner) this.take("whole", corner);
    else if (form === "open") this.take(form, now);
    else this.take("button", freeCorner(BUTTON, room, BUTTON_MARGIN, isFree, now) ?? now);
  }

  /** Opens it over whatever is there. @returns whether only its button was to be seen */
  open(): boolean {
    if (this.element.hidden || this.form !== "button") return false;
    this.toggle();
    return true;
  }

  private toggle(): void {
    this.take(this.form === "button" ? "open" : "button", this.corner);
  }

  private take(form: Form, corner: Corner): void {
    this.form = form;
    this.corner = corner;
    this.element.dataset.form = form;
    this.element.dataset.corner = corner;
    this.button.hidden = form === "whole";
    this.button.setAttribute("aria-expanded", String(form === "open"));
    this.body.hidden = form === "button";
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
