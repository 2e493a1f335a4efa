/** @file Writes what is drawn as nested text: the items of each open group between its beginning and its end. */
import type { Frame, Item, Shown } from "../groups/types.js";

export interface Writer {
  item(item: Item): string;
  open(frame: Frame): string;
  close(frame: Frame): string;
}

export function nested({ items, frames }: Shown, writer: Writer): string[] {
  const write = (outer: Frame | null): string[] => [
    ...items.filter(({ frame }) => frame === outer).map((item) => writer.item(item)),
    ...frames
      .filter(({ frame }) => frame === outer)
      .flatMap((frame) => [writer.open(frame), ...write(frame), writer.close(frame)]),
  ];
  return write(null);
}
