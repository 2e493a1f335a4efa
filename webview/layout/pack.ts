/** @file Puts the separate parts of a drawing side by side. */

export interface Box {
  readonly width: number;
  readonly height: number;
}

export interface Packed {
  /** Upper left corners, in the order of the boxes. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly width: number;
  readonly height: number;
}

/** Width to height that a packing aims at: about that of an editor column on a wide screen. */
const aspect = 1.4;

/**
 * Shelves from above to below, filled from left to right in the order given (so that one more part at the end
 * moves no other); small boxes are stacked in columns as high as their shelf.
 */
export function pack(boxes: readonly Box[], gap: number): Packed {
  let area = 0;
  let widest = 0;
  for (const box of boxes) {
    area += (box.width + gap) * (box.height + gap);
    widest = Math.max(widest, box.width);
  }
  const limit = Math.max(widest, Math.sqrt(area * aspect));
  const x = new Float64Array(boxes.length);
  const y = new Float64Array(boxes.length);
  let shelfTop = 0;
  let shelfHeight = 0;
  let columnLeft = 0;
  let columnWidth = 0;
  let columnBottom = 0;
  let width = 0;
  boxes.forEach((box, i) => {
    const fitsBelow =
      columnBottom > 0 && columnBottom + box.height <= shelfHeight && box.width <= columnWidth;
    if (!fitsBelow) {
      columnLeft += columnWidth === 0 && columnBottom === 0 ? 0 : columnWidth + gap;
      columnBottom = 0;
      columnWidth = 0;
      if (columnLeft > 0 && columnLeft + box.width > limit) {
        shelfTop += shelfHeight + gap;
        shelfHeight = 0;
        columnLeft = 0;
      }
    }
    x[i] = columnLeft;
    y[i] = shelfTop + columnBottom;
    columnBottom += box.height + gap;
    columnWidth = Math.max(columnWidth, box.width);
    shelfHeight = Math.max(shelfHeight, box.height);
    width = Math.max(width, columnLeft + columnWidth);
  });
  return { x, y, width, height: shelfTop + shelfHeight };
}
