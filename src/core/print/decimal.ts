/**
 * @file Decimal text of doubles, rounded as C's `printf` rounds: the exact binary value, half to even.
 *
 * `Number.prototype.toFixed` and `toExponential` differ from C in two ways: they round an exact tie away
 * from zero, and they stop at 100 digits or (for `toFixed`) at 1e21. Both are handled here.
 */

/** Digits after the point up to which JavaScript's own conversions are defined (ECMA-262, 21.1.3.3). */
const MAX_NATIVE_DIGITS = 100;

/** `x` as an exact decimal: |x| = digits × 10^-scale. */
interface ExactDecimal {
  digits: bigint;
  scale: number;
}

/** Every finite double is m·2^e; for negative e that is m·5^-e ÷ 10^-e, an exact decimal. */
function exactDecimal(magnitude: number): ExactDecimal {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, magnitude);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xf_ffff_ffff_ffffn;
  const mantissa = biased === 0 ? fraction : fraction | (1n << 52n);
  const exponent = Math.max(biased, 1) - 1075;
  return exponent >= 0
    ? { digits: mantissa << BigInt(exponent), scale: 0 }
    : { digits: mantissa * 5n ** BigInt(-exponent), scale: -exponent };
}

/** digits ÷ 10^drop, rounded half to even. A negative `drop` appends zeros. */
function dropDigits(digits: bigint, drop: number): bigint {
  if (drop <= 0) return digits * 10n ** BigInt(-drop);
  const unit = 10n ** BigInt(drop);
  const quotient = digits / unit;
  const twice = (digits % unit) * 2n;
  const roundUp = twice > unit || (twice === unit && (quotient & 1n) === 1n);
  return roundUp ? quotient + 1n : quotient;
}

function isNegative(x: number): boolean {
  return x < 0 || Object.is(x, -0);
}

/** Python's spelling of a value that has no digits, or `null` for a finite one. */
export function nonFiniteText(x: number): string | null {
  if (Number.isNaN(x)) return "nan";
  if (x === Number.POSITIVE_INFINITY) return "inf";
  return x === Number.NEGATIVE_INFINITY ? "-inf" : null;
}

/** Python's `f"{x:.{precision}f}"`, C's `%.*f`. */
export function formatFixed(x: number, precision: number): string {
  const special = nonFiniteText(x);
  if (special !== null) return special;
  const sign = isNegative(x) ? "-" : "";
  const magnitude = Math.abs(x);
  // A value half way between two results is an odd multiple of 2^-(precision + 1); multiplying is exact.
  const halves = magnitude * 2 ** (precision + 1);
  const tie = Number.isInteger(halves) && halves % 2 === 1;
  if (!tie && precision <= MAX_NATIVE_DIGITS && magnitude < 1e21) return sign + magnitude.toFixed(precision);
  const { digits, scale } = exactDecimal(magnitude);
  const text = dropDigits(digits, scale - precision)
    .toString()
    .padStart(precision + 1, "0");
  if (precision === 0) return sign + text;
  return `${sign}${text.slice(0, -precision)}.${text.slice(-precision)}`;
}

/** Python's `f"{x:.{precision}e}"`, C's `%.*e`: an exponent has at least two digits. */
export function formatExponent(x: number, precision: number): string {
  const special = nonFiniteText(x);
  if (special !== null) return special;
  const sign = isNegative(x) ? "-" : "";
  const magnitude = Math.abs(x);
  if (precision < MAX_NATIVE_DIGITS) {
    const [longer = ""] = magnitude.toExponential(precision + 1).split("e");
    if (!longer.endsWith("5")) return sign + padExponent(magnitude.toExponential(precision));
  }
  const { digits, scale } = exactDecimal(magnitude);
  let exponent = magnitude === 0 ? 0 : digits.toString().length - 1 - scale;
  let text = dropDigits(digits, scale + exponent - precision)
    .toString()
    .padEnd(precision + 1, "0");
  if (text.length > precision + 1) {
    // 9.99… rounded up to 10.0…
    text = text.slice(0, -1);
    exponent += 1;
  }
  const mantissa = precision === 0 ? text : `${text.slice(0, 1)}.${text.slice(1)}`;
  return `${sign}${padExponent(`${mantissa}e${exponent}`)}`;
}

/** `1.5e-5`, `1e21`, `1e+21` → C's `1.5e-05`, `1e+21`. */
export function padExponent(text: string): string {
  const at = text.indexOf("e");
  const exponent = Number(text.slice(at + 1));
  const digits = Math.abs(exponent).toString().padStart(2, "0");
  return `${text.slice(0, at)}e${exponent < 0 ? "-" : "+"}${digits}`;
}
