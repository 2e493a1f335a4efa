/** @file Kernels of the element-by-element ops. */
import { type DType, KIND_FLOAT } from "../../dtype.js";
import { B, binary, resultType } from "../../kernels/binary.js";
import { copyInto, fillWith, newTensor } from "../../kernels/copy.js";
import { map1, map2, map3 } from "../../kernels/map.js";
import { where } from "../../kernels/select.js";
import { besselI, besselIe } from "../../kernels/special/bessel.js";
import * as e from "../../kernels/special/error_function.js";
import * as g from "../../kernels/special/gamma.js";
import { floatType, roundHalfEven } from "../../kernels/unary.js";
import { roundTo } from "../../storage.js";
import type { Tensor } from "../../tensor.js";

type Scalar = Tensor | number;

/** In the input's floating type; integers compute in the default one. */
const floating =
  (fn: (x: number) => number) =>
  (self: Tensor): Tensor =>
    map1(self, floatType(self.dtype), fn);

const pair =
  (fn: (x: number, y: number) => number) =>
  (a: Tensor, b: Tensor): Tensor =>
    map2(a, b, resultType(a, b), fn);

const floatPair =
  (fn: (x: number, y: number) => number) =>
  (a: Tensor, b: Tensor): Tensor =>
    map2(a, b, floatType(resultType(a, b)), fn);

/** The largest and smallest finite numbers of a floating type. */
function finiteRange(dtype: DType): readonly [number, number] {
  const max = dtype.name === "float32" ? 3.4028234663852886e38 : Number.MAX_VALUE;
  return [-max, max];
}

function nanToNum(self: Tensor, nan: number | null, posinf: number | null, neginf: number | null): Tensor {
  if (self.dtype.kind !== KIND_FLOAT) return map1(self, self.dtype, (x) => x);
  const [low, high] = finiteRange(self.dtype);
  return map1(self, self.dtype, (x) => {
    if (Number.isNaN(x)) return nan ?? 0;
    if (x === Infinity) return posinf ?? high;
    return x === -Infinity ? (neginf ?? low) : x;
  });
}

