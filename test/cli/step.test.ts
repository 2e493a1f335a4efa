import assert from "node:assert/strict";
import { buildCommand, gradwalk, withFiles } from "./command.js";

const FAN_IN = `import * as torch from "gradwalk";
const x = torch.tensor([1, 2], { requires_grad: true });
const a = x.mul(3);
const b = x.pow(2);
const loss = a.add(b).sum();
loss.backward();
console.log("printed");
`;

describe("gradwalk step", function () {
  this.timeout(60_000);
  before(buildCommand);

  it("prints the whole walk, a line for each node, where there is no terminal", async () => {
    await withFiles({ "p.ts": FAN_IN }, async (cwd) => {
      const { status, text } = await gradwalk(["step", "p.ts"], { cwd });
      assert.equal(status, 0);
      assert.deepEqual(text.replaceAll(/ {2,}/g, "  ").split("\n"), [
        "printed",
        "pass 1 · loss.backward() · p.ts:6 · 5 nodes",
        "  1  SumBackward0 (loss)  line 5  1 → [1, 1]",
        "  2  AddBackward0  line 5  [1, 1] → [1, 1], [1, 1]",
        "  3  PowBackward0 (b)  line 4  [1, 1] → [2, 4]",
        "  4  MulBackward0 (a)  line 3  [1, 1] → [3, 3], –",
        "  5  AccumulateGrad (x)  line 2  [5, 7] → .grad [5, 7] (was None)",
        "",
      ]);
    });
  });

  it("says where there is nothing to walk, and ends as the program does", async () => {
    await withFiles({ "p.ts": "process.exitCode = 3;\n" }, async (cwd) => {
      const { status, text } = await gradwalk(["step", "p.ts"], { cwd });
      assert.equal(status, 3);
      assert.equal(text, "The program called no backward().\n");
    });
  });
});
