import assert from "node:assert/strict";
import { Programs } from "../support/programs.js";

describe("programs that can't be loaded", () => {
  const programs = new Programs();
  after(() => programs.dispose());

  it("reports a syntax error at its line, and every further one as a problem", async () => {
    const { end, stderr, program, document } = await programs.run("const a = 1;\nlet b = ;\nlet c = ;\n");
    assert.deepEqual([end.reason, end.exit, end.error?.name], ["error", 1, "SyntaxError"]);
    assert.ok(
      stderr.startsWith(`${program}:2\nlet b = ;\n        ^\n\nSyntaxError: Expression expected.`),
      stderr,
    );
    assert.deepEqual(document.problems.map(({ code, line, column }) => [code, line, column]).sort(), [
      ["syntax-error", 2, 9],
      ["syntax-error", 3, 9],
    ]);
  });

  it("runs a program with a type error", async () => {
    const { end, stdout } = await programs.run('const n: number = "text" as never;\nconsole.log(n);');
    assert.deepEqual([end.reason, stdout], ["exit", "text\n"]);
  });

  it("names the import, its line and what was tried where a file is missing", async () => {
    const { end, stderr } = await programs.run(
      'const a = 1;\nimport { b } from "./lib/b.js";\nconsole.log(a, b);',
    );
    assert.equal(end.error?.line, 2);
    assert.match(
      end.error?.message ?? "",
      /Cannot find module '\.\/lib\/b\.js' imported from .*main\.ts, line 2\. Tried b\.ts, b\.tsx, b\.js in /,
    );
    assert.match(stderr, /main\.ts:2\nimport \{ b \} from "\.\/lib\/b\.js";\n {18}\^/);
  });

  it("tells a missing package from a missing file", async () => {
    const { end } = await programs.run('import x from "no-such-package";\nconsole.log(x);');
    assert.match(end.error?.message ?? "", /npm install no-such-package/);
  });

  it("places an import of a name that is not exported", async () => {
    const { end } = await programs.run({
      "main.ts": '// first\nimport { missing } from "./lib.js";\nconsole.log(missing);',
      "lib.ts": "export const present = 1;",
    });
    assert.deepEqual([end.error?.name, end.error?.line, end.error?.column], ["SyntaxError", 2, 25]);
  });

  it("places errors that only the engine finds", async () => {
    const { end } = await programs.run(
      "interface I { a: 1 }\nlet a = 1;\n\nlet a = 2;\nawait null;\nexport {};",
    );
    assert.deepEqual([end.error?.name, end.error?.line, end.error?.column], ["SyntaxError", 4, 5]);
  });

  it("reports the imported file's error in the imported file", async () => {
    const { end, folder } = await programs.run({
      "main.ts": 'import "./broken.js";',
      "broken.ts": "let x = 1;\nfunction (",
    });
    assert.deepEqual([end.error?.file, end.error?.line], [`${folder}/broken.ts`, 2]);
  });

  it("says so where the program itself does not exist", async () => {
    const { end } = await programs.run({ "other.ts": "" }, { program: "main.ts" });
    assert.equal(end.reason, "error");
    assert.match(end.error?.message ?? "", /no such file.*main\.ts/);
  });

  it("places a rejected dynamic import", async () => {
    const { stdout } = await programs.run(
      'try { await import("./nowhere.js"); } catch (e) { console.log((e as { code: string }).code); }',
    );
    assert.equal(stdout, "ERR_MODULE_NOT_FOUND\n");
  });
});
