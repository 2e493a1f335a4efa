/** @file The words of a lens. */
import assert from "node:assert/strict";
import {
  backwardText,
  numberText,
  readoutText,
  valueText,
  whichPass,
} from "../../src/extension/readoutText.js";
import type { JsonNumber, ValueSummary, WhyNoGrad } from "../../src/protocol/export.js";
import type { Readout } from "../../src/session/types.js";

function summary(data: readonly JsonNumber[], more: Partial<ValueSummary> = {}): ValueSummary {
  const finite = data.filter((x): x is number => typeof x === "number");
  return {
    data,
    truncated: false,
    min: finite.length > 0 ? Math.min(...finite) : null,
    max: finite.length > 0 ? Math.max(...finite) : null,
    mean: finite.length > 0 ? finite.reduce((a, b) => a + b, 0) / finite.length : null,
    norm: finite.length === data.length ? Math.hypot(...finite) : null,
    nan: data.filter((x) => x === "NaN").length,
    inf: data.filter((x) => x === "Infinity" || x === "-Infinity").length,
    ...more,
  };
}

const leaf: Readout = {
  name: "w",
  file: "/a.ts",
  line: 1,
  column: 7,
  endLine: 1,
  endColumn: 8,
  times: 1,
  node: 0,
  graph: 0,
  is_leaf: true,
  requires_grad: true,
  shape: [],
  dtype: "float32",
  value: summary([0.5]),
  grad: { ...summary([-0.90766]), updates: 1 },
  why_no_grad: null,
  grad_fn: null,
  scope: [],
};

describe("readoutText", () => {
  it("reads out a leaf with its gradient and how often it was added to", () => {
    assert.equal(readoutText(leaf), "w: leaf, requires_grad · grad -0.9077 (×1)");
  });

  it("tells the shape of what is no scalar", () => {
    const grad = { ...summary([1, 2.5, -3]), updates: 2 };
    assert.equal(
      readoutText({ ...leaf, shape: [3], grad }),
      "w: leaf, requires_grad · [3] · grad [1, 2.5, -3] (×2)",
    );
  });

  it("tells the grad_fn of what is no leaf, and how often it was bound", () => {
    const y: Readout = {
      ...leaf,
      name: "y",
      is_leaf: false,
      grad_fn: "AddBackward0",
      grad: null,
      why_no_grad: "non_leaf",
      times: 30,
    };
    assert.equal(readoutText(y), "y: non-leaf, AddBackward0 · no grad: no retain_grad() · last of 30");
  });

  it("has words for every reason why there is no gradient", () => {
    const reasons: WhyNoGrad[] = [
      "no_requires_grad",
      "non_leaf",
      "no_backward_yet",
      "not_reached",
      "detached",
      "no_grad_mode",
      "integer",
    ];
    const texts = reasons.map((why_no_grad) => readoutText({ ...leaf, grad: null, why_no_grad }));
    assert.equal(new Set(texts).size, reasons.length);
    for (const text of texts) assert.match(text, /· no grad( yet)?: \S/);
  });
});

describe("valueText", () => {
  it("nests the few elements of a matrix", () => {
    assert.equal(valueText(summary([1, 2, 3, 4]), [2, 2]), "[[1, 2], [3, 4]]");
  });

  it("gives norm and magnitudes of many elements, and counts the bad ones", () => {
    const data = [3, 4, 0, 0, 0, 0, 0, "NaN", "Infinity"] as const;
    assert.equal(valueText(summary(data, { norm: 5 }), [9]), "‖5‖ ▇█▁▁▁▁▁× 1 NaN 1 infinite");
  });

  it("says of an empty tensor that it is empty", () => {
    assert.equal(valueText(summary([]), [0]), "[]");
  });
});

describe("numberText", () => {
  const cases: [JsonNumber, string][] = [
    [0, "0"],
    [-5.8, "-5.8"],
    [-25.866667, "-25.87"],
    [0.00012345, "0.0001234"],
    [1.5e-7, "1.5e-7"],
    [12345.6, "12346"],
    [999999.5, "1000000"],
    [1.25e12, "1.25e+12"],
    [1e6, "1e+6"],
    ["NaN", "nan"],
    ["Infinity", "inf"],
    ["-Infinity", "-inf"],
  ];
  for (const [value, text] of cases) {
    it(`writes ${value} as ${text}`, () => assert.equal(numberText(value), text));
  }
});

describe("backwardText", () => {
  const source = { file: "/a.ts", line: 9, column: 1 };
  it("tells the root's value, the nodes run and the leaves reached", () => {
    const readout = {
      source,
      times: 30,
      pass: 29,
      rootName: "loss",
      root: 0.25,
      steps: 7,
      leaves: 1,
      roots: [],
      passes: [29],
    };
    assert.equal(backwardText(readout), "loss 0.25 · 7 nodes · 1 leaf");
    assert.equal(whichPass(readout, null), "last of 30");
    assert.equal(whichPass({ ...readout, times: 1 }, null), null);
    const falling = { ...readout, roots: [4, 3, null, 2, 1] };
    assert.equal(backwardText(falling), "loss 0.25 █▆×▃▁ · 7 nodes · 1 leaf");
  });

  it("manages without a name and without a scalar", () => {
    const readout = {
      source,
      times: 1,
      pass: 0,
      rootName: null,
      root: null,
      steps: 1,
      leaves: 2,
      roots: [],
      passes: [0],
    };
    assert.equal(backwardText(readout), "root · 1 node · 2 leaves");
  });
});
