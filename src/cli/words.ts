/** @file Short words for numbers and states. */
import type { ValueSummary, WhyNoGrad } from "../protocol/export.js";

const FEW = 4;

/** A few elements, or what is to be said of many. */
export function elements(summary: ValueSummary, shape: readonly number[]): string {
  const { data, truncated, norm, nan, inf } = summary;
  const numbers = data.map((value) => (typeof value === "number" ? short(value) : value));
  if (shape.length === 0) return numbers[0] ?? "";
  if (data.length <= FEW && !truncated) return `[${numbers.join(", ")}]`;
  const bad = [nan > 0 ? `${nan} NaN` : "", inf > 0 ? `${inf} Inf` : ""].filter(Boolean).join(", ");
  return `[${numbers.slice(0, FEW).join(", ")}, …]${bad ? ` with ${bad}` : norm === null ? "" : `, norm ${short(norm)}`}`;
}

/** Four significant digits. */
export function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

export function plural(count: number, one: string, many: string): string {
  return count === 0 ? `no ${one}` : `${count} ${count === 1 ? one : many}`;
}

const REASONS: Readonly<Record<WhyNoGrad, string>> = {
  no_requires_grad: "does not require grad",
  non_leaf: "not a leaf, and not told to retain_grad()",
  no_backward_yet: "no backward pass has run",
  not_reached: "no backward pass reached it",
  detached: "detached from the graph",
  no_grad_mode: "made under no_grad",
  integer: "integers have no gradient",
};

export function reason(why: WhyNoGrad | null): string {
  return why === null ? "unknown" : REASONS[why];
}
