/** @file Tensors as the trace carries them: the first elements, row-major, and statistics over all. */
import type { Tensor } from "../../core/index.js";
import { MAX_DATA } from "../../protocol/export.js";
import type { WireTensor } from "../../protocol/trace.js";

export type Elements = Float32Array | Float64Array;

interface Sums {
  min: number;
  max: number;
  sum: number;
  squares: number;
  nan: number;
  inf: number;
}

function addTo(sums: Sums, value: number): void {
  if (value - value === 0) {
    if (value < sums.min) sums.min = value;
    if (value > sums.max) sums.max = value;
    sums.sum += value;
    sums.squares += value * value;
  } else if (Number.isNaN(value)) sums.nan++;
  else sums.inf++;
}

/** Calls `visit` with every element in row-major order, or only with those from `from` up to `to`. */
export function visitElements(
  tensor: Tensor,
  visit: (value: number, index: number) => void,
  from = 0,
  to: number = tensor._numel,
): void {
  const { array, value } = tensor._storage;
  if (array === null) {
    for (let i = from; i < Math.min(to, tensor._numel); i++) visit(value, i);
    return;
  }
  const { _shape: shape, _strides: strides, _offset: offset, _contiguous: contiguous } = tensor;
  if (contiguous) {
    for (let i = from; i < to; i++) visit(Number(array[offset + i]), i);
    return;
  }
  const place = new Array<number>(shape.length).fill(0);
  let at = offset;
  let rest = from;
  for (let d = shape.length - 1; d >= 0; d--) {
    place[d] = rest % shape[d]!;
    rest = Math.floor(rest / shape[d]!);
    at += place[d]! * strides[d]!;
  }
  for (let i = from; i < to; i++) {
    visit(Number(array[at]), i);
    for (let d = shape.length - 1; d >= 0; d--) {
      at += strides[d]!;
      if (++place[d]! < shape[d]!) break;
      at -= strides[d]! * shape[d]!;
      place[d] = 0;
    }
  }
}

/** What the trace says of the tensor as it is now. */
export function wireTensor(tensor: Tensor): WireTensor {
  const count = tensor._numel;
  const kept = Math.min(count, MAX_DATA);
  const single = tensor.dtype.name === "float32";
  const data: Elements = single ? new Float32Array(kept) : new Float64Array(kept);
  const sums: Sums = { min: Infinity, max: -Infinity, sum: 0, squares: 0, nan: 0, inf: 0 };
  const { array, value } = tensor._storage;
  if (array === null && count === 1) {
    data[0] = value;
    addTo(sums, value);
  } else if (tensor._contiguous && !(array instanceof BigInt64Array) && array !== null) {
    const offset = tensor._offset;
    for (let i = 0; i < kept; i++) data[i] = array[offset + i]!;
    for (let i = 0; i < count; i++) addTo(sums, array[offset + i]!);
  } else {
    visitElements(tensor, (element, i) => {
      if (i < kept) data[i] = element;
      addTo(sums, element);
    });
  }
  const finite = count - sums.nan - sums.inf;
  const norm = Math.sqrt(sums.squares);
  return {
    shape: [...tensor._shape],
    dtype: tensor.dtype.name,
    data,
    min: finite > 0 ? sums.min : null,
    max: finite > 0 ? sums.max : null,
    mean: finite > 0 ? sums.sum / finite : null,
    norm: finite === count && Number.isFinite(norm) ? norm : null,
    nan: sums.nan,
    inf: sums.inf,
  };
}

/** Whether some element is NaN or infinite, looking at the first `MAX_DATA` elements of each tensor. */
export function looksBad(tensor: Tensor): boolean {
  let bad = false;
  if (tensor.dtype.kind !== FLOATING) return false;
  visitElements(
    tensor,
    (value) => {
      if (value - value !== 0) bad = true;
    },
    0,
    Math.min(tensor._numel, MAX_DATA),
  );
  return bad;
}

const FLOATING = 2;

/** Euclidean norm of all elements. */
export function normOf(tensor: Tensor): number {
  let squares = 0;
  visitElements(tensor, (value) => {
    squares += value * value;
  });
  return Math.sqrt(squares);
}

/** The only element of a tensor that has one, else null. */
export function scalarOf(tensor: Tensor): number | null {
  if (tensor._numel !== 1) return null;
  const { array, value } = tensor._storage;
  return array === null ? value : Number(array[tensor._offset]);
}
