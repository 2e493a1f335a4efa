import assert from "node:assert/strict";
import { Launcher } from "../../src/launcher/launcher.js";
import { Programs } from "../support/programs.js";
import { runnerBundle } from "../support/runner.js";

describe("a run's streams", () => {
  const programs = new Programs();
  after(() => programs.dispose());

  it("passes ten megabytes through whole and in order, also when the program exits at once", async () => {
    const { stdout, end } = await programs.run(`
      for (let i = 0; i < 100_000; i++) console.log(String(i).padStart(99, "."));
      process.exit(5);
    `);
    assert.equal(end.exit, 5);
    assert.equal(stdout.length, 10_000_000);
    assert.ok(stdout.endsWith(`${"99999".padStart(99, ".")}\n`));
  });

  it("has all output before its end", async () => {
    const started = await programs.start({ "main.ts": "console.log('out'); console.error('err');" });
    await started.run.ended;
    assert.deepEqual(started.output(), { stdout: "out\n", stderr: "err\n" });
    started.run.dispose();
  });

  it("gives an empty input unless told otherwise", async () => {
    const { stdout } = await programs.run(
      "let n = 0; for await (const chunk of process.stdin) n += chunk.length; console.log('read', n);",
    );
    assert.equal(stdout, "read 0\n");
  });

  it("runs on a runner that was kept waiting, with its own folder, arguments and environment", async () => {
    const launcher = new Launcher({ runner: await runnerBundle(), spare: true });
    // It can be asked about a text while it waits.
    const text = 'import * as torch from "gradwalk";\ntorch.arange(3, { requires_grad: true });\n';
    const [problem, ...others] = await launcher.inspect("/nowhere/a.ts", text);
    assert.deepEqual(others, []);
    assert.deepEqual([problem?.code, problem?.severity, problem?.line], ["why-no-grad", "error", 2]);
    assert.equal(problem?.message, problem?.words?.template);
    assert.equal(problem?.fixes?.[0]?.title, "Make torch.arange(3, { requires_grad: true }) float32");
    const folder = programs.folder({
      "main.ts":
        "console.log(process.cwd() === import.meta.dirname, process.argv[2], process.env.ONE ?? null);",
    });
    for (const [arg, env, expected] of [
      ["a", { ONE: "1" }, "true a 1\n"],
      ["b", {}, "true b null\n"],
    ] as const) {
      const run = launcher.launch({ program: "main.ts", cwd: folder, args: [arg], env });
      let text = "";
      run.onStdout((chunk) => {
        text += Buffer.from(chunk).toString();
      });
      assert.equal((await run.ended).reason, "exit");
      assert.equal(text, expected);
      run.dispose();
    }
    launcher.dispose();
  });

  it("has the memory of its own limit, whatever the runner that waited was started with", async () => {
    const launcher = new Launcher({ runner: await runnerBundle(), spare: true, memoryLimit: 256 });
    const cwd = programs.folder({
      "main.ts":
        'import { getHeapStatistics } from "node:v8"; console.log(getHeapStatistics().heap_size_limit >> 20);',
    });
    const run = launcher.launch({ program: "main.ts", cwd, memoryLimit: 1024 });
    let text = "";
    run.onStdout((chunk) => {
      text += Buffer.from(chunk).toString();
    });
    await run.ended;
    launcher.dispose();
    assert.ok(Number(text) >= 1024, text);
  });
});
