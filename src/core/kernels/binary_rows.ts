/** @file Loops of pointwise functions over one row of two operands. */
import type { NumberArray } from "../storage.js";
import { B, type BinaryCode, binaryNumber } from "./binary_element.js";

/** One row: strides 0 and 1 cover scalars and contiguous memory, others everything else. */
export function binaryRow(
  code: BinaryCode,
  out: NumberArray,
  o: number,
  a: NumberArray,
  i: number,
  sa: number,
  b: NumberArray,
  j: number,
  sb: number,
  n: number,
): void {
  const end = o + n;
  switch (code) {
    case B.add:
      for (; o < end; o++, i += sa, j += sb) out[o] = a[i]! + b[j]!;
      return;
    case B.sub:
      for (; o < end; o++, i += sa, j += sb) out[o] = a[i]! - b[j]!;
      return;
    case B.mul:
      for (; o < end; o++, i += sa, j += sb) out[o] = a[i]! * b[j]!;
      return;
    case B.div:
      for (; o < end; o++, i += sa, j += sb) out[o] = a[i]! / b[j]!;
      return;
    case B.tanhBackward:
      for (; o < end; o++, i += sa, j += sb) {
        const y = b[j]!;
        out[o] = a[i]! * (1 - y * y);
      }
      return;
    case B.thresholdBackward:
      for (; o < end; o++, i += sa, j += sb) out[o] = b[j]! <= 0 ? 0 : a[i]!;
      return;
    default:
      for (; o < end; o++, i += sa, j += sb) out[o] = binaryNumber(code, a[i]!, b[j]!);
  }
}

/** One row against a plain number. */
export function scalarRow(
  code: BinaryCode,
  out: NumberArray,
  a: NumberArray,
  i: number,
  sa: number,
  y: number,
  n: number,
): void {
  switch (code) {
    case B.add:
      for (let o = 0; o < n; o++, i += sa) out[o] = a[i]! + y;
      return;
    case B.sub:
      for (let o = 0; o < n; o++, i += sa) out[o] = a[i]! - y;
      return;
    case B.mul:
      for (let o = 0; o < n; o++, i += sa) out[o] = a[i]! * y;
      return;
    case B.div:
      for (let o = 0; o < n; o++, i += sa) out[o] = a[i]! / y;
      return;
    case B.pow:
      if (y === 2) {
        for (let o = 0; o < n; o++, i += sa) out[o] = a[i]! * a[i]!;
        return;
      }
      break;
  }
  for (let o = 0; o < n; o++, i += sa) out[o] = binaryNumber(code, a[i]!, y);
}
