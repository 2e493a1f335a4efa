/** @file Kernels of margin losses over rows of class scores. */

import { IndexError } from "../../errors.js";
import { contiguousOf, newTensor } from "../../kernels/copy.js";
import { indexNumbers } from "../../kernels/views.js";
import { type Shape, sizeOf } from "../../shape.js";
import type { NumberArray } from "../../storage.js";
import type { Tensor } from "../../tensor.js";

interface Rows {
  readonly data: NumberArray;
  readonly at: number;
  readonly rows: number;
  readonly classes: number;
  /** Shape of one number a row. */
  readonly shape: Shape;
}

function rowsOf(x: Tensor): Rows {
  const c = contiguousOf(x);
  const classes = x._shape.at(-1) ?? 1;
  const shape = x._shape.slice(0, -1);
  return { data: c._storage.data as NumberArray, at: c._offset, rows: x._numel / classes, classes, shape };
}

export function multiMargin(
  x: Tensor,
  target: Tensor,
  p: number,
  margin: number,
  weight: Tensor | null,
): Tensor {
  const { data, at, rows, classes, shape } = rowsOf(x);
  const labels = indexNumbers(target);
  const out = newTensor(sizeOf(shape), x.dtype);
  const to = out._storage.data as NumberArray;
  const w = weight === null ? null : contiguousOf(weight);
  for (let r = 0; r < rows; r++) {
    const y = labels[r]!;
    if (y < 0 || y >= classes) throw new IndexError("target out of range");
    let sum = 0;
    for (let i = 0; i < classes; i++) {
      const gap = margin - data[at + r * classes + y]! + data[at + r * classes + i]!;
      if (i !== y && gap > 0) sum += p === 1 ? gap : gap * gap;
    }
    to[r] = (sum / classes) * (w === null ? 1 : (w._storage.data as NumberArray)[w._offset + y]!);
  }
  return out;
}

/** Visits pairs (row, target class, other class) whose margin is broken, with the gap. */
function forEachBroken(
  x: Tensor,
  target: Tensor,
  visit: (row: number, label: number, other: number, gap: number) => void,
): void {
  const { data, at, rows, classes } = rowsOf(x);
  const all = indexNumbers(target);
  for (let r = 0; r < rows; r++) {
    const row = all.slice(r * classes, (r + 1) * classes);
    const end = row.indexOf(-1);
    const labels = end < 0 ? row : row.slice(0, end);
    for (const y of labels) {
      for (let i = 0; i < classes; i++) {
        if (labels.includes(i)) continue;
        const gap = 1 - data[at + r * classes + y]! + data[at + r * classes + i]!;
        if (gap > 0) visit(r, y, i, gap);
      }
    }
  }
}

export function multilabelMargin(x: Tensor, target: Tensor): Tensor {
  const { classes, shape } = rowsOf(x);
  const out = newTensor(sizeOf(shape), x.dtype);
  const sums = new Float64Array(Math.max(out._numel, 1));
  forEachBroken(x, target, (row, _, __, gap) => {
    sums[row]! += gap / classes;
  });
  const to = out._storage.data as NumberArray;
  for (let r = 0; r < out._numel; r++) to[r] = sums[r]!;
  return out;
}

/** d loss / d x of each row, whose loss is piecewise linear. */
export function multilabelSlopes(x: Tensor, target: Tensor): Tensor {
  const { classes } = rowsOf(x);
  const out = newTensor(x._shape, x.dtype);
  const to = out._storage.data as NumberArray;
  forEachBroken(x, target, (row, label, other) => {
    to[row * classes + label]! -= 1 / classes;
    to[row * classes + other]! += 1 / classes;
  });
  return out;
}
