import assert from "node:assert/strict";
import { configured } from "../../../src/session/diagnostics/severities.js";

const problem = (code: string) => ({ code, severity: "warning" as const });

describe("the severities of diagnostics", () => {
  it("are set by code, and the rest keeps its own", () => {
    const problems = [problem("nan-origin"), problem("dead-relu"), problem("why-no-grad")];
    const told = configured(problems, { "nan-origin": "error", "dead-relu": "off" });
    assert.deepEqual(
      told.map(({ code, severity }) => [code, severity]),
      [
        ["nan-origin", "error"],
        ["why-no-grad", "warning"],
      ],
    );
  });

  it("stay as they are where the setting holds nonsense", () => {
    for (const setting of [undefined, null, 3, "off", [], { "nan-origin": "loud" }, { "nan-origin": 1 }]) {
      assert.deepEqual(configured([problem("nan-origin")], setting), [problem("nan-origin")]);
    }
  });
});
