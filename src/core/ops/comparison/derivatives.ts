/** @file Derivatives of comparisons written in place: nothing of what was there is left. */
import * as pointwise from "../formulas/pointwise.js";
import type { Derivatives } from "../schema.js";
import type { comparisonSchema } from "./schema.js";

const NO = "nonDifferentiable";

export const comparisonDerivatives: Pick<Derivatives, keyof typeof comparisonSchema> = {
  eq_Scalar: { self: (grad) => pointwise.zeros_like(grad) },
  eq_Tensor: { self: (grad) => pointwise.zeros_like(grad), other: (grad) => pointwise.zeros_like(grad) },
  ne_Scalar: { self: (grad) => pointwise.zeros_like(grad) },
  ne_Tensor: { self: (grad) => pointwise.zeros_like(grad), other: (grad) => pointwise.zeros_like(grad) },
  lt_Scalar: { self: (grad) => pointwise.zeros_like(grad) },
  lt_Tensor: { self: (grad) => pointwise.zeros_like(grad), other: (grad) => pointwise.zeros_like(grad) },
  le_Scalar: { self: (grad) => pointwise.zeros_like(grad) },
  le_Tensor: { self: (grad) => pointwise.zeros_like(grad), other: (grad) => pointwise.zeros_like(grad) },
  gt_Scalar: { self: (grad) => pointwise.zeros_like(grad) },
  gt_Tensor: { self: (grad) => pointwise.zeros_like(grad), other: (grad) => pointwise.zeros_like(grad) },
  ge_Scalar: { self: (grad) => pointwise.zeros_like(grad) },
  ge_Tensor: { self: (grad) => pointwise.zeros_like(grad), other: (grad) => pointwise.zeros_like(grad) },
  logical_and: { self: NO, other: NO },
  logical_or: { self: NO, other: NO },
  logical_xor: { self: NO, other: NO },
  bitwise_and: { self: NO, other: NO },
  bitwise_or: { self: NO, other: NO },
  bitwise_xor: { self: NO, other: NO },
  bitwise_left_shift: { self: NO, other: NO },
  bitwise_right_shift: { self: NO, other: NO },
  gcd: { self: NO, other: NO },
  lcm: { self: NO, other: NO },
  floor_divide: { self: NO, other: NO },
  heaviside: { self: NO, other: NO },
  logical_not: { self: NO },
  bitwise_not: { self: NO },
  acosh_: { self: (grad) => pointwise.not_implemented(grad, "inplace version of acosh") },
  asinh_: { self: (grad) => pointwise.not_implemented(grad, "inplace version of asinh") },
  atanh_: { self: (grad) => pointwise.not_implemented(grad, "inplace version of atanh") },
  conj_physical_: { self: (grad) => grad },
};
