/** @file Traces as bytes: what comes out is what went in, and nothing else is taken. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { isPacked, pack } from "../../src/protocol/packing.js";
import { unpack } from "../../src/protocol/unpacking.js";

const tensor = {
  shape: [2],
  dtype: "float32",
  data: new Float32Array([0.1, -0]),
  min: -0,
  max: 0.1,
  mean: 0.05,
};

/** Everything that a trace may hold; names repeat, so that shapes do. */
const plain = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, undefined, true, false, tensor),
    fc.double(),
    fc.float(),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.string({ unit: "binary" }),
    fc.float32Array(),
    fc.float64Array(),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom("a", "b", "c", "d", "e", "__proto__", "toString"), tie("value")),
  ),
})).value;

describe("packed data", () => {
  it("unpacks to what was packed", () => {
    fc.assert(
      fc.property(plain, (value) => {
        // V8's own copy tells what a field called __proto__ is to come out as.
        assert.deepStrictEqual(unpack(pack(value)), structuredClone(value));
      }),
    );
  });

  it("keeps -0, NaN, infinities, the edges of 32 bits and halves of surrogate pairs", () => {
    const values = [
      -0,
      0,
      Number.NaN,
      Infinity,
      -Infinity,
      2 ** 31 - 1,
      -(2 ** 31),
      2 ** 31,
      5e-324,
      "\ud800",
    ];
    const back = unpack(pack(values)) as readonly unknown[];
    assert.ok(values.every((value, i) => Object.is(value, back[i])));
  });

  it("holds once what several places hold, and its names once", () => {
    const [first, second] = unpack(pack([tensor, tensor])) as readonly object[];
    assert.equal(first, second);
    const one = pack([tensor]).length;
    assert.ok(pack([tensor, tensor]).length <= one + 2);
    assert.ok(pack([tensor, { ...tensor }]).length - one < one / 2);
  });

  it("refuses what is no plain data", () => {
    for (const value of [1n, () => 1, Symbol("a"), new Map(), new BigInt64Array(1)]) {
      assert.throws(() => pack(value), TypeError);
    }
  });

  it("is refused where it was cut off, goes on or never was any, and never hangs", () => {
    const whole = pack({ tensor, list: [1, "two", null, [3.5]] });
    assert.equal(isPacked(whole), true);
    for (let length = 0; length < whole.length; length++) {
      assert.throws(() => unpack(whole.subarray(0, length)), RangeError);
    }
    assert.throws(() => unpack(new Uint8Array([...whole, 0])), /more follows/);
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        try {
          unpack(new Uint8Array([1, ...bytes]));
        } catch (error) {
          assert.ok(error instanceof RangeError);
        }
      }),
    );
  });
});
