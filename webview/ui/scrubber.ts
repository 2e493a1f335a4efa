/** @file The walk through a pass: buttons, a track with a dot for each step, and play at a chosen speed. */
import type { FromView, Position } from "../../src/protocol/view.js";
import type { Card, Graph } from "../model/graph.js";
import { h, replace, svg } from "./dom.js";
import { type Icon, icon } from "./icons.js";

export type DebugCommand = Extract<FromView, { readonly type: "debug" }>["command"];

export interface ScrubberEvents {
  goTo(position: number): void;
  debug(command: DebugCommand): void;
  speed(speed: number): void;
}

export interface Walk {
  readonly graph: Graph | null;
  readonly position: number;
  readonly speed: number;
  /** Where a debugger stands; null where the record is walked by the page itself. */
  readonly debugger: Position["at"] | null;
  /** What runs inside the next node, where the debugger stands in it. */
  readonly inside: string | null;
  /** A debugger can be started. */
  readonly canStep: boolean;
}

/** What a debugger's state is called, and what that means. */
const LIVE: Readonly<Record<NonNullable<Position["at"]>, readonly [word: string, meaning: string]>> = {
  edge: ["live", "The program waits here, inside the engine: its later code has not run yet"],
  past: ["past", "The program has gone further: this is its record. Step on to return to where it waits"],
  running: ["running…", "The program runs on, to the next stop"],
};

/** Steps a second at speed 1. */
const RATE = 2;
/** Beyond, dots would touch: the track is a plain bar then. */
const MAX_DOTS = 80;
const SPEEDS = [0.5, 1, 2, 4, 8];
const FIRST = "To the start of the pass ( Home )";
const LAST = "To the end of the pass ( End )";

export class Scrubber {
  readonly element: HTMLElement;
  private readonly text = h("span", { class: "gw-step-text" });
  private readonly range: HTMLInputElement;
  private readonly track = h("div", { class: "gw-track", attributes: { "aria-hidden": "true" } });
  private readonly live = h("span", { class: "gw-live", attributes: { role: "status", hidden: true } });
  private readonly firstButton: HTMLButtonElement;
  private readonly lastButton: HTMLButtonElement;
  private readonly playButton: HTMLButtonElement;
  private readonly startButton: HTMLButtonElement;
  private readonly speed: HTMLSelectElement;
  private graph: Graph | null = null;
  private position = 0;
  private at: Position["at"] | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly events: ScrubberEvents) {
    this.firstButton = this.button("first", FIRST, () =>
      this.at === null ? this.jump(0) : this.debug("reverseContinue"),
    );
    this.lastButton = this.button("last", LAST, () =>
      this.at === null ? this.jump(Number.POSITIVE_INFINITY) : this.debug("continue"),
    );
    this.playButton = this.button("play", "Play the pass ( space )", () => this.toggle());
    this.startButton = this.button("debug", "Step backward pass: run the program in the debugger", () =>
      this.debug("start"),
    );
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
        this.firstButton,
        this.button("back", "One step back ( , )", () => this.step(-1)),
        this.playButton,
        this.button("forward", "One step on ( . )", () => this.step(1)),
        this.lastButton,
        this.live,
        this.text,
        h("span", { class: "gw-spring" }),
        this.startButton,
        this.speed,
      ),
      h("div", { class: "gw-slide" }, this.track, this.range),
    );
  }

  show({ graph, position, speed, debugger: at, inside, canStep }: Walk): void {
    this.graph = graph;
    this.position = position;
    this.showDebugger(at, canStep);
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
      ? ["step ", h("b", {}, String(position + 1)), ` of ${steps} · ${nameOf(current, inside)}`]
      : [h("b", {}, String(steps)), ` of ${steps} steps · pass complete`];
    replace(this.text, ...words);
    this.range.setAttribute("aria-valuetext", this.text.textContent ?? "");
    this.drawTrack(steps, position);
    if (position >= steps && at === null) this.pause();
  }

  private showDebugger(at: Position["at"] | null, canStep: boolean): void {
    const ended = this.at !== null && at === null;
    this.at = at;
    if (ended) this.pause();
    this.startButton.hidden = !canStep || at !== null;
    const [word, meaning] = at ? LIVE[at] : ["", ""];
    this.live.hidden = at === null;
    if (this.live.textContent !== word) this.live.textContent = word;
    this.live.title = meaning;
    this.live.dataset.at = at ?? "";
    rename(this.firstButton, at === null ? FIRST : "Continue backward, to the previous stop");
    rename(this.lastButton, at === null ? LAST : "Continue, to the next stop");
    if (this.timer === null) this.showPlaying(at === "running");
  }

  private debug(command: DebugCommand): void {
    this.pause();
    this.events.debug(command);
  }

  toggle(): void {
    if (this.at === "running" && this.timer === null) {
      this.debug("pause");
      return;
    }
    if (this.timer !== null) {
      this.pause();
      return;
    }
    const steps = this.graph?.pass.steps.length ?? 0;
    if (steps === 0) return;
    if (this.at === null && this.position >= steps) this.events.goTo(0);
    this.schedule();
    this.showPlaying(true);
  }

  step(by: 1 | -1): void {
    if (this.at === null) this.jump(this.position + by);
    else this.debug(by > 0 ? "step" : "stepBack");
  }

  private jump(position: number): void {
    this.pause();
    this.events.goTo(position);
  }

  private schedule(): void {
    this.timer = setTimeout(
      () => {
        this.schedule();
        if (this.at === null) this.events.goTo(this.position + 1);
        // A step that takes longer than a tick is waited for.
        else if (this.at !== "running") this.events.debug("step");
      },
      1000 / (RATE * Number(this.speed.value)),
    );
  }

  private pause(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.showPlaying(this.at === "running");
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
    const button = h(
      "button",
      { class: "gw-button", attributes: { type: "button" }, on: { click: act } },
      icon(name),
    );
    rename(button, title);
    return button;
  }
}

/** As the debugger's call stack names it. */
function nameOf({ node }: Card, inside: string | null): string {
  return [node.name ?? "", ...(inside === null ? [] : [`in ${inside}`])].join(", ");
}

/** Keys stand in the title's last parentheses. */
function rename(button: HTMLButtonElement, title: string): void {
  if (button.title === title) return;
  button.title = title;
  button.setAttribute("aria-label", title.replace(/ \( .+ \)$/, ""));
}
