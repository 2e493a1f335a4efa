/** @file The extension as VS Code sees it: what package.json promises is there. */
import assert from "node:assert/strict";
import { homedir } from "node:os";
import * as vscode from "vscode";
import { closeAll, open, PROGRAM, run } from "./editor.js";

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly keybindings?: readonly { readonly key: string; readonly command: string }[];
    readonly configuration: readonly { readonly properties: Readonly<Record<string, Setting>> }[];
  };
}

interface Setting {
  readonly default?: unknown;
  readonly markdownDescription?: string;
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

  it("describes every setting and gives it a default", () => {
    const { configuration } = (extension().packageJSON as Manifest).contributes;
    const settings = configuration.flatMap(({ properties }) => Object.entries(properties));
    for (const [id, setting] of settings) {
      assert.ok(setting.default !== undefined, `${id} has no default`);
      assert.match(setting.markdownDescription ?? "", /^[A-Z].*\.$/s, id);
    }
  });

  it("takes no key that another extension of VS Code has", () => {
    const { keybindings = [] } = (extension().packageJSON as Manifest).contributes;
    const first = new Set(keybindings.map(({ key }) => key.split(" ")[0]));
    const others = vscode.extensions.all.filter(({ id }) => id !== extension().id);
    for (const { id, packageJSON } of others) {
      // One alone may stand without a list around it, or be for another system.
      const taken = [(packageJSON as Partial<Manifest>).contributes?.keybindings ?? []].flat();
      for (const { key } of taken as { readonly key?: string }[])
        assert.ok(!key || !first.has(key.split(" ")[0]), `${id}: ${key}`);
    }
  });

  it("copies a report that tells versions and runs, and nothing of the person", async () => {
    await open(PROGRAM);
    await run();
    await vscode.commands.executeCommand("gradwalk.copyReport");
    const report = await vscode.env.clipboard.readText();
    assert.match(report, /^- Gradwalk: \d+\.\d+\.\d+$/m);
    assert.match(report, /^- Settings: all at their defaults$/m);
    assert.match(report, /^- Last run: program\.ts, done, exit 0, \d+ ms, 1 backward passes$/m);
    assert.match(report, /\[info\] .*program\.ts ended after/);
    assert.ok(!report.includes(homedir()), report);
    assert.doesNotMatch(report, /torch/);
  });

  it("runs nothing by itself: the defaults are quiet", () => {
    const settings = vscode.workspace.getConfiguration("gradwalk");
    assert.equal(settings.get("runOn"), "manual");
    assert.equal(settings.get("readouts"), "codeLens");
  });
});
