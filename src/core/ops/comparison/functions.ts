/** @file Comparisons, logic, integer functions, and in-place forms of arithmetic. */
import { type Tensor, Tensor as TensorClass } from "../../tensor.js";
import * as a from "../arithmetic.js";
import { compare, logical, logical_not as not } from "../arithmetic.js";
import { call, call1, call2 } from "../dispatch.js";
import { fill_ as fillWith } from "../inplace.js";
import { type Op, ops } from "../op.js";
import { operand, optScalar, tensor } from "../parameters.js";
import type { ValuesAndIndices } from "../reduction.js";
import { fn, noOverload } from "../signature.js";
import { callInplace } from "../write.js";

const self = [tensor("input")] as const;
const pair = [tensor("input"), tensor("other")] as const;
const withNumber = [tensor("input"), operand("other")] as const;
const either = [operand("input"), operand("other")] as const;

type Comparison = "eq" | "ne" | "lt" | "le" | "gt" | "ge";
const comparison = (name: Comparison) => fn(name, withNumber, (x, y) => compare(name, x, y));
const comparison_ = (name: Comparison) =>
  fn(name + "_", withNumber, (x, y) =>
    callInplace(ops[typeof y === "number" ? (`${name}_Scalar` as const) : (`${name}_Tensor` as const)], x, y),
  );

/** An integer function that takes numbers on either side, as long as one is a tensor. */
function integers(
  name: "bitwise_and" | "bitwise_or" | "bitwise_xor" | "bitwise_left_shift" | "bitwise_right_shift",
) {
  return fn(name, either, (x, y) => {
    if (typeof x !== "number") return call(ops[name], x, y);
    if (typeof y === "number") throw noOverload(name, either, [x, y]);
    return call(ops[name], y.mul(0).add(x), y);
  });
}

export const eq = comparison("eq");
export const eq_ = comparison_("eq");
export const ne = comparison("ne");
export const ne_ = comparison_("ne");
export const lt = comparison("lt");
export const lt_ = comparison_("lt");
export const le = comparison("le");
export const le_ = comparison_("le");
export const gt = comparison("gt");
export const gt_ = comparison_("gt");
export const ge = comparison("ge");
export const ge_ = comparison_("ge");
export const logical_and = fn("logical_and", pair, (x, y) => logical("logical_and", x, y));
export const logical_and_ = fn("logical_and_", pair, (x, y) => callInplace(ops.logical_and, x, y));
export const logical_or = fn("logical_or", pair, (x, y) => logical("logical_or", x, y));
export const logical_or_ = fn("logical_or_", pair, (x, y) => callInplace(ops.logical_or, x, y));
export const logical_xor = fn("logical_xor", pair, (x, y) => logical("logical_xor", x, y));
export const logical_xor_ = fn("logical_xor_", pair, (x, y) => callInplace(ops.logical_xor, x, y));
export const bitwise_and = integers("bitwise_and");
export const bitwise_and_ = fn("bitwise_and_", withNumber, (x, y) => callInplace(ops.bitwise_and, x, y));
export const bitwise_or = integers("bitwise_or");
export const bitwise_or_ = fn("bitwise_or_", withNumber, (x, y) => callInplace(ops.bitwise_or, x, y));
export const bitwise_xor = integers("bitwise_xor");
export const bitwise_xor_ = fn("bitwise_xor_", withNumber, (x, y) => callInplace(ops.bitwise_xor, x, y));
export const bitwise_left_shift = integers("bitwise_left_shift");
export const bitwise_left_shift_ = fn("bitwise_left_shift_", withNumber, (x, y) =>
  callInplace(ops.bitwise_left_shift, x, y),
);
export const bitwise_right_shift = integers("bitwise_right_shift");
export const bitwise_right_shift_ = fn("bitwise_right_shift_", withNumber, (x, y) =>
  callInplace(ops.bitwise_right_shift, x, y),
);
export const gcd = fn("gcd", pair, (x, y) => call(ops.gcd, x, y));
export const gcd_ = fn("gcd_", pair, (x, y) => callInplace(ops.gcd, x, y));
export const lcm = fn("lcm", pair, (x, y) => call(ops.lcm, x, y));
export const lcm_ = fn("lcm_", pair, (x, y) => callInplace(ops.lcm, x, y));
export const logical_not = fn("logical_not", self, not);
export const logical_not_ = fn("logical_not_", self, (x) => callInplace(ops.logical_not, x));
export const bitwise_not = fn("bitwise_not", self, (x) => call1(ops.bitwise_not, x));
export const bitwise_not_ = fn("bitwise_not_", self, (x) => callInplace(ops.bitwise_not, x));

