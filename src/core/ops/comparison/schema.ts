/** @file Comparisons and integer functions. Their in-place forms end a tensor's history. */
import { N, num, op, T, unary } from "../args.js";

const pair = { self: T, other: T };
const withNumber = { self: T, other: num };
const mixed = { self: T, other: N };

export const comparisonSchema = {
  eq_Scalar: op("eq", 0, withNumber),
  eq_Tensor: op("eq", 1, pair),
  ne_Scalar: op("ne", 0, withNumber),
  ne_Tensor: op("ne", 1, pair),
  lt_Scalar: op("lt", 0, withNumber),
  lt_Tensor: op("lt", 1, pair),
  le_Scalar: op("le", 0, withNumber),
  le_Tensor: op("le", 1, pair),
  gt_Scalar: op("gt", 0, withNumber),
  gt_Tensor: op("gt", 1, pair),
  ge_Scalar: op("ge", 0, withNumber),
  ge_Tensor: op("ge", 1, pair),
  logical_and: op("logical_and", 0, pair),
  logical_or: op("logical_or", 0, pair),
  logical_xor: op("logical_xor", 0, pair),
  logical_not: op("logical_not", 0, unary),
  bitwise_and: op("bitwise_and", 0, mixed),
  bitwise_or: op("bitwise_or", 0, mixed),
  bitwise_xor: op("bitwise_xor", 0, mixed),
  bitwise_left_shift: op("bitwise_left_shift", 0, mixed),
  bitwise_right_shift: op("bitwise_right_shift", 0, mixed),
  bitwise_not: op("bitwise_not", 0, unary),
  gcd: op("gcd", 0, pair),
  lcm: op("lcm", 0, pair),
  floor_divide: op("floor_divide", 0, mixed),
  heaviside: op("heaviside", 0, pair),
  // The in-place forms are overloads of their own.
  acosh_: op("acosh", 1, unary),
  asinh_: op("asinh", 1, unary),
  atanh_: op("atanh", 1, unary),
  conj_physical_: op("conj_physical", 1, unary),
} as const;
