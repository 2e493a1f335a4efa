/** @file What the extension writes: exports, types, copies of examples. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { closeAll, messages, open, PROGRAM, run, workspaceFolder } from "./editor.js";

const target = (name: string) => vscode.Uri.file(join(workspaceFolder(), name));
const exportAs = (format: string, uri: vscode.Uri) =>
  vscode.commands.executeCommand<vscode.Uri | undefined>("gradwalk.export", { format, target: uri });

describe("gradwalk.export", () => {
  afterEach(closeAll);

  it("writes the JSON of CONTRACTS", async () => {
    await open(PROGRAM);
    await run();
    const uri = target("out.gradwalk.json");
    await exportAs("json", uri);
    const trace = JSON.parse(readFileSync(uri.fsPath, "utf8"));
    assert.equal(trace.format, "gradwalk-trace");
    assert.equal(trace.version, 1);
    assert.equal(trace.graphs.length, 1);
    assert.equal(trace.backwards.length, 1);
    assert.match(trace.program.file, /^test-\w+\/program\.ts$/);
  });

  it("writes one HTML file that needs no other", async () => {
    await open(PROGRAM);
    await run();
    const uri = target("out.html");
    await exportAs("html", uri);
    const html = readFileSync(uri.fsPath, "utf8");
    assert.match(html, /<script type="application\/json"[^>]*id="gradwalk-trace"/);
    assert.doesNotMatch(html, /<(script|link)[^>]*(src|href)=/);
  });

  it("says what is missing when there is nothing to export", async () => {
    const shown = await messages(async () => exportAs("json", target("never.json")));
    assert.match(shown.join("\n"), /no graph to export/);
    assert.equal(existsSync(target("never.json").fsPath), false);
  });

  it("refuses a format that it does not have", async () => {
    await open(PROGRAM);
    await run();
    const shown = await messages(async () => exportAs("pdf", target("never.pdf")));
    assert.match(shown.join("\n"), /json or html, not as "pdf"/);
  });
});

describe("gradwalk.addTypes", () => {
  const folder = () => join(workspaceFolder(), "node_modules", "gradwalk");
  const command = (action: string) => vscode.commands.executeCommand("gradwalk.addTypes", action);

  // Of several folders, the one that holds the program in the editor is meant.
  beforeEach(() => open(PROGRAM));
  afterEach(async () => {
    rmSync(join(workspaceFolder(), "node_modules"), { recursive: true, force: true });
    await closeAll();
  });

  it("writes declarations that TypeScript finds, and removes them again", async () => {
    await command("add");
    const manifest = JSON.parse(readFileSync(join(folder(), "package.json"), "utf8"));
    assert.equal(manifest.name, "gradwalk");
    assert.ok(existsSync(join(folder(), manifest.types)));
    await command("remove");
    assert.equal(existsSync(folder()), false);
  });

  it("never touches a package that somebody else installed", async () => {
    mkdirSync(folder(), { recursive: true });
    const own = '{ "name": "gradwalk", "version": "9.9.9" }';
    writeFileSync(join(folder(), "package.json"), own);
    const shown = await messages(async () => command("add"));
    assert.match(shown.join("\n"), /package of its own/);
    await command("remove");
    assert.equal(readFileSync(join(folder(), "package.json"), "utf8"), own);
  });
});

describe("gradwalk.openExample", () => {
  afterEach(closeAll);

  it("opens a copy that runs and that leaves the original as it is", async () => {
    await vscode.commands.executeCommand("gradwalk.openExample", "linear-regression.ts");
    const document = vscode.window.activeTextEditor!.document;
    assert.equal(document.isUntitled, true);
    assert.equal(document.languageId, "typescript");
    assert.equal((await run()).state, "done");
  });
});

describe("every example", () => {
  afterEach(closeAll);

  it("runs in the editor", async () => {
    const files = readdirSync(workspaceFolder()).filter((name) => name.endsWith(".ts"));
    assert.ok(files.length >= 5, `there are only ${files.length} examples`);
    for (const name of files) {
      const uri = vscode.Uri.file(join(workspaceFolder(), name));
      const result = await run(await vscode.workspace.openTextDocument(uri));
      assert.equal(result.error, null, name);
      assert.equal(result.state, "done", name);
    }
  }).timeout(120_000);
});
