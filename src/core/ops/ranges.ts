/** @file Factories of numbers in a row: `arange`, `linspace`, `logspace`. */
import { float32, float64, getDefaultDType, int64, KIND_FLOAT } from "../dtype.js";
import { argumentError, RuntimeError } from "../errors.js";
import { newTensor } from "../kernels/copy.js";
import { sizeOf } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { splitOptions } from "./check.js";
import { created, dtypeArg, type TensorOptions } from "./creation.js";

export interface RangeOptions extends TensorOptions {
  start?: number;
  end?: number;
  step?: number;
}

function rangeOf(...range: [start: unknown, end: unknown, step: unknown]): [number, number, number] {
  const [start = 0, end = 0, step = 1] = range.map((x, i) => {
    if (typeof x === "number" || typeof x === "boolean" || typeof x === "bigint") return Number(x);
    throw argumentError("arange", ["start", "end", "step"][i]!, i + 1, "Number", x);
  });
  if (Number.isFinite(start) && Number.isFinite(end)) return [start, end, step];
  const text = (x: number): string => (Number.isNaN(x) ? "nan" : String(x).replace("Infinity", "inf"));
  throw new RuntimeError(`unsupported range: ${text(start)} -> ${text(end)}`);
}

/** `start`, `start + step` … below `end`: int64 if all are integers, else float32. */
export function arange(...args: [...numbers: number[], options: RangeOptions] | number[]): Tensor {
  const [numbers, options] = splitOptions<RangeOptions>(args);
  const list = numbers as number[];
  const both = list.length > 1 || options.end !== undefined;
  const from = options.start ?? (both ? (list[0] ?? 0) : 0);
  const to = options.end ?? (both ? list[1] : list[0]) ?? 0;
  const [start, end, step] = rangeOf(from, to, options.step ?? list[2] ?? 1);
  if (step === 0) throw new RuntimeError("step must be nonzero");
  if (step > 0 !== end >= start && end !== start) {
    throw new RuntimeError("upper bound and lower bound inconsistent with step sign");
  }
  const whole = [start, end, step].every(Number.isInteger);
  const dtype = dtypeArg("arange", options.dtype) ?? (whole ? int64 : getDefaultDType());
  const out = newTensor(sizeOf([Math.max(Math.ceil((end - start) / step), 0)]), dtype);
  put(out, (i) => start + i * step);
  return created(out, "arange", options);
}

function checkNumber(fn: string, name: string, position: number, value: unknown): void {
  if (typeof value !== "number") throw argumentError(fn, name, position, "Number", value);
}

/** `steps` numbers from `start` to `end`, both included. */
export function linspace(start: number, end: number, steps: number, options: TensorOptions = {}): Tensor {
  checkNumber("linspace", "start", 1, start);
  checkNumber("linspace", "end", 2, end);
  if (!Number.isInteger(steps)) throw argumentError("linspace", "steps", 3, "int", steps);
  if (steps < 0) throw new RuntimeError("number of steps must be non-negative");
  const out = newTensor(sizeOf([steps]), dtypeArg("linspace", options.dtype) ?? getDefaultDType());
  // PyTorch counts the second half from the end, so that both ends are exact.
  const step = steps > 1 ? (end - start) / (steps - 1) : 0;
  const s = out.dtype === float32 ? Math.fround(step) : step;
  put(out, (i) => (i < steps / 2 ? start + s * i : end - s * (steps - i - 1)));
  return created(out, "linspace", options);
}

/** `steps` powers of `base`, from baseˢᵗᵃʳᵗ to baseᵉⁿᵈ. */
export function logspace(
  start: number,
  end: number,
  steps: number,
  base: number | LogspaceOptions = 10,
  options: TensorOptions = {},
): Tensor {
  const named = typeof base === "number" ? options : base;
  const b = typeof base === "number" ? base : (base.base ?? 10);
  const out = linspace(start, end, steps, named);
  const exponents = out.dtype.kind === KIND_FLOAT ? out : linspace(start, end, steps, { dtype: float64 });
  const from = exponents._storage.data as Float64Array;
  put(out, (i) => b ** from[i]!);
  return out;
}

interface LogspaceOptions extends TensorOptions {
  base?: number;
}

function put(out: Tensor, value: (i: number) => number): void {
  const data = out._storage.data;
  for (let i = 0; i < out._numel; i++) {
    if (out.dtype === int64) (data as BigInt64Array)[i] = BigInt(Math.trunc(value(i)));
    else data[i] = value(i);
  }
}
