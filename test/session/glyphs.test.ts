/** @file Small pictures in block characters. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { histogram, magnitudes, sparkline } from "../../src/session/glyphs.js";

const BLOCKS = "▁▂▃▄▅▆▇█";

describe("a spark line", () => {
  it("goes from the least to the greatest value", () => {
    assert.equal(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 8), BLOCKS);
    assert.equal(sparkline([7, 0], 8), "█▁");
  });

  it("keeps to the middle where nothing changes", () => {
    assert.equal(sparkline([2, 2, 2], 8), "▅▅▅");
  });

  it("shows gaps, and does not let them bend the rest", () => {
    assert.equal(sparkline([0, null, 1], 8), "▁×█");
    assert.equal(sparkline([0, Number.NaN, Number.POSITIVE_INFINITY, 1], 8), "▁××█");
  });

  it("has no more blocks than it may, and each value has its share in one", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 300 }),
        (values) => {
          const line = sparkline(values, 16);
          assert.equal([...line].length, Math.min(values.length, 16));
          assert.match(line, /^[▁▂▃▄▅▆▇█]*$/u);
        },
      ),
    );
  });
});

describe("a bar of magnitudes", () => {
  it("is flat for zeros and full for equal sizes of either sign", () => {
    assert.equal(magnitudes([0, 0, 0], 3), "▁▁▁");
    assert.equal(magnitudes([-2, 2, -2], 3), "███");
  });

  it("marks stretches that hold what is not finite", () => {
    assert.equal(magnitudes([1, "NaN", "-Infinity", 1], 4), "█××█");
  });

  it("does not overflow where squares would", () => {
    assert.equal(magnitudes([1e200, 1e200, 1e200, 0], 2), "█▆");
  });
});

describe("a histogram", () => {
  it("counts the finite elements, each once", () => {
    const spread = histogram([0, 1, 1, 2, 3, 3, "NaN"], 4)!;
    assert.deepEqual([spread.counts, spread.low, spread.high], [[1, 2, 1, 2], 0, 3]);
    assert.equal([...spread.text].length, 4);
  });

  it("leaves empty bins blank", () => {
    assert.equal(histogram([0, 10], 4)!.text, "█  █");
  });

  it("is none where there is nothing to tell apart", () => {
    assert.equal(histogram([], 4), null);
    assert.equal(histogram([5, 5, "NaN"], 4), null);
  });

  it("holds the whole range of numbers", () => {
    const { MAX_VALUE } = Number;
    assert.deepEqual(histogram([-MAX_VALUE, 0, MAX_VALUE], 3)!.counts, [1, 1, 1]);
  });
});
