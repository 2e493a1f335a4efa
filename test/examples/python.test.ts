import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

/** The examples are a program of their own, which this one knows by address only. */
interface Python {
  f(texts: TemplateStringsArray, ...values: readonly unknown[]): string;
  float(value: number): string;
  numpy(values: Float32Array): string;
}
const address = new URL("../../examples/python.ts", import.meta.url).href;
const { f, float, numpy }: Python = await import(address);

describe("Python's spelling in the notebooks' examples", () => {
  it("has True, False and None, and everything else as it prints itself", () => {
    assert.equal(f`${true} ${false} ${null} ${undefined} ${3} ${"x"}`, "True False None None 3 x");
    assert.equal(f`plain`, "plain");
  });

  it("shows that a number is a float", () => {
    assert.deepEqual([9, 0, -2, 0.5].map(float), ["9.0", "0.0", "-2.0", "0.5"]);
  });

  it("prints vectors as NumPy does", () => {
    const url = new URL("fixtures/numpy.json", import.meta.url);
    const { cases } = JSON.parse(readFileSync(url, "utf8")) as {
      readonly cases: readonly { readonly values: readonly number[]; readonly text: string }[];
    };
    assert.ok(cases.length > 10);
    for (const { values, text } of cases) assert.equal(numpy(Float32Array.from(values)), text);
  });
});
