import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { build } from "esbuild";
import { Programs } from "../support/programs.js";
import { root, runnerBundle } from "../support/runner.js";
import { NO_BREAKPOINTS, Stepped } from "../support/stepping.js";

const PASS = `import * as torch from "gradwalk";
console.log(process.pid);
const w = torch.ones(2, { requires_grad: true });
w.mul(2).sum().backward();
console.log("later");
`;

const UNCAUGHT = [{ filter: "uncaught", threshold: null }] as const;

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The process goes within the test's own time, or the test fails by it. */
async function gone(pid: number): Promise<void> {
  while (alive(pid)) await delay(10);
}

describe("a program that is stepped", function () {
  // Each starts processes of its own, several of them.
  this.timeout(60_000);
  const programs = new Programs();
  after(() => programs.dispose());

  it("is gone when it is stopped at a pause", async () => {
    const stepped = await Stepped.start(programs, PASS, { onBackward: true });
    await stepped.next();
    const pid = Number.parseInt(stepped.stdout, 10);
    await stepped.run.stop();
    const end = await stepped.run.ended;
    assert.deepEqual([end.reason, end.exit, alive(pid)], ["stopped", 130, false]);
    assert.equal(stepped.stdout, `${pid}\n`);
    assert.equal(stepped.session.pass(0)?.steps.length, 0);
  });

  it("is gone when whoever steps it is killed", async () => {
    const folder = programs.folder({ "main.ts": PASS });
    const host = join(folder, "host.mjs");
    await build({
      absWorkingDir: root,
      entryPoints: ["src/launcher/launcher.ts"],
      outfile: join(folder, "launcher.mjs"),
      bundle: true,
      platform: "node",
      format: "esm",
      logLevel: "silent",
    });
    const debug = { ...NO_BREAKPOINTS, onBackward: true };
    const options = { program: join(folder, "main.ts"), cwd: folder, debug };
    writeFileSync(
      host,
      `import { Launcher } from "./launcher.mjs";
const run = new Launcher({ runner: ${JSON.stringify(await runnerBundle())} }).launch(${JSON.stringify(options)});
run.onStdout((chunk) => process.stdout.write(chunk));
run.onDebug((message) => process.stdout.write(message.type + "\\n"));`,
    );
    const child = spawn(process.execPath, [host], { stdio: ["ignore", "pipe", "inherit"] });
    let printed = "";
    child.stdout.on("data", (chunk) => {
      printed += chunk;
    });
    while (!/\d+\n/.test(printed) || !printed.includes("paused")) await delay(10);
    const pid = Number.parseInt(/\d+/.exec(printed)![0], 10);
    assert.equal(alive(pid), true);
    child.kill("SIGKILL");
    await once(child, "exit");
    await gone(pid);
  });

  it("is given no time limit while it waits, and all that is left of it afterwards", async () => {
    const text = PASS.replace('console.log("later");', "for (;;) {}");
    const stepped = await Stepped.start(programs, text, { onEntry: true }, { timeout: 1 });
    await stepped.next();
    await delay(1500);
    assert.equal(await stepped.evaluate("1 + 1"), "2");
    assert.equal(await stepped.resume("continue"), null);
    assert.equal((await stepped.run.ended).reason, "timeout");
    stepped.run.dispose();
  });

  it("pauses in a loop that never ends", async () => {
    const loop = await Stepped.start(
      programs,
      "function f(n: number): void {\n  for (let i = 0; ; i++) {\n    n += i;\n  }\n}\nf(1);",
      {},
    );
    await delay(300);
    await loop.ask({ type: "debug.pause" });
    const endless = await loop.next();
    assert.deepEqual([endless?.reason, endless?.at], ["pause", null]);
    assert.deepEqual(
      endless?.stack.map(({ name, line }) => [name, line]),
      [
        ["f", 2],
        ["<module>", 6],
      ],
    );
    await loop.run.stop();
  });

  it("pauses while it waits for a timer", async () => {
    const text = 'await new Promise((done) => {\n  setTimeout(done, 1e6);\n  console.log("waits");\n});';
    const timer = await Stepped.start(programs, text, {});
    await timer.printed("waits\n");
    await timer.ask({ type: "debug.pause" });
    const waiting = await timer.next();
    assert.deepEqual(
      [waiting?.reason, waiting?.stack[0]?.name, waiting?.stack[0]?.line],
      ["pause", "<waiting>", 1],
    );
    await timer.run.stop();
  });

  it("pauses between the passes of a training loop, and goes on", async () => {
    const text = `import * as torch from "gradwalk";
const w = torch.ones(2, { requires_grad: true });
let stop = false;
setTimeout(() => { stop = true; }, 3000);
while (!stop) {
  w.mul(2).sum().backward();
  await new Promise((done) => setTimeout(done, 1));
}
console.log("end");
`;
    const stepped = await Stepped.start(programs, text, {});
    await delay(500);
    await stepped.ask({ type: "debug.pause" });
    const pause = await stepped.next();
    assert.equal(pause?.reason, "pause");
    assert.equal((await stepped.resume("next"))?.reason, pause?.at === null ? "backward" : "step");
    await stepped.finish();
    assert.equal(stepped.stdout, "end\n");
  });

  it("may run a thousand passes before it pauses, with all their records at hand", async () => {
    const text = `import * as torch from "gradwalk";
const w = torch.ones(2, { requires_grad: true });
for (let i = 0; i < 1000; i++) w.mul(i).sum().backward();
`;
    const stepped = await Stepped.start(programs, text, {
      functions: [{ id: 1, name: "MulBackward0", condition: null, hitCondition: "1000" }],
    });
    const pause = await stepped.next();
    assert.deepEqual(pause?.at, { pass: 999, step: 1, node: 1 });
    assert.equal(stepped.session.outline().passes.length, 1000);
    await stepped.ask({ type: "debug.record", pass: 500 });
    assert.deepEqual(
      stepped.session.pass(500)?.steps.map(({ node }) => node),
      [2, 1, 0],
    );
    assert.equal(await stepped.evaluate("w.grad.sum().item()", { pass: 500, step: 0 }), String(499 * 500));
    await stepped.finish();
  });

  it("pauses where a hook throws that nobody catches, at the node and in the error's own frames", async () => {
    const text = `import * as torch from "gradwalk";
const w = torch.ones(2, { requires_grad: true });
const h = w.exp();
h.register_hook(() => {
  throw new RangeError("from the hook");
});
h.sum().backward();
`;
    const stepped = await Stepped.start(programs, text, { exceptions: UNCAUGHT });
    const pause = await stepped.next();
    assert.deepEqual(
      [pause?.reason, pause?.exception?.message, pause?.exception?.origin?.line],
      ["exception", "RangeError: from the hook", 5],
    );
    assert.equal(stepped.node, "ExpBackward0 h");
    assert.deepEqual(
      pause?.stack.map(({ line }) => line),
      [5, 7],
    );
    assert.equal(await stepped.evaluate("w.grad", null), "null");
    assert.equal(await stepped.ask({ type: "debug.engine" }), null);
    const end = await stepped.finish();
    assert.deepEqual([end.reason, end.exit, end.error?.message], ["error", 1, "from the hook"]);
  });

  it("pauses where a custom backward or the code between passes throws, but not where that is caught", async () => {
    const text = `import * as torch from "gradwalk";
class Bad extends torch.autograd.Function {
  static override forward(_: torch.autograd.FunctionContext, x: torch.Tensor): torch.Tensor {
    return x.mul(2);
  }
  static override backward(): torch.Tensor {
    throw new Error("from backward");
  }
}
const w = torch.ones(2, { requires_grad: true });
const run = (): void => Bad.apply<torch.Tensor>(w).sum().backward();
try {
  run();
} catch {
  console.log("caught");
}
w.sum().backward();
if (process.argv.length > 2) run();
throw new TypeError("between");
`;
    const between = await Stepped.start(programs, text, { exceptions: UNCAUGHT });
    const first = await between.next();
    assert.deepEqual(
      [first?.exception?.message, first?.at, first?.stack[0]?.line],
      ["TypeError: between", null, 19],
    );
    assert.equal((await between.finish()).exit, 1);
    const inside = await Stepped.start(programs, text, { exceptions: UNCAUGHT }, { args: ["again"] });
    const second = await inside.next();
    assert.deepEqual([second?.exception?.message, second?.at?.pass], ["Error: from backward", 2]);
    assert.equal(inside.node, "BadBackward");
    await inside.finish();
  });

  it("refuses commands that don't fit, and goes on", async () => {
    const stepped = await Stepped.start(programs, PASS, { onBackward: true });
    await stepped.next();
    const { ask } = stepped;
    const resume = (mode: object) => ask.call(stepped, { type: "debug.resume", resume: mode } as never);
    await assert.rejects(resume({ mode: "to", pass: 5, node: 0 }), /pass is not running/);
    await assert.rejects(resume({ mode: "to", pass: 0, node: 99 }), /does not run this node/);
    await assert.rejects(resume({ mode: "sideways" }), /does not know this request/);
    assert.equal(stepped.node, "SumBackward0");
    await stepped.finish();
    const plain = await programs.start({ "main.ts": PASS });
    await assert.rejects(plain.run.debug({ type: "debug.pause" }), /started without debugging/);
    plain.run.dispose();
  });
});
