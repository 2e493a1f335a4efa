/** @file Small pictures of a tensor's elements: a histogram, and a heat map for matrices. */
import type { TensorSummary } from "../../src/protocol/export.js";
import { plural, shortNumber, toNumber } from "../model/numbers.js";
import { elementTexts } from "../model/tensor.js";
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

const MAX_ROWS = 64;
const MAX_COLUMNS = 64;

/** The leading block of a matrix, each cell with its element as a tooltip. */
export function heatMap(tensor: TensorSummary, tone: "value" | "grad"): HTMLElement | null {
  const [rows = 0, columns = 0] = tensor.shape;
  if (tensor.shape.length !== 2 || rows * columns < 4) return null;
  const complete = Math.floor(tensor.data.length / Math.max(1, columns));
  const [height, width] = [Math.min(rows, complete, MAX_ROWS), Math.min(columns, MAX_COLUMNS)];
  if (height === 0) return null;
  const texts = elementTexts(tensor);
  const largest = Math.max(Math.abs(tensor.min ?? 0), Math.abs(tensor.max ?? 0)) || 1;
  const cells: Node[] = [];
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      const value = toNumber(tensor.data[i * columns + j] ?? "NaN");
      const share = Math.min(1, Math.abs(value) / largest);
      const kind = Number.isNaN(value) ? "bad" : value < 0 ? "negative" : "positive";
      const cell = svg("rect", { x: j, y: i, width: 1.02, height: 1.02, class: kind });
      cell.setAttribute("fill-opacity", String(Number.isNaN(value) ? 1 : Math.round(share * 100) / 100));
      cell.append(svg("title"));
      cell.firstElementChild?.append(`[${i}, ${j}] ${texts[i * columns + j] ?? ""}`);
      cells.push(cell);
    }
  }
  const label = `Heat map, ${rows} rows and ${columns} columns`;
  const map = svg(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, class: `gw-heat gw-${tone}`, role: "img", "aria-label": label },
    ...cells,
  );
  // Cells keep square while few, and the map never grows beyond a third of the pane.
  map.style.maxHeight = `${Math.min(200, height * 22)}px`;
  const cut = height < rows || width < columns;
  return h(
    "div",
    {},
    map,
    cut ? h("p", { class: "gw-note" }, `first ${height} × ${width} of ${rows} × ${columns}`) : null,
  );
}
