/** @file What a person waits for at one step of a pass of 1,000 nodes: the `stopped` event, the painted panel. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Frame, Page } from "playwright-core";
import type { LaunchArguments } from "../../src/adapter/types.js";
import { Client } from "../adapter/client.js";
import { eventually } from "../support/wait.js";
import { temporaryWorkspace } from "../vscode/host/suite.js";
import type { HostVersion } from "../vscode/host/versions.js";
import { Workbench } from "../vscode/host/workbench.js";
import { DebugPage } from "../vscode/workbench/debugPage.js";

/** 200 layers of five nodes each: three operations and two leaves. */
const THOUSAND = `import * as torch from "gradwalk";

torch.manual_seed(1);
let h = torch.randn(8, 16);
for (let layer = 0; layer < 200; layer++) {
  const w = torch.randn(16, 16, { requires_grad: true });
  const b = torch.zeros(16, { requires_grad: true });
  h = h.matmul(w).add(b).tanh();
}
h.sum().backward();
`;

const WARM_UP = 5;
const STEPS = 40;

/** Milliseconds. */
export interface StepTimes {
  /** From the request to the `stopped` event, inside the engine and back through the record. */
  readonly next: readonly number[];
  readonly stepBack: readonly number[];
}

/** The adapter alone, with the program in its process. */
export async function measureAdapter(): Promise<StepTimes> {
  const folder = await mkdtemp(join(tmpdir(), "gradwalk-bench-"));
  const program = join(folder, "thousand.ts");
  await writeFile(program, THOUSAND);
  const client = await Client.open();
  try {
    await client.launch({ program });
    const next = await timedSteps(client, "next");
    const stepBack = await timedSteps(client, "stepBack");
    return { next, stepBack };
  } finally {
    await client.close();
    await rm(folder, { recursive: true });
  }
}

/** 200 backward passes of 25 nodes each, which nothing stops. */
const TRAINING = `import * as torch from "gradwalk";

torch.manual_seed(1);
const x = torch.randn(64, 16);
const layers = [0, 1, 2, 3].map(() => torch.randn(16, 16, { requires_grad: true }));
for (let epoch = 0; epoch < 200; epoch++) {
  let h = x;
  for (const w of layers) h = h.matmul(w).tanh();
  h.pow(2).mean().backward();
  torch.no_grad(() => layers.forEach((w) => { w.sub_(w.grad!.mul(0.01)); w.grad = null; }));
}
`;

const RUNS = 9;

/** Milliseconds of a program from its launch to its end, run as it is and in a session that has no breakpoints. */
export async function measureOverhead(): Promise<{
  readonly plain: readonly number[];
  readonly session: readonly number[];
}> {
  const folder = await mkdtemp(join(tmpdir(), "gradwalk-bench-"));
  const program = join(folder, "training.ts");
  await writeFile(program, TRAINING);
  const times = { plain: [] as number[], session: [] as number[] };
  try {
    // By turns, so that a machine that slows down slows both.
    for (let run = 0; run <= RUNS; run++) {
      const plain = await timedRun({ program, noDebug: true });
      const session = await timedRun({ program, stopOnBackward: false });
      if (run === 0) continue;
      times.plain.push(plain);
      times.session.push(session);
    }
    return times;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function timedRun(args: LaunchArguments): Promise<number> {
  const client = await Client.open();
  try {
    const start = performance.now();
    await client.begin(args);
    const { body } = await client.event("exited");
    if (body.exitCode !== 0) throw new Error(`the program failed: ${client.output()}`);
    return performance.now() - start;
  } finally {
    await client.close();
  }
}

async function timedSteps(client: Client, command: "next" | "stepBack"): Promise<number[]> {
  const times: number[] = [];
  for (let step = 0; step < WARM_UP + STEPS; step++) {
    const start = performance.now();
    await client.ask(command, { threadId: 1 });
    await client.event("stopped");
    if (step >= WARM_UP) times.push(performance.now() - start);
  }
  return times;
}

/** From the key that steps to the frame in which the panel shows the step, in the real workbench. */
export async function measurePanel(version: HostVersion): Promise<readonly number[]> {
  const workspace = await temporaryWorkspace();
  const file = join(workspace.folder, "thousand.ts");
  await writeFile(file, THOUSAND);
  const workbench = await Workbench.open(version, { folder: workspace.folder, file });
  try {
    await workbench.run("Step backward pass");
    const debug = new DebugPage(workbench.page);
    await debug.toolbar.waitFor({ timeout: 60_000 });
    await workbench.graph.locator(".gw-live[data-at='edge']").waitFor({ timeout: 60_000 });
    const graph = await graphFrame(workbench);
    await watchKeys(workbench.page);
    const times: number[] = [];
    let top = "";
    for (let step = 0; step < WARM_UP + STEPS; step++) {
      // VS Code takes no key before it has heard where the program stands; no two neighbours have one name.
      [top = ""] = await eventually(
        () => debug.callStack(),
        (rows) => rows[0] !== undefined && rows[0] !== top,
      );
      const time = await timedKey(workbench.page, graph, step + 2);
      if (step >= WARM_UP) times.push(time);
    }
    return times;
  } finally {
    await workbench.close();
    await workspace.remove();
  }
}

async function graphFrame({ graph }: Workbench): Promise<Frame> {
  const root = await graph.locator(".gw-app").elementHandle();
  const frame = await root?.ownerFrame();
  if (!frame) throw new Error("the graph page has no frame");
  return frame;
}

/** Notes when a key was pressed, by the clock that all frames share. */
async function watchKeys(page: Page): Promise<void> {
  await page.evaluate(() => {
    const options = { capture: true };
    window.addEventListener(
      "keydown",
      ({ timeStamp }) => {
        document.body.dataset.pressed = String(performance.timeOrigin + timeStamp);
      },
      options,
    );
  });
}

async function timedKey(page: Page, graph: Frame, step: number): Promise<number> {
  const painted = graph.evaluate(
    (step) =>
      new Promise<number>((resolve) => {
        const text = document.querySelector(".gw-step-text")!;
        new MutationObserver((_changes, observer) => {
          if (!text.textContent?.startsWith(`step ${step} `)) return;
          observer.disconnect();
          // The page draws in the next frame; a message posted from there comes once the frame is out.
          requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => resolve(performance.timeOrigin + performance.now());
            port2.postMessage(null);
          });
        }).observe(text, { childList: true, subtree: true, characterData: true });
      }),
    step,
  );
  await page.keyboard.press("F10");
  const end = await painted;
  return end - Number(await page.evaluate(() => document.body.dataset.pressed));
}
