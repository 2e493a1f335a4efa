import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { Launcher } from "../../src/launcher/launcher.js";
import { Programs } from "../support/programs.js";
import { root, runnerBundle } from "../support/runner.js";

/** Whether a process of this id exists. */
function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

const LOOPS: Readonly<Record<string, string>> = {
  "that is empty": "let n = 0;\nwhile (true) {\n  n++;\n}",
  "of function calls":
    "function f(n: number): number {\n  return n + 1;\n}\nfor (let i = 0; ; i++) {\n  f(i);\n}",
  "in microtasks": "const turn = async (): Promise<void> => {\n  for (;;) await null;\n};\nawait turn();",
  "of timers": "const again = (): void => {\n  setTimeout(again, 0);\n};\nagain();",
  "inside one expression": "/(a*)*b/.test('a'.repeat(40));",
};

describe("limits of a run", () => {
  const programs = new Programs();
  after(() => programs.dispose());

  for (const [kind, text] of Object.entries(LOOPS)) {
    it(`ends an endless loop ${kind} at its time limit, and says where it was`, async () => {
      const { end, document } = await programs.run(text, { timeout: 0.3 });
      assert.deepEqual([end.reason, end.exit], ["timeout", 124]);
      assert.notEqual(end.where, null);
      const [problem] = document.problems;
      assert.deepEqual([problem?.code, problem?.line], ["timeout", end.where?.line]);
    });
  }

  it("tells the iteration that the innermost loop was in", async () => {
    const text = "for (let i = 0; i < 3; i++) {\n  for (let j = 0; ; j++) {\n    if (i < 1) break;\n  }\n}";
    const { end } = await programs.run(text, { timeout: 0.3 });
    assert.equal(end.where?.line, 2);
    assert.ok((end.where?.iteration ?? 0) > 1000);
  });

  it("keeps what was recorded up to the time limit", async () => {
    const { document } = await programs.run(
      'import * as torch from "gradwalk";\nconst w = torch.ones(2, { requires_grad: true });\nw.sum().backward();\nfor (;;) {}',
      { timeout: 0.5 },
    );
    assert.equal(document.backwards.length, 1);
    assert.deepEqual(document.bindings[0]?.grad?.data, [1, 1]);
  });

  it("ends a program that takes too much memory, at the line that takes it", async () => {
    const { end, document } = await programs.run(
      "const all: number[][] = [];\nfor (;;) {\n  all.push(new Array<number>(100_000).fill(1.5));\n}",
      { memoryLimit: 250 },
    );
    assert.deepEqual([end.reason, end.exit, end.where?.line], ["memory", 1, 3]);
    assert.match(document.problems[0]?.message ?? "", /more than 250 MB/);
  });

  it("stops at once when asked, in a loop that listens to nobody", async () => {
    const started = await programs.start({
      "main.ts": "console.log(process.pid);\n/(a*)*b/.test('a'.repeat(50));",
    });
    await until(() => started.output().stdout !== "");
    await started.run.stop();
    const { end, stdout } = await started.outcome();
    assert.deepEqual([end.reason, end.exit], ["stopped", 130]);
    assert.ok(!alive(Number(stdout)));
  });

  it("says where a running program is", async () => {
    const started = await programs.start({ "main.ts": "console.log(1);\nfor (;;) {\n  Math.random();\n}" });
    await until(() => started.output().stdout !== "");
    assert.ok([2, 3].includes((await started.run.where())?.line ?? 0));
    started.run.dispose();
    assert.equal((await started.run.ended).reason, "stopped");
  });

  it("takes the runner and its children with a parent that dies", async () => {
    const folder = programs.folder({
      "main.ts":
        'import { spawn } from "node:child_process";\nconst child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);\nconsole.log(process.pid, child.pid);\nsetInterval(() => {}, 1000);',
    });
    const launcher = join(folder, "launcher.mjs");
    await build({
      absWorkingDir: root,
      entryPoints: ["src/launcher/launcher.ts"],
      outfile: launcher,
      bundle: true,
      platform: "node",
      format: "esm",
      logLevel: "silent",
    });
    writeFileSync(
      join(folder, "parent.mjs"),
      `import { Launcher } from "./launcher.mjs";
       const run = new Launcher({ runner: ${JSON.stringify(await runnerBundle())} }).launch({ program: "main.ts", cwd: ${JSON.stringify(folder)} });
       run.onStdout((chunk) => process.stdout.write(chunk));`,
    );
    const parent = spawn(process.execPath, [join(folder, "parent.mjs")], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [chunk] = (await once(parent.stdout, "data")) as [Buffer];
    const pids = chunk.toString().trim().split(" ").map(Number);
    assert.ok(pids.every(alive));
    parent.kill("SIGKILL");
    await until(() => !pids.some(alive));
  });

  it("turns a runner that sends garbage, or can't be started, into the run's end", async () => {
    const folder = programs.folder({
      "garbage.mjs":
        'import { writeSync } from "node:fs"; writeSync(3, "no frames at all, only text"); setInterval(() => {}, 1000);',
    });
    for (const options of [
      { runner: join(folder, "garbage.mjs") },
      { runner: join(folder, "missing.mjs") },
      { runner: "x", execPath: join(folder, "no-node") },
    ]) {
      const launcher = new Launcher(options);
      const end = await launcher.launch({ program: "main.ts", cwd: folder }).ended;
      assert.deepEqual([end.reason, end.exit], ["crashed", 1]);
      assert.notEqual(end.error, null);
      launcher.dispose();
    }
  });
});
