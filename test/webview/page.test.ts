/** @file The graph page over an embedded trace, in a real browser. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { Lab, treeTexts } from "./support/page.js";
import { chains, fitLine, oddities, trace } from "./support/traces.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Finding {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** axe-core's findings, each with the elements concerned; the policy of the page lets no script in but by evaluation. */
async function findings(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate<Finding[]>("axe.run().then((result) => result.violations)");
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
}

function pixel(page: Page): Promise<number[]> {
  return page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>(".gw-drawing");
    const data = canvas?.getContext("2d")?.getImageData(2, 2, 1, 1).data;
    return data ? [...data] : [];
  });
}

interface Box {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Every line of text of the exported drawing with its box, as the browser itself measures it. */
async function drawnTexts(page: Page): Promise<Box[]> {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export or copy" }).click();
  await page.getByRole("menuitem", { name: "Save as SVG" }).click();
  const svg = readFileSync((await (await download).path()) ?? "", "utf8");
  const blank = await page.context().newPage();
  await blank.setContent(svg.replace(/^<\?xml.*\n/, ""));
  const boxes = await blank.evaluate(() =>
    [...document.querySelectorAll("text")].map((element) => {
      const { x, y, width, height } = element.getBBox();
      return { text: element.textContent ?? "", x, y, width, height };
    }),
  );
  await blank.close();
  return boxes;
}

/** Names of the cards that a part of the page lies on. */
function cardsUnder(page: Page, part: string): Promise<string[]> {
  return page.evaluate((selector) => {
    const { left, right, top, bottom } = document.querySelector(selector)!.getBoundingClientRect();
    const items = [...document.querySelectorAll('[role="treeitem"]')];
    const under = items.filter((item) => {
      const box = item.getBoundingClientRect();
      return left < box.right && box.left < right && top < box.bottom && box.top < bottom;
    });
    return under.map((item) => item.getAttribute("aria-label") ?? "");
  }, part);
}

function overlapping(boxes: readonly Box[]): string[] {
  const cut = 2;
  return boxes.flatMap((a, i) =>
    boxes
      .slice(i + 1)
      .filter(
        (b) =>
          a.x + cut < b.x + b.width &&
          b.x + cut < a.x + a.width &&
          a.y + cut < b.y + b.height &&
          b.y + cut < a.y + a.height,
      )
      .map((b) => `${a.text} / ${b.text}`),
  );
}

const FIT_LINE = fitLine();

describe("The graph page over an embedded trace", function () {
  this.timeout(60_000);
  let lab: Lab;
  before(async () => {
    lab = await Lab.open();
  });
  afterEach(() => lab.closePages());
  after(() => lab.close());

  it("tells every node's name, function, shape, state and gradient in the accessible tree", async () => {
    const { page, errors } = await lab.trace(fitLine(1));
    const texts = await treeTexts(page);
    assert.equal(texts.length, 9);
    assert.equal(
      texts[0],
      "loss, MeanBackward0, shape [] float32, non-leaf, requires grad, value 9.0767, incoming gradient 1, root, line 10",
    );
    const w = texts.find((text) => text.startsWith("w, "));
    assert.equal(
      w,
      "w, AccumulateGrad, shape [1] float32, leaf, requires grad, value [0.5], grad [-25.867]  ×1, line 5",
    );
    assert.match(
      texts.find((text) => text.startsWith("x, ")) ?? "",
      /^x, constant, .* leaf, does not require grad/,
    );
    assert.deepEqual(errors, []);
  });

  it("nests the tree as next_functions do", async () => {
    const { page } = await lab.trace(fitLine(1));
    const levels = await page
      .getByRole("treeitem")
      .evaluateAll((items) =>
        items.map(
          (item) => `${item.getAttribute("aria-level")} ${item.getAttribute("aria-label")?.split(",")[0]}`,
        ),
      );
    assert.deepEqual(levels, [
      "1 loss",
      "2 y.sub(target).pow(2)",
      "3 y.sub(target)",
      "4 y",
      "5 w.mul(x)",
      "6 w",
      "6 x",
      "5 b",
      "4 target",
    ]);
  });

  it("walks along the edges by keyboard, and shows the details of where it stands", async () => {
    const { page } = await lab.trace(fitLine(1));
    await page.getByRole("treeitem", { name: /^loss/ }).focus();
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowUp");
    const focused = () =>
      page.evaluate(() => document.activeElement?.getAttribute("aria-label")?.split(",")[0]);
    assert.equal(await focused(), "y");
    assert.equal(await page.getByRole("complementary").getByRole("heading", { level: 2 }).textContent(), "y");
    await page.keyboard.press("ArrowDown");
    assert.equal(await focused(), "y.sub(target)");
    await page.keyboard.press("Home");
    assert.equal(await focused(), "loss");
    await page.keyboard.press("Escape");
    assert.equal(await page.getByRole("complementary").isVisible(), false);
  });

  it("shows value, gradients, formula, saved tensors, what leaves and why there is no .grad", async () => {
    const { page } = await lab.trace(FIT_LINE);
    await page.keyboard.press("[");
    await page.getByRole("slider", { name: "Backward pass", exact: true }).fill("0");
    await page.getByRole("treeitem", { name: /^w\.mul/ }).click();
    const pane = page.getByRole("complementary");
    await pane.getByText("saved tensors").waitFor();
    await pane.getByText("tensor([-1.2667, -1.9333, -2.6000])").first().waitFor();
    const text = ((await pane.textContent()) ?? "").toLowerCase();
    for (const part of [
      "tensor([1., 2., 3.])",
      "tensor([-1.2667, -1.9333, -2.6000])",
      "grad * other",
      "tensor([2., 4., 6.])",
      "version 0 ✓",
      "summed to [1], because this operation broadcast it to [3]",
      "call retain_grad() on it before backward()",
      "fit-line.ts:9:13",
    ])
      assert.ok(text.includes(part), `${part} is missing in:\n${text}`);
  });

  it("steps through the pass forward and back, says where it is, and shows what is still to come", async () => {
    const { page } = await lab.trace(fitLine(1));
    const step = page.getByRole("slider", { name: "Step of the backward pass" });
    assert.equal(await step.inputValue(), "7");
    await step.fill("0");
    assert.match((await treeTexts(page))[0] ?? "", /incoming gradient 1, root, current step/);
    const leaf = async () => (await treeTexts(page)).find((text) => text.startsWith("w,")) ?? "";
    assert.match(await leaf(), /grad none · 1 term to come/);
    await page.getByRole("treeitem", { name: /^loss/ }).focus();
    for (let i = 0; i < 6; i++) await page.keyboard.press(".");
    assert.match(await leaf(), /grad none · arriving, current step/);
    await page.keyboard.press(",");
    assert.equal(await step.getAttribute("aria-valuetext"), "step 6 of 7 · MulBackward0");
    assert.match((await treeTexts(page)).find((text) => text.includes("current step")) ?? "", /^w\.mul\(x\)/);
    await page.keyboard.press(".");
    await page.keyboard.press(".");
    assert.match(await leaf(), /grad \[-25\.867\]/);
  });

  it("shows any pass of the loop, with the loss at that pass", async () => {
    const { page } = await lab.trace(FIT_LINE);
    const loss = async () => (await treeTexts(page))[0] ?? "";
    const last = await loss();
    await page.getByRole("slider", { name: "Backward pass", exact: true }).fill("0");
    await page.waitForFunction(() =>
      document.querySelector('[role="treeitem"]')?.getAttribute("aria-label")?.includes("9.0767"),
    );
    assert.notEqual(await loss(), last);
    assert.match(
      (await page.locator(".gw-timeline-text").textContent()) ?? "",
      /loss over 30 passes · 9\.0767 · iteration 0/,
    );
  });

  it("keeps selection over passes and over a reload", async () => {
    const { page } = await lab.trace(FIT_LINE);
    await page.getByRole("treeitem", { name: /^b,/ }).click();
    await page.keyboard.press("[");
    await page.waitForFunction(
      () => document.querySelector(".gw-pass-text")?.textContent === "pass 29 of 30",
    );
    const heading = page.getByRole("complementary").getByRole("heading", { level: 2 });
    assert.equal(await heading.textContent(), "b");
    // What is saved: the pass that was chosen, and the card.
    await page.waitForFunction(() => history.state?.pass === 28 && history.state.selected !== null);
    await page.reload();
    await page.waitForSelector('[data-gradwalk-ready="true"]');
    await heading.waitFor();
    assert.equal(await heading.textContent(), "b");
  });

  it("finds nodes by name, operation, line and state, and goes through them", async () => {
    const { page } = await lab.trace(fitLine(1));
    const count = page.getByRole("search").getByRole("status");
    await page.keyboard.press("/");
    await page.keyboard.type("line:10");
    assert.equal(await count.textContent(), "1 of 3");
    await page.keyboard.press("Enter");
    assert.equal(await count.textContent(), "2 of 3");
    await page.getByRole("searchbox").fill("accumulategrad leaf");
    assert.equal(await count.textContent(), "1 of 2");
    await page.getByRole("searchbox").fill("line:1");
    assert.equal(await count.textContent(), "no match");
    await page.keyboard.press("Escape");
    assert.equal(await page.getByRole("search").isVisible(), false);
  });

  it("lists its keys, and closes the list with Escape", async () => {
    const { page } = await lab.trace(fitLine(1));
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await page.keyboard.press("Escape");
    assert.equal(await page.getByRole("dialog", { name: "Keys" }).isVisible(), false);
  });

  it("follows the reader's light or dark theme while it is open", async () => {
    const { page } = await lab.trace(fitLine(1), { colorScheme: "light" });
    assert.deepEqual(await pixel(page), [255, 255, 255, 255]);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.waitForFunction(() => {
      const canvas = document.querySelector<HTMLCanvasElement>(".gw-drawing");
      return canvas?.getContext("2d")?.getImageData(2, 2, 1, 1).data[0] === 31;
    });
    assert.deepEqual(await pixel(page), [31, 31, 31, 255]);
  });

  for (const [name, document] of [
    ["a fitted line", fitLine(1)],
    ["custom functions, NaN and fan-in", oddities()],
  ] as const) {
    it(`draws no two words over each other: ${name}`, async () => {
      const { page } = await lab.trace(document);
      await page.keyboard.press("g");
      const boxes = await drawnTexts(page);
      assert.ok(boxes.length > 20);
      assert.deepEqual(overlapping(boxes), []);
    });

    for (const colorScheme of ["light", "dark"] as const) {
      it(`has no findings by axe-core: ${name}, ${colorScheme}`, async () => {
        const { page } = await lab.trace(document, { colorScheme });
        await page.getByRole("treeitem").first().click();
        await page.getByRole("slider", { name: "Step of the backward pass" }).fill("2");
        await page.getByRole("button", { name: "Find a node" }).click();
        await page.keyboard.type("grad");
        assert.deepEqual(await findings(page), []);
      });
    }
  }

  it("shows names as text, whatever they hold", async () => {
    const hostile = "</script><img src=x onerror=\"document.title='run'\">\u202e‮👩‍🔬 שלום";
    for (const name of [hostile, "n".repeat(10_000), "\u0000\u0007", "__proto__"]) {
      const { page, errors } = await lab.trace(oddities(name));
      await page.getByRole("treeitem", { name: /constant/ }).click();
      const heading = page.getByRole("complementary").getByRole("heading", { level: 2 });
      await heading.waitFor();
      assert.equal(await page.locator("img[src=x]").count(), 0);
      assert.equal(await page.title(), "graph");
      assert.deepEqual(errors, []);
      const width = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.equal(width, 0);
    }
  });

  it("says what is wrong with what it can't read", async () => {
    const whole = JSON.stringify(fitLine(1));
    const cases: readonly [string, RegExp][] = [
      [whole.slice(0, 500), /cut off or damaged/],
      ['{"format":"other"}', /no trace/],
      ["null", /no trace/],
      [whole.replace('"version":1', '"version":99'), /version 99.*newer Gradwalk/],
    ];
    for (const [text, expected] of cases) {
      const { page } = await lab.trace(text);
      assert.match((await page.locator(".gw-empty").textContent()) ?? "", expected);
    }
  });

  it("says so where there is nothing to draw, and where backward was never called", async () => {
    const empty = await lab.trace(trace([], []));
    assert.match(
      (await empty.page.locator(".gw-empty").textContent()) ?? "",
      /made no graph.*requires_grad/s,
    );
    const live = await lab.trace(chains(2, 3));
    assert.match((await live.page.locator(".gw-banner").textContent()) ?? "", /never called backward/);
    assert.equal((await treeTexts(live.page)).length, 9);
  });

  it("draws a thousand nodes, and a node alone", async () => {
    const many = await lab.trace(chains(20, 50));
    const nodes = (texts: readonly string[]) =>
      texts.reduce((sum, text) => {
        const folded = [...text.matchAll(/(\d+) (?:operations?|leaf|leaves)/g)];
        return sum + (folded.length === 0 ? 1 : folded.reduce((all, [, count]) => all + Number(count), 0));
      }, 0);
    const texts = await many.page
      .locator('[role="treeitem"]:not([aria-expanded="true"])')
      .evaluateAll((items) => items.map((item) => item.getAttribute("aria-label") ?? ""));
    assert.ok(texts.length < 60, `${texts.length} rows`);
    assert.equal(nodes(texts), 1021);
    const one = chains(1, 0);
    const { page, errors } = await lab.trace({
      ...one,
      graphs: [{ nodes: one.graphs[0]!.nodes.slice(0, 1), edges: [] }],
    });
    assert.equal((await treeTexts(page)).length, 1);
    assert.deepEqual(errors, []);
  });

  it("fits a narrow side panel without scrolling sideways, and keeps the legend off the cards", async () => {
    const { page } = await lab.trace(FIT_LINE, { viewport: { width: 1100, height: 700 } });
    const keys = page.getByRole("group", { name: "Legend" });
    await keys.waitFor();
    for (const width of [1100, 560, 380, 300]) {
      await page.setViewportSize({ width, height: 700 });
      await page.waitForFunction((wide) => document.querySelector("canvas")?.width === wide, width);
      assert.deepEqual(await cardsUnder(page, ".gw-legend"), [], `at ${width}`);
    }
    assert.equal(await keys.isVisible(), false);
    await page.keyboard.press("l");
    await keys.getByText("leaf, requires grad").waitFor();
    await page.getByRole("treeitem", { name: /^w,/ }).click();
    await page.getByRole("complementary").waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 300);
    const stage = await page.locator(".gw-stage").boundingBox();
    assert.ok((stage?.height ?? 0) > 150);
  });
});
