/**
 * @file The graph page in headless Chromium: how long it takes to open a graph, to lay it out, to fold and unfold,
 * and how many frames a second it draws while one pans and zooms, with everything unfolded.
 */
import type { Page } from "playwright-core";
import type { TraceDocument } from "../../src/protocol/export.js";
import { Lab } from "../webview/support/page.js";
import { node, tensor, trace } from "../webview/support/traces.js";

/** Milliseconds, and frames a second. */
export interface GraphTimes {
  readonly nodes: number;
  /** From the start of the page's script to the drawn graph, folded to what fits. */
  readonly open: number;
  /** From the key to the drawn graph: one group, the median of some. */
  readonly fold: number;
  readonly unfold: number;
  /** Everything unfolded, and how long the worker needs for that layout. */
  readonly unfoldAll: number;
  readonly layout: number;
  /** Panning and zooming with all nodes in view, and close enough to read them. */
  readonly framesFar: number;
  readonly framesNear: number;
}

const ROUNDS = 5;
const FRAMES = 60;

export async function measureGraphs(sizes: readonly number[]): Promise<GraphTimes[]> {
  const lab = await Lab.open();
  try {
    const times: GraphTimes[] = [];
    for (const size of sizes) {
      times.push(await measureGraph(lab, size));
      await lab.closePages();
    }
    return times;
  } finally {
    await lab.close();
  }
}

async function measureGraph(lab: Lab, size: number): Promise<GraphTimes> {
  const { page } = await lab.trace(loops(size));
  const open = await page.evaluate(() => {
    const began = performance.getEntriesByName("gradwalk:start")[0]?.startTime ?? 0;
    return (performance.getEntriesByName("gradwalk:ready")[0]?.startTime ?? Number.NaN) - began;
  });
  await page.keyboard.press("1");
  const series = page.getByRole("treeitem", { expanded: false }).first();
  await series.waitFor({ state: "attached" });
  await series.focus();
  const [folds, unfolds]: [number[], number[]] = [[], []];
  for (let i = 0; i < ROUNDS; i++) {
    unfolds.push(await drawnAfter(page, " "));
    folds.push(await drawnAfter(page, " "));
  }
  const unfoldAll = await drawnAfter(page, "*");
  const layout = await page.evaluate(() => performance.getEntriesByName("gradwalk:layout").at(-1)?.duration);
  await page.keyboard.press("f");
  const framesFar = await framesASecond(page);
  for (let i = 0; i < 40; i++) await page.keyboard.press("+");
  for (let i = 0; i < 8; i++) await page.keyboard.press("-");
  const framesNear = await framesASecond(page);
  const [fold, unfold] = [median(folds), median(unfolds)];
  return { nodes: size, open, fold, unfold, unfoldAll, layout: layout ?? Number.NaN, framesFar, framesNear };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** Milliseconds from a key to the frame after the drawing that it leads to. */
function drawnAfter(page: Page, key: string): Promise<number> {
  return page.evaluate(
    (pressed) =>
      new Promise<number>((resolve) => {
        const began = performance.now();
        const observer = new PerformanceObserver((list) => {
          if (!list.getEntriesByName("gradwalk:drawn").some((mark) => mark.startTime >= began)) return;
          observer.disconnect();
          requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)));
        });
        observer.observe({ type: "mark" });
        const target = document.activeElement ?? document.body;
        target.dispatchEvent(new KeyboardEvent("keydown", { key: pressed, bubbles: true, cancelable: true }));
      }),
    key,
  );
}

/** While a wheel pans to and fro and zooms in and out; the browser's own limit is 60. */
function framesASecond(page: Page): Promise<number> {
  return page.evaluate(
    (count) =>
      new Promise<number>((resolve) => {
        const stage = document.querySelector(".gw-stage")!;
        let frames = 0;
        let began = 0;
        // A method: tsx would give a function of its own a name by something that the page does not have.
        const hand = {
          turn() {
            if (frames === 5) began = performance.now();
            if (frames === count + 5) {
              resolve((count * 1000) / (performance.now() - began));
              return;
            }
            const back = frames % 20 < 10 ? 1 : -1;
            const zooms = frames % 40 >= 20;
            const by = zooms ? { deltaY: 6 * back, ctrlKey: true } : { deltaX: 7 * back, deltaY: 9 * back };
            const at = { clientX: 500, clientY: 400, bubbles: true, cancelable: true };
            stage.dispatchEvent(new WheelEvent("wheel", { ...by, ...at }));
            frames++;
            requestAnimationFrame(() => hand.turn());
          },
        };
        hand.turn();
      }),
    FRAMES,
  );
}

/** A loop whose iterations are chains, as many as they are long, all added up: about `size` nodes. */
export function loops(size: number): TraceDocument {
  const nodes = [node(0, tensor([0.5]), { kind: "accumulate", label: "w" })];
  const edges: { from: number; to: number; input_nr: number }[] = [];
  const op = (name: string, inputs: readonly number[], iteration: number) => {
    const id = nodes.length;
    const scope = [{ kind: "loop" as const, name: "for", line: 4, iteration }];
    const source = { file: "loops.ts", line: 5, column: id + 1 };
    nodes.push(node(id, tensor([id, 1]), { name, text: "h.mul(w).add(b)", source, scope }));
    for (const to of inputs) edges.push({ from: id, to, input_nr: 0 });
    return id;
  };
  const length = Math.max(4, Math.round(Math.sqrt(size)));
  let total: number | null = null;
  for (let i = 0; nodes.length < size; i++) {
    let h = op("MulBackward0", [0], i);
    for (let k = 2; k < length; k++)
      h = op(["TanhBackward0", "AddBackward0", "SinBackward0"][k % 3]!, [h], i);
    total = total === null ? h : op("AddBackward0", [total, h], i);
  }
  return trace([{ nodes, edges }], [], "loops.ts");
}
