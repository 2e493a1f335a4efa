/** @file What a lens says of a tensor, in one short line. */
import type { GradSummary, JsonNumber, ValueSummary, WhyNoGrad } from "../protocol/export.js";
import { magnitudes, sparkline } from "../session/glyphs.js";
import type { Session } from "../session/session.js";
import type { BackwardReadout, Readout } from "../session/types.js";
import type { Stand } from "./standing.js";
import { t } from "./words.js";

/** Tensors of up to so many elements are written out. */
const WRITTEN_OUT = 6;
/** Blocks of a bar of magnitudes. */
const BAR = 8;
/** A part of a tensor has to be so large before it stands for the whole. */
const TELLING = 100;
/** Blocks of a spark line. */
const SPARKS = 12;

const WHY: Readonly<Record<WhyNoGrad, (dtype: string) => string>> = {
  no_requires_grad: () => t("no grad: requires_grad is false"),
  non_leaf: () => t("no grad: not a leaf, and no retain_grad()"),
  no_backward_yet: () => t("no grad yet: no backward() has run"),
  not_reached: () => t("no grad: no backward() reached it"),
  detached: () => t("no grad: detached from the graph"),
  no_grad_mode: () => t("no grad: made under no_grad"),
  integer: (dtype) => t("no grad: {0} has no gradients", dtype),
};

/** The whole reason, for where there is room. */
export const whyText = (why: WhyNoGrad, dtype: string): string => WHY[why](dtype);

/** The same in the few words that a line has room for. */
const SHORT_WHY: Readonly<Record<WhyNoGrad, (dtype: string) => string>> = {
  ...WHY,
  non_leaf: () => t("no grad: no retain_grad()"),
  no_backward_yet: () => t("no grad yet: no backward()"),
  not_reached: () => t("no grad: not reached"),
  detached: () => t("no grad: detached"),
  integer: (dtype) => t("no grad: {0}", dtype),
};

/** What a readout is told against. */
export interface Context {
  /** The moment that it is of, where that is not the last. */
  readonly moment?: string | null;
  /** The same binding in the run that is pinned. */
  readonly former?: Readout | null;
}

export function readoutText(readout: Readout, { moment = null, former = null }: Context = {}): string {
  const gradient = former ? comparedGrad(former, readout) : gradText(readout);
  const parts = [bindingText(readout, gradient, moment, former)];
  if (former) parts.push(...comparedValue(former, readout));
  return parts.join(" · ");
}

/** A binding and what is to be said of its gradient. */
export function bindingText(
  readout: Readout,
  gradient: string,
  moment: string | null = null,
  former: Readout | null = null,
): string {
  const parts = [`${readout.name}: ${kindText(readout)}`];
  const shape = changed(former && shapeText(former.shape), shapeText(readout.shape));
  if (readout.shape.length > 0 || shape !== shapeText(readout.shape)) parts.push(shape);
  parts.push(gradient);
  if (moment !== null) parts.push(moment);
  else if (readout.times > 1) parts.push(t("last of {0}", readout.times));
  return parts.join(" · ");
}

/** A binding of which nothing is known at the moment that is looked at. */
export function absentText(readout: Readout, moment: string): string {
  return `${readout.name}: ${t("not in {0}", moment)}`;
}

function kindText(readout: Readout): string {
  if (!readout.is_leaf) return `non-leaf, ${readout.grad_fn ?? "requires_grad"}`;
  return readout.requires_grad ? "leaf, requires_grad" : "leaf";
}

function gradText(readout: Readout): string {
  const { grad } = readout;
  if (grad) return `grad ${valueText(grad, readout.shape)} (×${grad.updates})`;
  return readout.why_no_grad ? SHORT_WHY[readout.why_no_grad](readout.dtype) : t("no grad");
}

/** Old and new where they differ; what is equal is told as it is without a comparison. */
function comparedGrad(former: Readout, readout: Readout): string {
  const before = former.grad ? briefText(former.grad, former.shape) : t("none");
  const { grad } = readout;
  if (!grad) return former.grad ? `grad ${before} → ${gradText(readout)}` : gradText(readout);
  const now = briefText(grad, readout.shape);
  return before === now ? gradText(readout) : `grad ${before} → ${now} (×${grad.updates})`;
}

/** Where no gradient tells the difference, the value does. */
function comparedValue(former: Readout, readout: Readout): string[] {
  if (former.grad || readout.grad) return [];
  const before = briefText(former.value, former.shape);
  const now = briefText(readout.value, readout.shape);
  return before === now ? [] : [t("value {0}", `${before} → ${now}`)];
}

