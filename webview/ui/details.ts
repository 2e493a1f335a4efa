/** @file The pane about one node: everything the trace knows of it, at the current position of the walk. */
import type { ExportNode, ExportStep, SourceLocation, TensorSummary } from "../../src/protocol/export.js";
import type { NodeDetail, ViewStep } from "../../src/protocol/view.js";
import { summedFrom } from "../canvas/labels.js";
import { whyNone } from "../model/face.js";
import type { Card, Graph, Link } from "../model/graph.js";
import { cleanName, scopeText } from "../model/names.js";
import { plural, shapeText, shortNumber } from "../model/numbers.js";
import type { Relation } from "../model/subset.js";
import { tensorText } from "../model/tensor.js";
import { gradAt, incoming, takesPart, termState } from "../model/walk.js";
import { h, replace } from "./dom.js";
import { type GroupView, groupPane } from "./group-details.js";
import { icon } from "./icons.js";
import { heatMap, histogram } from "./picture.js";

export interface DetailsEvents {
  select(id: string): void;
  reveal(source: SourceLocation): void;
  pass(index: number): void;
  focusOn(what: Relation | "path"): void;
  /** Folds or unfolds a group. */
  toggle(id: string): void;
  close(): void;
}

export interface DetailsView {
  readonly graph: Graph;
  readonly card: Card;
  readonly position: number;
  /** Not there yet while the host is asked for it. */
  readonly detail: NodeDetail | null;
  readonly canReveal: boolean;
}

type Tone = "value" | "grad";

export class Details {
  readonly element = h("aside", {
    class: "gw-details",
    attributes: { "aria-label": "Details of the selected node", hidden: true, tabindex: -1 },
  });
  private shown = "";

  constructor(private readonly events: DetailsEvents) {}

  hide(): void {
    this.element.hidden = true;
    this.shown = "";
  }

  show(view: DetailsView): void {
    this.element.hidden = false;
    const same = this.shown === view.card.id;
    const scrolled = this.element.scrollTop;
    this.shown = view.card.id;
    replace(this.element, this.header(view), ...this.sections(view));
    this.element.scrollTop = same ? scrolled : 0;
  }

