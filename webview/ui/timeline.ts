/**
 * @file The passes of a run, with the loss and the leaves' gradient norms as small curves; dragging along it shows
 * any pass that is kept, playing goes through them, and one pass can be held against the others.
 */
import type { Dropped } from "../../src/protocol/export.js";
import type { PassOutline } from "../../src/protocol/view.js";
import { plural, shortNumber } from "../model/numbers.js";
import { nextKept, placeOf, seriesOf, withinText } from "../model/timeline.js";
import { h, replace, svg } from "./dom.js";
import { type Icon, icon } from "./icons.js";
import { Ticker } from "./ticker.js";
import { drawPlot, HEIGHT, type Plot } from "./timeline-plot.js";

/** Passes a second at speed 1. */
const RATE = 3;

export interface TimelineEvents {
  select(index: number): void;
  /** Holds the pass that is shown against those shown after it, or lets go of the one that is held. */
  compare(): void;
  /** Shows the pass that is held beside the other. */
  sideBySide(): void;
}

export interface TimelineView {
  readonly passes: readonly PassOutline[];
  readonly index: number;
  readonly dropped: Dropped | null;
  readonly speed: number;
  /** The pass that others are compared with. */
  readonly compared: number | null;
  readonly beside: boolean;
}

export class Timeline {
  readonly element: HTMLElement;
  private readonly curve = h("div", { class: "gw-curve", attributes: { "aria-hidden": "true" } });
  private readonly text = h("span", { class: "gw-timeline-text" });
  private readonly names = h("span", { class: "gw-leaf-names" });
  private readonly range: HTMLInputElement;
  private readonly playButton: HTMLButtonElement;
  private readonly compareButton: HTMLButtonElement;
  private readonly besideButton: HTMLButtonElement;
  private readonly ticker = new Ticker(() => this.advance());
  private view: TimelineView | null = null;
  private plot: Plot | null = null;

  constructor(private readonly events: TimelineEvents) {
    this.range = h("input", {
      class: "gw-range",
      attributes: { type: "range", min: 0, step: 1, "aria-label": "Backward pass" },
      on: { input: () => this.choose(Number(this.range.value)) },
    });
    this.playButton = this.button("play", "Play the passes", () => this.toggle());
    this.compareButton = this.button("compare", "Compare other passes with this one", () => events.compare());
    this.besideButton = this.button("beside", "Show both passes side by side", () => events.sideBySide());
    this.element = h(
      "div",
      { class: "gw-timeline", attributes: { role: "group", "aria-label": "Backward passes" } },
      h(
        "div",
        { class: "gw-controls" },
        this.playButton,
        this.text,
        this.names,
        h("span", { class: "gw-spring" }),
        this.compareButton,
        this.besideButton,
      ),
      h("div", { class: "gw-slide" }, this.curve, this.range),
    );
  }

  show(view: TimelineView): void {
    const { passes, index, compared, beside } = view;
    const drawn = this.view;
    this.view = view;
    this.element.hidden = passes.length < 2;
    if (passes.length < 2) {
      this.pause();
      return;
    }
    this.text.textContent = this.words(view);
    this.range.max = String(passes.length - 1);
    this.range.value = String(index);
    this.range.setAttribute(
      "aria-valuetext",
      `pass ${index + 1} of ${passes.length}${valueWords(passes[index])}`,
    );
    this.compareButton.setAttribute("aria-pressed", String(compared !== null));
    rename(
      this.compareButton,
      compared === null ? "Compare other passes with this one" : `Stop comparing with pass ${compared + 1}`,
    );
    this.besideButton.hidden = compared === null;
    this.besideButton.setAttribute("aria-pressed", String(beside));
    if (drawn?.passes !== passes || drawn.index !== index || drawn.compared !== compared) this.draw(view);
  }

