/** @file `npm run pictures`: what stands in the README and in the icon's place, made from the sources. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { NEWEST, OLDEST } from "../vscode/host/versions.js";
import { takePicture } from "../vscode/workbench/looks.js";
import { type KINDS, takeReadoutPictures } from "../vscode/workbench/readoutLooks.js";
import { buildAll } from "./build.js";
import { launchChromium } from "./chromium.js";
import { OUT, ROOT } from "./paths.js";
import { decodePng, palettePng } from "./png.js";

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

/** They are most of what the package weighs beside the code. */
async function shrink(file: string): Promise<void> {
  const small = palettePng(decodePng(await readFile(file)));
  if (small) await writeFile(file, small);
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

/** The steps of the walkthrough, and the readouts that they show. */
const STEPS: { readonly [K in (typeof KINDS)[number]]?: string } = {
  lenses: "run",
  hover: "read",
  tree: "live",
};
const WALKTHROUGH = join(MEDIA, "walkthrough");
for (const theme of ["light", "dark"] as const) {
  await takeReadoutPictures({
    version: NEWEST,
    theme,
    file: (kind) => {
      const step = STEPS[kind];
      return step
        ? join(WALKTHROUGH, `${step}-${theme}.png`)
        : join(OUT, "screenshots", `${kind}-${theme}.png`);
    },
  });
  const stepping = { example: "linear-regression.ts", theme, press: "Step backward pass", steps: 3 } as const;
  await takePicture(NEWEST, stepping, join(WALKTHROUGH, `step-${theme}.png`));
}
await shrink(join(MEDIA, "screenshot.png"));
for (const name of await readdir(WALKTHROUGH)) await shrink(join(WALKTHROUGH, name));
