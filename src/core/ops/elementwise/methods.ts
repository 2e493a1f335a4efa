/** @file Element-by-element functions as methods of tensors. */
import type { Tensor } from "../../tensor.js";
import { install, type Method } from "../signature.js";
import * as closeness from "./closeness.js";
import * as functions from "./functions.js";

declare module "../../tensor.js" {
  interface Tensor {
    acosh: Method<typeof functions.acosh>;
    arccosh: Method<typeof functions.arccosh>;
    asinh: Method<typeof functions.asinh>;
    arcsinh: Method<typeof functions.arcsinh>;
    atanh: Method<typeof functions.atanh>;
    arctanh: Method<typeof functions.arctanh>;
    erf: Method<typeof functions.erf>;
    erf_: Method<typeof functions.erf_>;
    erfc: Method<typeof functions.erfc>;
    erfc_: Method<typeof functions.erfc_>;
    erfinv: Method<typeof functions.erfinv>;
    erfinv_: Method<typeof functions.erfinv_>;
    lgamma: Method<typeof functions.lgamma>;
    lgamma_: Method<typeof functions.lgamma_>;
    digamma: Method<typeof functions.digamma>;
    digamma_: Method<typeof functions.digamma_>;
    frac: Method<typeof functions.frac>;
    frac_: Method<typeof functions.frac_>;
    deg2rad: Method<typeof functions.deg2rad>;
    deg2rad_: Method<typeof functions.deg2rad_>;
    rad2deg: Method<typeof functions.rad2deg>;
    rad2deg_: Method<typeof functions.rad2deg_>;
    sinc: Method<typeof functions.sinc>;
    sinc_: Method<typeof functions.sinc_>;
    angle: Method<typeof functions.angle>;
    i0: Method<typeof functions.i0>;
    i0_: Method<typeof functions.i0_>;
    mvlgamma: Method<typeof functions.mvlgamma>;
    mvlgamma_: Method<typeof functions.mvlgamma_>;
    nan_to_num: Method<typeof functions.nan_to_num>;
    nan_to_num_: Method<typeof functions.nan_to_num_>;
    logit: Method<typeof functions.logit>;
    logit_: Method<typeof functions.logit_>;
    positive: Method<typeof functions.positive>;
    real: Method<typeof functions.real>;
    conj: Method<typeof functions.conj>;
    conj_physical: Method<typeof functions.conj_physical>;
    resolve_conj: Method<typeof functions.resolve_conj>;
    resolve_neg: Method<typeof functions.resolve_neg>;
    isnan: Method<typeof functions.isnan>;
    isfinite: Method<typeof functions.isfinite>;
    isinf: Method<typeof functions.isinf>;
    isposinf: Method<typeof functions.isposinf>;
    isneginf: Method<typeof functions.isneginf>;
    isreal: Method<typeof functions.isreal>;
    signbit: Method<typeof functions.signbit>;
    hypot: Method<typeof functions.hypot>;
    hypot_: Method<typeof functions.hypot_>;
    fmax: Method<typeof functions.fmax>;
    fmin: Method<typeof functions.fmin>;
    logaddexp: Method<typeof functions.logaddexp>;
    logaddexp2: Method<typeof functions.logaddexp2>;
    copysign: Method<typeof functions.copysign>;
    copysign_: Method<typeof functions.copysign_>;
    xlogy: Method<typeof functions.xlogy>;
    xlogy_: Method<typeof functions.xlogy_>;
    ldexp: Method<typeof functions.ldexp>;
    ldexp_: Method<typeof functions.ldexp_>;
    lerp: Method<typeof functions.lerp>;
    lerp_: Method<typeof functions.lerp_>;
    addcmul: Method<typeof functions.addcmul>;
    addcmul_: Method<typeof functions.addcmul_>;
    addcdiv: Method<typeof functions.addcdiv>;
    addcdiv_: Method<typeof functions.addcdiv_>;
    clamp_min_: Method<typeof functions.clamp_min_>;
    clamp_max_: Method<typeof functions.clamp_max_>;
    heaviside: Method<typeof functions.heaviside>;
    float_power: Method<typeof functions.float_power>;
    float_power_: Method<typeof functions.float_power_>;
    isclose: Method<typeof closeness.isclose>;
    allclose: Method<typeof closeness.allclose>;
    equal: Method<typeof closeness.equal>;
    /** The `n`-th derivative of digamma. */
    polygamma(n: number): Tensor;
    round(options: { decimals?: number }): Tensor;
    round_(options?: { decimals?: number }): Tensor;
    clamp_min(min: Tensor): Tensor;
    clamp_max(max: Tensor): Tensor;
  }
}

install({
  acosh: functions.acosh,
  arccosh: functions.arccosh,
  asinh: functions.asinh,
  arcsinh: functions.arcsinh,
  atanh: functions.atanh,
  arctanh: functions.arctanh,
  erf: functions.erf,
  erf_: functions.erf_,
  erfc: functions.erfc,
  erfc_: functions.erfc_,
  erfinv: functions.erfinv,
  erfinv_: functions.erfinv_,
  lgamma: functions.lgamma,
  lgamma_: functions.lgamma_,
  digamma: functions.digamma,
  digamma_: functions.digamma_,
  frac: functions.frac,
  frac_: functions.frac_,
  deg2rad: functions.deg2rad,
  deg2rad_: functions.deg2rad_,
  rad2deg: functions.rad2deg,
  rad2deg_: functions.rad2deg_,
  sinc: functions.sinc,
  sinc_: functions.sinc_,
  angle: functions.angle,
  i0: functions.i0,
  i0_: functions.i0_,
  mvlgamma: functions.mvlgamma,
  mvlgamma_: functions.mvlgamma_,
  nan_to_num: functions.nan_to_num,
  nan_to_num_: functions.nan_to_num_,
  logit: functions.logit,
  logit_: functions.logit_,
  positive: functions.positive,
  real: functions.real,
  conj: functions.conj,
  conj_physical: functions.conj_physical,
  resolve_conj: functions.resolve_conj,
  resolve_neg: functions.resolve_neg,
  isnan: functions.isnan,
  isfinite: functions.isfinite,
  isinf: functions.isinf,
  isposinf: functions.isposinf,
  isneginf: functions.isneginf,
  isreal: functions.isreal,
  signbit: functions.signbit,
  hypot: functions.hypot,
  hypot_: functions.hypot_,
  fmax: functions.fmax,
  fmin: functions.fmin,
  logaddexp: functions.logaddexp,
  logaddexp2: functions.logaddexp2,
  copysign: functions.copysign,
  copysign_: functions.copysign_,
  xlogy: functions.xlogy,
  xlogy_: functions.xlogy_,
  ldexp: functions.ldexp,
  ldexp_: functions.ldexp_,
  lerp: functions.lerp,
  lerp_: functions.lerp_,
  addcmul: functions.addcmul,
  addcmul_: functions.addcmul_,
  addcdiv: functions.addcdiv,
  addcdiv_: functions.addcdiv_,
  clamp_min_: functions.clamp_min_,
  clamp_max_: functions.clamp_max_,
  heaviside: functions.heaviside,
  float_power: functions.float_power,
  float_power_: functions.float_power_,
  isclose: closeness.isclose,
  allclose: closeness.allclose,
  equal: closeness.equal,
  round: functions.round,
  round_: functions.round_,
  clamp_min: functions.clamp_min,
  clamp_max: functions.clamp_max,
  polygamma: (x: Tensor, n: number) => functions.polygamma(n, x),
});
