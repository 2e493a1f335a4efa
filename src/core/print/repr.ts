/** @file `repr(tensor)`: PyTorch 2.13's layout of nested brackets, line breaks, summaries and suffixes. */

import type { DTypeName } from "../dtype.js";
import { numelOf } from "../shape.js";
import { type ElementFormat, elementFormat } from "./element.js";
import { currentPrintoptions, type PrintOptions } from "./options.js";
import { formatTuple } from "./python.js";
import { type Element, elementAt, forEachShown, type StridedData, shownIndices } from "./strided.js";

/** What `repr` says besides the elements. */
export interface ReprSuffix {
  requiresGrad?: boolean | undefined;
  /** `grad_fn` name, such as `MulBackward0`; wins over `requiresGrad`. */
  gradFn?: string | undefined;
  /** `torch.get_default_dtype()`, which is not spelled out; float32 when absent. */
  defaultDtype?: "float32" | "float64" | undefined;
}

interface Layout {
  t: StridedData;
  format: ElementFormat;
  options: Readonly<PrintOptions>;
  summarise: boolean;
}

const PREFIX = "tensor(";

/** `repr(tensor)`, character for character. */
export function tensorRepr(t: StridedData, suffix: ReprSuffix = {}): string {
  const options = currentPrintoptions();
  const body = PREFIX + tensorBody(t, PREFIX.length, options);
  return withSuffixes(body, suffixes(t, suffix, options), options.linewidth);
}

/** `repr` of an `nn.Parameter`. */
export function parameterRepr(t: StridedData, suffix: ReprSuffix = {}): string {
  return `Parameter containing:\n${tensorRepr(t, suffix)}`;
}

/** The elements alone, without `tensor(…)` and suffixes: `2.`, `[0.3367, 0.1288]`. */
export function tensorText(t: StridedData, indent = 0): string {
  return tensorBody(t, indent, currentPrintoptions());
}

/** One number as PyTorch writes it alone in a tensor: `2.`, `0.3367`, `1.0000e-05`, `nan`, `True`. */
export function formatScalar(value: Element, dtype: DTypeName): string {
  return elementFormat([value], dtype, currentPrintoptions()).format(value);
}

function tensorBody(t: StridedData, indent: number, options: Readonly<PrintOptions>): string {
  const count = numelOf(t.shape);
  if (count === 0) return "[]";
  const summarise = count > options.threshold;
  const format = elementFormat(decidingElements(t, summarise, options.edgeitems), t.dtype, options);
  return nested({ t, format, options, summarise }, 0, t.offset, indent);
}

/**
 * The elements that decide the notation. With `edgeitems` 0 PyTorch's summary of a vector is, by way of
 * `self[-0:]`, the whole vector, and that of anything deeper is empty.
 */
function decidingElements(t: StridedData, summarise: boolean, edgeitems: number): Element[] {
  const shown: Element[] = [];
  const vectorWhole = edgeitems === 0 && t.shape.length === 1;
  if (summarise && edgeitems === 0 && t.shape.length > 1) return shown;
  forEachShown(t, summarise && !vectorWhole, edgeitems, (value) => shown.push(value));
  return shown;
}

function nested(layout: Layout, dim: number, position: number, indent: number): string {
  const { t, options, summarise } = layout;
  const remaining = t.shape.length - dim;
  if (remaining === 0) return layout.format.format(elementAt(t, position));
  if (remaining === 1) return vector(layout, dim, position, indent);
  const size = t.shape[dim]!;
  const stride = t.strides[dim]!;
  const slices = shownIndices(size, summarise, options.edgeitems).map((i) =>
    nested(layout, dim + 1, position + i * stride, indent + 1),
  );
  if (isCut(layout, size)) slices.splice(options.edgeitems, 0, "...");
  return `[${slices.join(`,${"\n".repeat(remaining - 1)}${" ".repeat(indent + 1)}`)}]`;
}

function vector(layout: Layout, dim: number, position: number, indent: number): string {
  const { t, options, summarise, format } = layout;
  const size = t.shape[dim]!;
  const stride = t.strides[dim]!;
  const items = shownIndices(size, summarise, options.edgeitems).map((i) =>
    format.format(elementAt(t, position + i * stride)),
  );
  if (isCut(layout, size)) items.splice(options.edgeitems, 0, options.edgeitems === 0 ? "..." : " ...");
  // An element takes its width, a comma and a blank.
  const perLine = Math.max(1, Math.floor((options.linewidth - indent) / (format.width + 2)));
  const lines: string[] = [];
  for (let i = 0; i < items.length; i += perLine) lines.push(items.slice(i, i + perLine).join(", "));
  return `[${lines.join(`,\n${" ".repeat(indent + 1)}`)}]`;
}

function isCut({ summarise, options }: Layout, size: number): boolean {
  return summarise && size > 2 * options.edgeitems;
}

function suffixes(t: StridedData, suffix: ReprSuffix, options: Readonly<PrintOptions>): string[] {
  const defaultDtype = suffix.defaultDtype ?? "float32";
  const empty = numelOf(t.shape) === 0;
  const parts: string[] = [];
  if (empty ? t.shape.length !== 1 : options.edgeitems === 0) parts.push(`size=${formatTuple(t.shape)}`);
  // Elements show that a tensor is int64 or bool; an empty one must say so.
  const evident = t.dtype === defaultDtype || (!empty && (t.dtype === "int64" || t.dtype === "bool"));
  if (!evident) parts.push(`dtype=torch.${t.dtype}`);
  if (suffix.gradFn !== undefined) parts.push(`grad_fn=<${suffix.gradFn}>`);
  else if (suffix.requiresGrad) parts.push("requires_grad=True");
  return parts;
}

/** Appends `, suffix` while the last line has room, else on a new line below the opening bracket. */
function withSuffixes(body: string, parts: readonly string[], linewidth: number): string {
  let text = body;
  let lastLine = body.length - body.lastIndexOf("\n") + 1;
  for (const part of parts) {
    if (lastLine + part.length + 2 > linewidth) {
      text += `,\n${" ".repeat(PREFIX.length)}${part}`;
      lastLine = PREFIX.length + part.length;
    } else {
      text += `, ${part}`;
      lastLine += part.length + 2;
    }
  }
  return `${text})`;
}
