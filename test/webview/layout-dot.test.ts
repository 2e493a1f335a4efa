import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { layoutNow } from "../../webview/layout/layout.js";
import { flat, kinds } from "./layout/corpus.js";
import type { DotFixture } from "./layout/make-dot-fixture.js";
import { measure } from "./layout/measures.js";

const fixture = JSON.parse(
  readFileSync(new URL("layout/fixtures/dot.json", import.meta.url), "utf8"),
) as DotFixture;

/** Ours may be this much larger than dot's. */
const tolerance = { crossings: 1.25, edgeLength: 1.2, area: 1.2 };

describe("layout against graphviz dot", () => {
  for (const size of fixture.sizes) {
    for (const { name, make } of kinds) {
      const dot = fixture.measures[`${name} ${size}`];
      if (!dot) continue;
      it(`draws ${name} of ${size} nodes about as well`, () => {
        const input = flat(make(size).input());
        assert.equal(input.nodes.length, dot.nodes, "the corpus has changed: make the fixture again");
        const ours = measure(input, layoutNow(input));
        const ratios = {
          crossings: ours.crossings / Math.max(dot.crossings, 1),
          edgeLength: ours.edgeLength / dot.edgeLength,
          area: ours.area / dot.area,
        };
        for (const what of ["crossings", "edgeLength", "area"] as const)
          assert.ok(
            ratios[what] <= tolerance[what],
            `${what} is ${ratios[what].toFixed(2)} times that of dot`,
          );
      });
    }
  }

  it("has every kind of graph to compare with", () => {
    for (const { name } of kinds) assert.ok(fixture.measures[`${name} 100`], name);
  });
});
