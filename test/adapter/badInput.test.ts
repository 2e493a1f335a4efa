/** @file Requests that make no sense, and programs that misbehave: each gets an answer, and no process stays. */
import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { BrokenStream, frame, MessageReader } from "../../src/adapter/framing.js";
import { Debugging, FAN_IN } from "./programs.js";

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
