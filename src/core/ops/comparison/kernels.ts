/** @file Kernels of comparisons and integer functions. */
import { bool, type DType, int64, KIND_FLOAT, promoteTypes } from "../../dtype.js";
import { RuntimeError } from "../../errors.js";
import { B, type BinaryCode, binary, resultType } from "../../kernels/binary.js";
import { castTo, copyInto, newTensor, scalarTensor } from "../../kernels/copy.js";
import { map1, map2 } from "../../kernels/map.js";
import { offsetsOf } from "../../kernels/reduce.js";
import { floatType } from "../../kernels/unary.js";
import { broadcastShapes, expandStrides, SCALAR } from "../../shape.js";
import type { Tensor } from "../../tensor.js";

type Scalar = Tensor | number;

const compare =
  (code: BinaryCode) =>
  (a: Tensor, b: Scalar): Tensor =>
    binary(code, a, b, promoteTypes(resultType(a, b), bool), bool);

/** Functions of two integers, exact over all 64 bits. */
function integers(name: string, fn: (x: bigint, y: bigint) => bigint, bools = false) {
  return (a: Tensor, b: Scalar): Tensor => {
    const dtype: DType = resultType(a, b);
    if (dtype.kind === KIND_FLOAT || (dtype === bool && !bools)) {
      throw new RuntimeError(`"${name}_cpu" not implemented for '${dtype.scalarName}'`);
    }
    const x = castTo(a, int64);
    const y = castTo(typeof b === "number" ? scalarTensor(int64, b, SCALAR) : b, int64);
    const out = newTensor(broadcastShapes(x._shape, y._shape), int64);
    const dims = out._shape.map((_, d) => d);
    const i = offsetsOf(out._shape, expandStrides(x._shape, x._strides, out._shape), dims);
    const j = offsetsOf(out._shape, expandStrides(y._shape, y._strides, out._shape), dims);
    const [p, q, to] = [x, y, out].map((t) => t._storage.data as BigInt64Array) as [
      BigInt64Array,
      BigInt64Array,
      BigInt64Array,
    ];
    for (let k = 0; k < to.length; k++) to[k] = fn(p[x._offset + i[k]!]!, q[y._offset + j[k]!]!);
    return castTo(out, dtype);
  };
}

const magnitude = (x: bigint): bigint => (x < 0n ? -x : x);
function gcd(x: bigint, y: bigint): bigint {
  let [a, b] = [magnitude(x), magnitude(y)];
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}

function bitwiseNot(self: Tensor): Tensor {
  if (self.dtype.kind === KIND_FLOAT) {
    throw new RuntimeError(`"bitwise_not_cpu" not implemented for '${self.dtype.scalarName}'`);
  }
  if (self.dtype === bool) return binary(B.eq, self, 0, bool, bool);
  return integers("bitwise_not", (x) => ~x)(self, 0);
}

const floating =
  (fn: (x: number) => number) =>
  (self: Tensor): Tensor =>
    map1(self, floatType(self.dtype), fn);

export const comparisonKernels = {
  eq_Scalar: compare(B.eq),
  eq_Tensor: compare(B.eq),
  ne_Scalar: compare(B.ne),
  ne_Tensor: compare(B.ne),
  lt_Scalar: compare(B.lt),
  lt_Tensor: compare(B.lt),
  le_Scalar: compare(B.le),
  le_Tensor: compare(B.le),
  gt_Scalar: compare(B.gt),
  gt_Tensor: compare(B.gt),
  ge_Scalar: compare(B.ge),
  ge_Tensor: compare(B.ge),
  logical_and: (a: Tensor, b: Tensor) => binary(B.and, a, b, resultType(a, b), bool),
  logical_or: (a: Tensor, b: Tensor) => binary(B.or, a, b, resultType(a, b), bool),
  logical_xor: (a: Tensor, b: Tensor) => binary(B.xor, a, b, resultType(a, b), bool),
  logical_not: (a: Tensor) => binary(B.eq, a, 0, resultType(a, 0), bool),
  bitwise_and: integers("bitwise_and", (x, y) => x & y, true),
  bitwise_or: integers("bitwise_or", (x, y) => x | y, true),
  bitwise_xor: integers("bitwise_xor", (x, y) => x ^ y, true),
  // A shift as wide as the type empties it.
  bitwise_left_shift: integers("lshift", (x, y) => (y < 0n || y >= 64n ? 0n : BigInt.asIntN(64, x << y))),
  bitwise_right_shift: integers("rshift", (x, y) => x >> (y < 0n || y >= 63n ? 63n : y)),
  bitwise_not: bitwiseNot,
  gcd: integers("gcd", gcd),
  lcm: integers("lcm", (x, y) => (x === 0n || y === 0n ? 0n : magnitude((x / gcd(x, y)) * y))),
  floor_divide: (a: Tensor, b: Scalar) => binary(B.floorDivide, a, b),
  heaviside: (a: Tensor, b: Tensor) =>
    map2(a, b, a.dtype, (x, v) => (Number.isNaN(x) ? 0 : x === 0 ? v : x < 0 ? 0 : 1)),
  acosh_: floating(Math.acosh),
  asinh_: floating(Math.asinh),
  atanh_: floating(Math.atanh),
  conj_physical_: (a: Tensor) => copyInto(null, a, a.dtype),
};