  private words({ passes, index, dropped, compared }: TimelineView): string {
    const pass = passes[index];
    const { count } = this.plotOf(passes, index);
    const parts = [`${pass?.rootName ?? "root"}${count > 1 ? ` over ${count} passes` : ""}`];
    const value = valueWords(pass);
    if (value) parts[0] += value;
    if (pass?.iteration != null) parts.push(`iteration ${pass.iteration}`);
    const outer = pass && withinText(pass);
    if (outer) parts.push(outer);
    if (compared !== null) parts.push(`compared with pass ${compared + 1}`);
    if (dropped && dropped.passes > 0)
      parts.push(`${plural(dropped.passes, "pass", "passes")} kept as summary only`);
    return parts.join(" · ");
  }

  private draw({ passes, index, compared }: TimelineView): void {
    const plot = this.plotOf(passes, index);
    const marks = [this.mark(plot, index, passes.length, "here")];
    if (compared !== null && compared !== index)
      marks.unshift(this.mark(plot, compared, passes.length, "other"));
    replace(
      this.curve,
      svg("svg", { width: "100%", height: HEIGHT, class: "gw-curve-frame" }, plot.element, ...marks),
    );
    this.showNames(plot, passes[index]);
  }

  private mark({ heights }: Plot, index: number, count: number, name: string): SVGElement {
    const cx = `${(100 * index) / (count - 1)}%`;
    return svg("circle", { cx, cy: heights.get(index) ?? HEIGHT / 2, r: 4.5, class: name });
  }

  /** Of thousands of passes, the curves are drawn once and not at every move along them. */
  private plotOf(passes: readonly PassOutline[], index: number): Plot {
    const pass = passes[index];
    const place = pass ? placeOf(pass) : "";
    if (this.plot?.passes !== passes || this.plot.place !== place)
      this.plot = { passes, place, ...drawPlot(passes, seriesOf(passes, pass)) };
    return this.plot;
  }

  /** Which curve is whose, and the norm at this pass. */
  private showNames({ leaves, more }: Plot, pass: PassOutline | undefined): void {
    const names = leaves.map((leaf, i) => {
      const norm = pass?.gradNorms && Object.hasOwn(pass.gradNorms, leaf) ? pass.gradNorms[leaf]! : null;
      return h(
        "span",
        { class: "gw-leaf-name", title: `Norm of the gradient that ${leaf} got, on a log scale` },
        svg(
          "svg",
          { viewBox: "0 0 18 8", width: 18, height: 8, "aria-hidden": "true" },
          svg("line", { x1: 0, x2: 18, y1: 4, y2: 4, class: `gw-leaf-${i}` }),
        ),
        h(
          "span",
          { attributes: { dir: "auto" } },
          `‖${leaf}.grad‖ ${norm === null ? "–" : shortNumber(norm, 3)}`,
        ),
      );
    });
    replace(this.names, ...names, more > 0 ? h("span", {}, `and ${more} more`) : null);
  }

  private choose(index: number): void {
    this.pause();
    this.events.select(index);
  }

  private toggle(): void {
    const { view } = this;
    if (!view) return;
    if (this.ticker.running) {
      this.pause();
      return;
    }
    // From the end, playing starts over.
    const first = nextKept(view.passes, -1, 1);
    if (nextKept(view.passes, view.index, 1) === null && first !== null) this.events.select(first);
    this.ticker.start(RATE * view.speed);
    this.showPlaying();
  }

  private advance(): void {
    const next = this.view && nextKept(this.view.passes, this.view.index, 1);
    if (next === null || next === undefined) this.pause();
    else this.events.select(next);
  }

  private pause(): void {
    this.ticker.stop();
    this.showPlaying();
  }

  private showPlaying(): void {
    const { running } = this.ticker;
    if (this.playButton.dataset.playing === String(running)) return;
    this.playButton.dataset.playing = String(running);
    replace(this.playButton, icon(running ? "pause" : "play"));
    rename(this.playButton, running ? "Pause" : "Play the passes");
  }

  private button(name: Icon, title: string, act: () => void): HTMLButtonElement {
    const attributes = { type: "button", "aria-label": title };
    return h("button", { class: "gw-button", title, attributes, on: { click: act } }, icon(name));
  }
}

function rename(button: HTMLButtonElement, title: string): void {
  button.title = title;
  button.setAttribute("aria-label", title);
}

function valueWords(pass: PassOutline | undefined): string {
  return pass?.root == null ? "" : ` · ${shortNumber(pass.root, 5)}`;
}
