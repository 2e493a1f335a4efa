/** @file The graph page over a host's messages, as in a webview. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { Outline, ToView } from "../../src/protocol/view.js";
import { EmbeddedTrace } from "../../webview/document.js";
import { eventually } from "../support/wait.js";
import { Lab, treeTexts } from "./support/page.js";
import { fitLine } from "./support/traces.js";

const TRACE = fitLine(3);
const OUTLINE = new EmbeddedTrace(TRACE).outline();

function outline(change: Partial<Outline>): ToView {
  return { type: "outline", outline: { ...OUTLINE, ...change } };
}

/** From now on, writes down what is on the page in every frame; as text, since a compiled function would name helpers. */
const WATCH_FRAMES = `
  window.framesSeen = [];
  const nameOf = (row) => row?.getAttribute("aria-label")?.split(",")[0] ?? "nothing";
  const context = Object.assign(document.createElement("canvas"), { width: 64, height: 64 })
    .getContext("2d", { willReadFrequently: true });
  const look = () => {
    context.drawImage(document.querySelector(".gw-drawing"), 0, 0, 64, 64);
    const { data } = context.getImageData(0, 0, 64, 64);
    const drawn = data.some((value, i) => Math.abs(value - data[i % 4]) > 8) ? "drawn" : "blank";
    const rows = document.querySelectorAll('[role="treeitem"]').length;
    const selected = nameOf(document.querySelector('[role="treeitem"][aria-selected="true"]'));
    const { transform } = document.querySelector(".gw-overlay").style;
    const focus = nameOf(document.activeElement);
    window.framesSeen.push(\`\${drawn}, \${rows} rows, \${selected} selected, focus on \${focus}, \${transform}\`);
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
`;

function framesSeen(page: Page): Promise<string[]> {
  return page.evaluate(() => (window as unknown as { framesSeen: string[] }).framesSeen);
}

