/** @file Walking what was recorded: a saved trace, and the run that just ended. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Session } from "../../src/session/session.js";
import { Programs } from "../support/programs.js";
import { CALLS, Debugging, FAN_IN, LOOP } from "./programs.js";

describe("a record", function () {
  this.timeout(60_000);
  const debugging = new Debugging();
  const programs = new Programs();
  afterEach(async () => {
    await debugging.dispose();
    programs.dispose();
  });

  /** A trace beside its program, as \`gradwalk run --json\` writes it. */
  async function saved(text: string): Promise<{ readonly folder: string; readonly trace: string }> {
    const { folder, document } = await programs.run(text);
    const trace = join(folder, "run.json");
    writeFileSync(trace, JSON.stringify(Session.fromDocument(document).document(folder)));
    return { folder, trace };
  }

  it("is walked from its start to its end and back, without running anything", async () => {
    const { trace, folder } = await saved(LOOP);
    const client = await debugging.client();
    await client.launch({ trace, stopOnBackward: false });
    assert.equal(client.runs.length, 0);
    assert.match(client.output(), /record of a run/);
    const [frame] = await client.frames();
    assert.equal(frame?.source?.path, join(folder, "main.ts"));
    const there: string[] = [await client.top()];
    for (let i = 0; i < 8; i++) there.push((await client.move("next")).replace(/ \(\w+\)$/, ""));
    assert.equal(there.at(-1), "loss.backward(): complete 9");
    assert.equal(await client.move("reverseContinue"), `${there[0]} (entry)`);
    await client.get("continue", { threadId: 1 });
    await client.event("terminated");
  });

  it("obeys breakpoints with conditions, evaluated over what was recorded", async () => {
    const { trace, folder } = await saved(LOOP);
    const client = await debugging.client();
    const source = { path: join(folder, "main.ts") };
    await client.launch({ trace, stopOnBackward: false }, () =>
      client.get("setBreakpoints", {
        source,
        breakpoints: [{ line: 4, condition: "grad.norm() > 10" }, { line: 3 }],
      }),
    );
    const placed = client.messages.flatMap((one) =>
      "event" in one && one.event === "breakpoint" ? [one.body] : [],
    );
    assert.deepEqual(
      placed.map(({ breakpoint }) => [breakpoint.verified, breakpoint.line]),
      [
        [true, 4],
        [true, 4],
      ],
    );
    await client.get("setBreakpoints", { source, breakpoints: [{ line: 4, condition: "grad.norm() > 10" }] });
    assert.equal(await client.move("continue"), "MulBackward0 (y) 4 (breakpoint)");
    assert.equal(client.adapter.position?.pass, 1);
    const { result } = await client.get("evaluate", {
      expression: "(grad * 2)[0] > 100 ? 'large' : w.shape",
    });
    assert.equal(result, "'large'");
    const unknown = await client.ask("evaluate", { expression: "window.close()" });
    assert.match(unknown.message!, /window is not recorded/);
  });

  it("stops at calls that led to operations, as the program would", async () => {
    const { trace, folder } = await saved(CALLS);
    const client = await debugging.client();
    const source = { path: join(folder, "main.ts") };
    await client.launch({ trace, stopOnBackward: false });
    const { breakpoints } = await client.get("setBreakpoints", { source, breakpoints: [{ line: 8 }] });
    assert.deepEqual([breakpoints[0].verified, breakpoints[0].line], [true, 8]);
    assert.equal(await client.move("continue"), "MulBackward0 (h) 3 (breakpoint)");
    assert.equal(await client.move("continue"), "MulBackward0 3 (breakpoint)");
    await client.get("continue", { threadId: 1 });
    await client.event("terminated");
  });

  it("can't be changed, and says why", async () => {
    const client = await debugging.client();
    await client.launch({ trace: (await saved(FAN_IN)).trace });
    const { success, message } = await client.ask("setExpression", { expression: "grad", value: "2" });
    assert.equal(success, false);
    assert.match(message!, /record can't be changed: launch the program/);
  });

  it("is that of the run that just ended, where a client attaches", async () => {
    const { document } = await programs.run(FAN_IN);
    const session = Session.fromDocument(document);
    const client = await debugging.client({ lastRun: () => ({ session, run: null }) });
    await client.initialize();
    await client.get("attach", {});
    await client.get("configurationDone");
    await client.event("stopped");
    assert.equal(client.adapter.session, session);
    assert.equal(await client.move("next"), "AddBackward0 5 (step)");
    assert.deepEqual(await client.shows("Incoming gradients"), [
      "grad = tensor([1., 1.])",
      "grad ← SumBackward0 (loss) = tensor([1., 1.])",
    ]);
  });

  it("follows the graph panel, which goes where it wants", async () => {
    const client = await debugging.client();
    await client.launch({ trace: (await saved(LOOP)).trace });
    const seen: unknown[] = [];
    client.adapter.onPosition((position) => seen.push(position && [position.pass, position.step]));
    await client.adapter.goTo(1, 2);
    await client.adapter.goTo(0, 99);
    assert.deepEqual(seen, [
      [1, 2],
      [0, 4],
    ]);
    await assert.rejects(client.adapter.goTo(7, 0), /can't be walked/);
  });

  it("without a backward pass ends at once", async () => {
    const { trace } = await saved(
      `import * as torch from "gradwalk";\ntorch.ones([2], { requires_grad: true }).mul(2);\n`,
    );
    const client = await debugging.client();
    await client.begin({ trace });
    await client.event("terminated");
    assert.match(client.output(), /no backward pass/);
  });
});
