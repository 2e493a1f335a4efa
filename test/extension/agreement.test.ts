/** @file A problem is told once, by whoever knows better: the run of the very text, or the text that has gone on. */
import assert from "node:assert/strict";
import { agreed, keyOf, type Sides } from "../../src/extension/diagnostics/agreement.js";

interface Told {
  readonly code: string;
  readonly line: number;
}

const problem = (code: string, line: number): Told => ({ code, line });
const set = (...problems: Told[]) => new Set(problems.map(keyOf));
const TEXT = "one\ntwo\nthree\n";

function sides(part: Partial<Sides<Told>>): { run: string[]; found: string[] } {
  const { run, found } = agreed({
    run: [],
    ran: TEXT,
    complete: true,
    found: [],
    text: TEXT,
    foundThen: new Set(),
    ...part,
  });
  return { run: run.map(keyOf), found: found.map(keyOf) };
}

describe("problems of a run and of the text", () => {
  const both = problem("second-backward", 2);

  it("are the text's alone before anything has run", () => {
    assert.deepEqual(sides({ ran: null, foundThen: null, found: [both] }).found, ["second-backward 2"]);
  });

  it("are told by the run where both know them", () => {
    const told = sides({ run: [both], found: [both], complete: false, foundThen: set(both) });
    assert.deepEqual(told, { run: ["second-backward 2"], found: [] });
  });

  it("are told once, though the lines have moved since the run", () => {
    const moved = problem("second-backward", 3);
    const told = sides({ run: [both], found: [moved], text: `zero\n${TEXT}`, foundThen: set(both) });
    assert.deepEqual(told, { run: ["second-backward 2"], found: [] });
  });

  it("of another kind on the same line are told both", () => {
    const told = sides({ run: [both], found: [problem("why-no-grad", 2)], complete: false });
    assert.deepEqual(told, { run: ["second-backward 2"], found: ["why-no-grad 2"] });
  });

  it("are gone where a whole run of the text did not meet them, also after an edit elsewhere", () => {
    assert.deepEqual(sides({ found: [both], foundThen: set(both) }).found, []);
    const moved = problem("second-backward", 3);
    assert.deepEqual(sides({ found: [moved], text: `zero\n${TEXT}`, foundThen: set(both) }).found, []);
  });

  it("stay where the run ended before it came to them", () => {
    const told = sides({ found: [both], foundThen: set(both), complete: false });
    assert.deepEqual(told.found, ["second-backward 2"]);
  });

  it("that an edit brings are told, on lines that ran without them too", () => {
    assert.deepEqual(sides({ found: [both], text: "one\ntwo\n", foundThen: new Set() }).found, [
      "second-backward 2",
    ]);
  });

  it("that an edit mends are gone without a run, where the text had told them", () => {
    const text = "uno\ntwo\nthree\n";
    assert.deepEqual(sides({ run: [both], text, foundThen: set(both) }).run, []);
    assert.deepEqual(sides({ run: [both], text, foundThen: new Set() }).run, ["second-backward 2"]);
    assert.deepEqual(sides({ run: [both], text, foundThen: null }).run, ["second-backward 2"]);
  });
});
