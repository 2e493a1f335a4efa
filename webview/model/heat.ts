/** @file Cards coloured by a quantity, each with its scale. */
import { bytesText, sizeOf } from "./bytes.js";
import { counterpart, distance, valueIn } from "./compare.js";
import { gradNorm } from "./face.js";
import type { Card, Graph } from "./graph.js";
import { elements, shortNumber } from "./numbers.js";

export type Quantity = "norm" | "value" | "memory" | "order" | "time";

export interface Heat {
  /** 0 to 1 by card id. */
  readonly of: ReadonlyMap<string, number>;
  /** What the ends of the scale stand for. */
  readonly from: number;
  readonly to: number;
}

export interface Overlay {
  readonly id: Quantity | "difference";
  /** In the menu. */
  readonly text: string;
  /** Over the scale. */
  readonly scale: string;
  readonly logarithmic: boolean;
  /** The smaller, the warmer. */
  readonly reversed?: boolean;
  /** null where the card has none. */
  of(graph: Graph, card: Card, position: number): number | null;
  write(value: number): string;
}

/** @param milliseconds as a step tells them */
export function timeText(milliseconds: number): string {
  return milliseconds < 1
    ? `${shortNumber(milliseconds * 1000, 3)} µs`
    : `${shortNumber(milliseconds, 3)} ms`;
}

/** Root mean square of the elements: what the norm says, without the size. */
function rootMeanSquare({ node }: Card): number | null {
  const norm = node.value?.norm ?? null;
  return norm === null ? null : norm / Math.sqrt(Math.max(1, elements(node.shape)));
}

const plain = (value: number) => shortNumber(value, 2);

export const OVERLAYS: readonly (Overlay & { readonly id: Quantity })[] = [
  {
    id: "norm",
    text: "‖grad‖",
    scale: "‖grad‖, log scale",
    logarithmic: true,
    of: gradNorm,
    write: plain,
  },
  {
    id: "value",
    text: "values",
    scale: "root mean square of values, log scale",
    logarithmic: true,
    of: (_, card) => rootMeanSquare(card),
    write: plain,
  },
  {
    id: "memory",
    text: "memory",
    scale: "bytes of the tensor, log scale",
    logarithmic: true,
    of: (_, { node }) => sizeOf(node),
    write: bytesText,
  },
  {
    id: "order",
    text: "order",
    scale: "order of execution",
    logarithmic: false,
    reversed: true,
    of: (_, card) => (card.step < 0 ? null : card.step + 1),
    write: plain,
  },
  {
    id: "time",
    // Forward operations are not timed: the clock would cost more than small ones take.
    text: "backward time",
    scale: "time of the backward step, log scale",
    logarithmic: true,
    of: (graph, card) => graph.pass.steps[card.step]?.time ?? null,
    write: timeText,
  },
];

/** What two passes that are compared are coloured by. */
export const DIFFERENCE: Overlay = {
  id: "difference",
  text: "difference",
  scale: "‖difference of values‖, log scale",
  logarithmic: true,
  of: (graph, card) => {
    const other = counterpart(graph, card);
    return other && distance(valueIn(other), valueIn(card));
  },
  write: plain,
};

export function overlayOf(id: Quantity): Overlay {
  return OVERLAYS.find((overlay) => overlay.id === id)!;
}

/** What the cards are coloured by, if by any quantity. */
export function overlayFor(graph: Graph | null, colourBy: "state" | Quantity): Overlay | null {
  if (graph?.against) return DIFFERENCE;
  return colourBy === "state" ? null : overlayOf(colourBy);
}

/**
 * The scale spans the quantities of the whole pass, so that colours mean the same at every step; null where no
 * card has the quantity.
 */
export function heatBy(overlay: Overlay, graph: Graph, position: number): Heat | null {
  const { logarithmic, reversed = false } = overlay;
  const place = (value: number) => (logarithmic ? Math.log10(value) : value);
  const end = graph.pass.steps.length;
  const places = graph.cards
    .map((card) => overlay.of(graph, card, end))
    .filter((value) => value !== null && Number.isFinite(value) && (!logarithmic || value > 0))
    .map((value) => place(value as number));
  if (places.length === 0) return null;
  const low = places.reduce((a, b) => Math.min(a, b));
  const high = places.reduce((a, b) => Math.max(a, b));
  const shareOf = (value: number) => {
    // Zero is colder than anything on a logarithmic scale, what is not finite hotter.
    if (logarithmic && value === 0) return 0;
    if (!Number.isFinite(value)) return 1;
    const share = high === low ? 0.5 : Math.max(0, Math.min(1, (place(value) - low) / (high - low)));
    return reversed && high > low ? 1 - share : share;
  };
  const of = new Map<string, number>();
  for (const card of graph.cards) {
    const value = overlay.of(graph, card, position);
    if (value !== null) of.set(card.id, shareOf(value));
  }
  const back = (at: number) => (logarithmic ? 10 ** at : at);
  return { of, from: back(low), to: back(high) };
}
