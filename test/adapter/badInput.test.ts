/** @file Requests that make no sense, and programs that misbehave: each gets an answer, and no process stays. */
import assert from "node:assert/strict";
import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { BrokenStream, frame, MessageReader } from "../../src/adapter/framing.js";
import type { Client } from "./client.js";
import { Debugging, FAN_IN, LOOP } from "./programs.js";

describe("a client that errs", function () {
  this.timeout(60_000);
  const debugging = new Debugging();
  afterEach(() => debugging.dispose());

  it("is told which request comes first", async () => {
    const client = await debugging.client();
    assert.match((await client.ask("next", { threadId: 1 })).message!, /initialize comes first/);
    await client.initialize();
    assert.match((await client.ask("initialize", { adapterID: "x" })).message!, /has come already/);
    assert.match((await client.ask("next", { threadId: 1 })).message!, /launch or attach comes first/);
    assert.match((await client.ask("attach", {})).message!, /no run to attach to/);
  });

  it("is told that a request is unknown, malformed or stale", async () => {
    const client = await debugging.stopped(FAN_IN);
    assert.match((await client.ask("constructor")).message!, /does not know the request "constructor"/);
    assert.match((await client.ask("disassemble", {})).message!, /does not know/);
    assert.match((await client.ask("scopes", {})).message!, /"frameId" is missing/);
    assert.match((await client.ask("setBreakpoints", { source: "x" })).message!, /"source" is no object/);
    assert.match((await client.ask("scopes", { frameId: 999 })).message!, /no such frame/);
    assert.match((await client.ask("goto", { threadId: 1, targetId: 999 })).message!, /no such target/);
    const { reference } = await client.scope("Leaves");
    await client.move("next");
    assert.match(
      (await client.ask("variables", { variablesReference: reference })).message!,
      /no such variable/,
    );
    assert.match((await client.ask("launch", { program: "x" })).message!, /launched already/);
  });

  it("is told what is wrong with its launch configuration, and may try again", async () => {
    const client = await debugging.client();
    await client.initialize();
    const refusal = async (args: object) => (await client.ask("launch", args)).message;
    assert.match((await refusal({}))!, /give "program"/);
    assert.match((await refusal({ program: "/nowhere/p.ts" }))!, /no file .*p\.ts/);
    assert.match(
      (await refusal({ program: debugging.program(FAN_IN), args: "x" }))!,
      /"args".*list of texts/,
    );
    const folder = debugging.folder({ "broken.json": "{}" });
    assert.match((await refusal({ trace: join(folder, "broken.json") }))!, /no Gradwalk trace/);
    await client.get("launch", { program: debugging.program(FAN_IN) });
    await client.get("configurationDone");
    await client.event("stopped");
  });

  it("is answered whatever it sends", async () => {
    const client = await debugging.client();
    client.adapter.handle(null as never);
    client.adapter.handle({ type: "request" } as never);
    client.adapter.handle("{" as never);
    await client.initialize();
    assert.match(client.output(), /no request/);
  });

  it("may go at any time, and the process goes with it", async () => {
    for (const steps of [0, 2]) {
      const client = await debugging.stopped(FAN_IN);
      for (let i = 0; i < steps; i++) await client.move("next");
      await client.get("disconnect", {});
      await assert.rejects(client.runs[0]!.where());
      assert.match((await client.ask("next", { threadId: 1 })).message!, /session is over/);
    }
  });
});

/** The process of every run of the client's. */
async function assertGone(client: Client): Promise<void> {
  await client.adapter.dispose();
  for (const run of client.runs) await assert.rejects(run.where(), /has ended/);
}

