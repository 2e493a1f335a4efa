import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { buildAll } from "../support/build.js";
import { launchChromium } from "../support/chromium.js";
import { tryCommand } from "../support/command.js";
import { DIST, ROOT } from "../support/paths.js";
import { withFiles } from "./command.js";

const CLI = join(DIST, "cli.js");

describe("the page that gradwalk run --html writes", function () {
  this.timeout(120_000);
  let browser: Browser;

  before(async () => {
    if (!existsSync(CLI) || !existsSync(join(DIST, "webview.js"))) await buildAll();
    browser = await launchChromium();
  });

  after(() => browser?.close());

  /** Opens the page and hands over what went wrong in it. */
  async function visit(file: string) {
    const page = await browser.newPage();
    const wrong: string[] = [];
    const requests: string[] = [];
    page.on("pageerror", (error) => wrong.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") wrong.push(message.text());
    });
    page.on("dialog", (dialog) => {
      wrong.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("request", (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    await page.waitForSelector('html[data-gradwalk-ready="true"]', { state: "attached", timeout: 20_000 });
    return { page, wrong, requests };
  }

  async function write(program: string, out: string, cwd = ROOT): Promise<void> {
    const { status, output } = await tryCommand(process.execPath, [CLI, "run", program, "--html", out], {
      cwd,
    });
    assert.equal(status, 0, output);
  }

  it("draws the graph by itself, from one file and nothing else", async () => {
    await withFiles({}, async (folder) => {
      const file = join(folder, "page.html");
      await write("examples/linear-regression.ts", file);
      const { page, wrong, requests } = await visit(file);
      const names = await page
        .getByRole("treeitem")
        .evaluateAll((items) => items.map((item) => item.getAttribute("aria-label") ?? ""));
      for (const name of ["w", "b", "y", "loss", "MeanBackward0"]) {
        assert.ok(
          names.some((text) => text.includes(name)),
          `${name} in ${names.join(" | ")}`,
        );
      }
      assert.deepEqual(wrong, []);
      const remote = requests.filter((url) => !/^(file|blob|data):/.test(url));
      assert.deepEqual(remote, []);
      assert.equal(requests.filter((url) => url.startsWith("file:")).length, 1);
      await page.close();
    });
  });

  it("runs nothing that stands in the program's text or names", async () => {
    const hostile = `import * as torch from "gradwalk";
// </script><script>alert("text")</script><img src=x onerror=alert("image")>
const w = torch.tensor([1], { requires_grad: true });
const named: Record<string, torch.Tensor> = {};
named["<img src=x onerror=alert(1)>"] = w.mul(2);
named["<img src=x onerror=alert(1)>"]!.backward();
`;
    await withFiles({ "p.ts": hostile }, async (folder) => {
      await write("p.ts", "page.html", folder);
      const { page, wrong } = await visit(join(folder, "page.html"));
      assert.deepEqual(wrong, []);
      await page.close();
    });
  });

  it("says in words what is wrong with a trace that was spoilt", async () => {
    await withFiles({ "p.ts": "export {};" }, async (folder) => {
      const file = join(folder, "page.html");
      await write("p.ts", file, folder);
      const html = await readFile(file, "utf8");
      await writeFile(file, html.replace('"version":1', '"version":9'));
      const page = await browser.newPage();
      await page.goto(pathToFileURL(file).href);
      await page.getByText(/version 9/).waitFor({ timeout: 20_000 });
      await page.close();
    });
  });
});
