/** @file Integrals by the trapezoidal rule. */
import { bool } from "../../dtype.js";
import { RuntimeError } from "../../errors.js";
import { normalizeDim } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { call1 } from "../dispatch.js";
import { zerosOf } from "../make.js";
import { ops } from "../op.js";
import { optInt, optScalar, optTensor, tensor } from "../parameters.js";
import { slice } from "../shape_ops.js";
import { fn } from "../signature.js";

const params = [tensor("y"), optTensor("x"), optScalar("dx", 1), optInt("dim", -1)] as const;

/** `x` in the rank of `y`: one vector of places lies along `dim`, anything else is padded in front. */
function places(name: string, y: Tensor, x: Tensor, dim: number): Tensor {
  if (x._shape.length === 1) {
    if (x._shape[0] !== y._shape[dim]) {
      throw new RuntimeError(`${name}: There must be one \`x\` value for each sample point`);
    }
    return x.view(y._shape.map((_, d) => (d === dim ? x._shape[0]! : 1)));
  }
  const missing = y._shape.length - x._shape.length;
  return missing > 0 ? x.view([...new Array<number>(missing).fill(1), ...x._shape]) : x;
}

const head = (t: Tensor, dim: number): Tensor => slice(t, dim, 0, -1, 1);
const tail = (t: Tensor, dim: number): Tensor => slice(t, dim, 1, null, 1);

function checkBool(name: string, y: Tensor, x: Tensor | null): void {
  if (y.dtype !== bool && x?.dtype !== bool) return;
  const which = x === null ? "`y`" : "`x` or `y`";
  throw new RuntimeError(`${name}: received a bool input for ${which}, but bool is not supported`);
}

function integral(name: "trapezoid" | "trapz") {
  return fn(name, params, (y, x, dx, dim_): Tensor => {
    const dim = normalizeDim(dim_, y._shape.length);
    if (y._shape[dim] === 0)
      return zerosOf(
        y._shape.filter((_, d) => d !== dim),
        y.dtype,
      );
    checkBool("trapezoid", y, x);
    if (x === null) {
      // A constant step takes one sum less its ends' halves.
      const ends = call1(ops.mul_Scalar, y.select(dim, 0).add(y.select(dim, -1)), 0.5);
      return call1(ops.mul_Scalar, y.sum(dim).sub(ends), dx);
    }
    const at = places("trapezoid", y, x, dim);
    const steps = tail(at, dim).sub(head(at, dim));
    return call1(ops.div_Scalar, head(y, dim).add(tail(y, dim)).mul(steps).sum(dim), 2);
  });
}
/** ∫ y along `dim` through the places `x`, or places `dx` apart. */
export const trapezoid = integral("trapezoid");
export const trapz = integral("trapz");

/** The integrals up to every place but the first. */
export const cumulative_trapezoid = fn("cumulative_trapezoid", params, (y, x, dx, dim_): Tensor => {
  const dim = normalizeDim(dim_, y._shape.length);
  checkBool("cumulative_trapezoid", y, x);
  if (x === null) {
    return call1(ops.mul_Scalar, tail(y, dim).add(head(y, dim)), dx / 2).cumsum(dim);
  }
  const at = places("cumulative_trapezoid", y, x, dim);
  const steps = tail(at, dim).sub(head(at, dim));
  return call1(ops.div_Scalar, tail(y, dim).add(head(y, dim)).mul(steps).cumsum(dim), 2);
});
