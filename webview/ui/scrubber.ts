/** @file The walk through a pass: buttons, a track with a dot for each step, and play at a chosen speed. */
import type { Graph } from "../model/graph.js";
import { h, replace, svg } from "./dom.js";
import { type Icon, icon } from "./icons.js";

export interface ScrubberEvents {
  goTo(position: number): void;
  speed(speed: number): void;
}

/** Steps a second at speed 1. */
const RATE = 2;
/** Beyond, dots would touch: the track is a plain bar then. */
const MAX_DOTS = 80;
const SPEEDS = [0.5, 1, 2, 4, 8];

export class Scrubber {
  readonly element: HTMLElement;
  private readonly text = h("span", { class: "gw-step-text" });
  private readonly range: HTMLInputElement;
  private readonly track = h("div", { class: "gw-track", attributes: { "aria-hidden": "true" } });
  private readonly playButton: HTMLButtonElement;
  private readonly speed: HTMLSelectElement;
  private graph: Graph | null = null;
  private position = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly events: ScrubberEvents) {
    this.playButton = this.button("play", "Play the pass ( space )", () => this.toggle());
    this.range = h("input", {
      class: "gw-range",
      attributes: { type: "range", min: 0, step: 1, "aria-label": "Step of the backward pass" },
      on: { input: () => this.jump(Number(this.range.value)) },
    });
    this.speed = h(
      "select",
      { attributes: { "aria-label": "Speed" }, on: { change: () => events.speed(Number(this.speed.value)) } },
      ...SPEEDS.map((speed) => h("option", { attributes: { value: speed } }, `speed ${speed}×`)),
    );
    this.element = h(
      "div",
      { class: "gw-scrubber", attributes: { role: "group", "aria-label": "Steps of the backward pass" } },
      h(
        "div",
        { class: "gw-controls" },
        this.button("first", "To the start of the pass ( Home )", () => this.jump(0)),
        this.button("back", "One step back ( , )", () => this.jump(this.position - 1)),
        this.playButton,
        this.button("forward", "One step on ( . )", () => this.jump(this.position + 1)),
        this.button("last", "To the end of the pass ( End )", () => this.jump(Number.POSITIVE_INFINITY)),
        this.text,
        h("span", { class: "gw-spring" }),
        this.speed,
      ),
      h("div", { class: "gw-slide" }, this.track, this.range),
    );
  }

  show(graph: Graph | null, position: number, speed: number): void {
    this.graph = graph;
    this.position = position;
    const steps = graph?.pass.steps.length ?? 0;
    this.element.hidden = steps === 0;
    if (!graph || steps === 0) {
      this.pause();
      return;
    }
    this.range.max = String(steps);
    this.range.value = String(position);
    this.speed.value = String(speed);
    const current = graph.order[position];
    const words = current
      ? ["step ", h("b", {}, String(position + 1)), ` of ${steps} · ${current.node.name ?? ""}`]
      : [h("b", {}, String(steps)), ` of ${steps} steps · pass complete`];
    replace(this.text, ...words);
    this.range.setAttribute("aria-valuetext", this.text.textContent ?? "");
    this.drawTrack(steps, position);
    if (position >= steps) this.pause();
  }

  toggle(): void {
    if (this.timer !== null) {
      this.pause();
      return;
    }
    const steps = this.graph?.pass.steps.length ?? 0;
    if (steps === 0) return;
    if (this.position >= steps) this.events.goTo(0);
    this.schedule();
    this.showPlaying(true);
  }

  step(by: number): void {
    this.jump(this.position + by);
  }

  private jump(position: number): void {
    this.pause();
    this.events.goTo(position);
  }

  private schedule(): void {
    this.timer = setTimeout(
      () => {
        this.schedule();
        this.events.goTo(this.position + 1);
      },
      1000 / (RATE * Number(this.speed.value)),
    );
  }

  private pause(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.showPlaying(false);
  }

  private showPlaying(playing: boolean): void {
    replace(this.playButton, icon(playing ? "pause" : "play"));
    this.playButton.setAttribute("aria-label", playing ? "Pause" : "Play the pass");
  }

  /** In shares of the width, so that it needs no measuring; the same inset as the range's thumb. */
  private drawTrack(steps: number, position: number): void {
    const x = (step: number) => `${(100 * step) / steps}%`;
    const line = (x1: string, x2: string, name: string) => svg("line", { x1, x2, y1: 8, y2: 8, class: name });
    const dots: Node[] = [];
    if (steps <= MAX_DOTS) {
      for (let step = 0; step <= steps; step++) {
        const state = step < position ? "done" : step === position ? "here" : "ahead";
        dots.push(svg("circle", { cx: x(step), cy: 8, r: state === "here" ? 6 : 4, class: state }));
      }
    } else dots.push(svg("circle", { cx: x(position), cy: 8, r: 6, class: "here" }));
    const picture = svg(
      "svg",
      { width: "100%", height: 16 },
      line("0%", "100%", "ahead"),
      line("0%", x(position), "done"),
      ...dots,
    );
    replace(this.track, picture);
  }

  private button(name: Icon, title: string, act: () => void): HTMLButtonElement {
    const label = title.replace(/ \( .+ \)$/, "");
    return h(
      "button",
      { class: "gw-button", title, attributes: { type: "button", "aria-label": label }, on: { click: act } },
      icon(name),
    );
  }
}
