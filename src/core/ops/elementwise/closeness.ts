/** @file Whether tensors are equal, or nearly, as functions. */
import { bool } from "../../dtype.js";
import { RuntimeError } from "../../errors.js";
import { map2 } from "../../kernels/map.js";
import { sameShape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { compare } from "../arithmetic.js";
import { finish } from "../dispatch.js";
import { flag, optFloat, tensor } from "../parameters.js";
import { fn } from "../signature.js";
import { pair } from "./common.js";

const closeParams = [
  tensor("input"),
  tensor("other"),
  optFloat("rtol", 1e-5),
  optFloat("atol", 1e-8),
  flag("equal_nan", false),
] as const;
type Close = readonly [a: Tensor, b: Tensor, rtol: number, atol: number, equalNaN: boolean];
function closeness(...[a, b, rtol, atol, equalNaN]: Close): Tensor {
  if (a.dtype !== b.dtype)
    throw new RuntimeError(`${a.dtype.scalarName} did not match ${b.dtype.scalarName}`);
  if (rtol < 0) throw new RuntimeError(`rtol must be greater than or equal to zero, but got ${rtol}`);
  if (atol < 0) throw new RuntimeError(`atol must be greater than or equal to zero, but got ${atol}`);
  return map2(
    a,
    b,
    a.dtype,
    (x, y) =>
      x === y ||
      (equalNaN && Number.isNaN(x) && Number.isNaN(y)) ||
      (Number.isFinite(x) && Number.isFinite(y) && Math.abs(x - y) <= atol + Math.abs(rtol * y))
        ? 1
        : 0,
    bool,
  );
}
/** Element by element: |input − other| ≤ atol + rtol · |other|. */
export const isclose = fn("isclose", closeParams, (...args) =>
  finish("isclose", [args[0], args[1]], closeness(...args)),
);
/** Whether all elements are close. */
export const allclose = fn("allclose", closeParams, (...args): boolean => {
  const flags = closeness(...args);
  return flags._numel === 0 || Boolean(flags.all().item());
});
/** Whether shape and all elements agree. */
export const equal = fn("equal", pair, (a, b): boolean => {
  if (!sameShape(a._shape, b._shape)) return false;
  return a._numel === 0 || Boolean(compare("eq", a, b).all().item());
});
