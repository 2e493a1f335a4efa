/** @file Words beside edges, each put where it covers neither a card nor another word, or left out. */

import type { Point } from "../layout/types.js";
import type { Link } from "../model/graph.js";
import { valueLine } from "../model/numbers.js";
import type { Measure, MeasuredStyle } from "./measure.js";
import type { Box } from "./painter.js";
import { along, overlaps } from "./route.js";

export const LABEL: MeasuredStyle = { size: 10.5, face: "mono" };

/** Operations that broadcast their inputs, and whose gradients are summed back to the inputs' shapes. */
const BROADCASTING = /^(Add|Sub|Rsub|Mul|Div|Pow|Maximum|Minimum|Atan2|Where|Lerp|Addcmul|Addcdiv)/;

export interface Label {
  readonly link: Link;
  readonly text: string;
  /** Middle of the text's baseline. */
  readonly x: number;
  readonly y: number;
}

/** The shape that was summed away on the way to the producer, else null. */
export function summedFrom(link: Link): readonly number[] | null {
  const { node } = link.consumer;
  if (link.term === null || !BROADCASTING.test(node.name ?? "")) return null;
  return link.term.shape.join() === node.shape.join() ? null : node.shape;
}

export function termText(link: Link): string {
  if (link.term === null) return "";
  const value = valueLine(link.term, link.term.shape);
  const summed = summedFrom(link);
  return summed ? `sum over [${summed.join(", ")}] → ${value}` : value;
}

const SHARES = [0.5, 0.38, 0.62, 0.26, 0.74];
const OFFSET = 7;

function candidates(at: Point, width: number): Box[] {
  const height = LABEL.size + 4;
  const y = at.y - height / 2;
  return [
    { x: at.x + OFFSET, y, width, height },
    { x: at.x - OFFSET - width, y, width, height },
    { x: at.x - width / 2, y: at.y - height - 4, width, height },
  ];
}

export function placeLabels(
  wanted: readonly { readonly link: Link; readonly points: readonly Point[] }[],
  obstacles: (box: Box) => readonly Box[],
  lines: (box: Box) => boolean,
  measure: Measure,
): Label[] {
  const taken: Box[] = [];
  const labels: Label[] = [];
  for (const { link, points } of wanted) {
    const text = termText(link);
    const width = measure.width(text, LABEL);
    const free = SHARES.flatMap((share) => candidates(along(points, share), width)).filter(
      (box) => !taken.some((other) => overlaps(box, other)) && obstacles(box).length === 0,
    );
    // Best beside all lines; on one, the halo keeps the letters readable.
    const box = free.find((candidate) => !lines(candidate)) ?? free[0];
    if (!box) continue;
    taken.push(box);
    labels.push({ link, text, x: box.x + width / 2, y: box.y + LABEL.size });
  }
  return labels;
}
