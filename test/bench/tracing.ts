/** @file What probes and recording cost a program: rows a and b, in real runner processes, in turn. */
import { dirname, join } from "node:path";
import { Launcher } from "../../src/launcher/launcher.js";
import { ROOT } from "../support/paths.js";

const ROUNDS = 5;

const MODES = {
  bare: { probes: false },
  "probes on, nobody recording": { record: false },
  recording: {},
} as const;

export type Mode = keyof typeof MODES;

/** Median milliseconds, as the program measures itself: of a pass (row a) or a training step (row b). */
export type TracingTimes = Readonly<Record<Mode, number>>;

export async function measureTracing(row: "a" | "b"): Promise<TracingTimes> {
  const launcher = new Launcher({ runner: join(ROOT, "dist", "runner.js") });
  const program = join(ROOT, "test", "bench", "programs", `row-${row}.ts`);
  const times: Record<Mode, number[]> = { bare: [], "probes on, nobody recording": [], recording: [] };
  try {
    for (let round = 0; round < ROUNDS; round++) {
      for (const mode of Object.keys(MODES) as Mode[]) {
        const run = launcher.launch({ program, cwd: dirname(program), timeout: 300, ...MODES[mode] });
        let output = "";
        run.onStdout((chunk) => {
          output += Buffer.from(chunk).toString();
        });
        const { reason } = await run.ended;
        run.dispose();
        if (reason !== "exit") throw new Error(`${program} ended by ${reason}`);
        times[mode].push(Number(output));
      }
    }
  } finally {
    launcher.dispose();
  }
  const median = (of: Mode) => times[of].sort((a, b) => a - b)[ROUNDS >> 1]!;
  return {
    bare: median("bare"),
    "probes on, nobody recording": median("probes on, nobody recording"),
    recording: median("recording"),
  };
}
