import assert from "node:assert/strict";
import { Programs } from "../support/programs.js";

describe("how a program ends", () => {
  const programs = new Programs();
  after(() => programs.dispose());

  it("ends with 0 and hears beforeExit once and exit once, as in Node", async () => {
    const { end, stdout } = await programs.run(`
      let again = true;
      process.on("beforeExit", (code) => {
        console.log("beforeExit", code);
        if (again) setTimeout(() => console.log("more"), 1);
        again = false;
      });
      process.on("exit", (code) => console.log("exit", code));
      setTimeout(() => console.log("timer"), 5);
    `);
    assert.equal(end.reason, "exit");
    assert.equal(end.exit, 0);
    assert.equal(stdout, "timer\nbeforeExit 0\nmore\nbeforeExit 0\nexit 0\n");
  });

  it("hands on the code of process.exit and of process.exitCode", async () => {
    const called = await programs.run(`process.on("exit", () => console.log("bye")); process.exit(7);`);
    assert.deepEqual([called.end.reason, called.end.exit, called.stdout], ["exit", 7, "bye\n"]);
    const set = await programs.run("process.exitCode = 3;");
    assert.equal(set.end.exit, 3);
  });

  it("prints an uncaught error once, as Node does, with the lines of the TypeScript text", async () => {
    const { end, stderr, program, document } = await programs.run(
      [
        "interface Box { value: number }",
        "type Maybe = Box | null;",
        "",
        "function open(box: Maybe): number {",
        "  return box!.value;",
        "}",
        "open(null);",
      ].join("\n"),
    );
    assert.equal(end.reason, "error");
    assert.equal(end.exit, 1);
    assert.deepEqual([end.error?.name, end.error?.line, end.error?.column], ["TypeError", 5, 15]);
    assert.equal(
      stderr,
      [
        `${program}:5`,
        "  return box!.value;",
        "              ^",
        "",
        "TypeError: Cannot read properties of null (reading 'value')",
        `    at open (${program}:5:15)`,
        `    at ${program}:7:1`,
        "",
        `Node.js ${process.version}`,
        "",
      ].join("\n"),
    );
    assert.deepEqual(
      document.problems.map(({ code, line }) => [code, line]),
      [["uncaught", 5]],
    );
  });

  it("treats an unhandled rejection as an error, and lets the program's own listener have it", async () => {
    const { end, stderr } = await programs.run(
      'async function work(): Promise<void> {\n  await null;\n  throw new RangeError("late");\n}\nvoid work();\nsetTimeout(() => console.log("never"), 2000);',
    );
    assert.deepEqual([end.reason, end.exit, end.error?.name, end.error?.line], ["error", 1, "RangeError", 3]);
    assert.match(stderr, /RangeError: late\n {4}at work/);
    const heard = await programs.run(
      'process.on("unhandledRejection", (reason) => console.log("heard", reason));\nvoid Promise.reject(5);',
    );
    assert.deepEqual([heard.end.reason, heard.stdout], ["exit", "heard 5\n"]);
  });

  it("lets the program's uncaughtException listener go on", async () => {
    const { end, stdout } = await programs.run(`
      process.on("uncaughtException", (error: Error, origin) => console.log(error.message, origin));
      setTimeout(() => { throw new Error("first"); }, 1);
      setTimeout(() => console.log("going on"), 20);
    `);
    assert.deepEqual([end.reason, stdout], ["exit", "first uncaughtException\ngoing on\n"]);
  });

  it("survives values that are thrown and are no errors", async () => {
    for (const thrown of ["5", "null", "undefined", "{ toString() { throw 1; } }", "Object.create(null)"]) {
      const { end, stderr } = await programs.run(`throw ${thrown} as unknown;`);
      assert.deepEqual([end.reason, end.exit], ["error", 1], thrown);
      assert.match(stderr, /^Uncaught:\n/, thrown);
    }
  });

  it("places a recursion that is too deep", async () => {
    const { end } = await programs.run(
      "function deep(n: number): number {\n  return deep(n + 1) + 1;\n}\ndeep(0);",
    );
    assert.deepEqual([end.reason, end.error?.name, end.error?.line], ["error", "RangeError", 2]);
  });

  it("says where a top-level await waits for nothing, and ends with 13", async () => {
    const { end, stderr } = await programs.run("console.log(1);\nawait new Promise(() => {});");
    assert.equal(end.exit, 13);
    assert.match(stderr, /unsettled top-level await near .*main\.ts:2/);
  });

  it("runs an empty file, and one that makes no tensor", async () => {
    const empty = await programs.run("");
    assert.deepEqual([empty.end.reason, empty.stdout, empty.stderr], ["exit", "", ""]);
    assert.deepEqual([empty.document.graphs, empty.document.bindings], [[], []]);
    const plain = await programs.run("const x: number = 1;\nconsole.log(x + 1);");
    assert.deepEqual([plain.stdout, plain.document.graphs], ["2\n", []]);
  });

  it("gives call sites of the TypeScript text to a program's own Error.prepareStackTrace", async () => {
    const { stdout } = await programs.run(
      [
        "type T = string;",
        "interface I { a: T }",
        "Error.prepareStackTrace = (_, sites) => sites.map((s) => s.getLineNumber() + ':' + s.getFunctionName());",
        "function where(): unknown {",
        "  return new Error('x').stack;",
        "}",
        "console.log((where() as string[])[0]);",
      ].join("\n"),
    );
    assert.equal(stdout, "5:where\n");
  });

  it("shows nothing of itself to the program", async () => {
    const { stdout, program } = await programs.run(
      `console.log(JSON.stringify([process.argv.slice(1), process.execArgv, process.listenerCount("beforeExit"),
        process.env.ELECTRON_RUN_AS_NODE ?? null, process.env.GRADWALK_SPARE ?? null, process.env.OWN]));`,
      { args: ["--flag", "a b"], env: { OWN: "ö" } },
    );
    assert.deepEqual(JSON.parse(stdout), [[program, "--flag", "a b"], [], 0, null, null, "ö"]);
  });
});
