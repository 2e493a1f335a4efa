/** @file The search box over the graph: what was found, and going through it. */
import { h } from "./dom.js";
import { icon } from "./icons.js";

export interface FindEvents {
  query(text: string): void;
  step(by: 1 | -1): void;
  close(): void;
}

export class Find {
  readonly element: HTMLElement;
  private readonly input: HTMLInputElement;
  private readonly count = h("span", { class: "gw-count", attributes: { role: "status" } });

  constructor(private readonly events: FindEvents) {
    this.input = h("input", {
      attributes: {
        type: "search",
        "aria-label": "Find nodes by variable, operation, shape, line or state",
        placeholder: "name, op, [shape], line:9, leaf …",
        spellcheck: "false",
      },
      on: { input: () => events.query(this.input.value), keydown: (event) => this.key(event) },
    });
    const button = (name: "up" | "below" | "close", label: string, act: () => void) =>
      h(
        "button",
        {
          class: "gw-button",
          title: label,
          attributes: { type: "button", "aria-label": label },
          on: { click: act },
        },
        icon(name),
      );
    this.element = h(
      "div",
      { class: "gw-find", attributes: { role: "search", hidden: true } },
      this.input,
      this.count,
      button("up", "Previous match", () => events.step(-1)),
      button("below", "Next match", () => events.step(1)),
      button("close", "Close the search", () => this.close()),
    );
  }

  get open(): boolean {
    return !this.element.hidden;
  }

  show(): void {
    this.element.hidden = false;
    this.input.focus();
    this.input.select();
    if (this.input.value) this.events.query(this.input.value);
  }

  close(): void {
    this.element.hidden = true;
    this.events.close();
  }

  result(at: number, count: number): void {
    this.count.textContent =
      this.input.value === "" ? "" : count === 0 ? "no match" : `${at + 1} of ${count}`;
  }

  private key(event: KeyboardEvent): void {
    if (event.key === "Enter") this.events.step(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
