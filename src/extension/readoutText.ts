/** @file What a lens says of a tensor, in one short line. */
import type { GradSummary, JsonNumber, ValueSummary, WhyNoGrad } from "../protocol/export.js";
import type { BackwardReadout, Readout } from "../session/types.js";
import type { Stand } from "./standing.js";

/** Tensors of up to so many elements are written out. */
const WRITTEN_OUT = 6;

const WHY: Readonly<Record<WhyNoGrad, (readout: Readout) => string>> = {
  no_requires_grad: () => "no grad: requires_grad is false",
  non_leaf: () => "no grad: not a leaf, and no retain_grad()",
  no_backward_yet: () => "no grad yet: no backward() has run",
  not_reached: () => "no grad: no backward() reached it",
  detached: () => "no grad: detached from the graph",
  no_grad_mode: () => "no grad: made under no_grad",
  integer: ({ dtype }) => `no grad: ${dtype} has no gradients`,
};

export function readoutText(readout: Readout): string {
  return bindingText(readout, gradText(readout));
}

/** A binding and what is to be said of its gradient. */
export function bindingText(readout: Readout, gradient: string): string {
  const parts = [`${readout.name}: ${kindText(readout)}`];
  if (readout.shape.length > 0) parts.push(shapeText(readout.shape));
  parts.push(gradient);
  if (readout.times > 1) parts.push(`last of ${readout.times}`);
  return parts.join(" · ");
}

function kindText(readout: Readout): string {
  if (!readout.is_leaf) return `non-leaf, ${readout.grad_fn ?? "requires_grad"}`;
  return readout.requires_grad ? "leaf, requires_grad" : "leaf";
}

function gradText(readout: Readout): string {
  const { grad } = readout;
  if (grad) return `grad ${valueText(grad, readout.shape)} (×${grad.updates})`;
  return readout.why_no_grad ? WHY[readout.why_no_grad](readout) : "no grad";
}

/** Elements where they are few, else norm and range, bad values always. */
export function valueText(value: ValueSummary | GradSummary, shape: readonly number[]): string {
  const size = shape.reduce((product, n) => product * n, 1);
  if (shape.length === 0) return numberText(value.data[0] ?? "NaN");
  if (size <= WRITTEN_OUT && !value.truncated) return nested(value.data, shape);
  const parts = [`‖${numberText(value.norm ?? "NaN")}‖`];
  if (value.min !== null && value.max !== null) {
    parts.push(`in [${numberText(value.min)}, ${numberText(value.max)}]`);
  }
  if (value.nan > 0) parts.push(`${value.nan} NaN`);
  if (value.inf > 0) parts.push(`${value.inf} infinite`);
  return parts.join(" ");
}

function nested(data: readonly JsonNumber[], shape: readonly number[]): string {
  const [first = 0, ...rest] = shape;
  if (rest.length === 0) return `[${data.map(numberText).join(", ")}]`;
  const step = first === 0 ? 0 : data.length / first;
  const rows = Array.from({ length: first }, (_, i) => nested(data.slice(i * step, (i + 1) * step), rest));
  return `[${rows.join(", ")}]`;
}

const shapeText = (shape: readonly number[]) => `[${shape.join(", ")}]`;

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

/** @param stand where a walk stands, which may be in the middle of this very pass */
export function backwardText(
  readout: BackwardReadout,
  stand: Pick<Stand, "pass" | "step"> | null = null,
): string {
  const root = readout.rootName ?? "root";
  const value = readout.root === null ? "" : ` ${numberText(readout.root)}`;
  const within = stand?.pass.index === readout.pass && stand.step < stand.pass.steps.length;
  const ran = within
    ? [`before step ${stand.step + 1} of ${stand.pass.steps.length}`]
    : [count(readout.steps, "node") + " run", count(readout.leaves, "leaf", "leaves") + " reached"];
  const parts = [`${root}${value}`, ...ran];
  if (readout.times > 1) parts.push(`last of ${readout.times}`);
  return parts.join(" · ");
}

export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
