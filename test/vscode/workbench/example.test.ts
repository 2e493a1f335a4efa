/** @file What a person does first: open the example, run it, look from graph to code and back, edit, run again. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { eventually } from "../../support/wait.js";
import { type TemporaryWorkspace, temporaryWorkspace } from "../host/suite.js";
import { hostVersion } from "../host/versions.js";
import { Workbench } from "../host/workbench.js";
import { EditorPage } from "./editorPage.js";
import { GraphPage } from "./graphPage.js";
import { addTypes } from "./looks.js";

const EXAMPLE = "linear-regression.ts";

describe("the example in the workbench", function () {
  this.bail(true);
  let workspace: TemporaryWorkspace;
  let workbench: Workbench;
  let editor: EditorPage;
  let graph: GraphPage;

  before(async () => {
    workspace = await temporaryWorkspace();
    const { folder } = workspace;
    workbench = await Workbench.open(hostVersion(), { folder, file: join(folder, EXAMPLE) });
    editor = new EditorPage(workbench.page);
    graph = new GraphPage(workbench);
  });

  after(async () => {
    await workbench?.close();
    await workspace?.remove();
  });

  it("offers to run above the first line", async () => {
    await editor.lens("Run and show graph").waitFor({ timeout: 60_000 });
    assert.match((await editor.lenses())[0]!, /Run and show graph.*\|.*Step backward pass/);
  });

  it("adds the library's types when told to, so that TypeScript knows the import", async () => {
    const unknown = workbench.page.locator(".editor-instance .squiggly-error");
    await unknown.first().waitFor({ timeout: 60_000 });
    await addTypes(workbench);
    await unknown.first().waitFor({ state: "detached", timeout: 60_000 });
  });

  it("draws the graph beside the code when the lens is pressed", async () => {
    await workbench.run();
    const names = await eventually(
      () => graph.names(),
      (found) => found.length > 0,
    );
    for (const name of ["w", "b", "y", "loss", "target"]) {
      assert.ok(
        names.some((text) => text.startsWith(name)),
        `${name} is not among ${names.join("\n")}`,
      );
    }
    assert.match(names.join("\n"), /MulBackward0/);
    assert.match(names.join("\n"), /MeanBackward0/);
  });

  it("reads the gradients out above their lines", async () => {
    const all = await eventually(
      () => editor.lenses(),
      (texts) => texts.some((text) => text.startsWith("w:")),
    );
    assert.match(
      all.find((text) => text.startsWith("w:"))!,
      /^w: leaf, requires_grad · \[1\] · grad \[-?[\d.]+\] \(×1\)$/,
    );
    assert.match(all.find((text) => text.startsWith("target:"))!, /no grad: requires_grad is false/);
  });

  it("highlights the source line of a node that is clicked", async () => {
    await graph.node(/^loss/).click();
    const lines = await eventually(
      () => editor.highlightedLines(),
      (found) => found.length > 0,
    );
    assert.deepEqual(lines, [12]);
  });

  it("shows a readout's node in the graph when the readout is clicked", async () => {
    await workbench.lens("b: leaf").click();
    const selected = await eventually(
      () => graph.selected(),
      (found) => found[0]?.startsWith("b") ?? false,
    );
    assert.equal(selected.length, 1);
  });

  it("marks the readouts as stale while the text is edited, and moves them with their lines", async () => {
    await editor.goTo(8);
    await workbench.page.keyboard.press("Enter");
    await workbench.page.keyboard.type("// learned below");
    await editor.lens(/^w: .*· stale$/).waitFor();
  });

  it("replaces them when the edited text is run by the button in the title", async () => {
    await workbench.page
      .getByRole("button", { name: /Run and Show Graph/ })
      .first()
      .click();
    await eventually(
      () => editor.lenses(),
      (texts) => texts.some((text) => text.startsWith("w:")) && !texts.some((text) => text.includes("stale")),
    );
    await workbench.graphReady();
  });

  it("steps through the pass from its start, in the debugger", async () => {
    await workbench.lens("Step backward pass").click();
    const lines = await eventually(
      () => editor.highlightedLines(),
      (found) => found[0] === 13,
    );
    assert.equal(lines.length, 1);
  });

  it("comes back after the window is reloaded, with its graph and its readouts", async () => {
    // The run is written a moment after it was shown.
    await workbench.page.waitForTimeout(3000);
    await workbench.reload();
    await workbench.graphReady();
    const names = await eventually(
      () => graph.names(),
      (found) => found.length > 0,
    );
    assert.ok(names.some((text) => text.startsWith("loss")));
    await eventually(
      () => editor.lenses(),
      (texts) => texts.some((text) => text.startsWith("w: leaf")),
    );
  });
});
