/** @file A line over the graph that says which part of it is drawn, with a button that brings all of it back. */
import { h, replace } from "./dom.js";
import { icon } from "./icons.js";

export class PartLine {
  readonly element = h("div", { class: "gw-part", attributes: { hidden: true } });

  constructor(private readonly leave: () => void) {}

  show(text: string): void {
    this.fill(text, "Show the whole graph");
  }

  /** What a person is to do next. */
  ask(text: string): void {
    this.fill(text, "Cancel");
  }

  hide(): void {
    this.element.hidden = true;
  }

  private fill(text: string, label: string): void {
    const button = h(
      "button",
      {
        class: "gw-button",
        title: `${label} (Esc)`,
        attributes: { type: "button", "aria-label": label },
        on: {
          click: () => {
            this.hide();
            this.leave();
          },
        },
      },
      icon("close"),
    );
    replace(this.element, h("span", { attributes: { dir: "auto" } }, text), button);
    this.element.hidden = false;
  }
}
