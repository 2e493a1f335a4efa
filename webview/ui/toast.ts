/** @file A sentence that answers what a person just did; it is read aloud, and goes by itself. */
import { h } from "./dom.js";

/** Long enough to read the longest of them, milliseconds. */
const STAYS = 4000;

export class Toast {
  readonly element = h("div", { class: "gw-toast", attributes: { role: "status" } });
  private timer: ReturnType<typeof setTimeout> | null = null;

  show(text: string): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.element.textContent = text;
    this.timer = setTimeout(() => this.hide(), STAYS);
  }

  private hide(): void {
    this.timer = null;
    this.element.textContent = "";
  }
}
