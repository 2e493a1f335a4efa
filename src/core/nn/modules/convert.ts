/** @file Changing a tensor's element type without changing who holds it. */

import { type DType, KIND_FLOAT } from "../../dtype.js";
import { castTo } from "../../kernels/copy.js";
import type { Storage } from "../../storage.js";
import type { Tensor } from "../../tensor.js";

/** Casts a floating-point leaf and its gradient where they stand, as `param.data = param.data.to(dtype)`. */
export function convert(t: Tensor, dtype: DType): void {
  if (t.dtype.kind !== KIND_FLOAT || t.dtype === dtype) return;
  const cast = castTo(t, dtype);
  const open = t as { -readonly [K in keyof Tensor]: Tensor[K] };
  open._storage = cast._storage as Storage;
  open.dtype = dtype;
  open._strides = cast._strides;
  open._offset = cast._offset;
  open._contiguous = cast._contiguous;
  if (t._accumulator !== null) t._accumulator.dtype = dtype;
  if (t._grad !== null) convert(t._grad, dtype);
}
