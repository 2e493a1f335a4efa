/** @file Memory for parameters that an initialiser is about to fill. */
import { type DType, getDefaultDType } from "../dtype.js";
import { RuntimeError } from "../errors.js";
import { newTensor } from "../kernels/copy.js";
import { formatShape, type Shape, sizeOf } from "../shape.js";
import type { Tensor } from "../tensor.js";

export function emptyOf(shape: Shape, dtype: DType | null = null): Tensor {
  const negative = shape.find((d) => d < 0);
  if (negative !== undefined) {
    throw new RuntimeError(
      `Trying to create tensor with negative dimension ${negative}: ${formatShape(shape)}`,
    );
  }
  return newTensor(sizeOf(shape), dtype ?? getDefaultDType());
}
