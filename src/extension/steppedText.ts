/** @file What a binding's gradient is as of a step of a backward pass: before it, in its making, or after it. */
import type { TensorSummary } from "../protocol/export.js";
import type { PassView, ViewNode, ViewStep } from "../protocol/view.js";
import type { Session } from "../session/session.js";
import type { Readout } from "../session/types.js";
import { bindingText, valueText } from "./readoutText.js";
import type { Stand } from "./standing.js";
import { t } from "./words.js";

/** A binding's node in the pass that is walked. */
export interface Stood {
  readonly pass: PassView;
  readonly step: number;
  readonly node: ViewNode;
}

/** The binding in the pass that is walked; null where nobody walks, or it takes no part. */
export function standsFor(readout: Readout, stand: Stand | null, session: Session): Stood | null {
  if (!stand || stand.session !== session) return null;
  const { pass, step } = stand;
  const node = pass.nodes[readout.graph === pass.index ? (readout.node ?? -1) : -1] ?? named(pass, readout);
  return node && node.kind !== "constant" ? { pass, step, node } : null;
}

/** In another pass than the binding's own: the node of the same name, the nearest to its line. */
function named(pass: PassView, { name, line }: Readout): ViewNode | null {
  const candidates = pass.nodes.filter(({ label }) => label === name);
  const away = ({ source }: ViewNode) => Math.abs((source?.line ?? Number.POSITIVE_INFINITY) - line);
  return candidates.reduce<ViewNode | null>(
    (best, node) => (best === null || away(node) < away(best) ? node : best),
    null,
  );
}

export function steppedText(readout: Readout, at: Stood): string {
  return bindingText(readout, steppedGradient(at));
}

const steps = new WeakMap<PassView, ReadonlyMap<number, number>>();

function stepOf(pass: PassView, node: number): number | undefined {
  let index = steps.get(pass);
  if (!index) {
    index = new Map(pass.steps.map((step, i) => [step.node, i]));
    steps.set(pass, index);
  }
  return index.get(node);
}

/** `grad pending`, `grad [4] · 1 term to come`, `grad none → [8]`. */
export function steppedGradient({ pass, step, node }: Stood): string {
  const index = stepOf(pass, node.id);
  if (index === undefined) return t("not in this backward pass");
  const own = pass.steps[index]!;
  const text = node.kind === "accumulate" ? leafText(own, index, step, node) : passingText(own, index, step);
  const terms = index > step ? termsText(pass, own, step) : null;
  const altered = own.altered && index <= step ? t("altered") : null;
  return [text, terms, altered].filter(Boolean).join(" · ");
}

/** A leaf's `.grad`: what it was, and what it is once its sink has run. */
function leafText({ accumulated, grad_in }: ViewStep, index: number, step: number, node: ViewNode): string {
  const current = node.grad && { ...node.grad, shape: node.shape, dtype: node.dtype };
  const before = accumulated ? accumulated.before : current;
  const was = before === null ? t("none") : text(before);
  if (index < step && accumulated) return `grad ${was} → ${text(accumulated.after)}`;
  if (index > step) return before === null ? t("grad pending") : t("grad {0}, pending", was);
  const [incoming] = grad_in;
  return incoming ? t("grad {0}, {1} arrives", was, text(incoming)) : t("grad {0}, arriving", was);
}

/** What comes in to a result of an operation, which goes on to what it was made from. */
function passingText({ grad_in }: ViewStep, index: number, step: number): string {
  const [incoming] = grad_in;
  if (index > step || !incoming) return t("grad pending");
  return index === step ? t("grad {0}, runs next", text(incoming)) : t("grad {0}, passed on", text(incoming));
}

/** How many terms are still to come, where some have come already. */
function termsText(pass: PassView, { terms = [] }: ViewStep, step: number): string | null {
  const missing = terms.filter(({ from }) => from !== null && (stepOf(pass, from) ?? 0) >= step).length;
  return missing > 0 && (missing < terms.length || terms.length > 1)
    ? missing === 1
      ? t("1 term to come")
      : t("{0} terms to come", missing)
    : null;
}

const text = (value: TensorSummary) => valueText(value, value.shape);