export function sinc(x: number): number {
  if (x === 0) return 1;
  return Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Σ ln Γ(x − i/2) + ¼ p (p − 1) ln π over i < p. */
export function mvlgamma(x: number, p: number): number {
  let sum = (p * (p - 1) * Math.log(Math.PI)) / 4;
  for (let i = 0; i < p; i++) sum += g.lgamma(x - i / 2);
  return sum;
}

/** x · f(y), and 0 where x is 0, unless y is NaN. */
const productWithLog = (x: number, y: number, f: (y: number) => number): number =>
  Number.isNaN(y) ? NaN : x === 0 ? 0 : x * f(y);

export const xlogy = (x: number, y: number): number => productWithLog(x, y, Math.log);
export const xlog1py = (x: number, y: number): number => productWithLog(x, y, Math.log1p);

function logaddexp(base: "e" | "2") {
  const [exp, log1p] =
    base === "e"
      ? ([Math.exp, Math.log1p] as const)
      : ([(x: number) => 2 ** x, (x: number) => Math.log1p(x) * Math.LOG2E] as const);
  return (x: number, y: number): number => {
    if (x === y && !Number.isFinite(x)) return x;
    return Math.max(x, y) + log1p(exp(-Math.abs(x - y)));
  };
}

const copysign = (x: number, y: number): number => {
  const negative = y < 0 || Object.is(y, -0);
  return negative ? -Math.abs(x) : Math.abs(x);
};

/** NaN loses, in either place. */
const fmax = (x: number, y: number): number => (Number.isNaN(x) ? y : Number.isNaN(y) ? x : Math.max(x, y));
const fmin = (x: number, y: number): number => (Number.isNaN(x) ? y : Number.isNaN(y) ? x : Math.min(x, y));

/** PyTorch's two branches keep the ends exact. */
const lerp = (a: number, b: number, w: number): number =>
  Math.abs(w) < 0.5 ? a + w * (b - a) : b - (b - a) * (1 - w);

function roundDecimals(self: Tensor, decimals: number): Tensor {
  const scale = 10 ** Math.abs(decimals);
  const f = (x: number): number => roundTo(self.dtype, x);
  return map1(self, self.dtype, (x) =>
    decimals >= 0 ? roundHalfEven(f(x * scale)) / scale : roundHalfEven(f(x / scale)) * scale,
  );
}

const entr = (x: number): number =>
  Number.isNaN(x) ? NaN : x > 0 ? -x * Math.log(x) : x === 0 ? 0 : -Infinity;

function filled(like: Tensor, value: Scalar): Tensor {
  const out = newTensor(like._shape, like.dtype);
  if (typeof value === "number") fillWith(out, value);
  else copyInto(out, value, like.dtype);
  return out;
}

export const elementwiseKernels = {
  add_Scalar: (a: Tensor, b: number, alpha: number) => binary(B.add, a, b * alpha),
  sub_Scalar: (a: Tensor, b: number, alpha: number) => binary(B.sub, a, b * alpha),
  mul_Scalar: (a: Tensor, b: number) => binary(B.mul, a, b),
  div_Scalar: (a: Tensor, b: number) => binary(B.div, a, b, floatType(resultType(a, b))),

  acosh: floating(Math.acosh),
  asinh: floating(Math.asinh),
  atanh: floating(Math.atanh),
  erf: floating(e.erf),
  erfc: floating(e.erfc),
  erfinv: floating(e.erfinv),
  lgamma: floating(g.lgamma),
  digamma: floating(g.digamma),
  polygamma: (n: number, self: Tensor) => map1(self, floatType(self.dtype), (x) => g.polygamma(n, x)),
  mvlgamma: (self: Tensor, p: number) => map1(self, floatType(self.dtype), (x) => mvlgamma(x, p)),
  frac: (self: Tensor) => map1(self, self.dtype, (x) => x - Math.trunc(x)),
  deg2rad: floating((x) => x * (Math.PI / 180)),
  rad2deg: floating((x) => x * (180 / Math.PI)),
  nan_to_num: nanToNum,
  logit: (self: Tensor, eps: number | null) =>
    map1(self, floatType(self.dtype), (x) => {
      const y = eps === null ? x : Math.min(Math.max(x, eps), 1 - eps);
      return Math.log(y / (1 - y));
    }),
  sinc: floating(sinc),
  angle: floating((x) => (Number.isNaN(x) ? NaN : x < 0 ? Math.PI : 0)),
  round_decimals: roundDecimals,
  i0: floating((x) => besselI(0, x)),
  special_i0e: floating((x) => besselIe(0, x)),
  special_i1: floating((x) => besselI(1, x)),
  special_i1e: floating((x) => besselIe(1, x)),
  special_entr: floating(entr),
  special_ndtri: floating(e.ndtri),
  special_log_ndtr: floating(e.logNdtr),
  special_erfcx: floating(e.erfcx),

  hypot: pair(Math.hypot),
  copysign_Tensor: floatPair(copysign),
  copysign_Scalar: (a: Tensor, b: number) => map1(a, floatType(a.dtype), (x) => copysign(x, b)),
  fmax: pair(fmax),
  fmin: pair(fmin),
  logaddexp: pair(logaddexp("e")),
  logaddexp2: pair(logaddexp("2")),
  xlogy_Tensor: floatPair(xlogy),
  xlogy_Self: (a: number, b: Tensor) => map1(b, floatType(b.dtype), (y) => xlogy(a, y)),
  xlogy_Other: (a: Tensor, b: number) => map1(a, floatType(a.dtype), (x) => xlogy(x, b)),
  special_xlog1py_Tensor: floatPair(xlog1py),
  special_xlog1py_Self: (a: number, b: Tensor) => map1(b, floatType(b.dtype), (y) => xlog1py(a, y)),
  special_xlog1py_Other: (a: Tensor, b: number) => map1(a, floatType(a.dtype), (x) => xlog1py(x, b)),
  ldexp: floatPair((x, y) => x * 2 ** y),
  lerp_Scalar: (a: Tensor, b: Tensor, w: number) => map2(a, b, a.dtype, (x, y) => lerp(x, y, w)),
  lerp_Tensor: (a: Tensor, b: Tensor, w: Tensor) => map3([a, b, w], a.dtype, lerp),
  addcmul: (self: Tensor, a: Tensor, b: Tensor, value: number) =>
    map3([self, a, b], resultType(self, binary(B.mul, a, b)), (x, y, z) => x + value * y * z),
  addcdiv: (self: Tensor, a: Tensor, b: Tensor, value: number) =>
    map3([self, a, b], resultType(self, binary(B.mul, a, b)), (x, y, z) => x + (value * y) / z),
  clamp_min_Tensor: (a: Tensor, min: Tensor) => binary(B.maximum, a, min),
  clamp_max_Tensor: (a: Tensor, max: Tensor) => binary(B.minimum, a, max),
  masked_fill_Tensor: (a: Tensor, mask: Tensor, value: Tensor) => where(mask, value, a, a.dtype),
  fill_out_Scalar: filled,
  fill_out_Tensor: filled,
};
