import assert from "node:assert/strict";
import { lessonsOf } from "../support/diagnosticPages.js";
import { buildCommand, gradwalk, withFiles } from "./command.js";

const LARGE = `import * as torch from "gradwalk";
torch.manual_seed(0);
const w = torch.randn(10, 20, { requires_grad: true });
for (let step = 0; step < 5; step++) {
  const loss = w.tanh().sum();
  loss.backward();
  w.grad!.zero_();
}
console.log("printed");
`;

describe("gradwalk check", function () {
  this.timeout(60_000);
  before(buildCommand);

  it("ends with 1 where a gradient is wrong, and names the operation and its line", async () => {
    const [lesson] = lessonsOf("gradient-mismatch");
    await withFiles({ "p.ts": lesson!.example }, async (cwd) => {
      const { status, text } = await gradwalk(["check", "p.ts"], { cwd });
      assert.equal(status, 1);
      assert.deepEqual(text.split("\n"), [
        "",
        "gradwalk check: p.ts · 1 gradient compared with finite differences · 1 wrong",
        `pass 1 · p.ts:${lesson!.line + 2}`,
        `  ✗ w [3] line ${lesson!.line - 1} · 9 where 27 is measured: CubeBackward`,
        `error: p.ts:${lesson!.line}:11 The backward of Cube does not compute the derivative of its forward: the gradient of w is 9 where finite differences measure 27.`,
        "",
      ]);
    });
  });

  it("ends with 0 where all agree, says what was compared, and lets the program print", async () => {
    await withFiles({ "p.ts": LARGE }, async (cwd) => {
      const { status, text } = await gradwalk(["check", "p.ts"], { cwd });
      assert.equal(status, 0);
      const lines = text.split("\n");
      assert.equal(lines[0], "printed");
      assert.equal(
        lines[2],
        "gradwalk check: p.ts · 3 gradients compared with finite differences · none is wrong",
      );
      assert.match(
        lines[4]!,
        /^ {2}✓ w \[10, 20\] line 3 · 1\d of 200 elements and 8 random directions, within \de-\d+$/,
      );
      assert.equal(lines.at(-2), "2 later passes of the same calls not checked");
    });
  });

  it("keeps the status of a program that throws", async () => {
    await withFiles({ "p.ts": `${LARGE}process.exit(7);\n` }, async (cwd) => {
      assert.equal((await gradwalk(["check", "p.ts"], { cwd })).status, 7);
    });
  });

  it("says where there is nothing to compare", async () => {
    await withFiles({ "p.ts": "export {};\n" }, async (cwd) => {
      const { status, text } = await gradwalk(["check", "p.ts"], { cwd });
      assert.equal(status, 0);
      assert.match(text, /nothing to compare/);
    });
  });
});
