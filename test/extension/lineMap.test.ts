/** @file Lines of a text that ran, found again in the text as it was edited since. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { lineMap } from "../../src/extension/lineMap.js";

/** The lines now of lines 1, 2, … then. */
function moved(original: string[], current: string[]): (number | null)[] {
  const map = lineMap(original.join("\n"), current.join("\n"));
  return original.map((_, index) => map.toCurrent(index + 1));
}

const program = ["const a = 1;", "", "const b = 2;", "", "const c = 3;"];

describe("lineMap", () => {
  it("leaves a text as it is that was not edited", () => {
    const map = lineMap("a\nb", "a\nb");
    assert.equal(map.identical, true);
    assert.equal(map.toCurrent(2), 2);
    assert.equal(map.toOriginal(2), 2);
  });

  it("takes no notice of a byte order mark, which an editor does not show", () => {
    assert.equal(lineMap("\uFEFFa\nb", "a\nb").identical, true);
  });

  it("moves lines down when one is put in above", () => {
    assert.deepEqual(moved(program, ["// new", ...program]), [2, 3, 4, 5, 6]);
  });

  it("moves lines up when one above is deleted, and forgets that one", () => {
    assert.deepEqual(moved(program, program.slice(1)), [null, 1, 2, 3, 4]);
  });

  it("stays with a line that is edited", () => {
    assert.deepEqual(
      moved(program, ["const a = 1;", "", "const b = 21;", "", "const c = 3;"]),
      [1, 2, 3, 4, 5],
    );
  });

  it("stays with an edited line when another comes beside it", () => {
    const edited = ["const a = 1;", "", "const b = 22;", "log(b);", "", "const c = 3;"];
    assert.deepEqual(moved(program, edited), [1, 2, 3, 5, 6]);
  });

  it("follows edits in several places at once", () => {
    const edited = ["// top", "const a = 1;", "", "const b = 2;", "", "// more", "const c = 3;"];
    assert.deepEqual(moved(program, edited), [2, 3, 4, 5, 7]);
  });

  it("finds nothing in a text that has nothing in common", () => {
    assert.deepEqual(moved(["a", "b", "c"], ["x"]), [null, null, null]);
  });

  it("counts lines alike with either line ending", () => {
    assert.equal(lineMap("a\r\nb\r\nc", "new\r\na\r\nb\r\nc").toCurrent(3), 4);
  });

  const line = fc.constantFrom("", "}", "const x = 1;", "const y = x;", "f(x, y);", "return z;");
  const text = fc.array(line, { maxLength: 30 });

  it("keeps the order of lines, and never has two on one", () => {
    fc.assert(
      fc.property(text, text, (original, current) => {
        const lines = moved(original, current).filter((found) => found !== null);
        for (let i = 1; i < lines.length; i++) assert.ok(lines[i]! > lines[i - 1]!);
        for (const found of lines) assert.ok(found >= 1 && found <= Math.max(current.length, 1));
      }),
    );
  });

  it("leads back to where it came from", () => {
    fc.assert(
      fc.property(text, text, (original, current) => {
        const map = lineMap(original.join("\n"), current.join("\n"));
        original.forEach((_, index) => {
          const there = map.toCurrent(index + 1);
          if (there !== null) assert.equal(map.toOriginal(there), index + 1);
        });
      }),
    );
  });
});
