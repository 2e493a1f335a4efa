/** @file Constant tensors, for formulas: no observer hears of them. */
import type { DType } from "../dtype.js";
import { fillWith, newTensor } from "../kernels/copy.js";
import { type Shape, sizeOf } from "../shape.js";
import type { Tensor } from "../tensor.js";

export function zerosOf(shape: Shape, dtype: DType): Tensor {
  return newTensor(sizeOf(shape), dtype);
}

export function fullOf(shape: Shape, value: number, dtype: DType): Tensor {
  const out = newTensor(sizeOf(shape), dtype);
  fillWith(out, value);
  return out;
}

export function fullLike(t: Tensor, value: number): Tensor {
  return fullOf(t._shape, value, t.dtype);
}
