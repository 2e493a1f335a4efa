/** @file The passes of a run, with the loss as a small curve; dragging along it shows any pass that is kept. */
import type { Dropped } from "../../src/protocol/export.js";
import type { PassOutline } from "../../src/protocol/view.js";
import { plural, shortNumber } from "../model/numbers.js";
import { h, replace, svg } from "./dom.js";

const WIDTH = 1000;
const HEIGHT = 26;

export class Timeline {
  readonly element: HTMLElement;
  private readonly curve = h("div", { class: "gw-curve", attributes: { "aria-hidden": "true" } });
  private readonly text = h("span", { class: "gw-timeline-text" });
  private readonly range: HTMLInputElement;

  constructor(select: (index: number) => void) {
    this.range = h("input", {
      class: "gw-range",
      attributes: { type: "range", min: 0, step: 1, "aria-label": "Backward pass" },
      on: { input: () => select(Number(this.range.value)) },
    });
    this.element = h(
      "div",
      { class: "gw-timeline" },
      this.text,
      h("div", { class: "gw-slide" }, this.curve, this.range),
    );
  }

  show(passes: readonly PassOutline[], index: number, dropped: Dropped | null): void {
    this.element.hidden = passes.length < 2;
    if (passes.length < 2) return;
    const pass = passes[index];
    const series = seriesOf(passes, pass);
    const name = pass?.rootName ?? "root";
    const value = pass?.root === null || pass?.root === undefined ? "" : ` · ${shortNumber(pass.root, 5)}`;
    const iteration =
      pass?.iteration === null || pass?.iteration === undefined ? "" : ` · iteration ${pass.iteration}`;
    const gone =
      dropped && dropped.passes > 0
        ? ` · ${plural(dropped.passes, "pass", "passes")} kept as summary only`
        : "";
    const over = series.length > 1 ? ` over ${series.length} passes` : "";
    this.text.textContent = `${name}${over}${value}${iteration}${gone}`;
    this.range.max = String(passes.length - 1);
    this.range.value = String(index);
    this.range.setAttribute("aria-valuetext", `pass ${index + 1} of ${passes.length}${value}`);
    replace(this.curve, curveOf(passes.length, series, index));
  }
}

/** The passes of the same backward() call: the losses of different calls are no one curve. */
export function seriesOf(passes: readonly PassOutline[], pass: PassOutline | undefined): PassOutline[] {
  const place = ({ source, call, rootName }: PassOutline) =>
    `${call} ${source?.file ?? ""}:${source?.line ?? rootName}:${source?.column ?? ""}`;
  return pass ? passes.filter((other) => place(other) === place(pass)) : [];
}

interface Mark {
  readonly index: number;
  readonly value: number;
}

/** Pieces of the curve, with gaps where a pass has no finite scalar root. */
export function segments(series: readonly Pick<PassOutline, "index" | "root">[]): Mark[][] {
  const all: Mark[][] = [];
  let open: Mark[] | null = null;
  for (const { index, root } of series) {
    if (root === null || !Number.isFinite(root)) open = null;
    else if (open) open.push({ index, value: root });
    else {
      open = [{ index, value: root }];
      all.push(open);
    }
  }
  return all;
}

function curveOf(count: number, series: readonly PassOutline[], index: number): SVGElement {
  const parts = segments(series);
  const values = parts.flat().map((point) => point.value);
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const x = (at: number) => (WIDTH * at) / (count - 1);
  const y = (value: number) =>
    high === low ? HEIGHT / 2 : 3 + ((high - value) / (high - low)) * (HEIGHT - 6);
  const lines = parts.map((part) =>
    svg("polyline", { points: part.map(({ index: at, value }) => `${x(at)},${y(value)}`).join(" ") }),
  );
  const here = parts.flat().find((point) => point.index === index);
  const plot = svg(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", width: "100%", height: HEIGHT },
    ...lines,
  );
  const mark = svg("circle", {
    cx: `${(100 * index) / (count - 1)}%`,
    cy: here ? y(here.value) : HEIGHT / 2,
    r: 4.5,
  });
  return svg("svg", { width: "100%", height: HEIGHT, class: "gw-curve-frame" }, plot, mark);
}
