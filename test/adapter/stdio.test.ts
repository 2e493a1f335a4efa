/** @file `gradwalk dap` with a client that is not VS Code: over its streams, over a socket, and cut off. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { DebugClient } from "@vscode/debugadapter-testsupport";
import { buildCommand } from "../cli/command.js";
import { OUT } from "../support/paths.js";
import { PlainClient } from "./plainClient.js";
import { Debugging, isGone, LOOP } from "./programs.js";

const CLI = join(OUT, "test/package/dist/cli.js");
/** DebugClient starts a script without arguments. */
const SCRIPT = join(OUT, "test/package/dap.mjs");

const TELLS_PID = `console.log("pid", process.pid);\n${LOOP}`;

describe("gradwalk dap", function () {
  this.timeout(60_000);
  const debugging = new Debugging();
  const children: ChildProcess[] = [];
  let server: { readonly child: ChildProcess; readonly port: number } | null = null;
  const serving = async () => {
    server ??= await serve();
    return server;
  };
  before(async () => {
    await buildCommand();
    await writeFile(SCRIPT, 'process.argv.push("dap");\nawait import("./dist/cli.js");\n');
  });
  afterEach(() => debugging.dispose());
  after(() => {
    for (const child of children) child.kill("SIGKILL");
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

  /** One server for all that talk to a socket, which shows that each session leaves it as it was. */
  async function serve(): Promise<{ readonly child: ChildProcess; readonly port: number }> {
    const child = spawn(process.execPath, [CLI, "dap", "--port", "0"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    const port = await new Promise<number>((resolve) => {
      child.stdout!.on("data", (chunk: Buffer) => resolve(Number(/:(\d+)\n/.exec(chunk.toString())![1])));
    });
    return { child, port };
  }

  async function connected(port: number): Promise<DebugClient> {
    const client = new DebugClient("", "", "gradwalk");
    await client.start(port);
    client.defaultTimeout = 20_000;
    return client;
  }

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

  it("ends the program when the socket is cut in the middle", async () => {
    const { port } = await serving();
    const client = await connected(port);
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

  it("hits a breakpoint for one client, serves the next, and ends with its programs on SIGTERM", async () => {
    const { child, port } = await serving();
    const first = await connected(port);
    const program = debugging.program(LOOP);
    const place = { path: program, line: 5, verified: false };
    const launch = { program, stopOnBackward: false };
    await first.hitBreakpoint(launch, place, { path: program, line: 5 });
    await first.disconnectRequest({});
    await stepsBothWays(await connected(port), debugging.program(LOOP));
    const status = new Promise((resolve) => child.once("exit", (code) => resolve(code)));
    child.kill("SIGTERM");
    assert.equal(await status, 0);
    server = null;
  });
});
