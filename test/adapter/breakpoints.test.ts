/** @file Breakpoints of every kind, live; conditions, counts and messages; exceptions. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { CALLS, Debugging, FAN_IN, LOOP } from "./programs.js";

const NAN = `import * as torch from "gradwalk";
const x = torch.tensor([0, 1], { requires_grad: true });
const r = x.sqrt();
const loss = r.mul(torch.tensor([0, 1])).sum();
loss.backward();
`;

describe("breakpoints", function () {
  this.timeout(60_000);
  const debugging = new Debugging();
  afterEach(() => debugging.dispose());

  it("find their place when the program has loaded the file, each call of a line by its column", async () => {
    const client = await debugging.client();
    const program = debugging.program(FAN_IN);
    const source = { path: program };
    const wanted = [{ line: 5 }, { line: 5, column: 21 }, { line: 99 }];
    let told: { readonly breakpoints: readonly { readonly verified: boolean }[] } | null = null;
    await client.launch({ program }, async () => {
      told = await client.get("setBreakpoints", { source, breakpoints: wanted });
    });
    assert.ok(told!.breakpoints.every(({ verified }) => !verified));
    const { breakpoints } = await client.get("setBreakpoints", { source, breakpoints: wanted });
    assert.deepEqual(
      breakpoints.map((one: { verified: boolean; line?: number; column?: number }) => [
        one.verified,
        one.line,
        one.column,
      ]),
      [
        [true, 5, 16],
        [true, 5, 23],
        [false, undefined, undefined],
      ],
    );
    const locations = await client.get("breakpointLocations", { source, line: 5 });
    assert.deepEqual(
      locations.breakpoints.map(({ column }: { readonly column: number }) => column),
      [16, 23],
    );
  });

  it("on a line that only calls stop where the backward of each call begins, once", async () => {
    const client = await debugging.client();
    const program = debugging.program(CALLS);
    await client.launch({ program, stopOnBackward: false }, () =>
      client.get("setBreakpoints", { source: { path: program }, breakpoints: [{ line: 8 }] }),
    );
    const live = [await client.top(), await client.move("continue")];
    assert.deepEqual(live, ["MulBackward0 (h) 3", "MulBackward0 3 (breakpoint)"]);
    const second = client.adapter.position;
    assert.equal(await client.move("reverseContinue"), "MulBackward0 (h) 3 (breakpoint)");
    assert.equal(await client.move("continue"), live[1], "in the record as in the program");
    assert.deepEqual(client.adapter.position, second);
    assert.equal(await client.move("reverseContinue"), "MulBackward0 (h) 3 (breakpoint)");
    assert.match(await client.move("reverseContinue"), /^SumBackward0 \(loss\) 11 \(entry\)$/);
  });

  it("have their places before anything runs, and of files that are not loaded", async () => {
    const client = await debugging.client();
    const folder = debugging.folder({ "main.ts": FAN_IN, "other.ts": CALLS });
    const [program, other] = [join(folder, "main.ts"), join(folder, "other.ts")];
    const places = async (path: string, range: object) => {
      const { breakpoints } = await client.get("breakpointLocations", { source: { path }, ...range });
      return breakpoints.map((one: { line: number; column: number }) => `${one.line}:${one.column}`);
    };
    await client.initialize();
    const before = await places(program, { line: 1, endLine: 7 });
    assert.deepEqual(before, ["2:17", "3:13", "4:13", "5:16", "5:23", "6:6", "7:9", "7:15"]);
    assert.deepEqual(await places(join(folder, "none.ts"), { line: 1, endLine: 9 }), []);
    await client.get("launch", { program });
    await client.get("configurationDone");
    await client.event("stopped");
    assert.deepEqual(await places(program, { line: 1, endLine: 7 }), before);
    assert.deepEqual(await places(program, { line: 5, column: 17, endColumn: 30 }), ["5:23"]);
    assert.deepEqual(await places(other, { line: 8 }), ["8:17", "8:29"]);
    assert.deepEqual(await places(other, { line: 9, endLine: 10 }), []);
  });

  it("on blank lines and in files that nobody loads are moved, or say why they are not placed", async () => {
    const client = await debugging.client();
    const folder = debugging.folder({ "main.ts": CALLS, "other.ts": FAN_IN });
    const program = join(folder, "main.ts");
    const set = (path: string, lines: readonly number[]) =>
      client.get("setBreakpoints", { source: { path }, breakpoints: lines.map((line) => ({ line })) });
    await client.launch({ program });
    const { breakpoints } = await set(program, [9, 10, 40]);
    assert.deepEqual(
      breakpoints.map((one: DebugProtocol.Breakpoint) => [one.verified, one.line]),
      [
        [true, 11],
        [true, 11],
        [false, undefined],
      ],
    );
    assert.match(breakpoints[2].message, /No operation stands here/);
    const others = await set(join(folder, "other.ts"), [3]);
    assert.equal(others.breakpoints[0].verified, false);
    assert.match(others.breakpoints[0].message, /not been loaded/);
  });

  it("stop where a condition holds and a count is reached, and print messages", async () => {
    const client = await debugging.client();
    const program = debugging.program(LOOP);
    await client.launch({ program, stopOnBackward: false }, () =>
      client.get("setBreakpoints", {
        source: { path: program },
        breakpoints: [
          { line: 4, condition: "grad.item() > 10" },
          { line: 5, logMessage: "exp gets {grad.item()}" },
        ],
      }),
    );
    assert.equal(await client.top(), "MulBackward0 (y) 4");
    assert.equal(client.adapter.position?.pass, 1);
    assert.match(client.output(), /^exp gets 1\nexp gets 1\n$/);
    assert.equal(await client.move("reverseContinue"), "SumBackward0 (loss) 8 (entry)");
    await client.get("setBreakpoints", {
      source: { path: program },
      breakpoints: [{ line: 4, hitCondition: "2" }],
    });
    assert.equal(await client.move("continue"), "MulBackward0 (y) 4 (breakpoint)");
    assert.equal(client.adapter.position?.pass, 1, "the first hit is not enough, in the record either");
  });

  it("stop at grad_fn names, and before a leaf's .grad changes", async () => {
    const client = await debugging.client();
    const program = debugging.program(FAN_IN);
    await client.launch({ program, stopOnBackward: false }, () =>
      client.get("setFunctionBreakpoints", { breakpoints: [{ name: "Pow*" }, { name: "a" }] }),
    );
    assert.equal(await client.top(), "PowBackward0 (b) 4");
    assert.equal(await client.move("continue"), "MulBackward0 (a) 3 (function breakpoint)");
    const { dataId } = await client.get("dataBreakpointInfo", { name: "x.grad" });
    assert.equal((await client.get("dataBreakpointInfo", { name: "loss" })).dataId, null);
    await client.get("setDataBreakpoints", { breakpoints: [{ dataId }] });
    assert.equal(await client.move("continue"), "AccumulateGrad (x) 2 (data breakpoint)");
  });

  it("say what makes no sense instead of never stopping", async () => {
    const client = await debugging.stopped(FAN_IN);
    const { breakpoints } = await client.get("setBreakpoints", {
      source: { path: client.program },
      breakpoints: [
        { line: 3, condition: "grad >" },
        { line: 3, hitCondition: "often" },
      ],
    });
    assert.match(breakpoints[0].message, /condition is no expression/);
    assert.match(breakpoints[1].message, /"often" is no hit count/);
    const filters = {
      filters: [],
      filterOptions: [{ filterId: "exploding", condition: "large" }, { filterId: "odd" }],
    };
    const told = await client.get("setExceptionBreakpoints", filters);
    assert.match(told.breakpoints[0].message, /"large" is no threshold/);
    assert.match(told.breakpoints[1].message, /no exception filter "odd"/);
  });

  it("name the forward line where a NaN arose", async () => {
    const client = await debugging.stopped(NAN, { stopOnBackward: false });
    const { exceptionId, description } = await client.get("exceptionInfo", { threadId: 1 });
    assert.equal(exceptionId, "nan");
    assert.match(description, /main\.ts:3:/);
  });

  it("take thresholds as conditions", async () => {
    const client = await debugging.client();
    const exploding = { filters: [], filterOptions: [{ filterId: "exploding", condition: "> 5" }] };
    await client.launch({ program: debugging.program(LOOP), stopOnBackward: false }, () =>
      client.get("setExceptionBreakpoints", exploding),
    );
    assert.equal((await client.get("exceptionInfo", { threadId: 1 })).exceptionId, "exploding");
    assert.equal(await client.top(), "MulBackward0 (y) 4");
  });

  it("stop at an uncaught error, and the program ends by it", async () => {
    const client = await debugging.stopped(`${FAN_IN}throw new RangeError("gone");\n`, {
      stopOnBackward: false,
    });
    const { description } = await client.get("exceptionInfo", { threadId: 1 });
    assert.match(description, /gone/);
    assert.equal((await client.frames())[0]?.line, 8);
    await client.get("continue", { threadId: 1 });
    assert.deepEqual((await client.event("exited")).body, { exitCode: 1 });
  });
});
