/** @file What stands on cards and in panes: numbers, tensors, names. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { briefTitle, cleanName, shortCall, shorten } from "../../webview/model/names.js";
import { shortNumber, valueLine } from "../../webview/model/numbers.js";
import { tensorText } from "../../webview/model/tensor.js";
import { tensor } from "./support/traces.js";

describe("Numbers on cards", () => {
  it("keep few digits, and exponents for the very large and small", () => {
    const texts = [
      0,
      1,
      -25.866667,
      9.0766667,
      1 / 3,
      123456,
      1.5e-7,
      2.5e9,
      Number.NaN,
      Number.NEGATIVE_INFINITY,
    ];
    assert.deepEqual(
      texts.map((value) => shortNumber(value)),
      ["0", "1", "-25.87", "9.077", "0.3333", "123456", "1.5e-7", "2.5e9", "nan", "-inf"],
    );
  });

  it("list a short vector, and give the range of anything larger", () => {
    assert.equal(valueLine(tensor([9.07666], []), []), "9.0767");
    assert.equal(valueLine(tensor([1.1, 2.1, 3.1]), [3]), "[1.1, 2.1, 3.1]");
    assert.equal(valueLine(tensor([1, 2, 3, 4], [2, 2]), [2, 2]), "1 … 4");
    assert.equal(valueLine(tensor([0, 0, 0, 0, 0]), [5]), "all 0");
    assert.equal(valueLine(tensor([Number.NaN, 1, 2, 3, 4]), [5]), "1 … 4 · NaN");
    assert.equal(valueLine(tensor([], [0]), [0]), "empty");
  });
});

describe("A tensor's text", () => {
  // Each expectation is what PyTorch 2.13 prints.
  const cases: readonly [readonly number[], readonly number[], string][] = [
    [[2], [], "tensor(2.)"],
    [[9.07666666], [], "tensor(9.0767)"],
    [[1, 2, 3], [3], "tensor([1., 2., 3.])"],
    [[0.5, -1, 2, 0.25], [4], "tensor([ 0.5000, -1.0000,  2.0000,  0.2500])"],
    [[1, 2, 3, 4], [2, 2], "tensor([[1., 2.],\n        [3., 4.]])"],
    [[1e-5, 1], [2], "tensor([1.0000e-05, 1.0000e+00])"],
    [[Number.NaN, 1, Number.POSITIVE_INFINITY], [3], "tensor([nan, 1., inf])"],
    [[1, 2, 3, 4], [2, 1, 2], "tensor([[[1., 2.]],\n\n        [[3., 4.]]])"],
    [[0.03125], [1], "tensor([0.0312])"],
    [[0, 1, -20, Number.NaN], [4], "tensor([  0.,   1., -20.,  nan])"],
    [[0, 0.5, -0, Number.POSITIVE_INFINITY], [4], "tensor([0.0000, 0.5000, -0.0000,    inf])"],
    [[], [0], "tensor([])"],
  ];
  for (const [data, shape, expected] of cases) {
    it(`reads ${expected.replace(/\s+/g, " ")}`, () =>
      assert.equal(tensorText(tensor(data, shape)), expected));
  }

  it("names the dtypes that the default leaves open", () => {
    assert.equal(
      tensorText({ ...tensor([1, 2]), dtype: "float64" }),
      "tensor([1., 2.], dtype=torch.float64)",
    );
    assert.equal(tensorText({ ...tensor([1, 0]), dtype: "bool" }), "tensor([ True, False])");
    assert.equal(tensorText({ ...tensor([1, -20]), dtype: "int64" }), "tensor([  1, -20])");
  });

  it("breaks long rows where PyTorch does", () => {
    const text = tensorText(tensor(Array.from({ length: 12 }, (_, i) => i + 0.5)));
    assert.equal(
      text,
      "tensor([ 0.5000,  1.5000,  2.5000,  3.5000,  4.5000,  5.5000,  6.5000,  7.5000,\n" +
        "         8.5000,  9.5000, 10.5000, 11.5000])",
    );
  });

  it("says what it is a part of when elements were left out", () => {
    const whole = tensor(Array.from({ length: 2000 }, (_, i) => i));
    assert.equal(tensorText(whole), "[0, 1, 2, 3, 4, 5, …] of 2000 elements [2000]");
  });
});

describe("Names", () => {
  it("of long calls keep what was called last", () => {
    assert.equal(shortCall("y.sub(target).pow(2)"), "y.sub(target).pow(2)");
    assert.equal(shortCall("y.sub(target).pow(2).mul(weights)"), "….mul(weights)");
    assert.equal(shortCall("torch.nn.functional.mse_loss(prediction, target)"), "….mse_loss(…)");
  });

  it("of operations and of parameters are shortened to what tells most of them", () => {
    assert.deepEqual(
      ["AddmmBackward0", "block.norm1.weight", "net.weight", "y.sub(target)", "w"].map(briefTitle),
      ["Addmm", "…norm1.weight", "net.weight", "y.sub(target)", "w"],
    );
  });

  it("are cut between what a reader sees as characters", () => {
    assert.equal(shorten("👩‍🔬👩‍🔬👩‍🔬", 3), "👩‍🔬👩‍🔬…");
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 2, max: 20 }), (text, limit) => {
        assert.doesNotMatch(shorten(text, limit), /\p{Surrogate}/u);
      }),
    );
  });

  it("can't turn the text around them", () => {
    assert.equal(cleanName("a\u202eb\u0000c\u200f"), "a b c");
  });
});
