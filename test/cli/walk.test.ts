/** @file `gradwalk step` by its keys, on a terminal that the test types into and reads. */
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import type { KeyInput } from "../../src/cli/keys.js";
import { TerminalWalk } from "../../src/cli/terminalWalk.js";
import { Launcher } from "../../src/launcher/launcher.js";
import { Programs } from "../support/programs.js";
import { runnerBundle } from "../support/runner.js";

const LOOP = `import * as torch from "gradwalk";
const w = torch.tensor([2], { requires_grad: true });
for (let i = 1; i <= 2; i++) {
  const loss = w.mul(i).sum();
  loss.backward();
}
console.log("done");
`;

const NEXT = "n";
const RIGHT = "\x1b[C";
const LEFT = "\x1b[D";
const CTRL_C = "\x03";

class Typed extends EventEmitter implements KeyInput {
  raw = false;
  reads = false;

  setRawMode(raw: boolean): void {
    this.raw = raw;
  }
  setEncoding(): void {}
  resume(): void {
    this.reads = true;
  }
  pause(): void {
    this.reads = false;
  }
}

describe("gradwalk step in a terminal", function () {
  this.timeout(60_000);
  const programs = new Programs();
  const launchers: Launcher[] = [];
  afterEach(() => {
    for (const launcher of launchers.splice(0)) launcher.dispose();
  });
  after(() => programs.dispose());

  interface Ending {
    /** What is shown last, before the key that ends the walk at once. */
    readonly seen: RegExp;
    readonly key: string;
  }

  /** Types all keys ahead: each waits for the stop of the one before. */
  async function typed(
    text: string,
    keys: readonly string[],
    ending?: Ending,
  ): Promise<{ status: number; lines: string[] }> {
    const launcher = new Launcher({ runner: await runnerBundle() });
    launchers.push(launcher);
    const input = new Typed();
    let shown = "";
    const output = {
      write(chunk: string | Uint8Array): boolean {
        shown += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
        if (ending?.seen.test(shown)) input.emit("data", ending.key);
        return true;
      },
    };
    const program = `${programs.folder({ "main.ts": text })}/main.ts`;
    const walk = new TerminalWalk(launcher, program, [], { input, output });
    assert.ok(input.raw && input.reads);
    for (const key of keys) input.emit("data", key);
    const status = await walk.done;
    assert.deepEqual([input.raw, input.reads, input.listenerCount("data")], [false, false, 0], "given back");
    const lines = shown.trimEnd().split("\n");
    return { status, lines: lines.map((line) => line.trim().replace(/ {2,}/g, " | ")) };
  }

  it("goes a line a node forward, back, forward again, and on to the program's end", async () => {
    const { status, lines } = await typed(LOOP, [NEXT, RIGHT, LEFT, " ", "c", "c"]);
    assert.equal(status, 0);
    assert.match(lines[0]!, /n next · b back/);
    assert.deepEqual(
      lines.slice(1).map((line) => line.replace(/ · \S*main\.ts:/, " · main.ts:")),
      [
        "pass 1 · loss.backward() · main.ts:5 · 3 nodes",
        "1 | SumBackward0 (loss) | line 4 | 1 → [1]",
        "2 | MulBackward0 | line 4 | [1] → [1], –",
        "3 | AccumulateGrad (w) | line 2 | [1]",
        "2 | MulBackward0 | line 4 | [1] → [1], –",
        "3 | AccumulateGrad (w) | line 2 | [1]",
        "pass 2 · loss.backward() · main.ts:5 · 3 nodes",
        "1 | SumBackward0 (loss) | line 4 | 1 → [1]",
        "done",
      ],
    );
  });

  it("goes to the start, and to a step by its number", async () => {
    const ending = { seen: /\n +2 .*\n$/, key: "q" };
    const { status, lines } = await typed(LOOP, ["3\r", "c", "r", "3\r", "b"], ending);
    assert.equal(status, 0);
    assert.deepEqual(
      lines.filter((line) => /^\d+ \||^\(/.test(line)),
      [
        "1 | SumBackward0 (loss) | line 4 | 1 → [1]",
        "1 | SumBackward0 (loss) | line 4 | 1 → [1]",
        "1 | SumBackward0 (loss) | line 4 | 1 → [1]",
        "1 | SumBackward0 (loss) | line 4 | 1 → [1]",
        "(start of the record)",
        "3 | AccumulateGrad (w) | line 2 | [1] → .grad [1] (was None)",
        "2 | MulBackward0 | line 4 | [1] → [1], –",
      ],
    );
    assert.ok(!lines.includes("done"), "who quits ends the program where it waits");
  });

  it("stays at the end of the last pass, and ends by Ctrl+C as an interrupted command does", async () => {
    const ending = { seen: /\(the program has ended.*\)\n$/, key: CTRL_C };
    const { status, lines } = await typed(LOOP.replace("i <= 2", "i <= 1"), [NEXT, NEXT, "x", NEXT], ending);
    assert.equal(status, 130);
    assert.deepEqual(lines.slice(-3), [
      "done",
      "(end of the pass)",
      "(the program has ended: b back, n or q quit)",
    ]);
  });

  it("says where there is no backward pass", async () => {
    const { status, lines } = await typed("process.exitCode = 0;\n", []);
    assert.equal(status, 0);
    assert.deepEqual(lines, ["The program called no backward()."]);
  });
});
