/** @file What tensors take in memory. */
import type { DType } from "../../src/protocol/export.js";
import { elements, shortNumber } from "./numbers.js";

const ITEM_SIZE: Readonly<Record<DType, number>> = {
  float32: 4,
  float64: 8,
  int64: 8,
  int32: 4,
  uint8: 1,
  bool: 1,
};

/** Bytes of a tensor's elements. */
export function sizeOf({
  shape,
  dtype,
}: {
  readonly shape: readonly number[];
  readonly dtype: DType;
}): number {
  return elements(shape) * ITEM_SIZE[dtype];
}

export function bytesText(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB"];
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  return `${shortNumber(bytes / 1024 ** power, 3)} ${units[power]}`;
}
