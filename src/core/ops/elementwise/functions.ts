/** @file Pointwise functions of one or two tensors, and their forms in place. */
import { bool, KIND_FLOAT } from "../../dtype.js";
import { RuntimeError } from "../../errors.js";
import { resultType } from "../../kernels/binary.js";
import { MOST_ELEMENTS, refuseSize } from "../../kernels/copy.js";
import { map1, map2 } from "../../kernels/map.js";
import { zeta as zetaOf } from "../../kernels/special/gamma.js";
import { floatType } from "../../kernels/unary.js";
import { sizeOf } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { call, call1, call2, callUndifferentiable, finish } from "../dispatch.js";
import { fullLike } from "../make.js";
import { type Op, ops } from "../op.js";
import { int, operand, optFloat, optInt, optScalar, tensor } from "../parameters.js";
import { toDType } from "../pointwise.js";
import type { OpName } from "../schema.js";
import { fn, noOverload } from "../signature.js";
import { callInplace } from "../write.js";
import { pair, self } from "./common.js";

const unary = (op: OpName, name: string = op) => fn(name, self, (x) => call1(ops[op], x));
const unary_ = (op: OpName, name: string = op) => fn(name + "_", self, (x) => callInplace(ops[op], x));
const binary = (op: OpName, name: string = op) => fn(name, pair, (x, y) => call2(ops[op], x, y));
const binary_ = (op: OpName, name: string = op) => fn(name + "_", pair, (x, y) => callInplace(ops[op], x, y));

export const acosh = unary("acosh");
export const arccosh = acosh;
export const asinh = unary("asinh");
export const arcsinh = asinh;
export const atanh = unary("atanh");
export const arctanh = atanh;
/** 2/√π ∫₀ˣ exp(−t²) dt. */
export const erf = unary("erf");
export const erf_ = unary_("erf");
/** 1 − erf(x), exact for large x. */
export const erfc = unary("erfc");
export const erfc_ = unary_("erfc");
export const erfinv = unary("erfinv");
export const erfinv_ = unary_("erfinv");
/** ln |Γ(x)|. */
export const lgamma = unary("lgamma");
export const lgamma_ = unary_("lgamma");
/** The derivative of ln Γ. */
export const digamma = unary("digamma");
export const digamma_ = unary_("digamma");
export const frac = unary("frac");
export const frac_ = unary_("frac");
export const deg2rad = unary("deg2rad");
export const deg2rad_ = unary_("deg2rad");
export const rad2deg = unary("rad2deg");
export const rad2deg_ = unary_("rad2deg");
/** sin(πx) / (πx). */
export const sinc = unary("sinc");
export const sinc_ = unary_("sinc");
/** π where negative, else 0. */
export const angle = unary("angle");
/** The modified Bessel function of the first kind, order 0. */
export const i0 = unary("i0");
export const i0_ = unary_("i0");

const polygammaParams = [int("n"), tensor("input")] as const;
function checkOrder(n: number): number {
  if (n < 0) throw new RuntimeError("polygamma(n, x) does not support negative n.");
  return n;
}
/** The `n`-th derivative of digamma. */
export const polygamma = fn("polygamma", polygammaParams, (n, x) => call(ops.polygamma, checkOrder(n), x));

function checkMvlgamma(x: Tensor, p: number): Tensor {
  if (p < 1) throw new RuntimeError("p has to be greater than or equal to 1");
  // PyTorch lays out all the p terms.
  if (p > MOST_ELEMENTS) refuseSize(sizeOf([...x._shape, p]), x.dtype);
  return x;
}
/** The logarithm of the multivariate gamma function of dimension `p`. */
export const mvlgamma = fn("mvlgamma", [tensor("input"), int("p")], (x, p) =>
  call1(ops.mvlgamma, checkMvlgamma(x, p), p),
);
export const mvlgamma_ = fn("mvlgamma_", [tensor("input"), int("p")], (x, p) =>
  callInplace(ops.mvlgamma, checkMvlgamma(x, p), p),
);

const nanParams = [
  tensor("input"),
  optFloat("nan", null),
  optFloat("posinf", null),
  optFloat("neginf", null),
] as const;
/** Replaces NaN and the infinities, by default with 0 and the largest finite numbers. */
export const nan_to_num = fn("nan_to_num", nanParams, (x, nan, pos, neg) =>
  call1(ops.nan_to_num, x, nan, pos, neg),
);
export const nan_to_num_ = fn("nan_to_num_", nanParams, (x, nan, pos, neg) =>
  callInplace(ops.nan_to_num, x, nan, pos, neg),
);

