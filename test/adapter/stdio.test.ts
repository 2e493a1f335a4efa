/** @file `gradwalk dap` with a client that is not VS Code: over its streams, over a socket, and cut off. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { DebugClient } from "@vscode/debugadapter-testsupport";
import { buildCommand } from "../cli/command.js";
import { OUT } from "../support/paths.js";
import { PlainClient } from "./plainClient.js";
import { Debugging, LOOP } from "./programs.js";

const CLI = join(OUT, "test/package/dist/cli.js");
/** DebugClient starts a script without arguments. */
const SCRIPT = join(OUT, "test/package/dap.mjs");

/** Whether the process is gone; a dead one may take a moment to be reaped. */
async function isGone(pid: number): Promise<boolean> {
  for (let i = 0; i < 250; i++) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    await sleep(20);
  }
  return false;
}

const TELLS_PID = `console.log("pid", process.pid);\n${LOOP}`;

describe("gradwalk dap", function () {
  this.timeout(60_000);
  const debugging = new Debugging();
  const children: ChildProcess[] = [];
  before(async () => {
    await buildCommand();
    await writeFile(SCRIPT, 'process.argv.push("dap");\nawait import("./dist/cli.js");\n');
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    await debugging.dispose();
  });

  /** Steps as every client does that DebugClient stands for. */
  async function stepsBothWays(client: DebugClient, program: string): Promise<void> {
    const stops = client.waitForEvent("stopped");
    await Promise.all([client.configurationSequence(), client.launch({ program })]);
    await stops;
    const at = { path: program, line: 8 };
    const steps = async (act: () => Promise<unknown>, reason: string, line: number) => {
      await Promise.all([act(), client.assertStoppedLocation(reason, { path: program, line })]);
    };
    const { body } = await client.stackTraceRequest({ threadId: 1 });
    assert.equal(body.stackFrames[0]?.line, at.line);
    await steps(() => client.nextRequest({ threadId: 1 }), "step", 5);
    await steps(() => client.nextRequest({ threadId: 1 }), "step", 4);
    await steps(() => client.stepBackRequest({ threadId: 1 }), "step", 5);
    await steps(() => client.reverseContinueRequest({ threadId: 1 }), "entry", 8);
    await steps(() => client.continueRequest({ threadId: 1 }), "entry", 8);
  }

  it("steps both ways over its streams", async () => {
    const client = new DebugClient(process.execPath, SCRIPT, "gradwalk");
    client.defaultTimeout = 20_000;
    await client.start();
    await stepsBothWays(client, debugging.program(LOOP));
    await client.stop();
  });

  it("hits a breakpoint over its streams", async () => {
    const client = new DebugClient(process.execPath, SCRIPT, "gradwalk");
    client.defaultTimeout = 20_000;
    await client.start();
    const program = debugging.program(LOOP);
    const launch = { program, stopOnBackward: false };
    const place = { path: program, line: 5, verified: false };
    await client.hitBreakpoint(launch, place, { path: program, line: 5 });
    await client.stop();
  });

  async function serving(): Promise<{ readonly child: ChildProcess; readonly port: number }> {
    const child = spawn(process.execPath, [CLI, "dap", "--port", "0"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    const port = await new Promise<number>((resolve) => {
      child.stdout!.on("data", (chunk: Buffer) => resolve(Number(/:(\d+)\n/.exec(chunk.toString())![1])));
    });
    return { child, port };
  }

  it("serves one client after another on a socket, and ends with its programs on SIGTERM", async () => {
    const { child, port } = await serving();
    for (let i = 0; i < 2; i++) {
      const client = new DebugClient("", "", "gradwalk");
      await client.start(port);
      client.defaultTimeout = 20_000;
      await stepsBothWays(client, debugging.program(LOOP));
      if (i === 0) await client.disconnectRequest({});
    }
    const status = new Promise((resolve) => child.once("exit", (code) => resolve(code)));
    child.kill("SIGTERM");
    assert.equal(await status, 0);
  });

  it("serves a client of another make, which counts from 0 and names files by URI", async () => {
    const { port } = await serving();
    const client = await PlainClient.connect(port);
    const program = debugging.program(LOOP);
    const uri = pathToFileURL(program).href;
    const counts = { linesStartAt1: false, columnsStartAt1: false, pathFormat: "uri" };
    await client.ask("initialize", { adapterID: "gradwalk", clientID: "other", ...counts });
    await client.ask("launch", { program: uri, stopOnBackward: false });
    const breakpoints = [{ line: 3, column: 14, condition: "grad.item() > 2" }];
    await client.ask("setBreakpoints", { source: { path: uri }, breakpoints });
    await client.ask("configurationDone");
    await client.event("stopped");
    assert.equal(await client.top(), "MulBackward0 (y) 3");
    const { stackFrames } = await client.ask<{ stackFrames: { source?: { path?: string } }[] }>(
      "stackTrace",
      {
        threadId: 1,
      },
    );
    assert.equal(stackFrames[0]?.source?.path, uri);
    assert.equal(await client.move("stepBack"), "ExpBackward0 4");
    assert.equal(await client.move("next"), "MulBackward0 (y) 3");
    const { result } = await client.ask("evaluate", { expression: "grad.item() > 2" });
    assert.equal(result, "true");
    await assert.rejects(client.ask("disassemble"), /does not know the request/);
    await client.ask("terminate");
    await client.event("terminated");
    client.close();
  });

  it("steps a pass of a hundred thousand nodes both ways, and the process is gone afterwards", async () => {
    const { port } = await serving();
    const client = await PlainClient.connect(port);
    const program = debugging.program(`import * as torch from "gradwalk";
let x = torch.ones([], { requires_grad: true });
for (let i = 0; i < 100_000; i++) x = x.neg();
console.log("pid", process.pid);
x.backward();
`);
    await client.ask("initialize", { adapterID: "gradwalk" });
    await client.ask("launch", { program });
    await client.ask("configurationDone");
    const { output } = await client.event("output");
    await client.event("stopped");
    assert.equal(await client.move("next"), "NegBackward0 (x) 3");
    assert.equal(await client.move("stepBack"), "NegBackward0 (x) 3");
    await client.ask("setFunctionBreakpoints", { breakpoints: [{ name: "AccumulateGrad" }] });
    assert.equal(await client.move("continue"), "AccumulateGrad (x) 2");
    assert.equal((await client.ask("evaluate", { expression: "grad.item()" })).result, "1");
    await client.ask("disconnect");
    assert.ok(await isGone(Number(/pid (\d+)/.exec(String(output))![1])));
    client.close();
  });

  it("ends the program when the socket is cut in the middle", async () => {
    const { port } = await serving();
    const client = new DebugClient("", "", "gradwalk");
    await client.start(port);
    client.defaultTimeout = 20_000;
    const printed = client.waitForEvent("output");
    const stopped = client.waitForEvent("stopped");
    const program = debugging.program(TELLS_PID);
    await Promise.all([client.configurationSequence(), client.launch({ program })]);
    await stopped;
    const pid = Number(/pid (\d+)/.exec((await printed).body.output)![1]);
    await client.stop();
    assert.ok(await isGone(pid));
  });

  it("ends by itself at the end of its input", async () => {
    const child = spawn(process.execPath, [CLI, "dap"], { stdio: ["pipe", "ignore", "inherit"] });
    children.push(child);
    const status = new Promise((resolve) => child.once("exit", (code) => resolve(code)));
    child.stdin!.end();
    assert.equal(await status, 0);
  });

  it("ends the connection of what does not speak DAP", async () => {
    const { port } = await serving();
    const socket = createConnection(port, "127.0.0.1");
    socket.write(`GET / HTTP/1.1\r\nHost: x\r\n\r\n`);
    await new Promise<void>((resolve) => socket.once("close", () => resolve()).resume());
  });
});
