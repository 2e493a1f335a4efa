/** @file The head of the details pane: what the node is, where it was made, and what of the graph to draw alone. */
import type { SourceLocation } from "../../../src/protocol/export.js";
import type { Card } from "../../model/graph.js";
import { timeText } from "../../model/heat.js";
import { cleanName, scopeText } from "../../model/names.js";
import type { Relation } from "../../model/subset.js";
import { h } from "../dom.js";
import type { Content, Context, DetailsEvents } from "./parts.js";

export function head({ graph, card, canReveal, events }: Context, close: HTMLElement): HTMLElement {
  const { node } = card;
  const title = cleanName(node.label ?? node.name ?? "constant") || "(unprintable)";
  const time = graph.pass.steps[card.step]?.time;
  const states = [
    node.label === null ? null : (node.name ?? "constant"),
    node.is_leaf ? "leaf" : "non-leaf",
    node.requires_grad ? "requires grad" : "does not require grad",
    node.retains_grad && !node.is_leaf ? "retains grad" : null,
    card.step < 0 ? null : `step ${card.step + 1}${time === undefined ? "" : `, ${timeText(time)}`}`,
  ].filter(Boolean);
  return h(
    "div",
    { class: "gw-details-head" },
    close,
    h("h2", { attributes: { dir: "auto" } }, title),
    h("p", { class: "gw-quiet" }, states.join(" · ")),
    place(node.source, node.text ?? null, canReveal, events),
    node.scope.length > 0 ? h("p", { class: "gw-note" }, scopeText(node)) : null,
    focusButtons(card, events),
  );
}

function focusButtons(card: Card, events: DetailsEvents): HTMLElement {
  const button = (text: string, title: string, what: Relation | "path") =>
    h(
      "button",
      { class: "gw-chip", title, attributes: { type: "button" }, on: { click: () => events.focusOn(what) } },
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

/** Where something stands in the program: a way there, where the host can go. */
export function place(
  source: SourceLocation | null,
  text: string | null,
  canReveal: boolean,
  events: DetailsEvents,
): Content {
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
      on: { click: () => events.reveal(source) },
    },
    line,
  );
}
