/** @file The ways into a debug session: with and without a file, a folder, a launch.json, a program. */
import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import { forEachTest, type Sessions } from "./debugging.js";
import { lensOf, open, PROGRAM, replace, run, until } from "./editor.js";

interface Contributed {
  readonly initialConfigurations: readonly vscode.DebugConfiguration[];
  readonly configurationSnippets: readonly { readonly body: vscode.DebugConfiguration }[];
}

function contributed(): Contributed {
  const found = vscode.extensions.all.find(({ packageJSON }) => packageJSON.name === "gradwalk");
  return found!.packageJSON.contributes.debuggers[0] as Contributed;
}

/** A snippet as VS Code writes it into launch.json, with the text that it suggests in each place. */
function written(body: vscode.DebugConfiguration, suggestions: Readonly<Record<string, string>> = {}) {
  const fill = (value: unknown): unknown => {
    if (typeof value !== "string") return value;
    const text = value.replace(/^\^"(.*)"$/, "$1").replace(/\$\{\d+:([^}]*)\}/g, "$1");
    return Object.entries(suggestions)
      .reduce((all, [from, to]) => all.replace(from, to), text)
      .replaceAll("\\$", "$");
  };
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => [key, fill(value)]),
  ) as vscode.DebugConfiguration;
}

