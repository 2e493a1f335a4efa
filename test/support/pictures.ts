/** @file `npm run pictures`: what stands in the README and in the icon's place, made from the sources. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { OLDEST } from "../vscode/host/versions.js";
import { takePicture } from "../vscode/workbench/looks.js";
import { buildAll } from "./build.js";
import { launchChromium } from "./chromium.js";
import { ROOT } from "./paths.js";

const MEDIA = join(ROOT, "media");
const ICON = 256;

async function drawIcon(): Promise<void> {
  const browser = await launchChromium();
  const page = await browser.newPage({ viewport: { width: ICON, height: ICON } });
  const style = `body { margin: 0 } svg { display: block; width: ${ICON}px; height: ${ICON}px }`;
  await page.setContent(`<style>${style}</style>${await readFile(join(MEDIA, "icon.svg"), "utf8")}`);
  await page.screenshot({ path: join(MEDIA, "icon.png"), omitBackground: true });
  await browser.close();
}

await buildAll();
await drawIcon();
const look = {
  example: "linear-regression.ts",
  theme: "light",
  press: "Run and show graph",
  select: /^w\.mul/,
} as const;
await takePicture(OLDEST, look, join(MEDIA, "screenshot.png"));
