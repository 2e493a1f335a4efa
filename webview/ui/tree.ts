/**
 * @file The accessible tree: an element for each card and group, lying over it in the drawing's coordinates, so
 * that keyboards, screen readers and magnifiers find what eyes see. Of very many, those in view have elements, and
 * each tells its place among all.
 */
import { TITLE_HEIGHT } from "../canvas/group-card.js";
import type { Box } from "../canvas/painter.js";
import type { Scene } from "../canvas/scene.js";
import { describeGroup } from "../groups/face.js";
import { outlineOf, type Row } from "../groups/outline.js";
import type { Shown, Thing } from "../groups/types.js";
import { describe } from "../model/face.js";
import { h } from "./dom.js";

export interface TreeEvents {
  focus(id: string, visible: boolean): void;
  blur(): void;
}

/** As many elements a browser and a screen reader take easily. */
const MOST = 400;
/** Rows before and after the current one that always have an element. */
const AROUND = 8;

export class Tree {
  readonly element: HTMLElement;
  private readonly items = new Map<string, HTMLElement>();
  private rows: readonly Row[] = [];
  private rowOf: ReadonlyMap<string, number> = new Map();
  private scene: Scene | null = null;
  private position = 0;
  private byKeyboard = false;
  /** Rows get new elements: what takes the focus over is what had it, and nobody has chosen anything. */
  private renewing = false;
  private current: string | null = null;

  constructor(private readonly events: TreeEvents) {
    this.element = h("div", { class: "gw-tree", attributes: { role: "tree", "aria-label": "Graph" } });
    this.element.addEventListener("focusin", ({ target }) => {
      if (this.renewing || !(target instanceof HTMLElement)) return;
      const id = target.dataset.id;
      if (id) this.events.focus(id, this.byKeyboard);
    });
    // `:focus-visible` also holds for what a click focuses through script.
    document.addEventListener("keydown", () => this.heard(true), true);
    document.addEventListener("pointerdown", () => this.heard(false), true);
    this.element.addEventListener("focusout", () => {
      if (!this.renewing) this.events.blur();
    });
  }

  show(scene: Scene, position: number, view: Box): void {
    const focused = this.focusedId;
    this.scene = scene;
    this.position = position;
    this.rows = outlineOf(scene.shown);
    this.rowOf = new Map(this.rows.map(({ thing }, i) => [thing.id, i]));
    this.renewing = focused !== null && this.rowOf.has(focused);
    this.items.clear();
    this.element.replaceChildren();
    if (this.current !== null && !this.rowOf.has(this.current)) this.current = null;
    this.look(view);
    if (focused !== null && this.renewing) this.focus(focused);
    this.renewing = false;
    // What was focused is folded away: the tree's entry is nearest to it.
    if (focused !== null && !this.rowOf.has(focused)) this.entry()?.focus({ preventScroll: true });
  }

  clear(): void {
    this.items.clear();
    this.rows = [];
    this.rowOf = new Map();
    this.scene = null;
    this.element.replaceChildren();
  }

  /** The view has moved: rows that come into it get elements, others may lose theirs. */
  look(view: Box): void {
    const wanted = this.wanted(view);
    const kept = document.activeElement;
    for (const [id, item] of this.items) {
      if (wanted.has(this.rowOf.get(id) ?? -1) || item === kept) continue;
      item.remove();
      this.items.delete(id);
    }
    for (const index of [...wanted].sort((a, b) => a - b)) this.make(index);
    this.arrange();
    this.setCurrent(this.current);
  }

  place(id: string): void {
    const box = this.scene?.boxOf(id);
    const item = this.items.get(id);
    if (!box || !item) return;
    const open = item.getAttribute("aria-expanded") === "true";
    item.style.left = `${box.x}px`;
    item.style.top = `${box.y}px`;
    item.style.width = `${box.width}px`;
    // An open group is its title: what is inside lies beneath it.
    item.style.height = `${open ? TITLE_HEIGHT : box.height}px`;
  }

