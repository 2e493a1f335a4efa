/** @file What the details pane says that hooks made of a gradient. */
import assert from "node:assert/strict";
import { changeText } from "../../webview/model/hooks.js";
import { tensor } from "./support/traces.js";

describe("a hook, in words", () => {
  const one = tensor([1, 2]);

  it("is what stood there before and after it", () => {
    assert.equal(
      changeText({ before: [one], after: [tensor([2, 4])] }),
      "tensor([1., 2.]) → tensor([2., 4.])",
    );
    assert.equal(changeText({ before: [one, null], after: [one, one] }), "[1] None → tensor([1., 2.])");
  });

  it("says where it changed nothing, and where it threw", () => {
    assert.equal(changeText({ before: [one], after: [tensor([1, 2])] }), "changed nothing");
    assert.equal(changeText({ before: [one], after: null }), "threw an error");
  });
});
