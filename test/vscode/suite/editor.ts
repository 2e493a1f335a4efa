/** @file What the suites do in the editor, and what they read back from it. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as vscode from "vscode";

/** As `gradwalk.run` resolves to. */
export interface RunResult {
  readonly state: string;
  readonly exit: number | null;
  readonly passes: number;
  readonly error: string | null;
}

export function workspaceFolder(): string {
  return vscode.workspace.workspaceFolders![0]!.uri.fsPath;
}

/** A program that shows everything: a leaf, a constant, a result, a backward pass. */
export const PROGRAM = `import * as torch from "gradwalk";

const x = torch.tensor([2, 4, 6]);
const w = torch.tensor([0.5], { requires_grad: true });
const L = w.mul(x).mean();
L.backward();
console.log(w.grad);
`;

/** Writes a file of its own for a test, in the workspace unless a folder is given, and opens it. */
export async function open(text: string, name = "program.ts", folder?: string): Promise<vscode.TextDocument> {
  const path = join(folder ?? join(workspaceFolder(), `test-${randomUUID().slice(0, 8)}`), name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path));
  await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
  return document;
}

export async function run(document?: vscode.TextDocument): Promise<RunResult> {
  const result = await vscode.commands.executeCommand<RunResult | undefined>("gradwalk.run", document?.uri);
  assert.ok(result, "gradwalk.run told no result");
  return result;
}

/** Puts a text in the place of the whole document without saving it. */
export async function replace(document: vscode.TextDocument, find: string, by: string): Promise<void> {
  const start = document.getText().indexOf(find);
  assert.ok(start >= 0, `"${find}" is not in the document`);
  const range = new vscode.Range(document.positionAt(start), document.positionAt(start + find.length));
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, range, by);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

/** Our lenses of a document: `line: text`, 1-based. */
export async function lenses(document: vscode.TextDocument): Promise<string[]> {
  const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    "vscode.executeCodeLensProvider",
    document.uri,
    1000,
  );
  return found
    .filter(({ command }) => command && (command.command === "" || command.command.startsWith("gradwalk.")))
    .map(({ range, command }) => `${range.start.line + 1}: ${command!.title}`);
}

/** The lens of a binding, without the lines. */
export async function lensOf(document: vscode.TextDocument, name: string): Promise<string | undefined> {
  const all = await lenses(document);
  return all.map((lens) => lens.replace(/^\d+: /, "")).find((lens) => lens.startsWith(`${name}:`));
}

/** Our diagnostics of a document: `line: severity message`, 1-based. */
export function problems(document: vscode.TextDocument): string[] {
  return vscode.languages
    .getDiagnostics(document.uri)
    .filter(({ source }) => source === "gradwalk")
    .map(({ range, severity, message }) => {
      return `${range.start.line + 1}: ${vscode.DiagnosticSeverity[severity]} ${message}`;
    });
}

/** Waits until something holds; says what did not. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, limit = 15_000) {
  const end = Date.now() + limit;
  while (!(await holds())) {
    if (Date.now() > end) assert.fail(`after ${limit / 1000} s still not: ${what}`);
    await sleep(50);
  }
}

/** The runners that are alive under this extension host; a spare one that waits is among them. */
export function runners(): number[] {
  if (process.platform === "win32") return [];
  const rows = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" }).split("\n");
  return rows
    .map((row) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row))
    .filter((row) => row && Number(row[2]) === process.pid && /dist\/runner\.js/.test(row[3]!))
    .map((row) => Number(row![1]));
}

/** The messages that the extension shows while `work` runs; none of them is answered. */
export async function messages(work: () => Promise<unknown>): Promise<string[]> {
  const shown: string[] = [];
  const { window } = vscode;
  const original = {
    showErrorMessage: window.showErrorMessage,
    showInformationMessage: window.showInformationMessage,
  };
  const record = async (message: string) => {
    shown.push(message);
    return undefined;
  };
  Object.assign(window, { showErrorMessage: record, showInformationMessage: record });
  try {
    await work();
    await sleep(50);
  } finally {
    Object.assign(window, original);
  }
  return shown;
}

export async function withSetting(name: string, value: unknown, work: () => Promise<void>): Promise<void> {
  const configuration = vscode.workspace.getConfiguration("gradwalk");
  await configuration.update(name, value, vscode.ConfigurationTarget.Workspace);
  try {
    await work();
  } finally {
    await configuration.update(name, undefined, vscode.ConfigurationTarget.Workspace);
  }
}

export function graphTabs(): vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(
      ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith("gradwalk.graph"),
    );
}

export async function closeAll(): Promise<void> {
  await vscode.commands.executeCommand("gradwalk.clear");
  await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
}
