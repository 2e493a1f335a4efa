/** @file A histogram of a tensor's elements. */
import type { TensorSummary } from "../../src/protocol/export.js";
import { plural, shortNumber, toNumber } from "../model/numbers.js";
import { h, svg } from "./dom.js";

const WIDTH = 240;
const HEIGHT = 40;
const MAX_BINS = 24;
/** Fewer are read faster than drawn. */
const MIN_VALUES = 5;

/** Counts over equal bins from the least to the greatest finite element. */
export function binsOf(values: readonly number[], most = MAX_BINS): number[] {
  const finite = values.filter(Number.isFinite);
  const low = finite.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = finite.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (finite.length === 0) return [];
  if (low === high) return [finite.length];
  const bins = new Array<number>(Math.min(most, Math.max(5, Math.ceil(Math.sqrt(finite.length) * 2)))).fill(
    0,
  );
  for (const value of finite) {
    // Halves, since the span of two doubles may be no double.
    const share = (value / 2 - low / 2) / (high / 2 - low / 2);
    const bin = Math.min(bins.length - 1, Math.floor(share * bins.length));
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return bins;
}

export function histogram(tensor: TensorSummary, tone: "value" | "grad"): HTMLElement | null {
  const values = tensor.data.map(toNumber);
  const bins = binsOf(values);
  if (values.length < MIN_VALUES || bins.length < 2 || tensor.min === null || tensor.max === null)
    return null;
  const tallest = Math.max(...bins);
  const step = WIDTH / bins.length;
  const bars = bins.map((count, i) => {
    const height = (count / tallest) * (HEIGHT - 2);
    return svg("rect", { x: i * step + 0.5, y: HEIGHT - height, width: Math.max(1, step - 1), height });
  });
  const span = `from ${shortNumber(tensor.min)} to ${shortNumber(tensor.max)}`;
  const chart = svg(
    "svg",
    {
      viewBox: `0 0 ${WIDTH} ${HEIGHT + 1}`,
      class: `gw-histogram gw-${tone}`,
      role: "img",
      "aria-label": `Histogram of ${plural(values.length, "element")} ${span}; counts ${bins.join(", ")}`,
      preserveAspectRatio: "none",
    },
    ...bars,
    svg("line", { x1: 0, x2: WIDTH, y1: HEIGHT + 0.5, y2: HEIGHT + 0.5 }),
  );
  const note = tensor.truncated ? h("span", {}, `first ${values.length}`) : null;
  const ends = h(
    "div",
    { class: "gw-ends" },
    h("span", {}, shortNumber(tensor.min)),
    note,
    h("span", {}, shortNumber(tensor.max)),
  );
  return h("div", {}, chart, ends);
}
