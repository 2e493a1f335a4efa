/** @file The row above the graph: which pass, and how it is shown. */

import type { Outline } from "../../src/protocol/view.js";
import { OVERLAYS } from "../model/heat.js";
import { plural } from "../model/numbers.js";
import type { ColourBy, Saved } from "../state.js";
import { h, replace } from "./dom.js";
import { type Icon, icon } from "./icons.js";
import { type MenuItem, menuButton } from "./menu.js";

export interface ToolbarEvents {
  goToPass(index: number): void;
  change(change: Partial<Saved>): void;
  find(): void;
  fit(): void;
  zoom(factor: number): void;
  help(): void;
  run(): void;
  stop(): void;
}

interface Toggle {
  readonly element: HTMLButtonElement;
  readonly pressed: (saved: Saved) => boolean;
}

export class Toolbar {
  readonly element: HTMLElement;
  private readonly file = h("span", { class: "gw-file" });
  private readonly passText = h("span", { class: "gw-pass-text" });
  private readonly previous: HTMLButtonElement;
  private readonly next: HTMLButtonElement;
  private readonly status = h("span", { class: "gw-status" });
  private readonly runButton: HTMLButtonElement;
  private readonly follow: HTMLButtonElement;
  private readonly colour: HTMLSelectElement;
  private readonly toggles: Toggle[] = [];
  private index = 0;
  private running = false;
  private saved: Saved | null = null;

  constructor(
    private readonly events: ToolbarEvents,
    exports: readonly MenuItem[],
    folds: readonly MenuItem[],
  ) {
    this.previous = this.button("previous", "Previous pass ( [ )", () => events.goToPass(this.index - 1));
    this.next = this.button("next", "Next pass ( ] )", () => events.goToPass(this.index + 1));
    this.runButton = this.button("run", "Run the program", () =>
      this.running ? events.stop() : events.run(),
    );
    this.follow = this.toggle("follow", "Follow the editor's cursor", "follow cursor", "follow");
    this.colour = this.colourSelect();
    this.element = h(
      "header",
      { class: "gw-toolbar" },
      this.runButton,
      this.file,
      h("span", { class: "gw-pass" }, this.previous, this.passText, this.next),
      this.status,
      h("span", { class: "gw-spring" }),
      this.button("find", "Find a node ( / )", () => events.find(), "find"),
      this.follow,
      h("label", { class: "gw-colour", title: "Colour the cards by" }, icon("colour"), this.colour),
      this.toggle("gradients", "Show the gradients on all edges ( g )", "gradients", "gradients"),
      this.toggle("constants", "Show constants ( c )", null, "constants"),
      this.orientation(),
      this.flow(),
      menuButton("Groups", icon("groups"), folds),
      this.button("fit", "Fit the graph into view ( f )", () => events.fit()),
      this.button("minus", "Zoom out ( - )", () => events.zoom(1 / 1.25)),
      this.button("plus", "Zoom in ( + )", () => events.zoom(1.25)),
      this.toggle("map", "Map of the whole graph, where not all of it is in view ( m )", null, "map"),
      this.toggle("legend", "Legend ( l )", null, "legend"),
      menuButton("Export or copy", icon("export"), exports),
      this.button("help", "Keys ( ? )", () => events.help()),
    );
  }

  show(outline: Outline, index: number | null, canRun: boolean): void {
    const { passes, state, stale, program } = outline;
    this.index = index ?? 0;
    this.running = state === "running";
    this.file.textContent = program.file.split(/[\\/]/).pop() ?? "";
    this.file.title = program.file;
    const live = passes[this.index]?.call === "live";
    const what = live ? "graph" : "pass";
    this.passText.textContent = passes.length === 0 ? "" : `${what} ${this.index + 1} of ${passes.length}`;
    this.previous.disabled = this.index <= 0;
    this.next.disabled = this.index >= passes.length - 1;
    this.previous.hidden = this.next.hidden = passes.length < 2;
    this.runButton.hidden = !canRun;
    this.follow.hidden = !canRun;
    replace(this.runButton, icon(this.running ? "stop" : "run"));
    name(this.runButton, this.running ? "Stop the program" : "Run the program");
    this.status.textContent = statusText(state, stale, outline.duration);
    this.status.title = stale
      ? "The text has been edited since this run. Run again to update the graph."
      : "";
    this.status.classList.toggle("gw-stale", stale);
  }

  showState(saved: Saved): void {
    this.saved = saved;
    for (const { element, pressed } of this.toggles)
      element.setAttribute("aria-pressed", String(pressed(saved)));
    this.colour.value = saved.colourBy;
    const [orientation, flow] = [...this.element.querySelectorAll<HTMLButtonElement>("[data-switch]")];
    if (orientation) {
      replace(orientation, icon(saved.orientation));
      name(
        orientation,
        saved.orientation === "down" ? "Lay out from left to right" : "Lay out from top to bottom",
      );
    }
    if (flow)
      name(flow, saved.flow === "forward" ? "Let arrows follow the gradient" : "Let arrows follow the data");
  }

  private button(name: Icon, title: string, act: () => void, text: string | null = null): HTMLButtonElement {
    const word = text ? h("span", { class: "gw-word" }, text) : null;
    return h(
      "button",
      {
        class: "gw-button",
        title,
        attributes: { type: "button", "aria-label": title.replace(/ \( . \)$/, "") },
        on: { click: act },
      },
      icon(name),
      word,
    );
  }

  private toggle(
    name: Icon,
    title: string,
    text: string | null,
    key: "follow" | "gradients" | "legend" | "constants" | "map",
  ): HTMLButtonElement {
    const element = this.button(name, title, () => this.events.change({ [key]: !this.saved?.[key] }), text);
    this.toggles.push({ element, pressed: (saved) => saved[key] });
    return element;
  }

  private orientation(): HTMLButtonElement {
    const button = this.button("down", "Lay out from left to right", () =>
      this.events.change({ orientation: this.saved?.orientation === "down" ? "right" : "down" }),
    );
    button.dataset.switch = "orientation";
    return button;
  }

  private flow(): HTMLButtonElement {
    const button = this.button("reverse", "Let arrows follow the gradient", () =>
      this.events.change({ flow: this.saved?.flow === "forward" ? "gradient" : "forward" }),
    );
    button.dataset.switch = "flow";
    return button;
  }

  private colourSelect(): HTMLSelectElement {
    const options: readonly [ColourBy, string][] = [
      ["state", "colour by state"],
      ...OVERLAYS.map(({ id, text }): [ColourBy, string] => [id, `colour by ${text}`]),
    ];
    return h(
      "select",
      {
        attributes: { "aria-label": "Colour the cards by" },
        on: { change: () => this.events.change({ colourBy: this.colour.value as ColourBy }) },
      },
      ...options.map(([value, text]) => h("option", { attributes: { value } }, text)),
    );
  }
}

function name(button: HTMLButtonElement, text: string): void {
  button.title = text;
  button.setAttribute("aria-label", text);
}

function statusText(state: Outline["state"], stale: boolean, duration: number | null): string {
  if (state === "running") return "running…";
  if (state === "paused") return "paused";
  if (stale) return "edited since this run";
  if (state === "failed") return "failed";
  if (state === "stopped") return "stopped";
  return duration === null ? "" : durationText(duration);
}

function durationText(milliseconds: number): string {
  return milliseconds < 1000
    ? `${Math.round(milliseconds)} ms`
    : plural(Math.round(milliseconds / 100) / 10, "second");
}
