/** @file What a node is joined to: its next_functions, what uses it, itself in other passes. */
import type { ExportStep, TensorSummary } from "../../../src/protocol/export.js";
import { counterpart, difference, gradientOf, valueIn } from "../../model/compare.js";
import type { Card } from "../../model/graph.js";
import { shortNumber } from "../../model/numbers.js";
import { tensorText } from "../../model/tensor.js";
import { h } from "../dom.js";
import { type Content, type Context, cardLink, note, section, tensorBlock } from "./parts.js";

const MOST_CARDS = 100;
const MOST_PASSES = 50;

/** In their order, as `grad_fn.next_functions` lists them. */
export function nextFunctions(context: Context): Content {
  const { inputs } = context.card;
  const items = inputs.slice(0, MOST_CARDS).map(({ producer, inputNr }) => {
    const name = producer.node.name === null ? "None" : `(${producer.node.name}, ${inputNr})`;
    return h("li", {}, cardLink(producer, context), h("span", { class: "gw-quiet gw-mono gw-next" }, name));
  });
  return section("Made from · next_functions", ...list(items, inputs.length));
}

export function consumers(context: Context): Content {
  const cards: readonly Card[] = [...new Set(context.card.outputs.map((link) => link.consumer))];
  const items = cards
    .slice(0, MOST_CARDS)
    .map((card) =>
      h("li", {}, cardLink(card, context), h("span", { class: "gw-quiet gw-next" }, card.subtitle)),
    );
  return section("Used by", ...list(items, cards.length));
}

function list(items: readonly HTMLElement[], count: number): Content[] {
  if (items.length === 0) return [];
  return [h("ul", {}, ...items), note(count > items.length ? `and ${count - items.length} more` : null)];
}

/** Every pass over the same graph, with what came in and went out there. */
export function otherPasses(context: Context): Content {
  const { graph, detail } = context;
  const others = (detail?.steps ?? []).filter(({ pass }) => pass !== graph.pass.index);
  const items = others.slice(0, MOST_PASSES).map(({ pass, step }) => passItem(pass, step, context));
  const more = others.length > MOST_PASSES ? `and ${others.length - MOST_PASSES} more` : null;
  return section("In other passes", ...items, note(more));
}

function passItem(pass: number, step: ExportStep, { events }: Context): HTMLElement {
  const { grad_in, grad_out, accumulated } = step;
  const went = accumulated ? [accumulated.after] : grad_out;
  const show = h(
    "button",
    { class: "gw-link", attributes: { type: "button" }, on: { click: () => events.pass(pass) } },
    "Show this pass",
  );
  const item = h(
    "details",
    { class: "gw-other" },
    h(
      "summary",
      {},
      `pass ${pass + 1}`,
      h(
        "span",
        { class: "gw-quiet" },
        ` ‖in‖ ${normOf(grad_in)} · ${accumulated ? "‖.grad‖" : "‖out‖"} ${normOf(went)}`,
      ),
    ),
  );
  // Texts of fifty passes would take long; most are never looked at.
  item.addEventListener("toggle", () => {
    if (!item.open || item.childElementCount > 1) return;
    item.append(...texts("in", grad_in), ...texts(accumulated ? ".grad after" : "out", went), show);
  });
  return item;
}

function texts(name: string, gradients: readonly (TensorSummary | null)[]): HTMLElement[] {
  return gradients.map((gradient) =>
    h(
      "div",
      { class: "gw-term" },
      h("span", { class: "gw-quiet" }, name),
      h("pre", { class: gradient ? "gw-grad-text" : "gw-quiet" }, gradient ? tensorText(gradient) : "None"),
    ),
  );
}

function normOf(gradients: readonly (TensorSummary | null)[]): string {
  const present = gradients.filter((gradient) => gradient !== null);
  if (present.length === 0) return "none";
  const norms = present.map(({ norm }) => norm);
  if (norms.some((norm) => norm === null)) return "not finite";
  return shortNumber(Math.hypot(...norms.map((norm) => norm ?? 0)), 3);
}

/** What the pass that this one is compared with had here. */
export function againstSection(context: Context): Content {
  const { graph, card } = context;
  const other = counterpart(graph, card);
  if (!graph.against || !other) return null;
  const pairs = [
    ["value", valueIn(other), valueIn(card)],
    ["gradient", gradientOf(graph.against.graph, other), gradientOf(graph, card)],
  ] as const;
  const parts = pairs.flatMap(([name, then, now]) => {
    if (!then) return [];
    const delta = now && difference(then, now);
    const tone = name === "value" ? "value" : "grad";
    return [
      note(`Its ${name} there`),
      h("pre", { class: tone === "grad" ? "gw-grad-text" : "" }, tensorText(then)),
      ...(delta
        ? [note(`Difference of the ${name}s`), ...tensorBlock(delta, { name: `diff ${name}`, tone }, context)]
        : []),
    ];
  });
  return section(`Compared with pass ${graph.against.graph.pass.index + 1}`, ...parts);
}
