import assert from "node:assert/strict";
import * as fc from "fast-check";
import { type Compared, compare } from "./harness.js";
import { program } from "./programs.js";

const SEED = 2026;
const COUNT = 120;

/**
 * What the text of a site must end with for an operation to have run there. `T` is left out: a property that is
 * read where V8 may quote it has to do with the site of a call before it.
 */
const shapes: Readonly<Record<string, RegExp>> = {
  tensor: /tensor\(.*\)$|…$/,
  add: /add\(.*\)$|…$/,
  neg: /\.neg(\?\.)?\(\)$|…$/,
};

describe("arbitrary programs", () => {
  const texts = fc.sample(program, { numRuns: COUNT, seed: SEED });
  let compared: Compared[];
  before(async function () {
    this.timeout(120_000);
    compared = await compare(texts.map((text, i) => ({ name: `program${i}.ts`, text })));
  });

  it("print and throw with probes what they do without", () => {
    for (const [i, { plain, probed, output }] of compared.entries()) {
      assert.deepEqual(output.diagnostics, [], texts[i]);
      assert.deepEqual(probed.printed, plain.printed, texts[i]);
      assert.equal(probed.error, plain.error, texts[i]);
    }
  });

  it("run to their ends, most of them with errors on the way", () => {
    const ended = compared.filter(({ plain }) => plain.error === null);
    assert.ok(ended.length > COUNT * 0.9);
    assert.ok(
      ended.filter(({ plain }) => plain.printed.some((each) => each.includes("is not a function"))).length >
        10,
    );
  });

  it("record every operation at a call that is that operation", () => {
    let checked = 0;
    for (const [i, { probed, sites }] of compared.entries()) {
      for (const { op, site } of probed.ops) {
        const place = sites[site];
        assert.ok(place !== undefined, texts[i]);
        const shape = shapes[op];
        if (shape === undefined) continue;
        assert.match(place.text, shape, `${op} at ${place.line}:${place.column} ${place.text}\n${texts[i]}`);
        checked++;
      }
    }
    assert.ok(checked > 1000, `${checked} operations`);
  });

  it("nest scopes as the text nests, where functions are not involved", () => {
    for (const [i, { probed, sites }] of compared.entries()) {
      for (const { scope } of probed.ops) {
        for (const [k, frame] of scope.entries()) {
          const here = sites[frame.site]!;
          if (here.kind !== "loop" || k === 0) continue;
          assert.equal(here.within, scope[k - 1]!.site, texts[i]);
        }
      }
    }
  });
});
