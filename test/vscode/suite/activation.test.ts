/** @file The extension as VS Code sees it. */
import assert from "node:assert/strict";
import * as vscode from "vscode";

describe("the extension", () => {
  it("is known to VS Code", () => {
    assert.ok(vscode.extensions.all.some((extension) => extension.id.endsWith(".gradwalk")));
  });
});