describe("starting a debug session", function () {
  this.timeout(60_000);
  let sessions: Sessions;

  forEachTest((fresh) => {
    sessions = fresh;
  });

  const start = (configuration: vscode.DebugConfiguration, folder = vscode.workspace.workspaceFolders![0]) =>
    vscode.debug.startDebugging(folder, configuration);

  it("steps an untitled document, at its own lines and breakpoints", async () => {
    const document = await vscode.workspace.openTextDocument({ language: "typescript", content: PROGRAM });
    await vscode.window.showTextDocument(document);
    const place = new vscode.Location(document.uri, new vscode.Position(4, 12));
    vscode.debug.addBreakpoints([new vscode.SourceBreakpoint(place)]);
    await vscode.commands.executeCommand("gradwalk.step");
    await sessions.stopped();
    const [frame] = await sessions.frames();
    assert.equal(`${frame!.name} ${frame!.line}`, "MeanBackward0 (L) 5");
    assert.equal(frame!.source!.path, document.uri.toString());
    assert.equal((await sessions.move("continue")).reason, "breakpoint");
    assert.equal(await sessions.top(), "MulBackward0 5");
    assert.match((await lensOf(document, "w"))!, /grad pending/);
    assert.equal(vscode.window.activeTextEditor?.document, document);
    assert.equal(document.isUntitled, true);
  });

  it("steps a file that is in no folder of the window, from its own folder", async () => {
    const folder = mkdtempSync(join(tmpdir(), "gradwalk-alone-"));
    await open(`${PROGRAM}console.log(process.cwd());\n`, "alone.ts", folder);
    assert.equal(await start({ type: "gradwalk", request: "", name: "" }, undefined), true);
    await sessions.stopped();
    assert.equal(await sessions.top(), "MeanBackward0 (L) 5");
    await sessions.request("continue");
    await sessions.over();
    assert.match(sessions.output.join(""), new RegExp(`${folder.split("/").at(-1)}`));
  });

  it("steps the visible program where the focus is not in an editor", async () => {
    await run(await open(PROGRAM));
    await vscode.commands.executeCommand("workbench.action.focusSecondEditorGroup");
    await until("no text editor is active", () => vscode.window.activeTextEditor === undefined);
    assert.equal(await start({ type: "gradwalk", request: "", name: "" }), true);
    await sessions.stopped();
    assert.equal(await sessions.top(), "MeanBackward0 (L) 5");
  });

  it("starts by the configuration that a new launch.json begins with", async () => {
    await open(PROGRAM);
    assert.equal(await start(contributed().initialConfigurations[0]!), true);
    await sessions.stopped();
    assert.equal(await sessions.top(), "MeanBackward0 (L) 5");
  });

  it("starts by the snippet that steps the active file", async () => {
    await open(PROGRAM);
    assert.equal(await start(written(contributed().configurationSnippets[0]!.body)), true);
    await sessions.stopped();
    assert.equal(await sessions.top(), "MeanBackward0 (L) 5");
  });

  it("walks a saved trace by its snippet, at the lines of the file that it is of", async () => {
    const document = await open(PROGRAM);
    await run(document);
    const target = vscode.Uri.joinPath(document.uri, "..", "saved.gradwalk.json");
    await vscode.commands.executeCommand("gradwalk.export", { format: "json", target });
    await vscode.commands.executeCommand("gradwalk.clear");
    const path = vscode.workspace.asRelativePath(target, false);
    const snippet = written(contributed().configurationSnippets[1]!.body, { "program.gradwalk.json": path });
    assert.equal(await start(snippet), true);
    await sessions.stopped();
    const [frame] = await sessions.frames();
    assert.equal(`${frame!.name} ${frame!.line}`, "MeanBackward0 (L) 5");
    // VS Code on a server calls files by their URI there.
    assert.equal(vscode.Uri.parse(frame!.source!.path!).path, document.uri.path);
    await sessions.move("next");
    await until("the lens follows", async () => /grad pending/.test((await lensOf(document, "w")) ?? ""));
    await sessions.move("stepBack");
    assert.match((await sessions.texts("Incoming gradients"))[0]!, /^grad = tensor\(1\.\)/);
    assert.match(sessions.output.join(""), /This is the record of a run/);
  });

  it("attaches to the run that just ended by its snippet, with its tensors whole", async () => {
    const text = PROGRAM.replace("[2, 4, 6]", "Array.from({ length: 2000 }, (_, i) => i)");
    await run(await open(text));
    assert.equal(await start(written(contributed().configurationSnippets[2]!.body)), true);
    await sessions.stopped();
    await sessions.move("next");
    const { variables } = await sessions.scope("Incoming gradients");
    assert.equal(variables[0]!.indexedVariables, 2000);
  });

  it("says so where there is no run to attach to", async () => {
    await vscode.commands.executeCommand("gradwalk.clear");
    // VS Code tells it in a dialog, which a window under test refuses with its text.
    const attach = start(written(contributed().configurationSnippets[2]!.body));
    await assert.rejects(Promise.resolve(attach), /There is no run to attach to: run a program first/);
  });

  it("refuses a trace that is none, in a sentence", async () => {
    const document = await open("not a trace", "broken.gradwalk.json");
    const trace = document.uri.fsPath;
    const launch = start({ type: "gradwalk", request: "launch", name: "broken", trace });
    await assert.rejects(Promise.resolve(launch), /broken\.gradwalk\.json can't be walked: .* not JSON/);
  });

  it("runs without stopping where VS Code is told to run without debugging", async () => {
    await open(PROGRAM);
    const configuration = { type: "gradwalk", request: "", name: "" };
    const [folder] = vscode.workspace.workspaceFolders!;
    assert.equal(await vscode.debug.startDebugging(folder, configuration, { noDebug: true }), true);
    await sessions.over();
    assert.equal(sessions.stops.length, 0);
    assert.match(sessions.output.join(""), /tensor\(\[4\.\]\)/);
  });

  it("takes the text of the moment, also of a module that the program imports", async () => {
    const program = await open(
      `import { w } from "./leaf.ts";\n${PROGRAM.replace(/const w.*\n/, "")}`,
      "main.ts",
    );
    const folder = join(program.uri.fsPath, "..");
    const text =
      'import * as torch from "gradwalk";\nexport const w = torch.tensor([0.5], { requires_grad: true });\n';
    const leaf = await open(text, "leaf.ts", folder);
    await replace(leaf, "[0.5]", "[1.5]");
    await vscode.window.showTextDocument(program);
    await vscode.commands.executeCommand("gradwalk.step");
    await sessions.stopped();
    assert.match((await sessions.texts("Tensors")).join("\n"), /w = tensor\(\[1\.5/);
  });
});