  showGroup(view: GroupView): void {
    this.element.hidden = false;
    const same = this.shown === view.group.id;
    const scrolled = this.element.scrollTop;
    this.shown = view.group.id;
    replace(this.element, this.closeButton(), ...groupPane(view, this.events));
    this.element.scrollTop = same ? scrolled : 0;
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

  private header({ card, canReveal }: DetailsView): HTMLElement {
    const { node } = card;
    const title = cleanName(node.label ?? node.name ?? "constant") || "(unprintable)";
    const states = [
      node.label === null ? null : (node.name ?? "constant"),
      node.is_leaf ? "leaf" : "non-leaf",
      node.requires_grad ? "requires grad" : "does not require grad",
      node.retains_grad && !node.is_leaf ? "retains grad" : null,
    ].filter(Boolean);
    return h(
      "div",
      { class: "gw-details-head" },
      this.closeButton(),
      h("h2", { attributes: { dir: "auto" } }, title),
      h("p", { class: "gw-quiet" }, states.join(" · ")),
      this.place(node.source, node.text ?? null, canReveal),
      node.scope.length > 0 ? h("p", { class: "gw-note" }, scopeText(node)) : null,
      this.focusButtons(card),
    );
  }

  private focusButtons(card: Card): HTMLElement {
    const button = (text: string, title: string, what: Relation | "path") =>
      h(
        "button",
        {
          class: "gw-chip",
          title,
          attributes: { type: "button" },
          on: { click: () => this.events.focusOn(what) },
        },
        text,
      );
    const leaf = card.node.kind === "accumulate";
    return h(
      "div",
      { class: "gw-chips", attributes: { role: "group", "aria-label": "Draw only a part" } },
      leaf ? null : button("Ancestors", "Only what it was computed from (a)", "ancestors"),
      leaf
        ? button("What reaches it", "Only what its gradient comes through (r)", "reaching")
        : button("Descendants", "Only what was computed from it (s)", "descendants"),
      button("Path to…", "Only the ways to the node selected next (w)", "path"),
    );
  }

  private place(source: SourceLocation | null, text: string | null, canReveal: boolean): HTMLElement | null {
    if (!source) return text ? h("p", { class: "gw-mono gw-quiet" }, cleanName(text)) : null;
    const where = `${source.file.split(/[\\/]/).pop()}:${source.line}:${source.column}`;
    const line = text ? `${cleanName(text)} · ${where}` : where;
    if (!canReveal) return h("p", { class: "gw-mono gw-quiet", title: source.file }, line);
    return h(
      "button",
      {
        class: "gw-link gw-mono",
        title: "Show in the editor",
        attributes: { type: "button" },
        on: { click: () => this.events.reveal(source) },
      },
      line,
    );
  }

  /** During a walk the gradient is what one looks for, otherwise the tensor. */
  private sections(view: DetailsView): (HTMLElement | null)[] {
    const { graph, card, position, detail } = view;
    const node: Partial<ExportNode> = detail?.node ?? {};
    const gradient = [
      this.gradSection(view),
      section("Why no .grad", paragraph(whyNone(graph, card, position))),
    ];
    const engine = [
      this.incomingSection(view),
      this.derivative(node),
      this.saved(node),
      this.outgoingSection(view),
    ];
    const walking = position < graph.pass.steps.length;
    return [
      ...(walking ? engine : [this.valueSection(view), ...gradient]),
      ...(walking ? [...gradient, this.valueSection(view)] : engine),
      this.relatives("Made from", card.inputs, (link) => link.producer),
      this.relatives("Used by", card.outputs, (link) => link.consumer),
      this.otherPasses(view),
    ];
  }

  private valueSection({ card, detail }: DetailsView): HTMLElement | null {
    const { node } = card;
    const value = detail?.node.value ?? node.value;
    if (!value) return null;
    const tensor = { ...value, shape: node.shape, dtype: node.dtype };
    return section("Value", ...this.tensor(tensor, "value", detail?.valueText ?? null));
  }

  private incomingSection(view: DetailsView): HTMLElement | null {
    const { graph, card, position } = view;
    if (card.step < 0) return null;
    const step = this.step(view);
    const now = incoming(graph, card, position);
    const gradients = (now.gradients.length > 0 ? (step?.grad_in ?? []) : []).filter(
      (gradient) => gradient !== null,
    );
    const terms = card.outputs.filter(takesPart);
    const [only] = terms;
    const whole = gradients.length > 0;
    const words = !whole
      ? `${now.arrived} of ${plural(now.expected, "term")} arrived`
      : terms.length === 0
        ? "the pass starts here"
        : plural(now.expected, "term");
    // A single term is the gradient itself: it needs no second text.
    const single = whole && terms.length === 1 && !card.root && only;
    return section(
      "Incoming gradient",
      ...gradients.flatMap((gradient) => this.tensor(gradient, "grad", null)),
      h(
        "p",
        { class: "gw-note" },
        single ? `${words} · from ` : words,
        single ? this.cardLink(single.consumer) : null,
      ),
      ...(single ? [] : terms.map((link) => this.term(link, position))),
    );
  }

  private term(link: Link, position: number): HTMLElement {
    const here = termState(link, position) === "arrived" && link.term !== null;
    const text = here && link.term ? tensorText(link.term) : "still to come";
    return h(
      "div",
      { class: "gw-term" },
      h("span", { class: "gw-quiet" }, "from "),
      this.cardLink(link.consumer),
      h("pre", { class: here ? "gw-grad-text" : "gw-quiet" }, text),
    );
  }

  private gradSection({ graph, card, position, detail }: DetailsView): HTMLElement | null {
    const gradient = gradAt(graph, card, position);
    if (gradient === null) return null;
    const whole = detail?.node.grad ?? null;
    const atEnd = position >= graph.pass.steps.length;
    const tensor = atEnd && whole ? { ...whole, shape: gradient.shape, dtype: gradient.dtype } : gradient;
    const updates = atEnd ? (card.node.grad?.updates ?? 0) : 0;
    return section(
      updates > 0 ? `.grad · accumulated ${updates === 1 ? "once" : `${updates} times`}` : ".grad",
      ...this.tensor(tensor, "grad", atEnd ? (detail?.gradText ?? null) : null),
    );
  }

  private derivative({ derivative }: Partial<ExportNode>): HTMLElement | null {
    if (!derivative || derivative.length === 0) return null;
    const rows = derivative.flatMap(({ input, formula }) => [h("dt", {}, input), h("dd", {}, formula)]);
    return section("Derivative", h("dl", { class: "gw-mono" }, ...rows));
  }

  private saved({ saved }: Partial<ExportNode>): HTMLElement | null {
    if (!saved || saved.length === 0) return null;
    const rows = saved.flatMap(({ name, value, savedVersion, version, freed }) => {
      const text = freed
        ? "freed by the backward pass"
        : typeof value === "string"
          ? value
          : tensorText(value);
      const clash = !freed && savedVersion !== version;
      const note =
        savedVersion === null
          ? null
          : clash
            ? `saved at version ${savedVersion}, now at version ${version}: modified in place`
            : `version ${savedVersion} ✓`;
      return [
        h("dt", {}, name),
        h(
          "dd",
          {},
          h("pre", {}, text),
          note ? h("p", { class: clash ? "gw-bad-text" : "gw-quiet" }, note) : null,
        ),
      ];
    });
    return section("Saved tensors", h("dl", { class: "gw-mono gw-saved" }, ...rows));
  }

  private outgoingSection({ card, position }: DetailsView): HTMLElement | null {
    const sent = card.inputs.filter((link) => link.term !== null);
    if (card.step < 0 || card.step > position || sent.length === 0) return null;
    const rows = sent.map((link) => {
      const summed = summedFrom(link);
      const note = summed
        ? `summed to ${shapeText(link.term?.shape ?? [])}, because this operation broadcast it to ${shapeText(summed)}`
        : null;
      return h(
        "div",
        { class: "gw-term" },
        h("span", { class: "gw-quiet" }, "→ "),
        this.cardLink(link.producer),
        h("pre", { class: "gw-grad-text" }, link.term ? tensorText(link.term) : ""),
        paragraph(note),
      );
    });
    return section("Outgoing", ...rows);
  }

  private relatives(title: string, links: readonly Link[], other: (link: Link) => Card): HTMLElement | null {
    const cards = [...new Set(links.map(other))];
    if (cards.length === 0) return null;
    const items = cards
      .slice(0, 100)
      .map((card) => h("li", {}, this.cardLink(card), h("span", { class: "gw-quiet" }, ` ${card.subtitle}`)));
    const more = cards.length > 100 ? paragraph(`and ${cards.length - 100} more`) : null;
    return section(title, h("ul", {}, ...items), more);
  }

  private otherPasses({ graph, detail }: DetailsView): HTMLElement | null {
    const others = (detail?.steps ?? []).filter(({ pass }) => pass !== graph.pass.index);
    if (others.length === 0) return null;
    const items = others
      .slice(0, 50)
      .map(({ pass, step }) =>
        h(
          "li",
          {},
          h(
            "button",
            { class: "gw-link", attributes: { type: "button" }, on: { click: () => this.events.pass(pass) } },
            `pass ${pass + 1}`,
          ),
          h("span", { class: "gw-quiet" }, ` ‖in‖ ${normOf(step)}`),
        ),
      );
    return section("In other passes", h("ul", {}, ...items));
  }

  private cardLink(card: Card): HTMLElement {
    return h(
      "button",
      {
        class: "gw-link",
        attributes: { type: "button", dir: "auto" },
        on: { click: () => this.events.select(card.id) },
      },
      card.title,
    );
  }

  private step({ graph, card, detail }: DetailsView): ExportStep | ViewStep | undefined {
    return detail?.steps.find(({ pass }) => pass === graph.pass.index)?.step ?? graph.pass.steps[card.step];
  }

  private tensor(tensor: TensorSummary, tone: Tone, printed: string | null): (HTMLElement | null)[] {
    return [
      h("pre", { class: tone === "grad" ? "gw-grad-text" : "" }, printed ?? tensorText(tensor)),
      paragraph(statistics(tensor)),
      histogram(tensor, tone),
      heatMap(tensor, tone),
    ];
  }
}

function normOf(step: ExportStep | ViewStep): string {
  const norm = step.grad_in.find((gradient) => gradient !== null)?.norm;
  return norm === null || norm === undefined ? "not finite" : shortNumber(norm, 3);
}

function statistics(tensor: TensorSummary): string | null {
  if (tensor.data.length < 2) return null;
  const { min, max, mean, norm, nan, inf } = tensor;
  const parts = Object.entries({ min, mean, max, norm }).flatMap(([name, value]) =>
    value === null ? [] : [`${name} ${shortNumber(value)}`],
  );
  if (nan > 0) parts.push(`${nan} NaN`);
  if (inf > 0) parts.push(`${inf} inf`);
  return parts.join(" · ");
}

function paragraph(text: string | null): HTMLElement | null {
  return text === null || text === "" ? null : h("p", { class: "gw-note" }, text);
}

function section(title: string, ...children: (HTMLElement | null)[]): HTMLElement | null {
  const present = children.filter((child) => child !== null);
  return present.length === 0 ? null : h("section", {}, h("h3", {}, title), ...present);
}
