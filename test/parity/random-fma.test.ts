/** @file Fused multiply-add against exact integer arithmetic. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { fma32, fma64 } from "../../src/core/random/fma.js";

/** A finite double as m·2^-1074, exactly. */
function scaled(x: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const biased = (bits >> 52n) & 0x7ffn;
  const fraction = bits & 0xf_ffff_ffff_ffffn;
  const magnitude = biased === 0n ? fraction : (fraction | (1n << 52n)) << (biased - 1n);
  return bits >> 63n ? -magnitude : magnitude;
}

/** m·2^-2148, the scale of a product of two, rounded half to even to `precision` bits. */
function rounded(m: bigint, precision: number): number {
  const magnitude = m < 0n ? -m : m;
  const drop = BigInt(Math.max(0, magnitude.toString(2).length - precision));
  const half = drop === 0n ? 0n : 1n << (drop - 1n);
  const rest = magnitude & ((1n << drop) - 1n);
  let kept = magnitude >> drop;
  if (rest > half || (drop > 0n && rest === half && kept & 1n)) kept += 1n;
  // The exponent is applied in two exact halves, since 2^-2148 alone would vanish.
  const exponent = Number(drop) - 2148;
  const value = Number(kept) * 2 ** Math.trunc(exponent / 2) * 2 ** (exponent - Math.trunc(exponent / 2));
  return m < 0n ? -value : value;
}

function exact(a: number, b: number, c: number, precision: number): number {
  return rounded(scaled(a) * scaled(b) + (scaled(c) << 1074n), precision);
}

/** Results and operands stay far from overflow and underflow, where PyTorch's draws never go. */
const moderate = fc
  .tuple(fc.double({ min: -2, max: 2, noNaN: true }), fc.integer({ min: -40, max: 40 }))
  .map(([x, e]) => (Math.abs(x) < 1e-9 ? 1 : x) * 2 ** e);
const single = moderate.map(Math.fround);

describe("fused multiply-add", () => {
  it("rounds once to float32", () => {
    fc.assert(
      fc.property(single, single, single, (a, b, c) => Object.is(fma32(a, b, c), exact(a, b, c, 24))),
    );
  });

  it("rounds once to float64", () => {
    fc.assert(
      fc.property(moderate, moderate, moderate, (a, b, c) => Object.is(fma64(a, b, c), exact(a, b, c, 53))),
    );
  });

  it("is not misled where the double sum lies half way between two float32 values", () => {
    const a = 1 + 2 ** -12;
    for (const tiny of [2 ** -60, -(2 ** -60)]) {
      assert.equal(fma32(a, a, tiny), exact(a, a, tiny, 24));
      assert.equal(fma32(-a, a, tiny), exact(-a, a, tiny, 24));
    }
    assert.equal(fma32(a, a, 2 ** -60), 1 + 2 ** -11 + 2 ** -23);
    assert.equal(fma32(a, a, 0), 1 + 2 ** -11, "an exact tie goes to even");
  });

  it("keeps what a rounded product would lose", () => {
    assert.equal(fma64(1 + 2 ** -30, 1 - 2 ** -30, -1), -(2 ** -60));
  });
});
