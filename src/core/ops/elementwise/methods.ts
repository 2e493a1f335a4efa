/** @file Element-by-element functions as methods of tensors. */
import type { Tensor } from "../../tensor.js";
import { install, type Method } from "../signature.js";
import type * as f from "./functions.js";
import * as functions from "./functions.js";

declare module "../../tensor.js" {
  interface Tensor {
    acosh: Method<typeof f.acosh>;
    arccosh: Method<typeof f.arccosh>;
    asinh: Method<typeof f.asinh>;
    arcsinh: Method<typeof f.arcsinh>;
    atanh: Method<typeof f.atanh>;
    arctanh: Method<typeof f.arctanh>;
    erf: Method<typeof f.erf>;
    erf_: Method<typeof f.erf_>;
    erfc: Method<typeof f.erfc>;
    erfc_: Method<typeof f.erfc_>;
    erfinv: Method<typeof f.erfinv>;
    erfinv_: Method<typeof f.erfinv_>;
    lgamma: Method<typeof f.lgamma>;
    lgamma_: Method<typeof f.lgamma_>;
    digamma: Method<typeof f.digamma>;
    digamma_: Method<typeof f.digamma_>;
    frac: Method<typeof f.frac>;
    frac_: Method<typeof f.frac_>;
    deg2rad: Method<typeof f.deg2rad>;
    deg2rad_: Method<typeof f.deg2rad_>;
    rad2deg: Method<typeof f.rad2deg>;
    rad2deg_: Method<typeof f.rad2deg_>;
    sinc: Method<typeof f.sinc>;
    sinc_: Method<typeof f.sinc_>;
    angle: Method<typeof f.angle>;
    i0: Method<typeof f.i0>;
    i0_: Method<typeof f.i0_>;
    mvlgamma: Method<typeof f.mvlgamma>;
    mvlgamma_: Method<typeof f.mvlgamma_>;
    nan_to_num: Method<typeof f.nan_to_num>;
    nan_to_num_: Method<typeof f.nan_to_num_>;
    logit: Method<typeof f.logit>;
    logit_: Method<typeof f.logit_>;
    positive: Method<typeof f.positive>;
    real: Method<typeof f.real>;
    conj: Method<typeof f.conj>;
    conj_physical: Method<typeof f.conj_physical>;
    resolve_conj: Method<typeof f.resolve_conj>;
    resolve_neg: Method<typeof f.resolve_neg>;
    isnan: Method<typeof f.isnan>;
    isfinite: Method<typeof f.isfinite>;
    isinf: Method<typeof f.isinf>;
    isposinf: Method<typeof f.isposinf>;
    isneginf: Method<typeof f.isneginf>;
    isreal: Method<typeof f.isreal>;
    signbit: Method<typeof f.signbit>;
    hypot: Method<typeof f.hypot>;
    hypot_: Method<typeof f.hypot_>;
    fmax: Method<typeof f.fmax>;
    fmin: Method<typeof f.fmin>;
    logaddexp: Method<typeof f.logaddexp>;
    logaddexp2: Method<typeof f.logaddexp2>;
    copysign: Method<typeof f.copysign>;
    copysign_: Method<typeof f.copysign_>;
    xlogy: Method<typeof f.xlogy>;
    xlogy_: Method<typeof f.xlogy_>;
    ldexp: Method<typeof f.ldexp>;
    ldexp_: Method<typeof f.ldexp_>;
    lerp: Method<typeof f.lerp>;
    lerp_: Method<typeof f.lerp_>;
    addcmul: Method<typeof f.addcmul>;
    addcmul_: Method<typeof f.addcmul_>;
    addcdiv: Method<typeof f.addcdiv>;
    addcdiv_: Method<typeof f.addcdiv_>;
    clamp_min_: Method<typeof f.clamp_min_>;
    clamp_max_: Method<typeof f.clamp_max_>;
    heaviside: Method<typeof f.heaviside>;
    float_power: Method<typeof f.float_power>;
    float_power_: Method<typeof f.float_power_>;
    isclose: Method<typeof f.isclose>;
    allclose: Method<typeof f.allclose>;
    equal: Method<typeof f.equal>;
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
  isclose: functions.isclose,
  allclose: functions.allclose,
  equal: functions.equal,
  round: functions.round,
  round_: functions.round_,
  clamp_min: functions.clamp_min,
  clamp_max: functions.clamp_max,
  polygamma: (x: Tensor, n: number) => functions.polygamma(n, x),
});
