/** @file Numbers as a card shows them: few digits, the size of the number first. */
import type { JsonNumber, ValueSummary } from "../../src/protocol/export.js";

export function toNumber(value: JsonNumber): number {
  return typeof value === "number" ? value : Number(value);
}

/** Up to `digits` significant digits; NaN and infinities as PyTorch writes them. */
export function shortNumber(value: number, digits = 4): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-3) {
    const [mantissa = "", exponent = ""] = value.toExponential(Math.max(0, digits - 2)).split("e");
    return `${stripZeros(mantissa)}e${exponent.replace("+", "")}`;
  }
  if (Number.isInteger(value)) return String(value);
  return stripZeros(value.toPrecision(Math.max(digits, Math.ceil(Math.log10(size)) + 1)));
}

function stripZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

export function shapeText(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}

export function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Most elements that a card writes out; beyond, it gives the range. */
const LIST_LIMIT = 4;

/** One line for a tensor: a scalar's value, a short vector's elements, or the range of a larger tensor. */
export function valueLine(value: ValueSummary, shape: readonly number[], digits = 3): string {
  const count = elements(shape);
  if (count === 0) return "empty";
  if (count === 1) {
    const text = shortNumber(toNumber(value.data[0] ?? "NaN"), digits + 2);
    return shape.length === 0 ? text : `[${text}]`;
  }
  if (count <= LIST_LIMIT && !value.truncated && value.data.length === count && shape.length === 1)
    return `[${value.data.map((item) => shortNumber(toNumber(item), digits)).join(", ")}]`;
  if (value.min === null || value.max === null) return badText(value) ?? "no finite element";
  const range = value.min === value.max ? `all ${shortNumber(value.min)}` : rangeText(value.min, value.max);
  const bad = badText(value);
  return bad === null ? range : `${range} · ${bad}`;
}

function rangeText(min: number, max: number): string {
  return `${shortNumber(min, 3)} … ${shortNumber(max, 3)}`;
}

/** "NaN", "3 NaN", "inf" … where a tensor holds such elements, else null. */
export function badText(value: ValueSummary): string | null {
  const parts: string[] = [];
  if (value.nan > 0) parts.push(value.nan === 1 ? "NaN" : `${value.nan} NaN`);
  if (value.inf > 0) parts.push(value.inf === 1 ? "inf" : `${value.inf} inf`);
  return parts.length === 0 ? null : parts.join(", ");
}

export function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : many}`;
}
