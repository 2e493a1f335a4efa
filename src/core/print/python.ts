/** @file Python's own text of numbers and sizes: `repr(float)`, `str(bool)`, tuples, `torch.Size`. */

import type { DTypeName } from "../dtype.js";
import { nonFiniteText, padExponent } from "./decimal.js";

/**
 * Python's `repr(float)`: the shortest digits that read back as the same double, in scientific notation
 * when the decimal exponent is below -4 or at least 16 (`float_repr_style = "short"`, format code `r`).
 */
export function reprFloat(x: number): string {
  const special = nonFiniteText(x);
  if (special !== null) return special;
  if (Object.is(x, -0)) return "-0.0";
  // Without an argument toExponential gives the shortest round-trip digits, as Python's repr does.
  const [mantissa = "0", power = "0"] = x.toExponential().split("e");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) return padExponent(`${mantissa}e${exponent}`);
  if (exponent < 0) return spellSmall(mantissa, exponent);
  const text = x.toString();
  return text.includes(".") ? text : `${text}.0`;
}

/** 1.5e-3 → 0.0015; only for exponents -1 to -4, where Python still writes the zeros out. */
function spellSmall(mantissa: string, exponent: number): string {
  const sign = mantissa.startsWith("-") ? "-" : "";
  const digits = mantissa.replace(/[-.]/g, "");
  return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
}

/**
 * Python's `str(tensor.item())`, which is also what `format` of a 0-dim tensor gives:
 * `7.0`, `1e-05`, `nan`, `True`, `3`.
 */
export function formatItem(value: number | bigint | boolean, dtype: DTypeName): string {
  if (dtype === "bool") return value ? "True" : "False";
  if (dtype === "float32" || dtype === "float64") return reprFloat(Number(value));
  return String(typeof value === "boolean" ? Number(value) : value);
}

/** `str` of a Python tuple of ints: `()`, `(3,)`, `(2, 3)`. */
export function formatTuple(values: readonly number[]): string {
  return values.length === 1 ? `(${values[0]},)` : `(${values.join(", ")})`;
}

/** `repr` of a `torch.Size`: `torch.Size([2, 3])`. */
export function formatSize(shape: readonly number[]): string {
  return `torch.Size([${shape.join(", ")}])`;
}
