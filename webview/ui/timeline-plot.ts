/** @file The curves over the passes of a run, drawn once for as long as the passes are the same. */
import type { PassOutline } from "../../src/protocol/view.js";
import { goneSpans, leavesOf, logNormOf, lossOf, type Mark, piecesOf } from "../model/timeline.js";
import { svg } from "./dom.js";

const WIDTH = 1000;
export const HEIGHT = 34;
/** Curves beyond these would be a tangle; they are counted. */
const MAX_LEAVES = 6;

/** The curves of one series, and what they are of. */
export interface Plot {
  readonly passes: readonly PassOutline[];
  readonly place: string;
  /** Passes in the series. */
  readonly count: number;
  readonly element: SVGElement;
  /** Of the loss, by pass. */
  readonly heights: ReadonlyMap<number, number>;
  readonly leaves: readonly string[];
  /** Leaves without a curve. */
  readonly more: number;
}

export function drawPlot(
  passes: readonly PassOutline[],
  series: readonly PassOutline[],
): Omit<Plot, "passes" | "place"> {
  const all = leavesOf(series);
  const leaves = all.slice(0, MAX_LEAVES);
  const norms = leaves.map((leaf) => piecesOf(series, logNormOf(leaf)));
  const loss = piecesOf(series, lossOf);
  const x = (at: number) => (WIDTH * at) / (passes.length - 1);
  const y = scaleOf(loss.flat());
  const norm = scaleOf(norms.flat(2));
  const element = svg(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", width: "100%", height: HEIGHT },
    ...goneSpans(passes).map(({ from, to }) => gone(x(from - 0.5), x(to + 0.5))),
    ...norms.flatMap((pieces, i) => pieces.map((piece) => line(piece, x, norm, `gw-leaf-${i}`))),
    ...loss.map((piece) => line(piece, x, y, "gw-loss")),
  );
  const heights = new Map(loss.flat().map(({ index, value }) => [index, y(value)]));
  return { count: series.length, element, heights, leaves, more: all.length - leaves.length };
}

/** From values to heights: the largest at the top. */
function scaleOf(marks: readonly Mark[]): (value: number) => number {
  const values = marks.map((mark) => mark.value);
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return (value) => (high === low ? HEIGHT / 2 : 4 + ((high - value) / (high - low)) * (HEIGHT - 8));
}

function line(
  piece: readonly Mark[],
  x: (at: number) => number,
  y: (value: number) => number,
  name: string,
): SVGElement {
  const points = piece.map(({ index, value }) => `${x(index)},${y(value)}`).join(" ");
  return svg("polyline", { points, class: name });
}

function gone(from: number, to: number): SVGElement {
  return svg("rect", { x: from, y: 0, width: to - from, height: HEIGHT, class: "gw-gone" });
}
