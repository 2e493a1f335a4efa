/**
 * @file `npm run bench`: what a person waits for; numbers, no verdict. `npm run bench -- tracing` takes only the
 * sections named.
 */
import { type EditorTimes, measureEditor } from "../bench/editor.js";
import { measureGraphs } from "../bench/graph.js";
import { measureMemory } from "../bench/memory.js";
import { measurePeers } from "../bench/peers.js";
import { measureAdapter, measureOverhead, measurePanel } from "../bench/step.js";
import { measureTracing } from "../bench/tracing.js";
import { measureReadouts, measureTyping } from "../bench/typing.js";
import { VERSIONS } from "../vscode/host/versions.js";
import { TSC } from "./build.js";
import { command } from "./command.js";
import { ROOT } from "./paths.js";

const ms = (time: number) => `${time.toFixed(0)} ms`;

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[times.length >> 1]!;
}

function tellEditor(version: string, { activation, cold, warm }: EditorTimes): void {
  console.log(`VS Code ${version}`);
  console.log(`  activation                         ${ms(activation)}   (target 30 ms)`);
  console.log(`  command to painted graph, cold     ${ms(cold)}   (target 1500 ms)`);
  console.log(`  command to painted graph, warm     ${ms(median(warm))}   (target 150 ms)`);
}

/** Targets of shared rows a and b, against the bare program. */
const TRACING = { a: { probes: 1.5, recording: null }, b: { probes: 1.15, recording: 2 } } as const;

async function tracing(): Promise<void> {
  for (const row of ["a", "b"] as const) {
    const times = await measureTracing(row);
    const unit = row === "a" ? "a pass of 1,000 operations" : "a training step";
    console.log(`row ${row}, bare: ${times.bare.toFixed(3)} ms ${unit}`);
    const tell = (what: "probes on, nobody recording" | "recording", target: number | null) =>
      console.log(
        `  ${what.padEnd(30)} ${(times[what] / times.bare).toFixed(2)} ×${target ? `   (target ${target} ×)` : ""}`,
      );
    tell("probes on, nobody recording", TRACING[row].probes);
    tell("recording", TRACING[row].recording);
  }
}

/** Of a pass of 1,000 nodes. */
async function stepping(): Promise<void> {
  const { next, stepBack } = await measureAdapter();
  const tell = (what: string, times: readonly number[], target: number) =>
    console.log(`  ${what.padEnd(34)} ${median(times).toFixed(1)} ms   (target ${target} ms)`);
  console.log("one step");
  tell("to the stopped event, live", next, 20);
  tell("to the stopped event, back", stepBack, 20);
  const { plain, session } = await measureOverhead();
  const [alone, stepped] = [median(plain), median(session)];
  console.log(
    `  ${"200 passes in a session, unstopped".padEnd(34)} ${stepped.toFixed(0)} ms   (${(stepped / alone).toFixed(2)} × the plain run's ${alone.toFixed(0)} ms)`,
  );
  for (const version of VERSIONS) {
    tell(`to the painted panel, VS Code ${version.vscode}`, await measurePanel(version), 100);
  }
}

/** The page in headless Chromium, which draws on the processor. */
async function graphs(): Promise<void> {
  console.log(
    "graphs, ms and frames a second  (targets: open 1000, fold 100, layout 50 at 1,000 and 500 at 20,000, 50 frames)",
  );
  const rows = await measureGraphs([100, 1_000, 2_000, 5_000, 20_000]);
  console.table(
    rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([what, value]) => [what, Math.round(value)])),
    ),
  );
}

/** What a person who types waits for; of the readouts, 300 ms are the pause after the last key. */
async function typing(): Promise<void> {
  for (const version of VERSIONS) {
    console.log(`typing, VS Code ${version.vscode}`);
    const tell = (what: string, times: readonly number[]) => {
      const p95 = [...times].sort((a, b) => a - b)[Math.floor(times.length * 0.95)]!;
      const numbers = `median ${median(times).toFixed(1)} ms, p95 ${p95.toFixed(1)} ms`;
      console.log(`  ${what.padEnd(58)} ${numbers} (${times.length} times)`);
    };
    for (const [what, times] of await measureReadouts(version)) tell(`edit to readout, ${what}`, times);
    for (const [what, times] of await measureTyping(version))
      tell(`key to paint, 2,000 lines, ${what}`, times);
  }
}

/** After collecting garbage: a leak of a step's tensors would show as a gigabyte. */
async function memory(): Promise<void> {
  console.log("memory after training steps of row c  (target: flat)");
  for (const { steps, heapUsed, arrayBuffers } of await measureMemory()) {
    const mb = (bytes: number) => `${(bytes / 2 ** 20).toFixed(2)} MB`.padStart(9);
    console.log(
      `  ${`${steps} steps`.padEnd(14)} objects ${mb(heapUsed)}   arrays ${mb(arrayBuffers)}   together ${mb(heapUsed + arrayBuffers)}`,
    );
  }
}

const SECTIONS: Readonly<Record<string, () => Promise<void>>> = {
  tracing,
  stepping,
  graph: graphs,
  peers: measurePeers,
  memory,
  typing,
  editor: async () => {
    for (const version of VERSIONS) tellEditor(version.vscode, await measureEditor(version));
  },
};

await command(process.execPath, [TSC, "-b", "src/core"], { cwd: ROOT });
await command(process.execPath, ["esbuild.mjs", "--minify"], { cwd: ROOT });
const wanted = process.argv.slice(2);
for (const [name, measure] of Object.entries(SECTIONS)) {
  if (wanted.length === 0 || wanted.includes(name)) await measure();
}
