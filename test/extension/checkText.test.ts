import assert from "node:assert/strict";
import { checkedLines, outcomeText } from "../../src/extension/diagnostics/checkText.js";
import type { GradientCheck } from "../../src/protocol/checks.js";

function check(more: Partial<GradientCheck> = {}): GradientCheck {
  return {
    pass: 0,
    source: null,
    leaf: "w",
    place: { file: "/a.ts", line: 3, column: 7 },
    shape: [2, 3],
    verdict: "agrees",
    elements: 6,
    directions: 0,
    kinks: 0,
    difference: 2e-8,
    analytic: 1,
    numeric: 1,
    reason: null,
    ...more,
  };
}

describe("the words of a check of gradients", () => {
  it("stand once on a line, with every pass for the pointer", () => {
    const [line, second] = checkedLines([check(), check({ pass: 1, difference: 3e-7, directions: 8 })]);
    assert.equal(second, undefined);
    assert.deepEqual(line, {
      file: "/a.ts",
      line: 3,
      verdict: "agrees",
      text: "gradient agrees with finite differences",
      tooltip:
        "Pass 1, w: 6 of 6 elements, within 2e-8 of its largest element\n" +
        "Pass 2, w: 6 of 6 elements, 8 random directions, within 3e-7 of its largest element",
    });
  });

  it("tell the worst of several passes, with its numbers", () => {
    const wrong = check({ verdict: "disagrees", analytic: 9, numeric: 27.00001, reason: "CubeBackward" });
    const [line] = checkedLines([check(), wrong, check({ verdict: "unchecked", reason: "it is NaN" })]);
    assert.equal(line?.verdict, "disagrees");
    assert.equal(line.text, "gradient is wrong: 9 where 27 is measured");
    assert.match(line.tooltip, /\(CubeBackward\)\n.*not compared, because it is NaN$/);
  });

  it("leave leaves without a place to the summary, which counts all", () => {
    const checks = [check({ place: null }), check({ verdict: "unchecked" }), check({ verdict: "disagrees" })];
    assert.equal(checkedLines(checks).length, 1);
    assert.equal(
      outcomeText(checks),
      "3 gradients compared with finite differences. 1 wrong; the Problems panel names the operation. 1 could not be compared.",
    );
    assert.match(outcomeText([check()]), /None is wrong\.$/);
    assert.match(outcomeText([]), /nothing to compare/);
  });
});
