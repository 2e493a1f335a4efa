/** @file A workspace that is not trusted: nothing runs, the person is told why, and what was saved still opens. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { eventually } from "../../support/wait.js";
import { fitLine } from "../../webview/support/traces.js";
import { type TemporaryWorkspace, temporaryWorkspace } from "../host/suite.js";
import { hostVersion } from "../host/versions.js";
import { Workbench } from "../host/workbench.js";
import { EditorPage } from "./editorPage.js";
import { GraphPage } from "./graphPage.js";

describe("a workspace that is not trusted", () => {
  let workspace: TemporaryWorkspace;
  let workbench: Workbench;

  before(async () => {
    workspace = await temporaryWorkspace();
    const { folder } = workspace;
    await writeFile(join(folder, "saved.gradwalk.json"), JSON.stringify(fitLine(1)));
    const request = { folder, file: join(folder, "linear-regression.ts"), workspaceTrust: true };
    workbench = await Workbench.open(hostVersion(), request);
  });

  after(async () => {
    await workbench?.close();
    await workspace?.remove();
  });

  it("runs no program, says why, and offers the way out", async () => {
    const { page } = workbench;
    // The oldest version asks in a dialog, the newest only says so at the top.
    const refuse = page.getByRole("button", { name: /No, I don't trust/ });
    await page.addLocatorHandler(refuse, () => refuse.click());
    await page.locator(".statusbar-item", { hasText: "Restricted Mode" }).waitFor({ timeout: 60_000 });
    const press = () => workbench.lens("Run and show graph").click({ timeout: 60_000 });
    await press();
    // A window that is still being put together loses a click.
    const message = await workbench.notification("not trusted").catch(async () => {
      await press();
      return workbench.notification("not trusted");
    });
    await message.getByRole("button", { name: "Manage Workspace Trust" }).waitFor();
    const editor = new EditorPage(page);
    await eventually(
      () => editor.lenses(),
      (texts) => texts.length === 1,
    );
  });

  it("opens a saved trace all the same, by its name alone", async () => {
    const { page } = workbench;
    await page.keyboard.press("Escape");
    await page.keyboard.press("ControlOrMeta+P");
    await page.keyboard.type("saved.gradwalk.json");
    await page
      .locator(".quick-input-list .monaco-list-row", { hasText: "saved.gradwalk.json" })
      .first()
      .waitFor();
    await page.keyboard.press("Enter");
    await workbench.graphReady();
    const names = await eventually(
      () => new GraphPage(workbench).names(),
      (found) => found.length > 0,
    );
    assert.equal(names.length, 9);
    assert.ok(names.some((name) => /^loss, MeanBackward0/.test(name)));
    // Nothing is offered that would run the program.
    assert.equal(await workbench.graph.getByRole("button", { name: "Run the program" }).count(), 0);
  });
});