describe("what a person gets wrong", function () {
  this.timeout(60_000);
  const debugging = new Debugging();
  afterEach(() => debugging.dispose());

  it("in a condition is told once, and stops rather too often", async () => {
    const client = await debugging.client();
    const program = debugging.program(LOOP);
    await client.launch({ program, stopOnBackward: false }, () =>
      client.get("setBreakpoints", {
        source: { path: program },
        breakpoints: [{ line: 4, condition: "nothing.here > 1" }],
      }),
    );
    assert.equal(await client.top(), "MulBackward0 (y) 4");
    assert.equal(await client.move("continue"), "MulBackward0 (y) 4 (breakpoint)");
    assert.equal(client.output().match(/nothing\.here > 1.*counts as true/g)?.length, 1);
    assert.equal(
      await client.move("reverseContinue"),
      "MulBackward0 (y) 4 (breakpoint)",
      "in the record too",
    );
  });

  it("in a change is refused with the shape or dtype that it should have", async () => {
    const client = await debugging.stopped(FAN_IN);
    await client.move("next");
    const change = async (expression: string, value: string) =>
      (await client.ask("setExpression", { expression, value })).message ?? "";
    assert.match(await change("grad", "[1, 2, 3]"), /has the shape \[2\], but the new value has \[3\]/);
    assert.match(
      await change("grad", "torch.tensor([1, 2], { dtype: torch.float64 })"),
      /is float32.*float64/,
    );
    assert.match(await change("grad", "'much'"), /needs a tensor or numbers/);
    assert.match(await change("grad", "grad +"), /./);
    assert.match(await change("nothing", "1"), /can't be changed/);
    assert.deepEqual((await client.shows("Incoming gradients"))[0], "grad = tensor([1., 1.])");
  });
});

describe("a program that misbehaves", function () {
  this.timeout(60_000);
  const debugging = new Debugging();
  afterEach(() => debugging.dispose());

  it("without backward() ends as it would", async () => {
    const client = await debugging.client();
    await client.begin({ program: debugging.program(`console.log("nothing to step");\n`) });
    await client.event("terminated");
    assert.equal(client.output(), "nothing to step\n");
  });

  it("that does not compile tells so and ends", async () => {
    const client = await debugging.client();
    await client.begin({ program: debugging.program("const = 3;\n") });
    for (;;) {
      const { event, body } = await Promise.race([client.event("stopped"), client.event("exited")]);
      if (event === "exited") {
        assert.deepEqual(body, { exitCode: 1 });
        break;
      }
      await client.get("continue", { threadId: 1 });
    }
    await client.event("terminated");
    assert.match(client.output(), /main\.ts/);
  });

  it("that throws inside a hook is shown where it threw, and its record can be walked", async () => {
    const client = await debugging.stopped(`import * as torch from "gradwalk";
const x = torch.ones([1], { requires_grad: true });
const y = x.mul(2);
y.register_hook(() => {
  throw new Error("in the hook");
});
y.exp().backward();
`);
    await client.get("continue", { threadId: 1 });
    await client.event("stopped");
    assert.match((await client.get("exceptionInfo", { threadId: 1 })).description, /in the hook/);
    assert.match(await client.move("stepBack"), /ExpBackward0/);
  });

  it("that throws inside a custom backward is shown where it threw; so is one that throws between passes", async () => {
    const client = await debugging.stopped(`import * as torch from "gradwalk";
class Broken extends torch.autograd.Function {
  static forward(_: torch.autograd.FunctionContext, x: torch.Tensor) {
    return x.mul(2);
  }
  static backward(): torch.Tensor {
    throw new RangeError("in the backward");
  }
}
const x = torch.ones([1], { requires_grad: true });
x.mul(3).backward();
try {
  (Broken.apply(x) as torch.Tensor).sum().backward();
} catch {
  console.log("caught");
}
throw new TypeError("between the passes");
`);
    await client.get("continue", { threadId: 1 });
    assert.equal((await client.event("stopped")).body.reason, "entry", "the pass that will fail begins");
    assert.equal(await client.move("next"), "BrokenBackward 13 (step)");
    await client.get("continue", { threadId: 1 });
    assert.equal((await client.event("stopped")).body.reason, "exception");
    const { description } = await client.get("exceptionInfo", { threadId: 1 });
    assert.match(description, /between the passes/);
    assert.equal((await client.frames())[0]?.line, 17);
    assert.match(await client.move("stepBack"), /complete 13/, "how far the broken pass came");
    assert.equal(await client.move("stepBack"), "SumBackward0 13 (step)");
    await client.get("continue", { threadId: 1 });
    assert.equal((await client.event("stopped")).body.reason, "exception", "back where the program waits");
    await client.get("continue", { threadId: 1 });
    assert.deepEqual((await client.event("exited")).body, { exitCode: 1 });
    assert.match(client.output(), /caught\n[\s\S]*TypeError: between the passes/);
    await assertGone(client);
  });

  it("of a thousand passes is walked from its last to its first", async () => {
    const client = await debugging.client();
    const program = debugging.program(`import * as torch from "gradwalk";
const w = torch.ones([1], { requires_grad: true });
for (let i = 0; i < 1000; i++) w.mul(i).backward();
`);
    const wanted = { breakpoints: [{ name: "Mul*", hitCondition: "1000" }] };
    await client.launch({ program, stopOnBackward: false }, () =>
      client.get("setFunctionBreakpoints", wanted),
    );
    assert.deepEqual([client.adapter.position?.pass, client.adapter.position?.live], [999, true]);
    assert.equal(await client.move("reverseContinue"), "MulBackward0 3 (entry)");
    assert.equal(client.adapter.position?.pass, 0);
    assert.equal(await client.move("continue"), "MulBackward0 3 (function breakpoint)");
    assert.equal(client.adapter.position?.pass, 999);
    await client.get("disconnect", {});
    await assertGone(client);
  });

  it("prints a lot, and every line of it comes before the end", async () => {
    const client = await debugging.client();
    const line = "x".repeat(99);
    await client.begin({
      program: debugging.program(`for (let i = 0; i < 20_000; i++) console.log("${line}");
`),
    });
    await client.event("terminated");
    assert.equal(client.output(), `${line}\n`.repeat(20_000));
  });

  it("is saved with another text meanwhile: the person is told, and a restart runs the new one", async () => {
    const client = await debugging.stopped(FAN_IN);
    writeFileSync(client.program, `\n\n${FAN_IN}`);
    const later = new Date(Date.now() + 5000);
    utimesSync(client.program, later, later);
    assert.equal(await client.move("next"), "AddBackward0 5 (step)", "the lines of what runs");
    await client.move("next");
    assert.equal(client.output().match(/main\.ts was changed while the program runs/g)?.length, 1);
    await client.get("restart", {});
    await client.event("stopped");
    assert.equal(await client.top(), "SumBackward0 (loss) 7");
  });

  it("is gone when the client goes while it runs, or never begins it", async () => {
    const client = await debugging.client();
    await client.begin({ program: debugging.program("for (;;);\n") });
    await client.event("process");
    await client.get("disconnect", {});
    await assertGone(client);
    const early = await debugging.client();
    await early.initialize();
    await early.get("launch", { program: debugging.program(FAN_IN) });
    await early.get("disconnect", {});
    assert.equal(early.runs.length, 0);
    assert.match((await early.ask("configurationDone")).message!, /session is over/);
  });

  it("that exits by itself while stepping is over", async () => {
    const client = await debugging.stopped(`${FAN_IN}process.exit(3);\n`);
    await client.get("continue", { threadId: 1 });
    assert.deepEqual((await client.event("exited")).body, { exitCode: 3 });
  });
});

describe("the base protocol", () => {
  it("reads messages however they are cut", () => {
    const message = fc.record(
      {
        seq: fc.nat(),
        type: fc.constant("request"),
        command: fc.string({ unit: "grapheme" }),
      },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 40 })),
        (messages, cuts) => {
          const bytes = Buffer.concat(messages.map(frame));
          const reader = new MessageReader();
          const read: unknown[] = [];
          let at = 0;
          for (const cut of [...cuts, bytes.length]) {
            read.push(...reader.push(bytes.subarray(at, at + cut)));
            at += cut;
          }
          assert.deepEqual(read, messages);
        },
      ),
    );
  });

  it("gives content that is no JSON as it is, and stops where there is no header", () => {
    const reader = new MessageReader();
    assert.deepEqual(reader.push(Buffer.from("Content-Length: 3\r\n\r\n{x}")), ["{x}"]);
    assert.throws(() => reader.push(Buffer.from("Hello: 3\r\n\r\n")), BrokenStream);
    assert.throws(() => new MessageReader().push(Buffer.alloc(10_000, "a")), BrokenStream);
  });
});
