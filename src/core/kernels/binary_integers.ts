/** @file Pointwise functions of two operands that must not pass through floating point. */
import { type DType, int64 } from "../dtype.js";
import { broadcastShapes, expandStrides } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { type BinaryCode, binaryBig } from "./binary_element.js";
import { castTo, forEachRow, newTensor, scalarTensor } from "./copy.js";

export function multiplyInt32(out: Tensor, x: Tensor, y: Tensor): Tensor {
  return pairwise(out, x, y, (p, q) => Math.imul(Number(p), Number(q)));
}

/** Any function of two elements, one call an element: for the rare types. */
function pairwise(
  out: Tensor,
  x: Tensor,
  y: Tensor,
  fn: (a: number | bigint, b: number | bigint) => number | bigint,
): Tensor {
  if (out._numel === 0) return out;
  const data = out._storage.data;
  const p = x._storage.data;
  const q = y._storage.data;
  const sx = expandStrides(x._shape, x._strides, out._shape);
  const sy = expandStrides(y._shape, y._strides, out._shape);
  const n = out._shape.at(-1) ?? 1;
  const ix = sx.at(-1) ?? 0;
  const iy = sy.at(-1) ?? 0;
  let o = 0;
  forEachRow(out._shape, sx, x._offset, sy, y._offset, (i, j) => {
    for (let k = 0; k < n; k++) data[o++] = fn(p[i + k * ix]!, q[j + k * iy]!);
  });
  return out;
}

export function binaryLong(code: BinaryCode, a: Tensor, b: Tensor | number, result: DType): Tensor {
  const x = castTo(a, int64);
  const y = typeof b === "number" ? scalarTensor(int64, b, broadcastShapes([], [])) : castTo(b, int64);
  const out = newTensor(broadcastShapes(x._shape, y._shape), result);
  if (result === int64) return pairwise(out, x, y, (p, q) => binaryBig(code, p as bigint, q as bigint));
  return pairwise(out, x, y, (p, q) => Number(binaryBig(code, p as bigint, q as bigint)));
}
