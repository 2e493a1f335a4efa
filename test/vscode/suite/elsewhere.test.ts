/** @file Documents that are no plain files of the first folder: other file systems, comparisons, more folders. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { closeAll, lenses, lensOf, open, PROGRAM, problems, run } from "./editor.js";

const W = "w: leaf, requires_grad · [1] · grad [4] (×1)";
const SCHEME = "gradwalk-memory";

/** Files in memory, as an extension for remote repositories keeps them. */
class MemoryFiles implements vscode.FileSystemProvider {
  readonly onDidChangeFile = new vscode.EventEmitter<vscode.FileChangeEvent[]>().event;
  readonly #files = new Map<string, Uint8Array>();

  put(uri: vscode.Uri, text: string): vscode.Uri {
    this.#files.set(uri.path, new TextEncoder().encode(text));
    return uri;
  }

  stat({ path }: vscode.Uri): vscode.FileStat {
    const content = this.#files.get(path);
    if (!content) throw vscode.FileSystemError.FileNotFound(path);
    return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: content.length };
  }

  readFile({ path }: vscode.Uri): Uint8Array {
    return this.#files.get(path) ?? fail(path);
  }

  writeFile({ path }: vscode.Uri, content: Uint8Array): void {
    this.#files.set(path, content);
  }

  readDirectory = (): [string, vscode.FileType][] => [];
  watch = () => new vscode.Disposable(() => undefined);
  createDirectory = (): void => undefined;
  delete = (): void => undefined;
  rename = (): void => undefined;
}

function fail(path: string): never {
  throw vscode.FileSystemError.FileNotFound(path);
}

async function show(uri: vscode.Uri): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
  return document;
}

describe("documents of another file system", () => {
  const files = new MemoryFiles();
  const at = (path: string) => vscode.Uri.from({ scheme: SCHEME, path });
  let registration: vscode.Disposable;
  before(() => {
    registration = vscode.workspace.registerFileSystemProvider(SCHEME, files);
  });
  after(() => registration.dispose());
  afterEach(closeAll);

  it("run and are read out, each by itself, whatever they are called", async () => {
    const first = await show(files.put(at("/a/program.ts"), PROGRAM));
    const second = await show(files.put(at("/b/program.ts"), PROGRAM));
    const plain = await open(PROGRAM);
    assert.equal((await run(first)).state, "done");
    assert.equal(await lensOf(first, "w"), W);
    assert.equal(await lensOf(second, "w"), undefined);
    assert.equal(await lensOf(plain, "w"), undefined);
  });

  it("find each other while they are open, and have their problems on their own lines", async () => {
    const library =
      'import * as torch from "gradwalk";\nexport const w = torch.ones(2, { requires_grad: true });\n';
    const other = await show(files.put(at("/c/lib.ts"), library));
    const main = await show(
      files.put(at("/c/main.ts"), 'import { w } from "./lib.js";\nw.mul(2).backward();\n'),
    );
    assert.equal((await run(main)).state, "failed");
    assert.match(problems(main).join("\n"), /^2: Error RuntimeError: grad can be implicitly created/);
    assert.match((await lensOf(other, "w"))!, /^w: leaf, requires_grad · \[2\]/);
  });
});

describe("a comparison of two texts of one file", () => {
  afterEach(closeAll);

  it("is read out on the side that is the program, which is as fresh as ever", async () => {
    const document = await open(PROGRAM);
    const provider = vscode.workspace.registerTextDocumentContentProvider("gradwalk-before", {
      provideTextDocumentContent: () => PROGRAM.replace("[2, 4, 6]", "[1, 1, 1]"),
    });
    try {
      const before = document.uri.with({ scheme: "gradwalk-before" });
      await vscode.commands.executeCommand("vscode.diff", before, document.uri, "before ↔ now");
      const left = await vscode.workspace.openTextDocument(before);
      await run(document);
      assert.equal(await lensOf(document, "w"), W);
      assert.deepEqual(await lenses(left), []);
      assert.deepEqual(problems(left), []);
    } finally {
      provider.dispose();
    }
  });
});

describe("a window with several folders", () => {
  afterEach(closeAll);

  it("runs a program in the folder that it belongs to", async function () {
    const [, second] = vscode.workspace.workspaceFolders!;
    // One of the two windows of the tests has more folders than one.
    if (!second) return this.skip();
    writeFileSync(join(second.uri.fsPath, "data.json"), "[2, 4, 6]");
    const text = PROGRAM.replace("[2, 4, 6]", 'JSON.parse(readFileSync("data.json", "utf8"))');
    const document = await open(
      `import { readFileSync } from "node:fs";\n${text}`,
      "own.ts",
      second.uri.fsPath,
    );
    const result = await run();
    assert.equal(result.error, null);
    assert.equal(await lensOf(document, "w"), W);
  });
});
