/** @file Parts, passes and pictures on the graph page, in a real browser: what a model alone can't show. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { EmbeddedTrace } from "../../webview/document.js";
import { Lab, treeTexts } from "./support/page.js";
import { fitLine, node, oddities, tensor, trace } from "./support/traces.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const FIT_LINE = fitLine();

const names = async (page: Page) => (await treeTexts(page)).map((text) => text.split(",")[0]);
const item = (page: Page, name: RegExp) => page.getByRole("treeitem", { name });
const passes = (page: Page) => page.getByRole("slider", { name: "Backward pass", exact: true });

async function download(page: Page, name: string): Promise<Buffer> {
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export or copy" }).click();
  await page.getByRole("menuitem", { name, exact: true }).click();
  return readFileSync((await (await saved).path()) ?? "");
}

describe("The graph page", function () {
  this.timeout(60_000);
  let lab: Lab;
  before(async () => {
    lab = await Lab.open();
  });
  afterEach(() => lab.closePages());
  after(() => lab.close());

  it("draws a part of the graph alone, says which, and all of it again with Escape", async () => {
    const { page } = await lab.trace(fitLine(1));
    await item(page, /^b,/).click();
    await page.getByRole("button", { name: "What reaches it" }).click();
    await page.locator(".gw-part", { hasText: "What reaches b" }).waitFor();
    assert.deepEqual(await names(page), ["loss", "y.sub(target).pow(2)", "y.sub(target)", "y", "b"]);
    await page.keyboard.press("Escape");
    await item(page, /^w,/).waitFor();
    assert.equal((await names(page)).length, 9);
    await page.keyboard.press("c");
    await item(page, /^x,/).waitFor({ state: "detached" });
    assert.equal((await names(page)).length, 7);
  });

  it("draws the ways between two nodes, or says that there is none", async () => {
    const { page } = await lab.trace(fitLine(1));
    await item(page, /^w,/).click();
    await page.keyboard.press("w");
    await item(page, /^b,/).click();
    await page.getByText("There is no path").waitFor();
    await page.keyboard.press("w");
    await item(page, /^loss,/).click();
    await page.locator(".gw-part", { hasText: "Between b and loss" }).waitFor();
    assert.deepEqual(await names(page), ["loss", "y.sub(target).pow(2)", "y.sub(target)", "y", "b"]);
  });

  it("compares two passes as a difference and side by side, and is as before afterwards", async () => {
    const { page, errors } = await lab.trace(FIT_LINE);
    const loss = async () => (await treeTexts(page))[0] ?? "";
    const before = await loss();
    await page.getByRole("button", { name: "Compare other passes with this one" }).click();
    await passes(page).fill("0");
    await item(page, /^loss, .* value 9\.0767|^loss, .* → 9\.0767/).waitFor();
    assert.match(await loss(), /value [\d.]+ → 9\.0767/);
    await page.getByRole("button", { name: "Show both passes side by side" }).click();
    await page.getByText("pass 30", { exact: true }).waitFor();
    assert.match(await loss(), /value 9\.0767/);
    assert.equal(await page.locator("canvas.gw-drawing").count(), 2);
    await page.getByRole("button", { name: /^Stop comparing/ }).click();
    await passes(page).fill("29");
    await item(
      page,
      new RegExp(before.slice(0, before.indexOf(", incoming")).replace(/[[\].()]/g, "\\$&")),
    ).waitFor();
    assert.deepEqual(errors, []);
  });

  it("goes through the parts of a large tensor, and reads out its elements by key", async () => {
    const values = Array.from({ length: 960 }, (_, i) => i - 480);
    const weight = tensor(values, [10, 96]);
    const one = node(0, weight, { kind: "accumulate", label: "weight" });
    const { page } = await lab.trace(trace([{ nodes: [one], edges: [] }], []));
    await item(page, /^weight,/).click();
    await page.getByText("[:, 0:32] · part 1 of 3").waitFor();
    await page.getByRole("button", { name: "Next part" }).click();
    await page.getByText("[:, 32:64] · part 2 of 3").waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-label")), "Next part");
    await page.getByRole("img", { name: /^Heat map/ }).focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    assert.equal(await page.locator(".gw-readout").textContent(), "[1, 33] -351.");
  });

  it("marks what another run changed, and says it", async () => {
    const host = await lab.host(fitLine(1));
    const view = new EmbeddedTrace(fitLine(1)).pass(0);
    const outline = new EmbeddedTrace(fitLine(1)).outline();
    assert.ok(view);
    const { page } = host;
    await item(page, /^w,/).waitFor();
    await page.evaluate(() => document.documentElement.removeAttribute("data-gradwalk-ready"));
    const nodes = view.nodes.map((each) =>
      each.label === "b" && each.value
        ? { ...each, value: { ...each.value, data: [7], min: 7, max: 7 } }
        : each,
    );
    host.answerPasses({ ...view, run: "second", nodes });
    await host.send({ type: "outline", outline: { ...outline, run: "second" } });
    await page.getByText("changed since the last run").waitFor();
    const said = await page.locator('[role="status"]').allTextContents();
    assert.ok(
      said.some((text) => /Run again: 1 changed/.test(text)),
      said.join("|"),
    );
    await page.getByRole("button", { name: /changed since/ }).click();
  });

  it("saves a PNG at each scale, and GraphML and Mermaid as text", async () => {
    const { page } = await lab.trace(fitLine(1));
    const widths = [];
    for (const scale of [1, 2]) {
      const png = await download(page, `Save as PNG, ${scale}×`);
      assert.equal(png.subarray(1, 4).toString(), "PNG");
      widths.push(png.readUInt32BE(16));
    }
    assert.ok(Math.abs(widths[1]! - 2 * widths[0]!) <= 1, widths.join());
    assert.match((await download(page, "Save as GraphML")).toString(), /<graphml /);
    assert.match((await download(page, "Save as Mermaid")).toString(), /^flowchart TD/);
    const svg = (await download(page, "Save as SVG")).toString();
    assert.doesNotMatch(svg, /color\(|color-mix|var\(/);
  });

  it("shows a map where the graph is larger than the view, and moves the view by it", async () => {
    const { page } = await lab.trace(FIT_LINE);
    const map = page.locator(".gw-map");
    assert.equal(await map.isVisible(), false);
    for (let i = 0; i < 6; i++) await page.keyboard.press("+");
    await map.waitFor();
    const place = () => page.locator(".gw-tree").evaluate((tree) => tree.getBoundingClientRect().y);
    const before = await place();
    await map.click({ position: { x: 84, y: 12 } });
    await page.waitForFunction(
      (y) => document.querySelector(".gw-tree")?.getBoundingClientRect().y !== y,
      before,
    );
    await page.keyboard.press("m");
    await map.waitFor({ state: "hidden" });
  });

  it("stands on a page of twice the size, and still, for who asks for less motion", async () => {
    const { page } = await lab.trace(FIT_LINE, {
      viewport: { width: 640, height: 450 },
      deviceScaleFactor: 2,
      reducedMotion: "reduce",
    });
    await item(page, /^w,/).click();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 640);
    const moving = await page.evaluate(() => document.getAnimations().length);
    assert.equal(moving, 0);
  });

  it("draws values that are all NaN, and names of any length or direction", async () => {
    const nan = tensor(new Array<number>(6).fill(Number.NaN), [2, 3]);
    const long = `\u202e${"שלום".repeat(2500)}👩‍🔬<b>`;
    const one = node(0, nan, { kind: "accumulate", label: long });
    const { page, errors } = await lab.trace(trace([{ nodes: [one], edges: [] }], []));
    await page.getByRole("treeitem").click();
    await page.getByText("6 NaN").first().waitFor();
    for (const colour of ["norm", "value", "memory", "order", "time"]) {
      await page.getByRole("combobox", { name: "Colour the cards by" }).selectOption(colour);
    }
    assert.equal(await page.locator("b", { hasText: "שלום" }).count(), 0);
    assert.deepEqual(errors, []);
  });

  for (const colorScheme of ["light", "dark"] as const) {
    it(`has no findings by axe-core while comparing, with a part drawn and heat maps shown, ${colorScheme}`, async () => {
      for (const [document, name] of [
        [FIT_LINE, /^y,/],
        [oddities(), /^weights,/],
      ] as const) {
        const { page } = await lab.trace(document, { colorScheme });
        const compare = page.getByRole("button", { name: "Compare other passes with this one" });
        if (await compare.isVisible()) {
          await compare.click();
          await passes(page).fill("3");
        }
        await item(page, name).click();
        await page.getByRole("button", { name: "Path to…" }).click();
        await page.evaluate(AXE);
        const found = await page.evaluate<{ id: string; nodes: { html: string }[] }[]>(
          "axe.run().then((result) => result.violations)",
        );
        assert.deepEqual(
          found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`),
          [],
        );
      }
    });
  }
});