describe("The graph page over a host", function () {
  this.timeout(60_000);
  let lab: Lab;
  before(async () => {
    lab = await Lab.open();
  });
  afterEach(() => lab.closePages());
  after(() => lab.close());

  it("says that it is ready, asks for a pass that did not come along and tells when it is laid out", async () => {
    const host = await lab.host(TRACE);
    const laidOut = await host.heard("laidOut");
    const types = host.posted().map((message) => message.type);
    assert.equal(types[0], "ready");
    assert.ok(types.indexOf("getPass") < types.indexOf("laidOut"));
    assert.deepEqual(laidOut, [{ type: "laidOut", pass: 2, nodes: 9 }]);
    const pass = { ...new EmbeddedTrace(TRACE).pass(2)!, run: "next" };
    await host.send({ type: "outline", outline: { ...OUTLINE, run: "next" }, pass });
    assert.equal((await host.heard("laidOut", 2)).length, 2);
    assert.equal((await host.heard("getPass")).length, 1);
    assert.deepEqual(host.errors, []);
  });

  it("reveals the source of a clicked node without taking the focus, with Enter taking it", async () => {
    const host = await lab.host(TRACE);
    await host.page.getByRole("treeitem", { name: /^w\.mul/ }).click();
    const source = { file: "examples/fit-line.ts", line: 9, column: 13 };
    assert.deepEqual(await host.heard("selected"), [{ type: "selected", pass: 2, node: 2 }]);
    assert.deepEqual(await host.heard("reveal"), [{ type: "reveal", source, focus: false }]);
    await host.page.keyboard.press("Enter");
    assert.deepEqual((await host.heard("reveal", 2)).at(-1), { type: "reveal", source, focus: true });
  });

  it("selects the node that the host asks for, in the pass that it names", async () => {
    const host = await lab.host(TRACE);
    await host.send({ type: "select", pass: 0, node: 4 });
    await host.page.waitForFunction(
      () => document.querySelector(".gw-pass-text")?.textContent === "pass 1 of 3",
    );
    const heading = host.page.getByRole("complementary").getByRole("heading", { level: 2 });
    await heading.waitFor();
    assert.equal(await heading.textContent(), "y");
  });

  it("follows a debugger's position, across passes, and returns to the finished pass", async () => {
    const host = await lab.host(TRACE);
    await host.send({ type: "position", position: { pass: 1, step: 3, live: true } });
    await host.page.waitForFunction(
      () => document.querySelector(".gw-step-text")?.textContent === "step 4 of 7 · AddBackward0",
    );
    assert.match((await treeTexts(host.page)).find((text) => text.includes("current step")) ?? "", /^y,/);
    await host.send({ type: "position", position: { pass: 1, step: 3, live: true, inside: "mul" } });
    await host.page.waitForFunction(
      () => document.querySelector(".gw-step-text")?.textContent === "step 4 of 7 · AddBackward0, in mul",
    );
    await host.send({ type: "position", position: null });
    await host.page.waitForFunction(() =>
      document.querySelector(".gw-step-text")?.textContent?.includes("complete"),
    );
  });

  it("tells the host where a person walks", async () => {
    const host = await lab.host(TRACE);
    await host.page.getByRole("button", { name: "One step back" }).click();
    assert.deepEqual(await host.heard("goTo"), [{ type: "goTo", pass: 2, step: 6 }]);
  });

  it("marks the nodes of the cursor's line, unless it shall not follow", async () => {
    const host = await lab.host(TRACE);
    const picture = () => host.page.locator(".gw-drawing").screenshot();
    const before = await picture();
    await host.send({ type: "cursor", file: "/elsewhere/examples/fit-line.ts", line: 9, column: 1 });
    await eventually(picture, (marked) => !marked.equals(before));
    await host.page.getByRole("button", { name: "Follow the editor's cursor" }).click();
    await host.page.mouse.move(5, 300);
    await eventually(picture, (unmarked) => unmarked.equals(before));
  });

  it("keeps the last good graph while a program runs again and when it fails, and shows the error with its line", async () => {
    const host = await lab.host(TRACE);
    await host.send(outline({ run: "2", state: "running", passes: [] }));
    await host.page.getByText("running…").waitFor();
    assert.equal((await treeTexts(host.page)).length, 9);
    const error = { name: "TypeError", message: "<b>no</b>", line: 4, column: 2 };
    await host.send(
      outline({ run: "2", state: "failed", passes: [], program: { file: "fit-line.ts", exit: 1, error } }),
    );
    await host.page.getByText("<b>no</b>").waitFor();
    assert.equal((await treeTexts(host.page)).length, 9);
    await host.page.getByRole("button", { name: "line 4" }).click();
    assert.deepEqual(await host.heard("reveal"), [
      { type: "reveal", source: { file: "fit-line.ts", line: 4, column: 2 }, focus: true },
    ]);
  });

  it("keeps selection, zoom and places when the program runs again", async () => {
    const host = await lab.host(TRACE);
    const { page } = host;
    const [first] = await host.heard("laidOut");
    await page.getByRole("treeitem", { name: /^b,/ }).click();
    await page.getByRole("button", { name: "Zoom in" }).click();
    const place = () => page.getByRole("treeitem", { name: /^b,/ }).boundingBox();
    const before = await place();
    await host.send(outline({ run: "2" }));
    assert.deepEqual((await host.heard("laidOut", 2))[1], first);
    assert.deepEqual(await place(), before);
    assert.equal(await page.getByRole("complementary").getByRole("heading", { level: 2 }).textContent(), "b");
  });

  it("shows the graph in every frame, with its selection and zoom, while one types and every text is run", async () => {
    const host = await lab.host(TRACE);
    const { page } = host;
    await host.heard("laidOut");
    await page.getByRole("treeitem", { name: /^b,/ }).click();
    await page.getByRole("button", { name: "Zoom in" }).click();
    await page.evaluate(WATCH_FRAMES);
    const error = { name: "SyntaxError", message: "Unexpected end of input", line: 9, column: 2 };
    const broken = { file: OUTLINE.program.file, exit: 1, error };
    const last = new EmbeddedTrace(TRACE).pass(2)!;
    for (let key = 1; key <= 6; key++) {
      const run = `typed ${key}`;
      await host.send(outline({ run: `typed ${key - 1}`, stale: true }));
      await host.send(outline({ run, state: "running", passes: [], duration: null }));
      // Every other text is broken; of the others, some come with their pass and some are asked for it.
      if (key % 2 === 1) await host.send(outline({ run, state: "failed", passes: [], program: broken }));
      else
        await host.send({
          type: "outline",
          outline: { ...OUTLINE, run },
          ...(key > 2 && { pass: { ...last, run } }),
        });
    }
    await host.heard("laidOut", 4);
    await page.getByText("running…").waitFor({ state: "hidden" });
    const frames = await framesSeen(page);
    assert.ok(frames.length > 3, `${frames.length} frames`);
    assert.deepEqual([...new Set(frames)], [frames[0]]);
    assert.match(frames[0] ?? "", /^drawn, 9 rows, b selected, focus on Zoom in, translate\(.*\) scale\(/);
    assert.deepEqual(host.errors, []);
  });

  it("says calmly that the text was edited since the run", async () => {
    const host = await lab.host(TRACE);
    await host.send(outline({ stale: true }));
    await host.page.getByText("edited since this run").waitFor();
    assert.equal((await treeTexts(host.page)).length, 9);
  });

  it("offers to run where nothing has run yet", async () => {
    const host = await lab.host(null);
    await host.send(outline({ state: "idle", passes: [] }));
    await host.page.getByRole("button", { name: "Run and show graph" }).click();
    assert.equal((await host.heard("run")).length, 1);
  });

  it("takes VS Code's theme, also when it changes", async () => {
    const host = await lab.host(TRACE);
    await host.page.evaluate(() => {
      document.documentElement.style.setProperty("--vscode-editor-background", "#102030");
      document.body.className = "vscode-dark";
    });
    await host.page.waitForFunction(() => {
      const canvas = document.querySelector<HTMLCanvasElement>(".gw-drawing");
      const data = canvas?.getContext("2d")?.getImageData(2, 2, 1, 1).data;
      return data?.[0] === 0x10 && data[1] === 0x20 && data[2] === 0x30;
    });
  });

  it("gives the host what is to be saved", async () => {
    const host = await lab.host(TRACE);
    await host.page.getByRole("button", { name: "Export or copy" }).click();
    await host.page.getByRole("menuitem", { name: "Save as SVG" }).click();
    const [message] = await host.heard("export");
    assert.equal(message?.format, "svg");
    assert.match(message?.content ?? "", /<text[^>]*>loss<\/text>/);
  });
});
