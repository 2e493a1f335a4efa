import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { checkExport } from "../session/exportChecker.js";
import { buildCommand, gradwalk, withFiles } from "./command.js";

const LINE = `import * as torch from "gradwalk";
const x = torch.tensor([2, 4, 6]);
const w = torch.tensor([0.5], { requires_grad: true });
const loss = w.mul(x).mean();
loss.backward();
`;

const THROWS = `${LINE}function fail(): never {
  throw new RangeError("the learning rate is gone");
}
fail();
`;

const HANGS = `import * as torch from "gradwalk";
const w = torch.tensor([0.5], { requires_grad: true });
console.log("started", process.pid);
for (;;) {
  w.mul(2);
}
`;

/** Whether the process is gone; a dead one may take a moment to be reaped. */
async function isGone(pid: number): Promise<boolean> {
  for (let i = 0; i < 100; i++) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    await sleep(20);
  }
  return false;
}

describe("gradwalk run", function () {
  this.timeout(60_000);
  before(buildCommand);

  it("passes both streams through, byte for byte", async () => {
    const program = `import { writeSync } from "node:fs";
process.stdout.write(Uint8Array.of(0, 255, 10, 13, 226, 130, 172));
console.error("to the other stream");
console.log("gr\\u00fc\\u00dfe", { a: [1] });
writeSync(1, "no line end");
`;
    await withFiles({ "p.ts": program }, async (cwd) => {
      const { status, stdout, stderr } = await gradwalk(["run", "p.ts", "--quiet"], { cwd });
      assert.equal(status, 0);
      const bytes = [0, 255, 10, 13, 226, 130, 172];
      assert.deepEqual(
        stdout,
        Buffer.concat([Buffer.from(bytes), Buffer.from("grüße { a: [ 1 ] }\nno line end")]),
      );
      assert.equal(stderr, "to the other stream\n");
    });
  });

  it("hands arguments and input on", async () => {
    const program = `let text = "";
for await (const chunk of process.stdin) text += chunk;
console.log(process.argv.slice(2), text.trim());
`;
    await withFiles({ "p.ts": program }, async (cwd) => {
      const args = ["run", "p.ts", "--quiet", "--", "--json", "two words"];
      const { text, stderr } = await gradwalk(args, { cwd, input: "typed\n" });
      assert.equal(text, "[ '--json', 'two words' ] typed\n", stderr);
    });
  });

  it("ends with a list of leaves and gradients", async () => {
    await withFiles({ "fit line.ts": LINE }, async (cwd) => {
      const { status, text } = await gradwalk(["run", "fit line.ts"], { cwd });
      assert.equal(status, 0);
      assert.match(text, /gradwalk: fit line\.ts · 1 backward pass · \d/);
      assert.match(text, /^ {2}x {2}line 2 {2}\[3\] {2}\[2, 4, 6\] {2}no grad: does not require grad$/m);
      assert.match(text, /^ {2}w {2}line 3 {2}\[1\] {2}\[0\.5\] {6}grad \[4\]$/m);
    });
  });

  it("says so where a program has no tensor", async () => {
    await withFiles({ "p.ts": "" }, async (cwd) => {
      const { status, text } = await gradwalk(["run", "p.ts"], { cwd });
      assert.equal(status, 0);
      assert.match(text, /no backward pass[\s\S]*No variable holds a leaf tensor/);
    });
  });

  it("leaves the list out where an export is written", async () => {
    await withFiles({ "p.ts": LINE }, async (cwd) => {
      const { text } = await gradwalk(["run", "p.ts", "--json", "out.json"], { cwd });
      assert.equal(text, "");
      const document = JSON.parse(await readFile(join(cwd, "out.json"), "utf8"));
      checkExport(document);
      assert.deepEqual(document.program, { file: "p.ts", exit: 0, error: null });
      assert.equal(document.graphs.length, 1);
    });
  });

  it("writes all exports of a run at once", async () => {
    await withFiles({ "p.ts": LINE }, async (cwd) => {
      const outs = ["--json", "a.json", "--html", "b.html", "--svg", "c.svg", "--dot", "d.dot"];
      const { status, stderr } = await gradwalk(["run", "p.ts", ...outs], { cwd });
      assert.equal(status, 0, stderr);
      assert.deepEqual((await readdir(cwd)).sort(), ["a.json", "b.html", "c.svg", "d.dot", "p.ts"]);
    });
  });

  it("writes an export to the standard output for -", async () => {
    await withFiles({ "p.ts": LINE }, async (cwd) => {
      const { text } = await gradwalk(["run", "p.ts", "--json", "-"], { cwd });
      checkExport(JSON.parse(text));
    });
    await withFiles({ "p.ts": 'process.stdout.write("mine");' }, async (cwd) => {
      const { text } = await gradwalk(["run", "p.ts", "--json", "-"], { cwd });
      const [own, json, ...rest] = text.split("\n");
      assert.equal(own, "mine");
      checkExport(JSON.parse(json!));
      assert.deepEqual(rest, [""]);
    });
  });

  it("runs a program with a byte order mark, CRLF and a path with spaces and umlauts", async () => {
    await withFiles(
      { "für x.ts": `\uFEFF${LINE.replaceAll("\n", "\r\n")}console.log("done");\r\n` },
      async (cwd) => {
        const { status, text } = await gradwalk(["run", join(cwd, "für x.ts"), "--quiet"], { cwd: "/" });
        assert.equal(status, 0);
        assert.equal(text, "done\n");
      },
    );
  });

  describe("of a program that throws", () => {
    it("ends with 1 and the error once, at the program's own lines", async () => {
      await withFiles({ "p.ts": THROWS }, async (cwd) => {
        const { status, stderr } = await gradwalk(["run", "p.ts", "--quiet"], { cwd });
        assert.equal(status, 1);
        assert.equal(stderr.split("RangeError: the learning rate is gone").length - 1, 1, stderr);
        assert.match(stderr, /at fail \(.*p\.ts:7:9\)/);
        assert.match(stderr, /at .*p\.ts:9:1/);
      });
    });

    it("still writes the exports, which hold what happened up to there", async () => {
      await withFiles({ "p.ts": THROWS }, async (cwd) => {
        const { status } = await gradwalk(["run", "p.ts", "--json", "a.json", "--html", "b.html"], { cwd });
        assert.equal(status, 1);
        const document = JSON.parse(await readFile(join(cwd, "a.json"), "utf8"));
        checkExport(document);
        assert.equal(document.backwards.length, 1);
        const { name, message, line, column } = document.program.error;
        assert.deepEqual(
          { exit: document.program.exit, name, message, line, column },
          { exit: 1, name: "RangeError", message: "the learning rate is gone", line: 7, column: 9 },
        );
        assert.match(await readFile(join(cwd, "b.html"), "utf8"), /the learning rate is gone/);
      });
    });

    it("ends with 1 for a rejection that nobody handled, and for what cannot be compiled", async () => {
      for (const program of ['Promise.reject(new Error("late"));', "const = 3;", 'import "./nowhere.js";']) {
        await withFiles({ "p.ts": program }, async (cwd) => {
          const { status, stderr } = await gradwalk(["run", "p.ts", "--json", "a.json"], { cwd });
          assert.equal(status, 1, program);
          assert.match(stderr, /late|nowhere|SyntaxError/);
          const document = JSON.parse(await readFile(join(cwd, "a.json"), "utf8"));
          checkExport(document);
          assert.equal(document.program.exit, 1);
          assert.notEqual(document.program.error, null);
        });
      }
    });
  });

  it("ends as the program says that calls process.exit", async () => {
    await withFiles({ "p.ts": "process.exit(7);" }, async (cwd) => {
      assert.equal((await gradwalk(["run", "p.ts", "--quiet"], { cwd })).status, 7);
    });
  });

  it("stops a program after --timeout, with 124 and the line that it was on", async () => {
    await withFiles({ "p.ts": HANGS }, async (cwd) => {
      const { status, stderr, text } = await gradwalk(["run", "p.ts", "--timeout", "1", "--json", "a.json"], {
        cwd,
      });
      assert.equal(status, 124);
      assert.match(stderr, /stopped after 1 s \(--timeout\) at p\.ts:[45]:\d+, iteration \d+/);
      assert.ok(await isGone(Number(/started (\d+)/.exec(text)![1])));
      checkExport(JSON.parse(await readFile(join(cwd, "a.json"), "utf8")));
    });
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`is interrupted by ${signal}, with 130 and the program gone`, async () => {
      await withFiles({ "p.ts": HANGS }, async (cwd) => {
        let sent = false;
        const { status, text } = await gradwalk(["run", "p.ts", "--quiet"], {
          cwd,
          onOutput(text, kill) {
            if (text.endsWith("\n") && !sent) kill(signal);
            sent ||= text.endsWith("\n");
          },
        });
        assert.equal(status, 130);
        assert.ok(await isGone(Number(/started (\d+)/.exec(text)![1])));
      });
    });
  }

  it("stops when nobody reads its output any more", async () => {
    const program = `for (;;) {
  console.log("line");
  await new Promise((next) => setTimeout(next, 1));
}
`;
    await withFiles({ "p.ts": program }, async (cwd) => {
      const { status } = await gradwalk(["run", "p.ts", "--quiet"], { cwd, hangUp: true });
      assert.notEqual(status, 0);
    });
  });

  describe("called wrongly, ends with 2 and one line", () => {
    const wrong = async (args: readonly string[], cwd: string, message: RegExp) => {
      const { status, stderr, text } = await gradwalk(args, { cwd });
      assert.equal(status, 2);
      assert.equal(text, "");
      assert.match(stderr, message);
      assert.equal(stderr.trimEnd().split("\n").length, 1);
    };

    it("for a file that is not there, a folder, or no program", async () => {
      await withFiles({ "notes.txt": "hello" }, async (cwd) => {
        await wrong(["run", "p.ts"], cwd, /no file p\.ts/);
        await wrong(["run", "."], cwd, /is a folder/);
        await wrong(["run", "notes.txt"], cwd, /notes\.txt is no program/);
      });
    });

    it("for an export that has nowhere to go, before the program runs", async () => {
      await withFiles({ "p.ts": 'console.log("ran");' }, async (cwd) => {
        await wrong(["run", "p.ts", "--json", "no/where.json"], cwd, /no folder no/);
        await wrong(["run", "p.ts", "--svg", "."], cwd, /is a folder/);
      });
    });

    it("for words that it does not know", async () => {
      await wrong([], ".", /no command/);
      await wrong(["run", "p.ts", "--jsn", "x"], ".", /did you mean --json/);
    });
  });

  it("knows its version, and its help names every option that it takes", async () => {
    assert.equal((await gradwalk(["--version"])).text, "1.2.3\n");
    const { status, text } = await gradwalk(["--help"]);
    assert.equal(status, 0);
    for (const word of [
      "run",
      "open",
      "--json",
      "--html",
      "--svg",
      "--dot",
      "--timeout",
      "--quiet",
      "124",
      "130",
    ]) {
      assert.ok(text.includes(word), word);
    }
  });
});
