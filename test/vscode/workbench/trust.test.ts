/** @file A workspace that is not trusted: nothing runs, and the person is told why. */
import { join } from "node:path";
import { type TemporaryWorkspace, temporaryWorkspace } from "../host/suite.js";
import { hostVersion } from "../host/versions.js";
import { Workbench } from "../host/workbench.js";
import { EditorPage } from "./editorPage.js";
import { eventually } from "./wait.js";

describe("a workspace that is not trusted", () => {
  let workspace: TemporaryWorkspace;
  let workbench: Workbench;

  before(async () => {
    workspace = await temporaryWorkspace();
    const { folder } = workspace;
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
});
