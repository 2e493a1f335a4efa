/**
 * @file What a person who types waits for in the real workbench: the readouts that follow an edit, and the letters
 * themselves, with and without the extension. Times are the page's own, from the key's event to the paint.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { temporaryWorkspace } from "../vscode/host/suite.js";
import type { HostVersion } from "../vscode/host/versions.js";
import { Workbench, type WorkbenchRequest } from "../vscode/host/workbench.js";
import { EditorPage } from "../vscode/workbench/editorPage.js";

/** What was measured, and its times in milliseconds. */
export type Measured = readonly [what: string, times: readonly number[]];

const EDITS = 15;
const KEYS = 150;
/** About as fast as people type, milliseconds. */
const BETWEEN = 70;

const LIVE = { "gradwalk.runOn": "type" };

declare global {
  interface Window {
    /** When the last key went down. */
    gradwalkKey: number;
    gradwalkPaints: number[];
  }
}

/**
 * A program of so many lines, every fourth of which binds a tensor; the number on line 3 decides all gradients.
 */
function longProgram(lines: number): string {
  const head = [
    'import * as torch from "gradwalk";',
    "const w = torch.tensor([0.5, 1], { requires_grad: true });",
    "const scale = torch.tensor([1, 3]);",
  ];
  const tail = ["w.mul(scale).sum().backward();"];
  const body = Array.from({ length: Math.floor((lines - 4) / 4) }, (_, i) => [
    `export function step${i}(input: torch.Tensor): torch.Tensor {`,
    `  const h${i} = input.mul(${i % 7}).add(1);`,
    `  return h${i};`,
    `} step${i}(scale);`,
  ]);
  return [...head, ...tail, ...body.flat()].join("\n");
}

/** From the last key of an edit to the changed readout of `w`, in programs that run as one types. */
export async function measureReadouts(version: HostVersion): Promise<Measured[]> {
  const example = await inWindow(version, { settings: LIVE }, "linear-regression.ts", null, (bench) =>
    editToReadout(bench, 6, 3),
  );
  const long = await inWindow(version, { settings: LIVE }, "long.ts", longProgram(1000), (bench) =>
    editToReadout(bench, 3, 3),
  );
  return [
    ["an example", example],
    ["a file of 1,000 lines", long],
  ];
}

/** From a key to the paint of its letter in a file of 2,000 lines. */
export async function measureTyping(version: HostVersion): Promise<Measured[]> {
  const text = longProgram(2000);
  const measure = (request: WorkbenchRequest, run: boolean) =>
    inWindow(version, request, "long.ts", text, (bench) => keyToPaint(bench, run));
  return [
    ["without the extension", await measure({ extension: false }, false)],
    ["with it, a run shown", await measure({}, true)],
    ["with it, running as one types", await measure({ settings: LIVE }, true)],
  ];
}

async function inWindow(
  version: HostVersion,
  request: WorkbenchRequest,
  name: string,
  text: string | null,
  measure: (workbench: Workbench) => Promise<number[]>,
): Promise<number[]> {
  const workspace = await temporaryWorkspace();
  const file = join(workspace.folder, name);
  if (text !== null) await writeFile(file, text);
  const workbench = await Workbench.open(version, { ...request, folder: workspace.folder, file });
  try {
    await workbench.page.locator(".editor-instance .view-line").first().waitFor({ timeout: 60_000 });
    await workbench.page.evaluate(() => {
      addEventListener("keydown", () => (window.gradwalkKey = performance.now()), true);
    });
    return await measure(workbench);
  } finally {
    await workbench.close();
    await workspace.remove();
  }
}

/** @param back from the end of the line to the number that is edited, behind it */
async function editToReadout(workbench: Workbench, line: number, back: number): Promise<number[]> {
  const { page } = workbench;
  await workbench.lens("Run and show graph").waitFor({ timeout: 60_000 });
  await new EditorPage(page).goTo(line);
  for (let i = 0; i < back; i++) await page.keyboard.press("ArrowLeft");
  const times: number[] = [];
  // The first edit starts the first runner, and is no part of the numbers.
  for (let edit = 0; edit <= EDITS; edit++) {
    const before = await lensOf(page);
    await page.keyboard.press("Backspace");
    await page.keyboard.press(String(1 + (edit % 9)));
    const time = await changed(page, before);
    if (edit > 0) times.push(time);
    await page.waitForTimeout(500);
  }
  return times;
}

const W = "w: ";

function lensOf(page: Page): Promise<string> {
  return page.evaluate(
    (name) =>
      [...document.querySelectorAll(".codelens-decoration")]
        .map((lens) => (lens.textContent ?? "").replaceAll("\u00a0", " "))
        .find((text) => text.startsWith(name)) ?? "",
    W,
  );
}

/** Milliseconds from the last key until the readout of `w` is another one, and fresh. */
async function changed(page: Page, before: string): Promise<number> {
  const time = await page.waitForFunction(
    ([name, old]) => {
      const lenses = [...document.querySelectorAll(".codelens-decoration")];
      const text = lenses
        .map((lens) => (lens.textContent ?? "").replaceAll("\u00a0", " "))
        .find((each) => each.startsWith(name!));
      return text && text !== old && !text.includes("stale") && performance.now() - window.gradwalkKey;
    },
    [W, before],
    { polling: "raf", timeout: 60_000 },
  );
  return Number(await time.jsonValue());
}

async function keyToPaint(workbench: Workbench, run: boolean): Promise<number[]> {
  const { page } = workbench;
  const editor = new EditorPage(page);
  if (run) {
    await workbench.lens("Run and show graph").waitFor({ timeout: 60_000 });
    await workbench.command("Gradwalk: Run and Show Graph");
    await editor.lens(/^w: /).waitFor({ timeout: 60_000 });
  }
  // TypeScript's first look at the file is nobody's business here.
  await page.waitForTimeout(5000);
  await editor.goTo(1000);
  await page.keyboard.press("Enter");
  await page.evaluate(() => {
    window.gradwalkPaints = [];
    let seen = window.gradwalkKey;
    new MutationObserver(() => {
      const key = window.gradwalkKey;
      if (key === seen) return;
      seen = key;
      requestAnimationFrame(() => window.gradwalkPaints.push(performance.now() - key));
    }).observe(document.querySelector(".editor-instance .view-lines")!, {
      subtree: true,
      childList: true,
      characterData: true,
    });
  });
  // A comment, so that nothing is suggested; no letter completes a word twice.
  const letters = "// the quick brown fox jumps over the lazy dog ";
  for (let key = 0; key < KEYS; key++) {
    await page.keyboard.press(
      letters[key % letters.length] === " " ? "Space" : letters[key % letters.length]!,
    );
    await page.waitForTimeout(BETWEEN);
  }
  return page.evaluate(() => window.gradwalkPaints);
}
