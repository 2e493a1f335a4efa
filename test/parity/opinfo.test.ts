/** @file PyTorch's own operator tests: an entry passes when every sample passes every column. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as torch from "../../src/core/index.js";
import { judgeEntry } from "./opinfo.js";
import { coverageText, readEntry, supportedEntries } from "./opinfo_coverage.js";

describe("OpInfo", () => {
  const before = torch.set_warning_handler(() => {});
  after(() => torch.set_warning_handler(before));

  for (const name of supportedEntries()) {
    it(name, () => {
      const wrong = judgeEntry(readEntry(name)).flatMap((verdicts, i) =>
        Object.entries(verdicts).flatMap(([column, v]) => (v === null ? [] : [`case ${i}, ${column}: ${v}`])),
      );
      assert.deepEqual(wrong, []);
    });
  }

  it("has its table in docs/coverage.md, as the tool writes it", () => {
    const text = readFileSync(new URL("../../docs/coverage.md", import.meta.url), "utf8");
    assert.equal(text, coverageText(), "run: npx tsx test/parity/opinfo_coverage.ts");
  });
});
