/** @file Pointwise functions of one tensor. */
import { type DType, getDefaultDType, int64, KIND_FLOAT } from "../dtype.js";
import { isDense } from "../shape.js";
import { type NumberArray, roundTo } from "../storage.js";
import type { Tensor } from "../tensor.js";
import { castTo, contiguousOf, emptyLike, readNumber, scalarTensor } from "./copy.js";
import { exp32, sigmoid32, tanh32 } from "./exp32.js";
import { MAP_FROM, NATIVE_UNARY, nativeUnary } from "./native_map.js";

/** Codes of the functions; the loops switch on them once, outside. */
export const U = {
  neg: 0,
  abs: 1,
  exp: 2,
  log: 3,
  sqrt: 4,
  sigmoid: 5,
  tanh: 6,
  relu: 7,
  reciprocal: 8,
  sin: 9,
  cos: 10,
  tan: 11,
  rsqrt: 12,
  sign: 13,
  log1p: 14,
  expm1: 15,
  log2: 16,
  log10: 17,
  exp2: 18,
  asin: 19,
  acos: 20,
  atan: 21,
  sinh: 22,
  cosh: 23,
  floor: 24,
  ceil: 25,
  round: 26,
  trunc: 27,
  zero: 28,
} as const;
export type UnaryCode = (typeof U)[keyof typeof U];

/** Round half to even, as `nearbyint`. */
export function roundHalfEven(x: number): number {
  const r = Math.round(x);
  return Math.abs(x % 1) === 0.5 && r % 2 !== 0 ? r - 1 : r;
}

export function unaryNumber(code: UnaryCode, x: number): number {
  switch (code) {
    case U.neg:
      return -x;
    case U.abs:
      return Math.abs(x);
    case U.exp:
      return Math.exp(x);
    case U.log:
      return Math.log(x);
    case U.sqrt:
      return Math.sqrt(x);
    case U.sigmoid:
      return 1 / (1 + Math.exp(-x));
    case U.tanh:
      return Math.tanh(x);
    case U.relu:
      return Math.max(x, 0);
    case U.reciprocal:
      return 1 / x;
    case U.sin:
      return Math.sin(x);
    case U.cos:
      return Math.cos(x);
    case U.tan:
      return Math.tan(x);
    case U.rsqrt:
      return 1 / Math.sqrt(x);
    case U.sign:
      return x > 0 ? 1 : x < 0 ? -1 : 0;
    case U.log1p:
      return Math.log1p(x);
    case U.expm1:
      return Math.expm1(x);
    case U.log2:
      return Math.log2(x);
    case U.log10:
      return Math.log10(x);
    case U.exp2:
      return 2 ** x;
    case U.asin:
      return Math.asin(x);
    case U.acos:
      return Math.acos(x);
    case U.atan:
      return Math.atan(x);
    case U.sinh:
      return Math.sinh(x);
    case U.cosh:
      return Math.cosh(x);
    case U.floor:
      return Math.floor(x);
    case U.ceil:
      return Math.ceil(x);
    case U.round:
      return roundHalfEven(x);
    case U.trunc:
      return Math.trunc(x);
    case U.zero:
      return 0;
  }
}

/** The exponential family in float32; false for other functions. */
function floatLoop(code: UnaryCode, out: Float32Array, a: NumberArray, offset: number, n: number): boolean {
  switch (code) {
    case U.exp:
      for (let i = 0; i < n; i++) out[i] = exp32(a[offset + i]!);
      return true;
    case U.sigmoid:
      for (let i = 0; i < n; i++) out[i] = sigmoid32(a[offset + i]!);
      return true;
    case U.tanh:
      for (let i = 0; i < n; i++) out[i] = tanh32(a[offset + i]!);
      return true;
    default:
      return false;
  }
}

/** Codes of the functions that have kernels in WebAssembly. */
const NATIVE: { readonly [code: number]: number | undefined } = {
  [U.exp]: NATIVE_UNARY.exp,
  [U.sigmoid]: NATIVE_UNARY.sigmoid,
  [U.tanh]: NATIVE_UNARY.tanh,
};

function unaryLoop(code: UnaryCode, out: NumberArray, a: NumberArray, offset: number, n: number): void {
  const code32 = NATIVE[code];
  if (n >= MAP_FROM && code32 !== undefined && nativeUnary(code32, out, a, offset, n)) return;
  if (out instanceof Float32Array && floatLoop(code, out, a, offset, n)) return;
  switch (code) {
    case U.neg:
      for (let i = 0; i < n; i++) out[i] = -a[offset + i]!;
      return;
    case U.exp:
      for (let i = 0; i < n; i++) out[i] = Math.exp(a[offset + i]!);
      return;
    case U.sigmoid:
      for (let i = 0; i < n; i++) out[i] = 1 / (1 + Math.exp(-a[offset + i]!));
      return;
    case U.tanh:
      for (let i = 0; i < n; i++) out[i] = Math.tanh(a[offset + i]!);
      return;
    case U.relu:
      for (let i = 0; i < n; i++) {
        out[i] = Math.max(a[offset + i]!, 0);
      }
      return;
    default:
      for (let i = 0; i < n; i++) out[i] = unaryNumber(code, a[offset + i]!);
  }
}

/** Exact on integers: no detour through floating point. */
function unaryBig(code: UnaryCode, x: bigint): bigint {
  switch (code) {
    case U.neg:
      return -x;
    case U.abs:
      return x < 0n ? -x : x;
    case U.relu:
      return x < 0n ? 0n : x;
    case U.sign:
      return x > 0n ? 1n : x < 0n ? -1n : 0n;
    case U.zero:
      return 0n;
    default:
      return x;
  }
}

/** Applies `code` to each element; the result has `self`'s dtype and, where `self` has no gaps, its strides. */
export function unary(code: UnaryCode, self: Tensor): Tensor {
  const dtype = self.dtype;
  if (self._numel === 1 && dtype !== int64) {
    return scalarTensor(dtype, roundTo(dtype, unaryNumber(code, readNumber(self))), self._shape);
  }
  const a = self._contiguous || isDense(self._shape, self._strides) ? self : contiguousOf(self);
  const out = emptyLike(a, dtype);
  if (dtype === int64) {
    const from = a._storage.data as BigInt64Array;
    const to = out._storage.data as BigInt64Array;
    for (let i = 0; i < to.length; i++) to[i] = unaryBig(code, from[a._offset + i]!);
  } else
    unaryLoop(code, out._storage.data as NumberArray, a._storage.data as NumberArray, a._offset, a._numel);
  return out;
}

/** The floating type that functions such as `sin` compute integers in. */
export function floatType(dtype: DType): DType {
  return dtype.kind === KIND_FLOAT ? dtype : getDefaultDType();
}

/** Like `unary`, but integers become floats first. */
export function unaryFloat(code: UnaryCode, self: Tensor): Tensor {
  return unary(code, self.dtype.kind === KIND_FLOAT ? self : castTo(self, getDefaultDType()));
}
