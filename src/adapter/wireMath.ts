/** @file The little arithmetic that a record's tensors need: partial sums, and what conditions ask. */
import type { DType } from "../protocol/export.js";
import type { WireTensor } from "../protocol/trace.js";
import { numelOf } from "../protocol/wire.js";

/** Whether all elements came, rather than the first ones. */
export function isWhole({ data, shape }: WireTensor): boolean {
  return data.length === numelOf(shape);
}

/** A tensor with its statistics from all of its elements. */
export function wireOf(
  data: Float32Array | Float64Array,
  shape: readonly number[],
  dtype: DType,
): WireTensor {
  let [min, max, sum, squares, finite, nan, inf] = [Infinity, -Infinity, 0, 0, 0, 0, 0];
  for (const value of data) {
    if (Number.isNaN(value)) nan++;
    else if (!Number.isFinite(value)) inf++;
    else {
      min = Math.min(min, value);
      max = Math.max(max, value);
      sum += value;
      squares += value * value;
      finite++;
    }
  }
  const some = finite > 0;
  return {
    shape,
    dtype,
    data,
    min: some ? min : null,
    max: some ? max : null,
    mean: some ? sum / finite : null,
    norm: nan + inf === 0 ? Math.sqrt(squares) : null,
    nan,
    inf,
  };
}

export function mapWire(tensor: WireTensor, f: (value: number, i: number) => number): WireTensor {
  const { data, shape, dtype } = tensor;
  return wireOf(data instanceof Float32Array ? data.map(f) : data.map(f), shape, dtype);
}

/** The sum of a gradient's terms; null where one came only in part, so that nothing true can be said. */
export function sumOf(terms: readonly WireTensor[]): WireTensor | null {
  const [first, ...rest] = terms;
  if (first === undefined || !terms.every(isWhole)) return null;
  return rest.reduce((sum, term) => mapWire(sum, (value, i) => value + term.data[i]!), first);
}

/** Row `index` of the tensor, as `tensor[index]`. */
export function rowOf(tensor: WireTensor, index: number): WireTensor | null {
  const [rows, ...shape] = tensor.shape;
  const at = index < 0 ? index + (rows ?? 0) : index;
  if (rows === undefined || !(at >= 0 && at < rows)) return null;
  const size = numelOf(shape);
  const data = tensor.data.slice(at * size, (at + 1) * size);
  return data.length === size ? wireOf(data, shape, tensor.dtype) : null;
}
