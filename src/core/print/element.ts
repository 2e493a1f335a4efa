/** @file How the elements of one tensor are written: PyTorch's choice of notation and column width. */

import type { DTypeName } from "../dtype.js";
import { ValueError } from "../errors.js";
import { formatExponent, formatFixed } from "./decimal.js";
import type { PrintOptions } from "./options.js";
import { formatItem } from "./python.js";
import type { Element } from "./strided.js";

export interface ElementFormat {
  /** Column width that the shown elements are padded to. */
  width: number;
  format(value: Element): string;
}

/** Builds the format for the elements that will be shown; values decide notation and width. */
export function elementFormat(
  shown: readonly Element[],
  dtype: DTypeName,
  options: Readonly<PrintOptions>,
): ElementFormat {
  const write =
    dtype === "float32" || dtype === "float64"
      ? floatWriter(shown.map(Number), options)
      : integerWriter(shown, dtype);
  return { width: write.width, format: (value) => write.text(value).padStart(write.width) };
}

interface Writer {
  width: number;
  text(value: Element): string;
}

function integerWriter(shown: readonly Element[], dtype: DTypeName): Writer {
  const text = (value: Element): string => formatItem(value, dtype);
  return { width: widest(shown, text), text };
}

/**
 * Only finite non-zero values decide: all of them integers → no decimals, a bare point behind each;
 * scientific when max/min > 1000, max > 1e8 or min < 1e-4, unless `sci_mode` says otherwise.
 */
function floatWriter(shown: readonly number[], options: Readonly<PrintOptions>): Writer {
  const deciding = shown.filter((value) => Number.isFinite(value) && value !== 0);
  if (deciding.length === 0) return { width: 1, text: (value) => integerText(Number(value)) };
  const precision = checkedPrecision(options);
  if (options.sci_mode ?? needsScientific(deciding)) {
    const text = (value: Element): string => formatExponent(Number(value), precision);
    return { width: widest(deciding, text), text };
  }
  const text = deciding.every(Number.isInteger)
    ? (value: Element): string => integerText(Number(value))
    : (value: Element): string => formatFixed(Number(value), precision);
  return { width: widest(deciding, text), text };
}

/** Python's complaint about a format with such a precision, which PyTorch meets when it prints. */
function checkedPrecision({ precision }: Readonly<PrintOptions>): number {
  if (Number.isInteger(precision) && precision >= 0) return precision;
  const fraction = typeof precision === "number" && precision > 0 && Number.isFinite(precision);
  throw new ValueError(
    fraction
      ? `Invalid format specifier '.${precision}f' for object of type 'float'`
      : "Format specifier missing precision",
  );
}

function needsScientific(deciding: readonly number[]): boolean {
  let min = Number.POSITIVE_INFINITY;
  let max = 0;
  for (const value of deciding) {
    const magnitude = Math.abs(value);
    if (magnitude < min) min = magnitude;
    if (magnitude > max) max = magnitude;
  }
  return max / min > 1000 || max > 1e8 || min < 1e-4;
}

/** `3.`, `-0.`, but `nan` and `inf` bare. */
function integerText(value: number): string {
  return Number.isFinite(value) ? `${formatFixed(value, 0)}.` : formatFixed(value, 0);
}

function widest<V extends Element>(values: readonly V[], text: (value: V) => string): number {
  return values.reduce((width: number, value) => Math.max(width, text(value).length), 1);
}
