/** @file The result of a pointwise function of two operands: its type, its shape and its order in memory. */
import { type DType, getDefaultDType, int64, KIND_FLOAT, KIND_INT, promoteTypes } from "../dtype.js";
import {
  broadcastShapes,
  denseStridesLike,
  isContiguous,
  type Shape,
  type Size,
  sameShape,
} from "../shape.js";
import { allocateRaw, Storage } from "../storage.js";
import { Tensor } from "../tensor.js";
import { rawTensor } from "./copy.js";

/** What two operands compute in: PyTorch's promotion, where dimensioned tensors outrank 0-dim ones outrank numbers. */
export function resultType(a: Tensor, b: Tensor | number): DType {
  if (typeof b === "number") {
    const kind = Number.isInteger(b) ? KIND_INT : KIND_FLOAT;
    if (a.dtype.kind >= kind) return a.dtype;
    return kind === KIND_FLOAT ? getDefaultDType() : int64;
  }
  if (a.dtype === b.dtype) return a.dtype;
  const da = a._shape.length > 0;
  const db = b._shape.length > 0;
  if (da === db) return promoteTypes(a.dtype, b.dtype);
  const strong = da ? a.dtype : b.dtype;
  const weak = da ? b.dtype : a.dtype;
  return strong.kind >= weak.kind ? strong : weak;
}

/** The output of a pointwise op: broadcast shape, and the operands' order of dimensions where they agree. */
export function emptyResult(x: Tensor, y: Tensor, dtype: DType): Tensor {
  const shape: Size = sameShape(x._shape, y._shape) ? x._shape : broadcastShapes(x._shape, y._shape);
  const lead = x._shape === shape || sameShape(x._shape, shape) ? x : y;
  if (lead._contiguous && sameShape(lead._shape, shape)) {
    return new Tensor(
      new Storage(dtype, lead._numel, allocateRaw(dtype, lead._numel), 0),
      shape,
      lead._strides,
      0,
      true,
    );
  }
  const strides = resultStrides(x, y, shape);
  if (strides === null) return rawTensor(shape, dtype);
  let n = 1;
  for (const d of shape) n *= d;
  const storage = new Storage(dtype, n, allocateRaw(dtype, n), 0);
  return new Tensor(storage, shape, strides, 0, isContiguous(shape, strides));
}

/** The order of the first operand that has one: a broadcast dimension has no place in any order. */
function resultStrides(x: Tensor, y: Tensor, shape: Shape): Shape | null {
  const lead = [x, y].find((t) => sameShape(t._shape, shape) && !isExpanded(t));
  return lead === undefined || lead._contiguous ? null : denseStridesLike(shape, lead._strides);
}

/** Whether several elements lie in one place. */
export function isExpanded(t: Tensor): boolean {
  return t._strides.some((step, d) => step === 0 && t._shape[d]! > 1);
}
