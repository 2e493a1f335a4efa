/** @file The pane about one node: everything the trace knows of it, at the current position of the walk. */
import { h, replace } from "../dom.js";
import { type GroupView, groupPane } from "../group-details.js";
import { icon } from "../icons.js";
import {
  derivativeSection,
  gradSection,
  incomingSection,
  outgoingSection,
  savedSection,
  valueSection,
} from "./engine.js";
import { head } from "./head.js";
import { hooksSection } from "./hooks.js";
import type { Content, Context, DetailsEvents, DetailsView } from "./parts.js";
import { againstSection, consumers, nextFunctions, otherPasses } from "./relations.js";

export class Details {
  readonly element = h("aside", {
    class: "gw-details",
    attributes: { "aria-label": "Details of the selected node", hidden: true, tabindex: -1 },
  });
  private shown = "";
  private view: DetailsView | null = null;
  /** Of the heat maps of the node that is shown. */
  private readonly pages = new Map<string, number>();

  constructor(private readonly events: DetailsEvents) {}

  hide(): void {
    this.element.hidden = true;
    this.shown = "";
    this.view = null;
  }

  show(view: DetailsView): void {
    this.view = view;
    const pager = {
      page: (map: string) => this.pages.get(map) ?? 0,
      turn: (map: string, page: number) => this.turn(map, page),
    };
    const context: Context = { ...view, events: this.events, pager };
    this.fill(view.card.id, () => [head(context, this.closeButton()), ...sections(context)]);
  }

  showGroup(view: GroupView): void {
    this.view = null;
    this.fill(view.group.id, () => [this.closeButton(), ...groupPane(view, this.events)]);
  }

  /** What is read stays where it is while the same thing is shown. */
  private fill(id: string, content: () => Content[]): void {
    const same = this.shown === id;
    if (!same) this.pages.clear();
    const scrolled = this.element.scrollTop;
    const focused = same ? this.focusedButton() : null;
    this.shown = id;
    this.element.hidden = false;
    replace(this.element, ...content());
    this.element.scrollTop = same ? scrolled : 0;
    focused?.();
  }

  /** Gives the focus back to the button that had it, by its name, once the pane is filled anew. */
  private focusedButton(): (() => void) | null {
    const { activeElement } = document;
    if (!(activeElement instanceof HTMLButtonElement) || !this.element.contains(activeElement)) return null;
    const like = () =>
      [...this.element.querySelectorAll("button")].filter(
        ({ textContent, title }) =>
          textContent === activeElement.textContent && title === activeElement.title,
      );
    const at = like().indexOf(activeElement);
    return () => (like()[at] ?? like()[0])?.focus({ preventScroll: true });
  }

  private turn(map: string, page: number): void {
    this.pages.set(map, page);
    if (this.view) this.show(this.view);
  }

  private closeButton(): HTMLElement {
    return h(
      "button",
      {
        class: "gw-button gw-close",
        title: "Close (Esc)",
        attributes: { type: "button", "aria-label": "Close details" },
        on: { click: () => this.events.close() },
      },
      icon("close"),
    );
  }
}

/** During a walk the gradient is what one looks for, otherwise the tensor. */
function sections(context: Context): Content[] {
  const { graph, position } = context;
  const tensor = [valueSection, gradSection];
  const engine = [incomingSection, derivativeSection, savedSection, hooksSection, outgoingSection];
  const walking = position < graph.pass.steps.length;
  const order = walking ? [...engine, ...tensor.reverse()] : [...tensor, ...engine];
  const rest = [nextFunctions, consumers, otherPasses];
  return [againstSection, ...order, ...rest].map((make) => make(context));
}
