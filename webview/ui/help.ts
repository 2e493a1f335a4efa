/** @file The list of keys. */
import { h } from "./dom.js";
import { icon } from "./icons.js";

const KEYS: readonly (readonly [string, string])[] = [
  ["↑ ↓ ← →", "along the edges, or to the node beside"],
  ["Enter", "show the node's line in the editor"],
  ["Home", "to the root"],
  ["/", "find"],
  [", .", "one step back, one step on"],
  ["Space", "fold or unfold the group; elsewhere, play or pause"],
  ["p", "play or pause the pass"],
  ["1 … 9, *, 0", "unfold to a level; all groups; what fits"],
  ["e", "unfold around the selection"],
  ["o", "to the group around"],
  ["z, u", "undo a move; let go of what was moved"],
  ["[ ]", "previous pass, next pass"],
  ["f", "fit the graph into view"],
  ["+ −", "zoom; also Ctrl with the wheel"],
  ["g", "gradients on all edges"],
  ["d", "top-down or left-right"],
  ["c", "constants shown or hidden"],
  ["a s", "only what the node was computed from; only what was computed from it"],
  ["r", "only what reaches the leaf"],
  ["w", "only the ways to the node selected next"],
  ["l", "legend"],
  ["m", "map"],
  ["Esc", "close, deselect"],
  ["?", "this list"],
];

export class Help {
  readonly element: HTMLDialogElement;

  constructor() {
    const rows = KEYS.flatMap(([keys, does]) => [h("dt", {}, h("kbd", {}, keys)), h("dd", {}, does)]);
    const close = h(
      "button",
      {
        class: "gw-button gw-close",
        title: "Close",
        attributes: { type: "button", "aria-label": "Close" },
        on: { click: () => this.element.close() },
      },
      icon("close"),
    );
    this.element = h(
      "dialog",
      { class: "gw-help", attributes: { "aria-label": "Keys" } },
      close,
      h("h2", {}, "Keys"),
      h("dl", {}, ...rows),
    );
    this.element.addEventListener("click", ({ target }) => {
      if (target === this.element) this.element.close();
    });
  }

  toggle(): void {
    if (this.element.open) this.element.close();
    else this.element.showModal();
  }
}
