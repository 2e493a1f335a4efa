import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { DType, JsonNumber } from "../../src/protocol/export.js";
import type { WireTensor } from "../../src/protocol/trace.js";
import { tensorText } from "../../src/session/text.js";

interface Case {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly data: readonly JsonNumber[];
  readonly suffix: string | null;
  readonly text: string;
}

function tensor(shape: readonly number[], dtype: DType, data: readonly JsonNumber[]): WireTensor {
  const rest = { min: null, max: null, mean: null, norm: null, nan: 0, inf: 0 };
  return { shape, dtype, data: Float64Array.from(data, Number), ...rest };
}

describe("a tensor's text in the details pane", () => {
  const url = new URL("fixtures/tensor_text.json", import.meta.url);
  const { cases } = JSON.parse(readFileSync(url, "utf8")) as { readonly cases: readonly Case[] };

  it("is what PyTorch prints", () => {
    assert.ok(cases.length > 30);
    for (const { shape, dtype, data, suffix, text } of cases) {
      assert.equal(tensorText(tensor(shape, dtype, data), suffix), text);
    }
  });

  it("is not there where only a part of the elements came", () => {
    assert.equal(tensorText(tensor([4], "float32", [1, 2, 3])), null);
  });

  it("is not there for an int64 that a number cannot hold", () => {
    assert.equal(tensorText(tensor([1], "int64", [2 ** 60])), null);
    assert.equal(tensorText(tensor([1], "int64", [2 ** 52])), `tensor([${2 ** 52}])`);
  });
});
