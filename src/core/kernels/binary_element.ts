/** @file Functions of two elements: float numbers and exact integers. */
import { RuntimeError } from "../errors.js";

export const B = {
  add: 0,
  sub: 1,
  mul: 2,
  div: 3,
  pow: 4,
  rsub: 5,
  maximum: 6,
  minimum: 7,
  remainder: 8,
  fmod: 9,
  floorDivide: 10,
  truncDivide: 11,
  atan2: 12,
  sigmoidBackward: 13,
  tanhBackward: 14,
  thresholdBackward: 15,
  eq: 16,
  ne: 17,
  lt: 18,
  le: 19,
  gt: 20,
  ge: 21,
  and: 22,
  or: 23,
  xor: 24,
} as const;
export type BinaryCode = (typeof B)[keyof typeof B];

/** Python's `%`: the sign of the divisor. */
function remainder(x: number, y: number): number {
  const r = x % y;
  return r !== 0 && r < 0 !== y < 0 ? r + y : r;
}

/** `floor(x / y)` without the rounding error of the division, as Python's `//`. */
function floorDivide(x: number, y: number): number {
  if (y === 0) return x / y;
  const mod = x % y;
  let div = (x - mod) / y;
  if (mod !== 0 && y < 0 !== mod < 0) div -= 1;
  if (div === 0) return x / y < 0 ? -0 : 0;
  const floor = Math.floor(div);
  return div - floor > 0.5 ? floor + 1 : floor;
}

export function binaryNumber(code: BinaryCode, x: number, y: number): number {
  switch (code) {
    case B.add:
      return x + y;
    case B.sub:
      return x - y;
    case B.mul:
      return x * y;
    case B.div:
      return x / y;
    case B.pow:
      return power(x, y);
    case B.rsub:
      return y - x;
    case B.maximum:
      return Math.max(x, y);
    case B.minimum:
      return Math.min(x, y);
    case B.remainder:
      return remainder(x, y);
    case B.fmod:
      return x % y;
    case B.floorDivide:
      return floorDivide(x, y);
    case B.truncDivide:
      return Math.trunc(x / y);
    case B.atan2:
      return Math.atan2(x, y);
    case B.sigmoidBackward:
      return x * (1 - y) * y;
    case B.tanhBackward:
      return x * (1 - y * y);
    case B.thresholdBackward:
      return y <= 0 ? 0 : x;
    case B.eq:
      return x === y ? 1 : 0;
    case B.ne:
      return x !== y ? 1 : 0;
    case B.lt:
      return x < y ? 1 : 0;
    case B.le:
      return x <= y ? 1 : 0;
    case B.gt:
      return x > y ? 1 : 0;
    case B.ge:
      return x >= y ? 1 : 0;
    case B.and:
      return x !== 0 && y !== 0 ? 1 : 0;
    case B.or:
      return x !== 0 || y !== 0 ? 1 : 0;
    case B.xor:
      return (x !== 0) !== (y !== 0) ? 1 : 0;
  }
}

/** `x ** y`; C's pow gives 1 for 1**nan and (-1)**inf where JavaScript gives NaN. */
export function power(x: number, y: number): number {
  if (y === 2) return x * x;
  if (x === 1 || (x === -1 && (y === Infinity || y === -Infinity))) return 1;
  return x ** y;
}

/** int64 arithmetic is exact; storing wraps modulo 2⁶⁴ as in C. */
export function binaryBig(code: BinaryCode, x: bigint, y: bigint): bigint {
  switch (code) {
    case B.add:
      return x + y;
    case B.sub:
      return x - y;
    case B.rsub:
      return y - x;
    case B.mul:
      return x * y;
    case B.maximum:
      return x > y ? x : y;
    case B.minimum:
      return x < y ? x : y;
    case B.pow:
      return y < 0n ? (x === 1n ? 1n : x === -1n ? (y % 2n === 0n ? 1n : -1n) : 0n) : x ** y;
    case B.eq:
      return x === y ? 1n : 0n;
    case B.ne:
      return x !== y ? 1n : 0n;
    case B.lt:
      return x < y ? 1n : 0n;
    case B.le:
      return x <= y ? 1n : 0n;
    case B.gt:
      return x > y ? 1n : 0n;
    case B.ge:
      return x >= y ? 1n : 0n;
    case B.and:
      return x !== 0n && y !== 0n ? 1n : 0n;
    case B.or:
      return x !== 0n || y !== 0n ? 1n : 0n;
    case B.xor:
      return (x !== 0n) !== (y !== 0n) ? 1n : 0n;
  }
  if (y === 0n) throw new RuntimeError("ZeroDivisionError");
  const r = x % y;
  const differ = r !== 0n && r < 0n !== y < 0n;
  switch (code) {
    case B.remainder:
      return differ ? r + y : r;
    case B.floorDivide:
      return differ ? x / y - 1n : x / y;
    case B.fmod:
      return r;
    default:
      return x / y;
  }
}
