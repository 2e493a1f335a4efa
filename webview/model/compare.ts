/** @file Two passes held against each other: what each card's tensors were in the other pass, and by how much they differ. */
import type { JsonNumber, TensorSummary, ValueSummary } from "../../src/protocol/export.js";
import type { Against, Card, Graph } from "./graph.js";
import { shortNumber, toNumber, valueLine } from "./numbers.js";
import { incoming } from "./walk.js";

function against(graph: Graph, beside: boolean): Against {
  return { graph, beside, byKey: new Map(graph.cards.map((card) => [card.key, card])) };
}

/** The graph of a pass with another to compare it with; no pass is compared with itself. */
export function compared(graph: Graph, other: Graph | null, beside = false): Graph {
  const itself = other?.pass.index === graph.pass.index && other.pass.run === graph.pass.run;
  return other === null || itself ? graph : { ...graph, against: against(other, beside) };
}

/** The same card of the other pass. */
export function counterpart(graph: Graph, card: Card): Card | null {
  return graph.against?.byKey.get(card.key) ?? null;
}

export function valueIn({ node }: Card): TensorSummary | null {
  return node.value && { ...node.value, shape: node.shape, dtype: node.dtype };
}

/** What came in to a card by the end of its pass: of a leaf, the term that was accumulated. */
export function gradientOf(graph: Graph, card: Card): TensorSummary | null {
  const { gradients } = incoming(graph, card, graph.pass.steps.length);
  return gradients.find((gradient) => gradient !== null) ?? null;
}

function json(value: number): JsonNumber {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}

function summaryOf(values: readonly number[], truncated: boolean): ValueSummary {
  const finite = values.filter(Number.isFinite);
  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
  const whole = finite.length === values.length;
  const none = finite.length === 0;
  return {
    data: values.map(json),
    truncated,
    min: none ? null : finite.reduce((a, b) => Math.min(a, b)),
    max: none ? null : finite.reduce((a, b) => Math.max(a, b)),
    mean: whole && !none ? sum(values) / values.length : null,
    norm: whole ? Math.sqrt(sum(values.map((value) => value ** 2))) : null,
    nan: values.filter(Number.isNaN).length,
    inf: values.filter((value) => Math.abs(value) === Number.POSITIVE_INFINITY).length,
  };
}

/** `b - a`, over the elements that are known of both; null where the shapes differ. */
export function difference(a: TensorSummary, b: TensorSummary): TensorSummary | null {
  if (a.shape.join() !== b.shape.join()) return null;
  const count = Math.min(a.data.length, b.data.length);
  const values = b.data.slice(0, count).map((value, i) => toNumber(value) - toNumber(a.data[i] ?? "NaN"));
  const truncated = a.truncated || b.truncated || a.data.length !== b.data.length;
  return { ...summaryOf(values, truncated), shape: b.shape, dtype: b.dtype };
}

/** `a → b` where that is short, else the difference, else both norms. */
export function comparisonLine(a: TensorSummary | null, b: TensorSummary | null): string {
  if (!a || !b) return a ? "only in the other pass" : b ? "only in this pass" : "";
  const delta = difference(a, b);
  if (!delta) return `[${a.shape.join(", ")}] → [${b.shape.join(", ")}]`;
  const single = b.data.length === 1 && !b.truncated;
  if (single) return `${valueLine(a, a.shape)} → ${valueLine(b, b.shape)}`;
  if (!delta.truncated) return delta.norm === 0 ? "no difference" : `diff ${valueLine(delta, delta.shape)}`;
  if (a.norm === null || b.norm === null) return "not finite";
  return `‖·‖ ${shortNumber(a.norm, 3)} → ${shortNumber(b.norm, 3)}`;
}

/** Norm of the difference of two values where all elements are known, else of their norms; null without either. */
export function distance(a: TensorSummary | null, b: TensorSummary | null): number | null {
  const delta = a && b && difference(a, b);
  if (!a || !b || !delta) return null;
  if (!delta.truncated) return delta.norm;
  return a.norm === null || b.norm === null ? null : Math.abs(b.norm - a.norm);
}
