/** @file Reads the tensors, numbers and slices of the OpInfo fixtures, and compares results with them. */
import * as torch from "../../src/core/index.js";

export type Element = number | string;
export interface EncodedTensor {
  readonly shape: number[];
  readonly dtype: "float32" | "float64" | "int64" | "int32" | "uint8" | "bool";
  readonly data: Element[];
  readonly strides?: number[];
  readonly grad?: boolean;
}
export type Encoded =
  | null
  | boolean
  | number
  | string
  | EncodedTensor
  | { readonly float: Element }
  | { readonly int: string }
  | { readonly dtype: EncodedTensor["dtype"] }
  | { readonly layout: string }
  | { readonly slice: (number | null)[] }
  | { readonly ellipsis: true }
  | Encoded[];

const { bool, float32, float64, int32, int64, uint8 } = torch;
const TYPES = { bool, float32, float64, int32, int64, uint8 };

const SPECIAL: Readonly<Record<string, number>> = { nan: NaN, inf: Infinity, "-inf": -Infinity, "-0": -0 };

function toNumber(x: Element): number {
  return typeof x === "number" ? x : (SPECIAL[x] ?? Number(x));
}

export function isEncodedTensor(v: Encoded): v is EncodedTensor {
  return typeof v === "object" && v !== null && "data" in v;
}

/** Where element after element of a row-major walk lies in memory. */
function offsets(shape: readonly number[], strides: readonly number[]): number[] {
  let all = [0];
  shape.forEach((n, d) => {
    all = all.flatMap((at) => Array.from({ length: n }, (_, i) => at + i * strides[d]!));
  });
  return all;
}

function decodeTensor(v: EncodedTensor): torch.Tensor {
  const dtype = TYPES[v.dtype];
  const cast = (x: Element): number | bigint => (v.dtype === "int64" ? BigInt(x) : toNumber(x));
  let flat: (number | bigint)[] = v.data.map(cast);
  if (v.strides !== undefined) {
    const at = offsets(v.shape, v.strides);
    const memory: (number | bigint)[] = new Array(Math.max(0, ...at) + 1).fill(v.dtype === "int64" ? 0n : 0);
    flat.forEach((x, i) => {
      memory[at[i]!] = x;
    });
    flat = memory;
  }
  const base = torch.tensor(flat as number[], { dtype });
  const shaped = v.strides === undefined ? base.reshape(v.shape) : base.as_strided(v.shape, v.strides);
  return shaped.detach().requires_grad_(v.grad === true);
}

/** The JavaScript value of an encoded argument; tensors that take a gradient are added to `leaves`. */
export function decode(v: Encoded, leaves: torch.Tensor[]): unknown {
  if (typeof v !== "object" || v === null) return v;
  if (Array.isArray(v)) return v.map((x) => decode(x, leaves));
  if (isEncodedTensor(v)) {
    const t = decodeTensor(v);
    if (t.requires_grad) leaves.push(t);
    return t;
  }
  if ("float" in v) return toNumber(v.float);
  if ("int" in v) return BigInt(v.int);
  if ("dtype" in v) return TYPES[v.dtype];
  if ("slice" in v) return torch.Slice(...(v.slice as [number | null, number | null, number | null]));
  if ("ellipsis" in v) return torch.Ellipsis;
  return v.layout;
}

/** `assert_close`'s defaults: relative and absolute tolerance by element type. */
const TOLERANCE: Readonly<Record<string, readonly [number, number]>> = {
  float32: [1.3e-6, 1e-5],
  float64: [1e-7, 1e-7],
};

function close(actual: number, expected: number, dtype: string): boolean {
  if (Number.isNaN(expected)) return Number.isNaN(actual);
  if (actual === expected) return true;
  const [rtol, atol] = TOLERANCE[dtype] ?? [0, 0];
  return Math.abs(actual - expected) <= atol + rtol * Math.abs(expected);
}

/** What is wrong with `actual`, or null where it agrees. */
export function difference(actual: unknown, expected: Encoded, strided = false): string | null {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return `expected a sequence, got ${actual}`;
    if (actual.length !== expected.length) return `${actual.length} results, expected ${expected.length}`;
    const wrong = expected.map((e, i) => difference(actual[i], e, strided)).find((d) => d !== null);
    return wrong ?? null;
  }
  if (typeof expected === "object" && expected !== null) {
    if ("float" in expected) return difference(actual, toNumber(expected.float) as Encoded);
    if ("int" in expected)
      return actual === BigInt(expected.int) ? null : `${String(actual)} for ${expected.int}`;
    if (!isEncodedTensor(expected)) return decode(expected, []) === actual ? null : "another value";
    return tensorDifference(actual, expected, strided);
  }
  if (typeof expected === "number") {
    const x = typeof actual === "bigint" ? Number(actual) : actual;
    return typeof x === "number" && close(x, expected, "float64")
      ? null
      : `${String(actual)} for ${expected}`;
  }
  return actual === expected ? null : `${String(actual)} for ${String(expected)}`;
}

function tensorDifference(actual: unknown, expected: EncodedTensor, strided: boolean): string | null {
  if (!(actual instanceof torch.Tensor)) return `${String(actual)} for a tensor`;
  const shape = [...actual.shape];
  if (String(shape) !== String(expected.shape)) return `shape [${shape}], expected [${expected.shape}]`;
  if (actual.dtype !== TYPES[expected.dtype]) return `${actual.dtype}, expected ${expected.dtype}`;
  const strides = String(actual.stride());
  if (strided && expected.strides !== undefined && strides !== String(expected.strides)) {
    return `strides [${strides}], expected [${expected.strides}]`;
  }
  const values = (actual.detach().reshape([-1]).tolist() as (number | bigint | boolean)[]).map(Number);
  const at = expected.data.findIndex((e, i) => !close(values[i]!, toNumber(e), expected.dtype));
  if (at < 0) return null;
  return `element ${at} is ${values[at]}, expected ${expected.data[at]}`;
}

/** The fixtures' vector for gradients: element k is `((7k + phase) mod 11 − 5) / 8 + 1/16`. */
export function cotangent(like: torch.Tensor, phase: number): torch.Tensor {
  const data = Array.from({ length: like.numel() }, (_, k) => (((7 * k + phase) % 11) - 5) / 8 + 0.0625);
  return torch.tensor(data, { dtype: like.dtype }).reshape([...like.shape]);
}

export function tensorsIn(v: unknown): torch.Tensor[] {
  if (v instanceof torch.Tensor) return [v];
  return Array.isArray(v) ? v.flatMap(tensorsIn) : [];
}
