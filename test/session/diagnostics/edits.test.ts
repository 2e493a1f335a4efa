import assert from "node:assert/strict";
import { byFile, currentEdits, type Edit, edited } from "../../../src/session/diagnostics/edits.js";

const insert = (line: number, column: number, text: string): Edit => ({
  line,
  column,
  endLine: line,
  endColumn: column,
  text,
});

describe("the edits of a quick fix", () => {
  it("are made together, whatever their order, and keep line ends", () => {
    const edits = [insert(2, 2, "Y"), { ...insert(1, 1, "X"), endColumn: 2 }, insert(2, 2, "Z")];
    assert.equal(edited("ab\r\ncd\n", edits), "Xb\r\ncYZd\n");
  });

  it("move with their line", () => {
    const moved = currentEdits([insert(2, 1, "x")], "a\nb", "new\na\nb", (line) => line + 1);
    assert.deepEqual(moved, [insert(3, 1, "x")]);
  });

  it("are not offered for a line that is gone or was changed since the run", () => {
    const edit = [insert(2, 1, "x")];
    assert.equal(
      currentEdits(edit, "a\nb", "a", () => null),
      null,
    );
    assert.equal(
      currentEdits(edit, "a\nb", "a\nbb", (line) => line),
      null,
    );
  });

  it("are not offered where a line came between two that they span", () => {
    const edit = { ...insert(1, 1, "x"), endLine: 2 };
    const map = (line: number) => (line === 2 ? 3 : line);
    assert.equal(currentEdits([edit], "a\nb", "a\nnew\nb", map), null);
  });

  it("see the text as an editor has it, without a byte order mark", () => {
    assert.deepEqual(
      currentEdits([insert(1, 1, "x")], "\uFEFFa", "a", (line) => line),
      [insert(1, 1, "x")],
    );
  });

  it("are sorted by file; those that name none are the problem's own", () => {
    const fix = { title: "", edits: [insert(1, 1, "x"), { ...insert(1, 1, "y"), file: "/b.ts" }] };
    assert.deepEqual([...byFile(fix, "/a.ts").keys()], ["/a.ts", "/b.ts"]);
  });
});