const changed = (before: string | null, now: string) =>
  before === null || before === now ? now : `${before} → ${now}`;

const sizeOf = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);

const isWrittenOut = ({ truncated }: ValueSummary, shape: readonly number[]) =>
  shape.length === 0 || (sizeOf(shape) <= WRITTEN_OUT && !truncated);

function briefText(value: ValueSummary, shape: readonly number[]): string {
  return isWrittenOut(value, shape) ? valueText(value, shape) : `‖${numberText(value.norm ?? "NaN")}‖`;
}

/** Elements where they are few, else norm and magnitudes, bad values always. */
export function valueText(value: ValueSummary | GradSummary, shape: readonly number[]): string {
  if (shape.length === 0) return numberText(value.data[0] ?? "NaN");
  if (isWrittenOut(value, shape)) return nested(value.data, shape);
  const parts = [`‖${numberText(value.norm ?? "NaN")}‖`];
  const { data } = value;
  if (!value.truncated) parts.push(magnitudes(data, BAR));
  else if (data.length >= TELLING) parts.push(`${magnitudes(data, BAR)}…`);
  if (value.nan > 0) parts.push(`${value.nan} NaN`);
  if (value.inf > 0) parts.push(t("{0} infinite", value.inf));
  return parts.join(" ");
}

function nested(data: readonly JsonNumber[], shape: readonly number[]): string {
  const [first = 0, ...rest] = shape;
  if (rest.length === 0) return `[${data.map(numberText).join(", ")}]`;
  const step = first === 0 ? 0 : data.length / first;
  const rows = Array.from({ length: first }, (_, i) => nested(data.slice(i * step, (i + 1) * step), rest));
  return `[${rows.join(", ")}]`;
}

export const shapeText = (shape: readonly number[]) => `[${shape.join(", ")}]`;

/** Four significant digits, as much as PyTorch prints of a number near one. */
export function numberText(value: JsonNumber): string {
  if (typeof value === "string") return { NaN: "nan", Infinity: "inf", "-Infinity": "-inf" }[value];
  const size = Math.abs(value);
  if (size >= 1e4 && size < 1e6) return String(Math.round(value));
  if (Number.isInteger(value) && size < 1e6) return String(value);
  const text = value.toPrecision(4);
  const [mantissa = text, exponent] = text.split("e");
  const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
  return exponent === undefined ? short : `${short}e${exponent}`;
}

export interface BackwardContext {
  /** Where a walk stands, which may be in the middle of this very pass. */
  readonly stand?: Pick<Stand, "pass" | "step"> | null;
  readonly former?: BackwardReadout | null;
}

/** Which of the passes of a call is told; null where there is one. */
export function whichPass(readout: BackwardReadout, moment: string | null): string | null {
  return moment ?? (readout.times > 1 ? t("last of {0}", readout.times) : null);
}

export function backwardText(readout: BackwardReadout, context: BackwardContext = {}): string {
  const { stand = null, former = null } = context;
  const root = readout.rootName ?? "root";
  const value = readout.root === null ? "" : numberText(readout.root);
  const before = former && (former.root === null ? "" : numberText(former.root));
  const within = stand?.pass.index === readout.pass && stand.step < stand.pass.steps.length;
  const ran = within
    ? [t("before step {0} of {1}", stand.step + 1, stand.pass.steps.length)]
    : reachText(readout);
  // What is looked for first stands first: a narrow editor cuts the end off.
  const course =
    readout.roots.filter((each) => each !== null).length > 1 ? sparkline(readout.roots, SPARKS) : "";
  const parts = [[root, changed(before, value), course].filter((part) => part !== "").join(" "), ...ran];
  return parts.join(" · ");
}

function reachText({ steps, leaves }: BackwardReadout): string[] {
  return [
    steps === 1 ? t("1 node") : t("{0} nodes", steps),
    leaves === 1 ? t("1 leaf") : t("{0} leaves", leaves),
  ];
}

/** The readout of a call as of one of its passes. */
export function passReadout(readout: BackwardReadout, at: number, session: Session): BackwardReadout {
  const pass = session.outline().passes.find(({ index }) => index === at)!;
  const { root, rootName, steps, gradNorms } = pass;
  return { ...readout, pass: at, root, rootName, steps, leaves: Object.keys(gradNorms ?? {}).length };
}
