/** @file The extension as VS Code sees it: what package.json promises is there. */
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { closeAll, open, PROGRAM } from "./editor.js";

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
  };
}

const extension = () => vscode.extensions.getExtension<void>("gradwalk.gradwalk")!;

describe("the extension", () => {
  after(closeAll);

  it("is active once a TypeScript file is open", async () => {
    await open(PROGRAM);
    await extension().activate();
    assert.equal(extension().isActive, true);
  });

  it("has every command that it contributes, with a title for people", async () => {
    const known = new Set(await vscode.commands.getCommands(true));
    const { commands } = (extension().packageJSON as Manifest).contributes;
    assert.ok(commands.length > 0);
    for (const { command, title } of commands) {
      assert.ok(known.has(command), `${command} is not registered`);
      assert.doesNotMatch(title, /%/, `${command} has no title`);
    }
  });

  it("runs nothing by itself: the defaults are quiet", () => {
    const settings = vscode.workspace.getConfiguration("gradwalk");
    assert.equal(settings.get("runOn"), "manual");
    assert.equal(settings.get("readouts"), "codeLens");
  });
});
