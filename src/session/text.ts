/**
 * @file A tensor's text, as PyTorch's `repr` prints it with the default print options
 * (precision 4, line width 80). Only tensors that came whole are printed, and PyTorch itself
 * summarises none of up to 1,000 elements.
 */
import type { DType } from "../protocol/export.js";
import type { WireTensor } from "../protocol/trace.js";
import { numelOf } from "../protocol/wire.js";

const PRECISION = 4;
const LINE_WIDTH = 80;
const PREFIX = "tensor(";

/** Python's `format(x, ".4f")`: correctly rounded, exact halves to even, where `toFixed` rounds them up. */
function fixed(value: number, digits: number): string {
  const scaled = Math.abs(value) * 2 ** (digits + 1);
  if (scaled % 2 !== 1) return sign(value) + Math.abs(value).toFixed(digits);
  // An exact half: value is an odd multiple of 2^-(digits+1), so this product has no rounding error.
  const below = Math.floor(Math.abs(value) * 10 ** digits);
  return sign(value) + ((below % 2 === 0 ? below : below + 1) / 10 ** digits).toFixed(digits);
}

/** Python's `format(x, ".4e")`, halves to even likewise, exponents of at least two digits. */
function exponential(value: number, digits: number): string {
  const size = Math.abs(value);
  const [mantissa, exponent] = (
    isHalf(size, digits) ? halfToEven(size, digits) : size.toExponential(digits)
  ).split("e") as [string, string];
  return `${sign(value)}${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
}

const sign = (value: number): string => (value < 0 || Object.is(value, -0) ? "-" : "");

/** Whether the number is exactly a decimal with one digit more than wanted, and that a 5. */
function isHalf(size: number, digits: number): boolean {
  const [mantissa, exponent] = size.toExponential().split("e") as [string, string];
  const figures = mantissa.replace(".", "");
  if (figures.length !== digits + 2 || !figures.endsWith("5")) return false;
  const decimals = digits + 1 - Number(exponent);
  return decimals > 0
    ? Number.isInteger(size * 2 ** decimals)
    : BigInt(size) === BigInt(figures) * 10n ** BigInt(-decimals);
}

function halfToEven(size: number, digits: number): string {
  const [mantissa, exponent] = size.toExponential().split("e") as [string, string];
  const kept = mantissa.slice(0, -1);
  const even = Number(kept.at(-1)) % 2 === 0;
  return even ? `${kept}e${exponent}` : `${size.toExponential(digits)}`;
}

const special = (value: number): string => (Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf");

/** How all elements of one tensor are written; `width` is what PyTorch reserves for one of them. */
interface Format {
  readonly width: number;
  readonly write: (value: number) => string;
}

/** PyTorch decides once for a tensor: integers over all elements, floats over the nonzero finite ones. */
function formatFor(values: readonly number[], dtype: DType): Format {
  if (dtype === "bool") return measured(values, (value) => (value === 0 ? "False" : "True"));
  if (dtype !== "float32" && dtype !== "float64") return measured(values, String);
  const told = values.filter((value) => Number.isFinite(value) && value !== 0);
  const whole = told.every(Number.isInteger);
  const sizes = told.map(Math.abs);
  const least = sizes.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = sizes.reduce((a, b) => Math.max(a, b), 0);
  const scientific = told.length > 0 && (most / least > 1000 || most > 1e8 || least < 1e-4);
  return measured(told, (value) => {
    if (!Number.isFinite(value)) return special(value);
    if (scientific) return exponential(value, PRECISION);
    return whole ? `${fixed(value, 0)}.` : fixed(value, PRECISION);
  });
}

function measured(values: readonly number[], text: (value: number) => string): Format {
  const width = values.reduce((most, value) => Math.max(most, text(value).length), 1);
  return { width, write: (value) => text(value).padStart(width) };
}

function nested(shape: readonly number[], cells: readonly string[], width: number, indent: number): string {
  const [size, ...inner] = shape;
  if (size === undefined) return cells[0] ?? "";
  if (inner.length === 0) return vector(cells, width, indent);
  const stride = cells.length / size;
  const parts = Array.from({ length: size }, (_, i) =>
    nested(inner, cells.slice(i * stride, (i + 1) * stride), width, indent + 1),
  );
  return `[${parts.join(`,${"\n".repeat(inner.length)}${" ".repeat(indent + 1)}`)}]`;
}

function vector(cells: readonly string[], width: number, indent: number): string {
  const perLine = Math.max(1, Math.floor((LINE_WIDTH - indent) / (width + 2)));
  const lines: string[] = [];
  for (let i = 0; i < cells.length; i += perLine) lines.push(cells.slice(i, i + perLine).join(", "));
  return `[${lines.join(`,\n${" ".repeat(indent + 1)}`)}]`;
}

/**
 * The text that PyTorch prints for a tensor.
 * @param suffix what follows the elements: `requires_grad=True`, `grad_fn=<MulBackward0>`
 * @returns null where only a part of the elements came, or int64 that a number can't hold
 */
export function tensorText(tensor: WireTensor, suffix: string | null = null): string | null {
  const { shape, dtype } = tensor;
  const size = numelOf(shape);
  const values = Array.from(tensor.data);
  if (values.length !== size) return null;
  if (dtype === "int64" && !values.every(Number.isSafeInteger)) return null;
  const suffixes: string[] = [];
  if (size === 0 && shape.length !== 1) suffixes.push(`size=(${shape.join(", ")})`);
  // PyTorch leaves out the dtypes that the elements tell by themselves; an empty tensor tells none.
  const told = size === 0 ? ["float32"] : ["float32", "int64", "bool"];
  if (!told.includes(dtype)) suffixes.push(`dtype=torch.${dtype}`);
  if (suffix !== null) suffixes.push(suffix);
  return withSuffixes(PREFIX + elements(values, shape, dtype), suffixes);
}

function elements(values: readonly number[], shape: readonly number[], dtype: DType): string {
  if (values.length === 0) return "[]";
  const { width, write } = formatFor(values, dtype);
  return nested(shape, values.map(write), width, PREFIX.length);
}

function withSuffixes(body: string, suffixes: readonly string[]): string {
  let line = body.length - body.lastIndexOf("\n") + 1;
  let text = body;
  for (const suffix of suffixes) {
    if (line + suffix.length + 2 > LINE_WIDTH) {
      text += `,\n${" ".repeat(PREFIX.length)}${suffix}`;
      line = PREFIX.length + suffix.length;
    } else {
      text += `, ${suffix}`;
      line += suffix.length + 2;
    }
  }
  return `${text})`;
}
