/** @file Runs as one types: debounced, calm, and never twice where that would do harm. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as vscode from "vscode";
import {
  closeAll,
  graphTabs,
  lensOf,
  messages,
  open,
  PROGRAM,
  problems,
  replace,
  run,
  until,
  withSetting,
} from "./editor.js";

const W = (grad: string) => `w: leaf, requires_grad · [1] · grad [${grad}] (×1)`;

describe("runs as one types", () => {
  afterEach(closeAll);

  it("follow the text, open no panel and take no focus", async () => {
    const document = await open(PROGRAM);
    await withSetting("runOn", "type", async () => {
      await replace(document, "[2, 4, 6]", "[3, 6, 9]");
      await until("the readouts follow", async () => (await lensOf(document, "w")) === W("6"));
      assert.deepEqual(graphTabs(), []);
      assert.equal(vscode.window.activeTextEditor?.document, document);
    });
  });

  it("keep the last good result, marked as stale, while the text is broken", async () => {
    const document = await open(PROGRAM);
    await run();
    await withSetting("runOn", "type", async () => {
      await replace(document, "L.backward();", "L.backward(); throw new Error();");
      await until("the problem is told", () => problems(document).length === 1);
      await until("the mark is there", async () => (await lensOf(document, "w")) === `${W("4")} · stale`);
      await replace(document, " throw new Error();", "");
      await until("all is well again", async () => (await lensOf(document, "w")) === W("4"));
      await until("the problem is gone", () => problems(document).length === 0);
    });
  });

  it("give way to the next edit", async () => {
    const document = await open(PROGRAM);
    await run();
    await withSetting("runOn", "type", async () => {
      await replace(document, "L.backward();", "L.backward(); for (;;) ;");
      await replace(document, " for (;;) ;", " // done");
      await replace(document, "[2, 4, 6]", "[4, 8, 12]");
      await until("the last text counts", async () => (await lensOf(document, "w")) === W("8"));
    });
  });

  it("are not made of a program that writes files, which asks once", async () => {
    const text = `import { appendFileSync } from "node:fs";\nappendFileSync(new URL("log.txt", import.meta.url), "x");\n${PROGRAM}`;
    const document = await open(text);
    await run();
    const file = join(dirname(document.uri.fsPath), "log.txt");
    assert.ok(existsSync(file));
    await withSetting("runOn", "type", async () => {
      const asked = await messages(async () => {
        for (const value of ["[3, 4, 6]", "[4, 4, 6]"]) {
          await replace(document, /\[\d, 4, 6\]/.exec(document.getText())![0], value);
          await until("the text is ahead", async () => /stale$/.test((await lensOf(document, "w")) ?? ""));
        }
      });
      assert.deepEqual(asked, ["program.ts writes files. Run it again at every edit?"]);
    });
    assert.equal(readFileSync(file, "utf8"), "x");
    assert.equal((await run()).error, null);
    assert.equal(readFileSync(file, "utf8"), "xx", "who says so runs it");
  });
});

describe("runs on save", () => {
  afterEach(closeAll);

  it("follow what is saved", async () => {
    const document = await open(PROGRAM);
    await withSetting("runOn", "save", async () => {
      await replace(document, "[2, 4, 6]", "[3, 6, 9]");
      await document.save();
      await until("the readouts follow", async () => (await lensOf(document, "w")) === W("6"));
    });
  });
});
