/**
 * @file The accessible tree: an element for each card, lying over it in the drawing's coordinates, so that
 * keyboards, screen readers and magnifiers find what eyes see.
 */
import type { Scene } from "../canvas/scene.js";
import { describe } from "../model/face.js";
import type { Graph } from "../model/graph.js";
import { treeOf } from "../model/outline-tree.js";
import { h } from "./dom.js";

export interface TreeEvents {
  focus(id: string, visible: boolean): void;
  blur(): void;
}

export class Tree {
  readonly element: HTMLElement;
  private items = new Map<string, HTMLElement>();
  private byKeyboard = false;
  private graph: Graph | null = null;
  private current: string | null = null;

  constructor(private readonly events: TreeEvents) {
    this.element = h("div", { class: "gw-tree", attributes: { role: "tree", "aria-label": "Graph" } });
    this.element.addEventListener("focusin", ({ target }) => {
      if (!(target instanceof HTMLElement)) return;
      const id = target.dataset.id;
      if (id) this.events.focus(id, this.byKeyboard);
    });
    // `:focus-visible` also holds for what a click focuses through script.
    document.addEventListener("keydown", () => this.heard(true), true);
    document.addEventListener("pointerdown", () => this.heard(false), true);
    this.element.addEventListener("focusout", () => this.events.blur());
  }

  show(graph: Graph, scene: Scene, position: number): void {
    const focused = this.element.contains(document.activeElement);
    this.graph = graph;
    this.items = new Map();
    const elements = treeOf(graph).map(({ card, level, position: at, siblings }) => {
      const item = h("div", {
        class: "gw-item",
        attributes: {
          role: "treeitem",
          tabindex: -1,
          "aria-level": level,
          "aria-posinset": at,
          "aria-setsize": siblings,
          "aria-selected": "false",
        },
      });
      item.dataset.id = card.id;
      this.items.set(card.id, item);
      this.place(card.id, scene);
      return item;
    });
    this.element.replaceChildren(...elements);
    this.describe(position);
    this.setCurrent(this.current !== null && this.items.has(this.current) ? this.current : null);
    if (focused) this.entry()?.focus({ preventScroll: true });
  }

  clear(): void {
    this.items.clear();
    this.graph = null;
    this.element.replaceChildren();
  }

  place(id: string, scene: Scene): void {
    const box = scene.boxOf(id);
    const item = this.items.get(id);
    if (!box || !item) return;
    item.style.left = `${box.x}px`;
    item.style.top = `${box.y}px`;
    item.style.width = `${box.width}px`;
    item.style.height = `${box.height}px`;
  }

  /** Brings what each item says up to date with a position of the walk. */
  describe(position: number): void {
    if (!this.graph) return;
    for (const card of this.graph.cards) {
      const item = this.items.get(card.id);
      const text = describe(this.graph, card, position);
      if (item && item.getAttribute("aria-label") !== text) item.setAttribute("aria-label", text);
    }
  }

  /** Marks the selected card; the Tab key enters the tree there. */
  setCurrent(id: string | null): void {
    for (const item of [this.current, id].map((each) => this.items.get(each ?? ""))) {
      item?.setAttribute("aria-selected", String(item.dataset.id === id));
      item?.setAttribute("tabindex", "-1");
    }
    this.current = id;
    for (const item of this.element.querySelectorAll('[tabindex="0"]')) item.setAttribute("tabindex", "-1");
    this.entry()?.setAttribute("tabindex", "0");
  }

  get focusedId(): string | null {
    const { activeElement } = document;
    return activeElement instanceof HTMLElement && this.element.contains(activeElement)
      ? (activeElement.dataset.id ?? null)
      : null;
  }

  focus(id: string): void {
    this.items.get(id)?.focus({ preventScroll: true });
  }

  private heard(keyboard: boolean): void {
    this.byKeyboard = keyboard;
  }

  private entry(): HTMLElement | undefined {
    return this.items.get(this.current ?? "") ?? this.items.values().next().value;
  }
}
