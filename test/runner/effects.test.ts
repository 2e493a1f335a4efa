/** @file What the runner notices of a program's dealings with the world. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { Programs } from "../support/programs.js";
import { root } from "../support/runner.js";

/** What each statement does, by the effect that it has. */
const STATEMENTS: Readonly<Record<string, string>> = {
  'fs.readFileSync("data.txt"); await (await promises.open("data.txt", "r")).close();': "",
  "console.log(1); fs.writeSync(2, '');": "",
  'writeFileSync("a.txt", "1");': "files",
  'fs.mkdirSync("made");': "files",
  'await promises.appendFile("a.txt", "1");': "files",
  'await (await promises.open("a.txt", "w")).close();': "files",
  "fs.closeSync(fs.openSync('a.txt', fs.constants.O_RDWR));": "files",
  'await new Promise((end) => fs.createWriteStream("a.txt").end("1", end));': "files",
  "createInterface(process.stdin).close();": "input",
  "try { fs.readSync(0, Buffer.alloc(1)); } catch {}": "input",
  "await new Promise((end) => { const server = createServer().listen(0, () => server.close(end)); });":
    "network",
  'await fetch("http://127.0.0.1:49151/").catch(() => undefined);': "network",
  'execFileSync(process.execPath, ["--version"]);': "processes",
  'await new Promise((end) => spawn(process.execPath, ["--version"]).on("close", end));': "processes",
};

describe("a program's effects", () => {
  const programs = new Programs();
  const folder = mkdtempSync(join(tmpdir(), "gradwalk-effects-"));
  after(() => {
    programs.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  it("are noticed however it has them, and reading and printing are none", async () => {
    const outfile = join(folder, "effects.mjs");
    await build({
      absWorkingDir: root,
      entryPoints: ["src/runner/effects.ts"],
      outfile,
      bundle: true,
      platform: "node",
      format: "esm",
    });
    const steps = Object.keys(STATEMENTS).map(
      (statement) =>
        `{ const seen = []; observeEffects((effect) => seen.push(effect)); ${statement} all.push([...seen]); }`,
    );
    const program = join(folder, "program.mjs");
    writeFileSync(join(folder, "data.txt"), "1 2 3");
    writeFileSync(
      program,
      `import { observeEffects } from ${JSON.stringify(pathToFileURL(outfile))};
       import { execFileSync, spawn } from "node:child_process";
       import fs, { promises, writeFileSync } from "node:fs";
       import { createServer } from "node:http";
       import { createInterface } from "node:readline";
       const all = [];
       ${steps.join("\n")}
       all.push([writeFileSync.name, fs.writeFileSync === writeFileSync]);
       console.log(JSON.stringify(all));`,
    );
    const { stdout } = await promisify(execFile)(process.execPath, [program], { cwd: folder });
    const [...found] = JSON.parse(stdout.trim().split("\n").at(-1)!) as (string | boolean)[][];
    assert.deepEqual(found.pop(), ["writeFileSync", true], "functions look as they did");
    const expected = Object.entries(STATEMENTS).map(([text, effect]) => `${effect} ← ${text}`);
    assert.deepEqual(
      Object.keys(STATEMENTS).map((text, i) => `${found[i]!.join()} ← ${text}`),
      expected,
    );
  });

  it("reach whoever launched it", async () => {
    const text = 'import { writeFileSync } from "node:fs"; writeFileSync("a.txt", "1");';
    const started = await programs.start({ "main.ts": text });
    await started.outcome();
    assert.deepEqual([...started.run.effects], ["files"]);
    started.run.dispose();
  });
});
