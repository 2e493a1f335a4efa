/**
 * @file A tensor's text from what the page was sent, laid out as PyTorch's repr is: at most four decimals, one
 * format for all elements, columns aligned, lines of 80. The page can't ask the core, which it never sees.
 */
import type { DType, TensorSummary } from "../../src/protocol/export.js";
import { elements, shapeText, shortNumber, toNumber } from "./numbers.js";

const PRECISION = 4;
const LINE_WIDTH = 80;
/** The dtypes that `repr` leaves out. */
const DEFAULT_DTYPES: ReadonlySet<DType> = new Set(["float32", "int64", "bool"]);

type Format = (value: number) => string;

/** C's `%.4f`: exact ties go to the even digit, where JavaScript's toFixed rounds them up. */
function fixed(value: number): string {
  if (Object.is(value, -0)) return `-${(0).toFixed(PRECISION)}`;
  const scaled = Math.abs(value) * 10 ** PRECISION;
  if (scaled % 1 !== 0.5) return value.toFixed(PRECISION);
  const even = 2 * Math.round(scaled / 2);
  return ((Math.sign(value) * even) / 10 ** PRECISION).toFixed(PRECISION);
}

/** C's `%.4e`: the exponent has at least two digits. */
function scientific(value: number): string {
  return value.toExponential(PRECISION).replace(/e([+-])(\d)$/, "e$10$2");
}

function special(value: number): string | null {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return null;
}

function minusZero(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/** The rule of `torch._tensor_str._Formatter`: integers as `2.`, wide ranges in scientific notation. */
function floatFormat(values: readonly number[]): Format {
  const sizes = values.filter((value) => Number.isFinite(value) && value !== 0).map(Math.abs);
  const largest = sizes.reduce((a, b) => Math.max(a, b), 0);
  const smallest = sizes.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const integers = sizes.every(Number.isInteger);
  const wide = sizes.length > 0 && (largest / smallest > 1000 || largest > 1e8);
  const tiny = sizes.length > 0 && smallest < 1e-4;
  const plain: Format =
    wide || (tiny && !integers) ? scientific : integers ? (v) => `${minusZero(v)}.` : fixed;
  return (value) => special(value) ?? plain(value);
}

function formatOf(dtype: DType, values: readonly number[]): Format {
  if (dtype === "bool") return (value) => (value ? "True" : "False");
  return dtype.startsWith("float") ? floatFormat(values) : String;
}

/** The elements as PyTorch would write them one by one, e.g. for the cells of a table. */
export function elementTexts(tensor: TensorSummary): readonly string[] {
  const values = tensor.data.map(toNumber);
  return values.map(formatOf(tensor.dtype, values));
}

interface Block {
  readonly texts: readonly string[];
  readonly strides: readonly number[];
  readonly shape: readonly number[];
}

function row(texts: readonly string[], indent: number): string {
  const width = (texts[0]?.length ?? 0) + 2;
  const perLine = Math.max(1, Math.floor((LINE_WIDTH - indent) / width));
  const lines: string[] = [];
  for (let i = 0; i < texts.length; i += perLine) lines.push(texts.slice(i, i + perLine).join(", "));
  return `[${lines.join(`,\n${" ".repeat(indent + 1)}`)}]`;
}

function nested(block: Block, dim: number, offset: number, indent: number): string {
  const size = block.shape[dim] ?? 0;
  if (dim === block.shape.length - 1) return row(block.texts.slice(offset, offset + size), indent);
  const parts = Array.from({ length: size }, (_, i) =>
    nested(block, dim + 1, offset + i * (block.strides[dim] ?? 0), indent + 1),
  );
  const gap = `,${"\n".repeat(block.shape.length - dim - 1)}${" ".repeat(indent + 1)}`;
  return `[${parts.join(gap)}]`;
}

/** PyTorch takes a float column's width from the finite elements that are not zero, whatever the others need. */
function columnWidth({ data, dtype }: TensorSummary, texts: readonly string[]): number {
  const counts = (value: number) => !dtype.startsWith("float") || (Number.isFinite(value) && value !== 0);
  return texts.reduce(
    (width, text, i) => (counts(toNumber(data[i] ?? 0)) ? Math.max(width, text.length) : width),
    0,
  );
}

function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let i = shape.length - 2; i >= 0; i--) strides[i] = (strides[i + 1] ?? 1) * (shape[i + 1] ?? 1);
  return strides;
}

/** The whole tensor as its repr, or, where its elements were cut, the first of them and its shape. */
export function tensorText(tensor: TensorSummary): string {
  const { shape, dtype } = tensor;
  const suffix = DEFAULT_DTYPES.has(dtype) ? ")" : `, dtype=torch.${dtype})`;
  if (elements(shape) === 0) {
    const size = shape.length === 1 ? "" : `, size=(${shape.join(", ")})`;
    return `tensor([]${size}${dtype === "float32" ? ")" : `, dtype=torch.${dtype})`}`;
  }
  if (tensor.truncated || tensor.data.length < elements(shape)) return cutText(tensor);
  const bare = elementTexts(tensor);
  if (shape.length === 0) return `tensor(${bare[0] ?? ""}${suffix}`;
  const width = columnWidth(tensor, bare);
  const texts = bare.map((text) => text.padStart(width));
  const head = "tensor(";
  return head + nested({ texts, strides: stridesOf(shape), shape }, 0, 0, head.length) + suffix;
}

/** Elements shown of a tensor that did not come whole. */
const CUT = 6;

function cutText(tensor: TensorSummary): string {
  const first = tensor.data.slice(0, CUT).map((value) => shortNumber(toNumber(value)));
  return `[${first.join(", ")}, …] of ${elements(tensor.shape)} elements ${shapeText(tensor.shape)}`;
}
