/** @file `torch.special`. */
import { call1 } from "./ops/dispatch.js";
import { erf } from "./ops/elementwise/functions.js";
import { type Op, ops } from "./ops/op.js";
import { tensor } from "./ops/parameters.js";
import { fn } from "./ops/signature.js";

export { exp2, expm1, log1p, sigmoid as expit } from "./functions/pointwise.js";
export { logsumexp } from "./functions/reduction.js";
export {
  digamma,
  digamma as psi,
  erf,
  erfc,
  erfinv,
  i0,
  lgamma as gammaln,
  logit,
  mvlgamma as multigammaln,
  polygamma,
  round,
  sinc,
  xlog1py,
  xlogy,
  zeta,
} from "./ops/elementwise/functions.js";

const unary = (name: string, op: Op) => fn(name, [tensor("input")], (x) => call1(op, x));

/** The modified Bessel function I₀, scaled by e^(−|x|). */
export const i0e = unary("special_i0e", ops.special_i0e);
/** The modified Bessel function of the first kind, order 1. */
export const i1 = unary("special_i1", ops.special_i1);
export const i1e = unary("special_i1e", ops.special_i1e);
/** −x ln x. */
export const entr = unary("special_entr", ops.special_entr);
/** The quantile of the standard normal distribution. */
export const ndtri = unary("special_ndtri", ops.special_ndtri);
/** The logarithm of the standard normal distribution function. */
export const log_ndtr = unary("special_log_ndtr", ops.special_log_ndtr);
/** e^(x²) erfc x. */
export const erfcx = unary("special_erfcx", ops.special_erfcx);
/** The standard normal distribution function. */
export const ndtr = fn("special_ndtr", [tensor("input")], (x) => {
  const half = erf(call1(ops.mul_Scalar, x, Math.SQRT1_2));
  return call1(ops.mul_Scalar, call1(ops.add_Scalar, half, 1, 1), 0.5);
});