const logitParams = [tensor("input"), optFloat("eps", null)] as const;
/** ln(x / (1 − x)), the inverse of the sigmoid; `eps` clamps x first. */
export const logit = fn("logit", logitParams, (x, eps) => call1(ops.logit, x, eps));
export const logit_ = fn("logit_", logitParams, (x, eps) => callInplace(ops.logit, x, eps));

const roundParams = [tensor("input"), optInt("decimals", null)] as const;
/** To `decimals` decimal places; halves to even. */
export const round = fn("round", roundParams, (x, n) =>
  n === null ? call1(ops.round, x) : call1(ops.round_decimals, x, n),
);
export const round_ = fn("round_", roundParams, (x, n) =>
  n === null ? callInplace(ops.round, x) : callInplace(ops.round_decimals, x, n),
);

/** The tensor itself. */
export const positive = fn("positive", self, (x) => {
  if (x.dtype === bool) throw new RuntimeError("The `+` operator, on a bool tensor is not supported.");
  return x;
});
/** Real tensors are their own real part and conjugate. */
export const real = fn("real", self, (x) => x);
export const conj = fn("conj", self, (x) => x);
export const conj_physical = fn("conj_physical", self, (x) => x);
export const resolve_conj = fn("resolve_conj", self, (x) => x);
export const resolve_neg = fn("resolve_neg", self, (x) => x);

const test = (name: string, holds: (x: number) => boolean) =>
  fn(name, self, (x) => {
    const work = x.dtype.kind === KIND_FLOAT ? x : toDType(x.detach(), x.dtype);
    return finish(
      name,
      [x],
      map1(work, work.dtype, (v) => (holds(v) ? 1 : 0), bool),
    );
  });
export const isnan = test("isnan", Number.isNaN);
export const isfinite = test("isfinite", Number.isFinite);
export const isinf = test("isinf", (x) => x === Infinity || x === -Infinity);
export const isposinf = test("isposinf", (x) => x === Infinity);
export const isneginf = test("isneginf", (x) => x === -Infinity);
export const isreal = test("isreal", () => true);
export const signbit = test("signbit", (x) => x < 0 || Object.is(x, -0));

/** √(x² + y²). */
export const hypot = binary("hypot");
export const hypot_ = binary_("hypot");
/** The larger of two elements; NaN loses. */
export const fmax = binary("fmax");
export const fmin = binary("fmin");
/** ln(eˣ + eʸ), without overflow. */
export const logaddexp = binary("logaddexp");
export const logaddexp2 = binary("logaddexp2");

const withNumber = [tensor("input"), operand("other")] as const;
/** The magnitude of `input` with the sign of `other`. */
export const copysign = fn("copysign", withNumber, (x, y) =>
  typeof y === "number" ? call1(ops.copysign_Scalar, x, y) : call2(ops.copysign_Tensor, x, y),
);
export const copysign_ = fn("copysign_", withNumber, (x, y) =>
  callInplace(typeof y === "number" ? ops.copysign_Scalar : ops.copysign_Tensor, x, y),
);

const eitherNumber = [operand("input"), operand("other")] as const;
type Three = readonly [both: Op, selfNumber: Op, otherNumber: Op];
function mixed(
  name: string,
  [both, selfNumber, otherNumber]: Three,
  x: Tensor | number,
  y: Tensor | number,
): Tensor {
  if (typeof x === "number") {
    if (typeof y === "number") throw noOverload(name, eitherNumber, [x, y]);
    return call(selfNumber, x, y);
  }
  return typeof y === "number" ? call1(otherNumber, x, y) : call2(both, x, y);
}
const xlogyOps: Three = [ops.xlogy_Tensor, ops.xlogy_Self, ops.xlogy_Other];
/** x · ln y, and 0 where x is 0. */
export const xlogy = fn("xlogy", eitherNumber, (x, y) => mixed("xlogy", xlogyOps, x, y));
export const xlogy_ = fn("xlogy_", withNumber, (x, y) =>
  callInplace(typeof y === "number" ? ops.xlogy_Other : ops.xlogy_Tensor, x, y),
);
const xlog1pyOps: Three = [ops.special_xlog1py_Tensor, ops.special_xlog1py_Self, ops.special_xlog1py_Other];
export const xlog1py = fn("special_xlog1py", eitherNumber, (x, y) =>
  mixed("special_xlog1py", xlog1pyOps, x, y),
);

/** x · 2ʸ. */
export const ldexp = fn("ldexp", pair, (x, y) => call2(ops.ldexp, x, y));
export const ldexp_ = fn("ldexp_", pair, (x, y) => callInplace(ops.ldexp, x, y));

