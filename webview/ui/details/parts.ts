/** @file What the sections of the details pane are made of. */
import type { SourceLocation, TensorSummary } from "../../../src/protocol/export.js";
import type { NodeDetail } from "../../../src/protocol/view.js";
import { bytesText, sizeOf } from "../../model/bytes.js";
import type { Card, Graph } from "../../model/graph.js";
import { elements, shortNumber } from "../../model/numbers.js";
import type { Relation } from "../../model/subset.js";
import { tensorText } from "../../model/tensor.js";
import { h } from "../dom.js";
import { histogram } from "../picture.js";
import { heatMap, type Pager } from "./heat-map.js";

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

/** What a section is made from. */
export interface Context extends DetailsView {
  readonly events: DetailsEvents;
  readonly pager: Pager;
}

export type Tone = "value" | "grad";
export type Content = HTMLElement | null;

export interface TensorOptions {
  /** Of all tensors in the pane, this one. */
  readonly name: string;
  readonly tone: Tone;
  /** As PyTorch prints it, where that is known better than from its summary. */
  readonly printed?: string | null;
}

export function tensorBlock(
  tensor: TensorSummary,
  { name, tone, printed }: TensorOptions,
  { pager }: Pick<Context, "pager">,
): Content[] {
  return [
    h("pre", { class: tone === "grad" ? "gw-grad-text" : "" }, printed ?? tensorText(tensor)),
    note(statistics(tensor)),
    histogram(tensor, tone),
    heatMap(tensor, { name, tone, pager }),
  ];
}

function statistics(tensor: TensorSummary): string | null {
  const count = elements(tensor.shape);
  if (count < 2) return null;
  const { min, max, mean, norm, nan, inf } = tensor;
  const parts = Object.entries({ min, mean, max, norm }).flatMap(([name, value]) =>
    value === null ? [] : [`${name} ${shortNumber(value)}`],
  );
  if (nan > 0) parts.push(`${nan} NaN`);
  if (inf > 0) parts.push(`${inf} inf`);
  parts.push(`${count} elements, ${bytesText(sizeOf(tensor))}`);
  return parts.join(" · ");
}

export function note(text: string | null): Content {
  return text === null || text === "" ? null : h("p", { class: "gw-note" }, text);
}

export function section(title: string, ...children: Content[]): Content {
  const present = children.filter((child) => child !== null);
  return present.length === 0 ? null : h("section", {}, h("h3", {}, title), ...present);
}

export function cardLink(card: Card, { events }: Pick<Context, "events">): HTMLElement {
  return h(
    "button",
    {
      class: "gw-link",
      attributes: { type: "button", dir: "auto" },
      on: { click: () => events.select(card.id) },
    },
    card.title,
  );
}