  /** Brings what each item says up to date with a position of the walk. */
  describe(position: number): void {
    const shown = this.scene?.shown;
    this.position = position;
    if (!shown) return;
    for (const [id, item] of this.items) {
      const thing = shown.byId.get(id);
      const text = thing ? textOf(shown, thing, position) : "";
      if (item.getAttribute("aria-label") !== text) item.setAttribute("aria-label", text);
    }
  }

  /** Marks the selected card; the Tab key enters the tree there. */
  setCurrent(id: string | null): void {
    const before = this.items.get(this.current ?? "");
    before?.setAttribute("aria-selected", "false");
    this.current = id;
    if (id !== null) this.makeAlone(id);
    this.items.get(id ?? "")?.setAttribute("aria-selected", "true");
    for (const item of this.element.querySelectorAll('[tabindex="0"]')) item.setAttribute("tabindex", "-1");
    this.entry()?.setAttribute("tabindex", "0");
  }

  get focusedId(): string | null {
    const { activeElement } = document;
    return activeElement instanceof HTMLElement && this.element.contains(activeElement)
      ? (activeElement.dataset.id ?? null)
      : null;
  }

  get currentId(): string | null {
    return this.current;
  }

  focus(id: string): void {
    this.makeAlone(id);
    this.items.get(id)?.focus({ preventScroll: true });
  }

  /** Row numbers: all of a small graph; else those in view, nearest to its middle, and the current one's surroundings. */
  private wanted(view: Box): Set<number> {
    const { rows, scene } = this;
    if (rows.length <= MOST) return new Set(rows.keys());
    const [x, y] = [view.x + view.width / 2, view.y + view.height / 2];
    const near = rows.map(({ thing }, index) => {
      const box = scene?.boxOf(thing.id);
      const far = Number.POSITIVE_INFINITY;
      return { index, away: box ? Math.hypot(box.x + box.width / 2 - x, box.y + box.height / 2 - y) : far };
    });
    near.sort((a, b) => a.away - b.away);
    const wanted = new Set(near.slice(0, MOST).map(({ index }) => index));
    const at = this.rowOf.get(this.focusedId ?? this.current ?? "") ?? 0;
    for (let i = Math.max(0, at - AROUND); i <= Math.min(rows.length - 1, at + AROUND); i++) wanted.add(i);
    return wanted;
  }

  private makeAlone(id: string): void {
    const index = this.rowOf.get(id);
    if (index === undefined || this.items.has(id)) return;
    this.make(index);
    this.arrange();
  }

  private make(index: number): void {
    const row = this.rows[index];
    const { scene } = this;
    if (!row || !scene || this.items.has(row.thing.id)) return;
    const { thing, expanded, level, position, siblings } = row;
    const item = h("div", {
      class: "gw-item",
      attributes: {
        role: "treeitem",
        tabindex: -1,
        "aria-level": level,
        "aria-posinset": position,
        "aria-setsize": siblings,
        "aria-selected": "false",
        "aria-label": textOf(scene.shown, thing, this.position),
      },
    });
    if (expanded !== null) item.setAttribute("aria-expanded", String(expanded));
    item.dataset.id = thing.id;
    this.items.set(thing.id, item);
    this.place(thing.id);
  }

  /** Puts new elements where their rows are. Those that stand are not moved: one of them may have the focus. */
  private arrange(): void {
    const sorted = [...this.items].sort(([a], [b]) => (this.rowOf.get(a) ?? 0) - (this.rowOf.get(b) ?? 0));
    let next: ChildNode | null = this.element.firstChild;
    for (const [, item] of sorted) {
      if (item === next) next = item.nextSibling;
      else this.element.insertBefore(item, next);
    }
  }

  private heard(keyboard: boolean): void {
    this.byKeyboard = keyboard;
  }

  private entry(): HTMLElement | undefined {
    return this.items.get(this.current ?? "") ?? this.items.values().next().value;
  }
}

function textOf(shown: Shown, thing: Thing, position: number): string {
  if (thing.kind === "card") return describe(shown.graph, thing.card, position);
  return describeGroup(shown.tree, thing.group, position, thing.kind === "frame" ? thing : undefined);
}