const lerpParams = [tensor("input"), tensor("end"), operand("weight")] as const;
function checkLerp(a: Tensor, b: Tensor, w: Tensor | number): Op {
  for (const [name, t] of [
    ["end", b],
    ["weight", w],
  ] as const) {
    if (typeof t === "number" || t.dtype === a.dtype) continue;
    throw new RuntimeError(`expected dtype ${dtypeText(a)} for \`${name}\` but got dtype ${dtypeText(t)}`);
  }
  return typeof w === "number" ? ops.lerp_Scalar : ops.lerp_Tensor;
}
const dtypeText = (t: Tensor): string =>
  t.dtype.name === "float64" ? "double" : t.dtype.name.replace("float32", "float");
/** input + weight · (end − input). */
export const lerp = fn("lerp", lerpParams, (a, b, w) => call(checkLerp(a, b, w), a, b, w));
export const lerp_ = fn("lerp_", lerpParams, (a, b, w) => callInplace(checkLerp(a, b, w), a, b, w));

const addcParams = [tensor("input"), tensor("tensor1"), tensor("tensor2"), optScalar("value", 1)] as const;
/** input + value · tensor1 · tensor2. */
export const addcmul = fn("addcmul", addcParams, (x, a, b, v) => call(ops.addcmul, x, a, b, v));
export const addcmul_ = fn("addcmul_", addcParams, (x, a, b, v) => callInplace(ops.addcmul, x, a, b, v));
/** input + value · tensor1 / tensor2. */
export const addcdiv = fn("addcdiv", addcParams, (x, a, b, v) => call(ops.addcdiv, x, a, b, v));
export const addcdiv_ = fn("addcdiv_", addcParams, (x, a, b, v) => callInplace(ops.addcdiv, x, a, b, v));

const minParams = [tensor("input"), operand("min")] as const;
const maxParams = [tensor("input"), operand("max")] as const;
const minOp = (b: Tensor | number): Op => (typeof b === "number" ? ops.clamp_min : ops.clamp_min_Tensor);
const maxOp = (b: Tensor | number): Op => (typeof b === "number" ? ops.clamp_max : ops.clamp_max_Tensor);
export const clamp_min = fn("clamp_min", minParams, (x, b) => call(minOp(b), x, b));
export const clamp_min_ = fn("clamp_min_", minParams, (x, b) => callInplace(minOp(b), x, b));
export const clamp_max = fn("clamp_max", maxParams, (x, b) => call(maxOp(b), x, b));
export const clamp_max_ = fn("clamp_max_", maxParams, (x, b) => callInplace(maxOp(b), x, b));

const fillParams = [tensor("input"), operand("value")] as const;
/** A tensor like `input` with `value` everywhere. */
export const fill = fn("fill", fillParams, (x, v) =>
  typeof v === "number" ? call(ops.fill_out_Scalar, x, v) : call(ops.fill_out_Tensor, x, v),
);

/** 0 below 0, 1 above, `values` at 0. */
export const heaviside = fn("heaviside", [tensor("input"), tensor("values")], (x, v) => {
  if (x.dtype !== v.dtype) {
    throw new RuntimeError("heaviside is not yet implemented for tensors with different dtypes.");
  }
  const out = map2(x, v, x.dtype, (a, b) => (Number.isNaN(a) ? 0 : a === 0 ? b : a < 0 ? 0 : 1));
  return callUndifferentiable("heaviside", [x, v], out);
});

/** Computes in float64. */
export const float_power = fn("float_power", [operand("input"), operand("exponent")], floatPower);
export const float_power_ = fn("float_power_", [tensor("input"), operand("exponent")], (x, e): Tensor => {
  if (x.dtype.name !== "float64") {
    throw new RuntimeError(
      `the base given to float_power_ has dtype ${x.dtype.scalarName} but the operation's result requires dtype Double`,
    );
  }
  return x.pow_(typeof e === "number" ? e : e.double());
});
function floatPower(x: Tensor | number, e: Tensor | number): Tensor {
  const exponent = typeof e === "number" ? e : e.double();
  if (typeof x !== "number") return x.double().pow(exponent);
  if (typeof exponent === "number") throw noOverload("float_power", eitherNumber, [x, exponent]);
  return call(ops.pow_Scalar, x, exponent);
}

/** Hurwitz's zeta function Σ (y + n)⁻ˣ; no derivative. */
export const zeta = fn("special_zeta", eitherNumber, (x, y) => {
  const like = typeof x !== "number" ? x : y;
  if (typeof like === "number") throw noOverload("special_zeta", eitherNumber, [x, y]);
  const [a, b] = [x, y].map((t) => (typeof t === "number" ? fullLike(like, t) : t)) as [Tensor, Tensor];
  const inputs = [x, y].map((t) => (typeof t === "number" ? null : t));
  return callUndifferentiable("special_zeta", inputs, map2(a, b, floatType(resultType(a, b)), zetaOf));
});
