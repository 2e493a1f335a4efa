import assert from "node:assert/strict";
import { instrument } from "../../src/instrument/instrument.js";
import { breakLocations, locate } from "../../src/instrument/locations.js";
import { hitTest } from "../../src/runner/debug/hits.js";

describe("hit conditions", () => {
  const hits = (text: string) => [1, 2, 3, 4, 5, 6].filter((count) => hitTest(text)?.(count));

  it("are those of VS Code", () => {
    const expected: Readonly<Record<string, readonly number[]>> = {
      "3": [3],
      "== 3": [3],
      "> 3": [4, 5, 6],
      ">=3": [3, 4, 5, 6],
      "< 3": [1, 2],
      " <= 3 ": [1, 2, 3],
      "% 3": [3, 6],
    };
    for (const [text, counts] of Object.entries(expected)) assert.deepEqual(hits(text), counts, text);
  });

  it("are nothing else", () => {
    for (const text of ["", "x", "3 times", "-1", "> ", "% 0", "3.5"])
      assert.equal(hitTest(text), null, text);
  });
});

describe("places for breakpoints", () => {
  const text = [
    'import * as torch from "gradwalk";',
    "const w = torch.ones(2);",
    "",
    "const y = w.mul(2).add(w.exp());",
    "const z = y",
    "  .sin()",
    "  .cos();",
  ].join("\n");
  const { sites } = instrument(text, { fileName: "/a.ts", firstSite: 0, probes: true });
  const locations = breakLocations(sites);
  const at = (line: number, column: number | null = null) => {
    return locate(locations, line, column).map((place) => `${place.line}:${place.column}`);
  };

  it("are the names of the calls on a line, and links of a chain on lines of their own", () => {
    assert.deepEqual(at(4), ["4:13", "4:20", "4:26"]);
    assert.deepEqual([at(6), at(7)], [["6:4"], ["7:4"]]);
  });

  it("are those of the next line that has some, and none after the last", () => {
    assert.deepEqual([at(1), at(3), at(5)], [["2:17"], ["4:13", "4:20", "4:26"], ["6:4"]]);
    assert.deepEqual(at(8), []);
  });

  it("are one where there is a column: the one there, the next, or the last", () => {
    assert.deepEqual([at(4, 20), at(4, 14), at(4, 99), at(4, 1)], [["4:20"], ["4:20"], ["4:26"], ["4:13"]]);
    assert.deepEqual(at(3, 30), ["4:13"]);
  });
});
