/** @file A button that opens a menu, by the ARIA pattern for menu buttons. */
import { h } from "./dom.js";

export interface MenuItem {
  readonly text: string;
  /** A line parts it from the items above. */
  readonly separated?: boolean;
  act(): void;
}

export function menuButton(label: string, picture: Node, items: readonly MenuItem[]): HTMLElement {
  const list = h("div", {
    class: "gw-menu",
    attributes: { role: "menu", "aria-label": label, hidden: true },
  });
  const button = h(
    "button",
    {
      class: "gw-button",
      title: label,
      attributes: { type: "button", "aria-label": label, "aria-haspopup": "menu", "aria-expanded": "false" },
      on: { click: () => (list.hidden ? open() : close()) },
    },
    picture,
  );
  const entries = items.map(({ text, separated, act }) =>
    h(
      "button",
      {
        class: separated ? "gw-separated" : "",
        attributes: { type: "button", role: "menuitem", tabindex: -1 },
        on: {
          click: () => {
            close();
            act();
          },
        },
      },
      text,
    ),
  );
  list.append(...entries);
  const frame = h("span", { class: "gw-menu-frame" }, button, list);

  function open(): void {
    list.hidden = false;
    button.setAttribute("aria-expanded", "true");
    entries[0]?.focus();
  }
  function close(): void {
    if (list.hidden) return;
    list.hidden = true;
    button.setAttribute("aria-expanded", "false");
    button.focus();
  }
  function step(by: number): void {
    const at = entries.indexOf(document.activeElement as HTMLButtonElement);
    entries[(at + by + entries.length) % entries.length]?.focus();
  }
  list.addEventListener("keydown", (event) => {
    if (event.key === "Escape" || event.key === "Tab") close();
    else if (event.key === "ArrowDown") step(1);
    else if (event.key === "ArrowUp") step(-1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  document.addEventListener("pointerdown", ({ target }) => {
    if (target instanceof Node && !frame.contains(target)) close();
  });
  return frame;
}
