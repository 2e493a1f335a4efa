/** @file Choosing between operands: where, clamp, masked_fill. */
import { bool, type DType } from "../dtype.js";
import { broadcastShapes, expandStrides, SCALAR } from "../shape.js";
import type { NumberArray } from "../storage.js";
import type { Tensor } from "../tensor.js";
import { castTo, newTensor, scalarTensor } from "./copy.js";
import { offsetsOf } from "./reduce.js";

/** Element by element: `condition ? a : b`, in type `dtype`. */
export function where(condition: Tensor, a: Tensor | number, b: Tensor | number, dtype: DType): Tensor {
  const c = castTo(condition, bool);
  const x = typeof a === "number" ? scalarTensor(dtype, a, SCALAR) : castTo(a, dtype);
  const y = typeof b === "number" ? scalarTensor(dtype, b, SCALAR) : castTo(b, dtype);
  const shape = broadcastShapes(c._shape, broadcastShapes(x._shape, y._shape));
  const out = newTensor(shape, dtype);
  const dims = shape.map((_, d) => d);
  const walk = (t: Tensor): Int32Array => offsetsOf(shape, expandStrides(t._shape, t._strides, shape), dims);
  const [oc, ox, oy] = [walk(c), walk(x), walk(y)];
  const flags = c._storage.data as NumberArray;
  const p = x._storage.data as NumberArray;
  const q = y._storage.data as NumberArray;
  const to = out._storage.data as NumberArray;
  for (let i = 0; i < to.length; i++) {
    to[i] = flags[c._offset + oc[i]!] !== 0 ? p[x._offset + ox[i]!]! : q[y._offset + oy[i]!]!;
  }
  return out;
}
