/** @file Programs that fail, hang or do nothing: each gets a clear message on the line concerned. */
import assert from "node:assert/strict";
import * as vscode from "vscode";
import {
  closeAll,
  graphTabs,
  lenses,
  lensOf,
  messages,
  open,
  PROGRAM,
  problems,
  replace,
  run,
  until,
  withSetting,
} from "./editor.js";

const IMPORT = 'import * as torch from "gradwalk";\n';

describe("bad input", () => {
  afterEach(closeAll);

  const failing: [what: string, text: string, problem: RegExp][] = [
    ["a syntax error", `${IMPORT}const a = torch.ones(2;\n`, /^2: Error .*(expected|Expected)/],
    ["a thrown error", `${IMPORT}\nthrow new RangeError("too far");\n`, /^3: Error .*RangeError.*too far/s],
    [
      "an error of the library",
      `${IMPORT}torch.ones(2).add(torch.ones(3));\n`,
      /^2: Error .*size of tensor a \(2\)/s,
    ],
    [
      "an unhandled rejection",
      `${IMPORT}async function f() {\n  throw new Error("nobody waits");\n}\nvoid f();\n`,
      /^3: Error .*nobody waits/s,
    ],
    ["an import that cannot be found", `${IMPORT}import "./nowhere.js";\n`, /^2: Error .*nowhere/s],
    [
      "a recursion that is too deep",
      `${IMPORT}const f = (n: number): number => f(n + 1) + 1;\nf(0);\n`,
      /^[23]: Error .*stack/is,
    ],
  ];
  for (const [what, text, problem] of failing) {
    it(`tells ${what} on its line`, async () => {
      const document = await open(text);
      const result = await run();
      assert.equal(result.state, "failed");
      const found = problems(document);
      assert.equal(found.length, 1, found.join("\n"));
      assert.match(found[0]!, problem);
    });
  }

  it("runs a program with a type error, which is TypeScript's business", async () => {
    const document = await open(`${IMPORT}const n: string = 1;\nconst t = torch.ones(2);\n`);
    assert.equal((await run()).state, "done");
    assert.deepEqual(problems(document), []);
    assert.ok(await lensOf(document, "t"));
  });

  it("runs an empty file, and one that never makes a tensor", async () => {
    for (const text of ["", "export const a = 1;\n"]) {
      const document = await open(text);
      const result = await run();
      assert.equal(result.state, "done");
      assert.equal(result.passes, 0);
      assert.deepEqual(problems(document), []);
    }
  });

  it("shows the graph of a program that never calls backward", async () => {
    const document = await open(PROGRAM.replace("L.backward();\n", ""));
    assert.equal((await run()).passes, 1);
    assert.match((await lensOf(document, "w"))!, /no grad yet: no backward\(\)$/);
  });

  it("stops an endless loop at the time limit, and says where it was", async () => {
    await withSetting("timeout", 0.5, async () => {
      const document = await open(
        `${IMPORT}let n = 0;\nwhile (true) {\n  n += torch.ones(1).item() as number;\n}\n`,
      );
      const result = await run();
      assert.equal(result.state, "failed");
      assert.equal(result.exit, 124);
      assert.match(problems(document).join("\n"), /^[34]: Error .*0\.5 s/s);
    });
  });

  it("stops a program that eats the memory", async () => {
    await withSetting("memoryLimit", 200, async () => {
      const document = await open(
        "const all: number[][] = [];\nfor (;;) all.push(new Array(100000).fill(1.5));\n",
      );
      const result = await run();
      assert.equal(result.state, "failed");
      assert.match(problems(document).join("\n"), /memory/i);
    });
  });

  it("survives a program that ends its process", async () => {
    const document = await open(`${IMPORT}process.exit(3);\n`);
    const result = await run();
    assert.equal(result.state, "failed");
    assert.equal(result.exit, 3);
    assert.equal((await run(await open(PROGRAM))).state, "done");
    assert.ok(document);
  });

  it("keeps the last good graph and its readouts when a run fails", async () => {
    const document = await open(PROGRAM);
    await run();
    await replace(document, "const x", "const = ;\nconst x");
    const result = await run();
    assert.equal(result.state, "failed");
    assert.match((await lenses(document)).join("\n"), /^5: w: .* · stale$/m);
    await until("the graph is open", () => graphTabs().length === 1);
  });

  it("says what to do where there is no program to run", async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    const shown = await messages(async () => vscode.commands.executeCommand("gradwalk.run"));
    assert.equal(shown.length, 1);
    assert.match(shown[0]!, /Open a TypeScript or JavaScript file first/);
  });

  it("takes a setting of the wrong type for the default", async () => {
    await withSetting("timeout", "soon", async () => {
      await open(PROGRAM);
      assert.equal((await run()).state, "done");
    });
  });
});
