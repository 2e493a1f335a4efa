/** @file Groups in the graph page, in a real browser: by key and by pointer, over reloads, in exports. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Locator, Page } from "playwright-core";
import { loops } from "../bench/graph.js";
import { Lab, ready } from "./support/page.js";

const LOOP = loops(400);

/** Names of the rows, each with a sign for folded (+) and open (-). */
function rows(page: Page): Promise<string[]> {
  return page.getByRole("treeitem").evaluateAll((items) =>
    items.map((item) => {
      const expanded = item.getAttribute("aria-expanded");
      const name = item.getAttribute("aria-label")?.split(",")[0] ?? "";
      return `${expanded === null ? "" : expanded === "true" ? "- " : "+ "}${name}`;
    }),
  );
}

/** The page says so once it has drawn what was asked for. */
async function said(page: Page, words: string): Promise<void> {
  await page.getByRole("status").filter({ hasText: words }).waitFor({ state: "attached" });
}

async function placeOf(card: Locator) {
  const box = await card.boundingBox();
  assert.ok(box);
  return box;
}

function folded(page: Page, name: RegExp) {
  return page.getByRole("treeitem", { expanded: false, name }).first();
}

describe("Groups on the graph page", function () {
  this.timeout(60_000);
  let lab: Lab;
  before(async () => {
    lab = await Lab.open();
  });
  afterEach(() => lab.closePages());
  after(() => lab.close());

  it("fold and unfold by Space and by a click, keep the focus, and say so", async () => {
    const { page, errors } = await lab.trace(LOOP);
    await page.keyboard.press("1");
    await folded(page, /^for/).waitFor();
    assert.deepEqual(await rows(page), ["+ for", "w"]);
    await folded(page, /^for/).focus();
    await page.keyboard.press(" ");
    const open = page.getByRole("treeitem", { expanded: true });
    await open.waitFor();
    assert.equal(await open.evaluate((item) => item === document.activeElement), true);
    assert.ok((await rows(page)).some((row) => row === "+ iterations 1–19"));
    assert.match((await page.locator("[role=status]").allTextContents()).join(), /for unfolded/);
    // On the triangle in its corner.
    await open.click({ position: { x: 12, y: 12 } });
    await folded(page, /^for/).waitFor();
    await folded(page, /^for/).dblclick();
    await open.waitFor();
    assert.deepEqual(errors, []);
  });

  it("of a series show the instance that its slider stands at", async () => {
    const { page } = await lab.trace(LOOP);
    const slider = page.getByRole("slider", { name: /^for: which of its 20 iterations/ });
    await slider.fill("7");
    await page.getByRole("treeitem", { name: /^iterations 0–6/ }).waitFor({ state: "attached" });
    await page.getByRole("treeitem", { name: /^iterations 8–19/ }).waitFor({ state: "attached" });
    assert.equal(await slider.getAttribute("aria-valuetext"), "iteration 7");
  });

  it("stay as they were left over a reload, and unfold for what a search finds in them", async () => {
    const host = await lab.host(LOOP);
    await host.page.keyboard.press("1");
    await folded(host.page, /^for/).waitFor();
    await host.page.waitForFunction(() => JSON.stringify(history.state).includes('"level":0'));
    await host.page.reload();
    await host.send({ type: "settings", settings: { canReveal: true, canRun: true, canStep: true } });
    const { EmbeddedTrace } = await import("../../webview/document.js");
    await host.send({ type: "outline", outline: new EmbeddedTrace(LOOP).outline() });
    await ready(host.page);
    assert.deepEqual(await rows(host.page), ["+ for", "w"]);
    await host.page.keyboard.press("/");
    await host.page.getByRole("searchbox").fill("Tanh");
    await host.page
      .getByRole("treeitem", { name: /TanhBackward0/, selected: true })
      .waitFor({ state: "attached" });
    assert.ok((await rows(host.page)).includes("- for"));
  });

  it("are drawn in an export as they are on the page", async () => {
    const { page } = await lab.trace(LOOP);
    await page.keyboard.press("1");
    await folded(page, /^for/).waitFor();
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export or copy" }).click();
    await page.getByRole("menuitem", { name: "Save as SVG" }).click();
    const svg = readFileSync((await (await download).path()) ?? "", "utf8");
    const texts = [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text);
    assert.ok(texts.includes("for") && texts.includes("×20"), texts.join(" | "));
    assert.ok(!texts.some((text) => text?.includes("Tanh")), "what is folded is not drawn");
  });

  it("stay where a person drags them, until the move is undone", async () => {
    const { page } = await lab.trace(LOOP);
    await page.keyboard.press("1");
    await said(page, "All groups folded");
    const item = folded(page, /^for/);
    const before = await placeOf(item);
    const at = { x: before.x + before.width / 2, y: before.y + before.height / 2 };
    await page.mouse.move(at.x, at.y);
    await page.mouse.down();
    await page.mouse.move(at.x + 150, at.y + 40, { steps: 4 });
    await page.mouse.up();
    const moved = await placeOf(item);
    assert.ok(Math.abs(moved.x - before.x - 150) < 2);
    await page.keyboard.press("z");
    await said(page, "Move undone");
    const after = await placeOf(item);
    assert.deepEqual(
      [Math.round(after.x), Math.round(after.y)],
      [Math.round(before.x), Math.round(before.y)],
    );
    assert.equal(await page.getByRole("treeitem", { selected: true }).count(), 0, "a key selects nothing");
  });

  it("of a thousand nodes have elements for those in view, each with its place among all", async () => {
    const { page } = await lab.trace(loops(1_500));
    await page.keyboard.press("*");
    await page.waitForFunction(() => document.querySelectorAll('[role="treeitem"]').length > 100);
    const count = await page.getByRole("treeitem").count();
    assert.ok(count < 500, `${count} elements`);
    const last = page.getByRole("treeitem", { name: /^w,/ });
    await page.keyboard.press("Home");
    for (let i = 0; i < 12; i++) await page.keyboard.press("ArrowUp");
    const focused = page.locator('[role="treeitem"]:focus');
    assert.equal(await focused.count(), 1);
    assert.ok(Number(await focused.getAttribute("aria-setsize")) >= 38);
    assert.ok((await last.count()) <= 1);
  });
});
