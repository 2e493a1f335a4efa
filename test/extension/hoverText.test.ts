/** @file The words of a hover: right, and unable to say more than we mean. */
import assert from "node:assert/strict";
import { code, type Facts, hoverText } from "../../src/extension/hover/hoverText.js";
import { type PassFacts, passText } from "../../src/extension/hover/passText.js";

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

describe("passText", () => {
  const readout = {
    source: { file: "/a.ts", line: 9, column: 1 },
    times: 5,
    pass: 4,
    rootName: "loss",
    root: 1,
    steps: 7,
    leaves: 2,
    roots: [4, 3, null, 2, 1],
    passes: [0, 1, 2, 3, 4],
  };
  const facts: PassFacts = {
    readout,
    text: "loss.backward()",
    which: "last of 5",
    norms: { b: 0.5, w: 2.5 },
    actions: [{ title: "Show in Graph", command: "gradwalk.showNode", arguments: [4, 0] }],
    stale: false,
  };

  it("tells the root, the nodes, the leaves by the size of their gradients, and the way of the loss", () => {
    assert.equal(
      passText(facts),
      [
        "`loss.backward()` — `loss` 1 · 7 nodes run · last of 5",
        "[Show in Graph](command:gradwalk.showNode?%5B4%2C0%5D)",
        "**2 leaves reached** — `w` ‖2.5‖, `b` ‖0.5‖",
        "`█▆×▃▁` from 4 to 1 in 5 passes, least 1",
      ].join("\n\n"),
    );
  });

  it("tells what is there of a single pass without a name, and of a gradient that went bad", () => {
    const once = { ...readout, rootName: null, root: null, roots: [null], leaves: 1, steps: 1 };
    const text = passText({
      ...facts,
      readout: once,
      which: null,
      norms: { w: Number.NaN },
      actions: [],
      stale: true,
    });
    assert.equal(text, "`loss.backward()` — 1 node run · stale\n\n**1 leaf reached** — `w` ‖nan‖");
  });
});

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
