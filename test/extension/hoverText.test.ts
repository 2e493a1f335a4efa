/** @file The words of a hover: right, and unable to say more than we mean. */
import assert from "node:assert/strict";
import { code, type Facts, hoverText } from "../../src/extension/hover/hoverText.js";

const facts: Facts = {
  title: "w",
  shape: [2],
  dtype: "float32",
  gradFn: null,
  isLeaf: true,
  requiresGrad: true,
  moment: null,
  value: { data: [1, 2], truncated: false, min: 1, max: 2, mean: 1.5, norm: 2.236, nan: 0, inf: 0 },
  grad: null,
  why: "no grad yet: no backward() has run",
  valueText: "tensor([1., 2.], requires_grad=True)",
  gradText: null,
  uses: [],
  derivative: [],
  actions: [],
  stale: false,
};

describe("hoverText", () => {
  it("begins with what it is", () => {
    assert.match(
      hoverText(facts),
      /^`w` — leaf · float32 \[2\] · `requires_grad`\n\n```text\ntensor\(\[1\., 2\.\]/,
    );
  });

  it("gives statistics of more than one number, and a histogram of many", () => {
    const data = Array.from({ length: 50 }, (_, i) => i);
    const value = { ...facts.value!, data, min: 0, max: 49, mean: 24.5, norm: 201 };
    const text = hoverText({ ...facts, shape: [50], value });
    assert.match(text, /min 0 · max 49 · mean 24\.5 · norm 201 {2}\n0 `█▆{22}█` 49/u);
    assert.doesNotMatch(hoverText({ ...facts, shape: [] }), /mean/);
  });

  it("says of which part of a large tensor the histogram is", () => {
    const data = Array.from({ length: 1000 }, (_, i) => i);
    const text = hoverText({ ...facts, shape: [5000], value: { ...facts.value!, data, truncated: true } });
    assert.match(text, /of the first 1000 elements/);
  });

  it("leaves out the middle of a tall text, so that what is below it is seen", () => {
    const rows = Array.from({ length: 50 }, (_, i) => `        [${i}.]`);
    const text = hoverText({ ...facts, valueText: rows.join(",\n") });
    assert.match(text, /\[2\.\],\n {8}\.\.\.,\n {8}\[47\.\],/);
    assert.doesNotMatch(text, /\[25\.\]/);
  });

  it("makes bad values stand out", () => {
    const text = hoverText({ ...facts, value: { ...facts.value!, nan: 2, inf: 1 } });
    assert.match(text, /\*\*2 NaN\*\* · \*\*1 infinite\*\*/);
  });

  it("lists a few uses and counts the rest", () => {
    const uses = Array.from({ length: 9 }, (_, i) => ({ name: `f${i}(w)`, line: i + 1 }));
    assert.match(hoverText({ ...facts, uses }), /`f0\(w\)` on line 1, .*`f5\(w\)` on line 6, 3 more$/);
  });

  it("lets no text of the program become a link or end its code block", () => {
    const evil = "`](command:workbench.action.quit) ```\n[x](command:y)";
    const text = hoverText({
      ...facts,
      title: evil,
      valueText: "```\n[x](command:y)\n```",
      why: "[x](command:y)",
      uses: [{ name: evil, line: 1 }],
    });
    const outside = text
      .replace(/(`{3,})text\n[\s\S]*?\n\1/g, "")
      .replace(/(`+)[^`]([\s\S]*?[^`])??\1(?!`)/g, "");
    assert.doesNotMatch(outside, /[^\\]\]\(command:/);
  });

  it("links only by commands whose arguments are encoded", () => {
    const actions = [{ title: "Copy [it]", command: "gradwalk.copyValue", arguments: [{ of: "a) b" }] }];
    const text = hoverText({ ...facts, actions });
    assert.match(text, /\[Copy \\\[it\\\]\]\(command:gradwalk\.copyValue\?%5B%7B%22of%22%3A%22a%29%20b/);
    assert.doesNotMatch(text, /a\) b/);
  });
});

describe("inline code", () => {
  it("is fenced by more ticks than it holds", () => {
    assert.equal(code("a"), "`a`");
    assert.equal(code("a`b``c"), "``` a`b``c ```");
    assert.equal(code("  \n "), "` `");
  });
});
