/** @file Comparisons, logic and in-place arithmetic as methods of tensors. */
import { install, type Method } from "../signature.js";
import type * as f from "./functions.js";
import * as functions from "./functions.js";

declare module "../../tensor.js" {
  interface Tensor {
    eq_: Method<typeof f.eq_>;
    ne_: Method<typeof f.ne_>;
    lt_: Method<typeof f.lt_>;
    le_: Method<typeof f.le_>;
    gt_: Method<typeof f.gt_>;
    ge_: Method<typeof f.ge_>;
    logical_and_: Method<typeof f.logical_and_>;
    logical_or_: Method<typeof f.logical_or_>;
    logical_xor_: Method<typeof f.logical_xor_>;
    bitwise_and: Method<typeof f.bitwise_and>;
    bitwise_and_: Method<typeof f.bitwise_and_>;
    bitwise_or: Method<typeof f.bitwise_or>;
    bitwise_or_: Method<typeof f.bitwise_or_>;
    bitwise_xor: Method<typeof f.bitwise_xor>;
    bitwise_xor_: Method<typeof f.bitwise_xor_>;
    bitwise_left_shift: Method<typeof f.bitwise_left_shift>;
    bitwise_left_shift_: Method<typeof f.bitwise_left_shift_>;
    bitwise_right_shift: Method<typeof f.bitwise_right_shift>;
    bitwise_right_shift_: Method<typeof f.bitwise_right_shift_>;
    gcd: Method<typeof f.gcd>;
    gcd_: Method<typeof f.gcd_>;
    lcm: Method<typeof f.lcm>;
    lcm_: Method<typeof f.lcm_>;
    logical_not_: Method<typeof f.logical_not_>;
    bitwise_not: Method<typeof f.bitwise_not>;
    bitwise_not_: Method<typeof f.bitwise_not_>;
    acosh_: Method<typeof f.acosh_>;
    asinh_: Method<typeof f.asinh_>;
    atanh_: Method<typeof f.atanh_>;
    conj_physical_: Method<typeof f.conj_physical_>;
    square_: Method<typeof f.square_>;
    heaviside_: Method<typeof f.heaviside_>;
    floor_divide_: Method<typeof f.floor_divide_>;
    true_divide_: Method<typeof f.true_divide_>;
    fmod_: Method<typeof f.fmod_>;
    atan2_: Method<typeof f.atan2_>;
    arctan2: Method<typeof f.arctan2>;
  }
}

install({
  eq: functions.eq,
  eq_: functions.eq_,
  ne: functions.ne,
  ne_: functions.ne_,
  lt: functions.lt,
  lt_: functions.lt_,
  le: functions.le,
  le_: functions.le_,
  gt: functions.gt,
  gt_: functions.gt_,
  ge: functions.ge,
  ge_: functions.ge_,
  logical_and: functions.logical_and,
  logical_and_: functions.logical_and_,
  logical_or: functions.logical_or,
  logical_or_: functions.logical_or_,
  logical_xor: functions.logical_xor,
  logical_xor_: functions.logical_xor_,
  bitwise_and: functions.bitwise_and,
  bitwise_and_: functions.bitwise_and_,
  bitwise_or: functions.bitwise_or,
  bitwise_or_: functions.bitwise_or_,
  bitwise_xor: functions.bitwise_xor,
  bitwise_xor_: functions.bitwise_xor_,
  bitwise_left_shift: functions.bitwise_left_shift,
  bitwise_left_shift_: functions.bitwise_left_shift_,
  bitwise_right_shift: functions.bitwise_right_shift,
  bitwise_right_shift_: functions.bitwise_right_shift_,
  gcd: functions.gcd,
  gcd_: functions.gcd_,
  lcm: functions.lcm,
  lcm_: functions.lcm_,
  logical_not: functions.logical_not,
  logical_not_: functions.logical_not_,
  bitwise_not: functions.bitwise_not,
  bitwise_not_: functions.bitwise_not_,
  acosh_: functions.acosh_,
  asinh_: functions.asinh_,
  atanh_: functions.atanh_,
  conj_physical_: functions.conj_physical_,
  square_: functions.square_,
  heaviside_: functions.heaviside_,
  floor_divide_: functions.floor_divide_,
  true_divide_: functions.true_divide_,
  fmod: functions.fmod,
  fmod_: functions.fmod_,
  atan2: functions.atan2,
  atan2_: functions.atan2_,
  arctan2: functions.arctan2,
  fill_: functions.fill_,
  remainder: functions.remainder,
  pow: functions.pow,
});