const inplace = (op: Op, name: string) => fn(name, self, (x) => callInplace(op, x));
export const acosh_ = inplace(ops.acosh_, "acosh_");
export const asinh_ = inplace(ops.asinh_, "asinh_");
export const atanh_ = inplace(ops.atanh_, "atanh_");
export const conj_physical_ = inplace(ops.conj_physical_, "conj_physical_");
export const square_ = fn("square_", self, (x) => callInplace(ops.pow_Tensor_Scalar, x, 2));
export const heaviside_ = fn("heaviside_", [tensor("input"), tensor("values")], (x, v) =>
  callInplace(ops.heaviside, x, v),
);
export const floor_divide_ = fn("floor_divide_", withNumber, (x, y) => callInplace(ops.floor_divide, x, y));
export const true_divide_ = fn("true_divide_", withNumber, (x, y) => callInplace(ops.div, x, y));
/** C's `fmod`: the sign of the dividend. */
export const fmod = fn("fmod", withNumber, (x, y) => a.fmod(x, y));
export const fmod_ = fn("fmod_", withNumber, (x, y) =>
  callInplace(typeof y === "number" ? ops.fmod_Scalar : ops.fmod_Tensor, x, y),
);
export const atan2 = fn("atan2", pair, (x, y) => call2(ops.atan2, x, y));
export const atan2_ = fn("atan2_", pair, (x, y) => callInplace(ops.atan2, x, y));
export const arctan2 = atan2;
export const fill_ = fn("fill_", [tensor("input"), operand("value")], (x, v) => fillWith(x, v));

const oneTensor = (name: string, x: Tensor | number, y: Tensor | number): void => {
  if (typeof x === "number" && typeof y === "number") throw noOverload(name, either, [x, y]);
};
/** Python's `%`. */
export const remainder = fn("remainder", either, (x, y) => {
  oneTensor("remainder", x, y);
  return a.remainder(x, y);
});
/** `input ** exponent`. */
export const pow = fn("pow", [operand("input"), operand("exponent")], (x, y) => {
  oneTensor("pow", x, y);
  return a.pow(x, y);
});
/** `other - alpha · input`. */
export const rsub = fn("rsub", [tensor("input"), operand("other"), optScalar("alpha", 1)], a.rsub);

interface DimOptions {
  dim?: number;
  keepdim?: boolean;
}
type Extreme = "max" | "min";
function extremeOf(name: Extreme, args: readonly unknown[]): Tensor & ValuesAndIndices {
  const [x, ...rest] = args;
  if (!(x instanceof TensorClass)) throw noOverload(name, [tensor("input"), operand("other")], args);
  return (x[name] as (...a: unknown[]) => Tensor & ValuesAndIndices)(...rest);
}
/** The largest element; over a dimension `[values, indices]`; of two tensors `maximum`. */
export function max(input: Tensor): Tensor;
export function max(input: Tensor, other: Tensor): Tensor;
export function max(
  input: Tensor,
  dim: number | DimOptions,
  keepdim?: boolean | DimOptions,
): ValuesAndIndices;
export function max(...args: readonly unknown[]): Tensor | ValuesAndIndices {
  return extremeOf("max", args);
}
/** The smallest element; over a dimension `[values, indices]`; of two tensors `minimum`. */
export function min(input: Tensor): Tensor;
export function min(input: Tensor, other: Tensor): Tensor;
export function min(
  input: Tensor,
  dim: number | DimOptions,
  keepdim?: boolean | DimOptions,
): ValuesAndIndices;
export function min(...args: readonly unknown[]): Tensor | ValuesAndIndices {
  return extremeOf("min", args);
}
