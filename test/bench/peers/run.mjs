/**
 * @file Measures one library: `node run.mjs <file> [rows …]` prints a line of JSON for each row,
 * `{row, ms, digests}` or `{row, error}`.
 */
import { digest } from "./inputs.mjs";

/** Milliseconds until the engine has compiled what runs: its compiler's time counts, and a training step takes a second of it. */
const WARM = 1200;
const BATCHES = 11;
const BATCH = 25;

/** Milliseconds of the processor's time that this process has used: what else the machine does is not in it. */
function now() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Median over batches of a run's mean time in a batch: collecting garbage belongs to it. */
async function measure(run) {
  let count = 0;
  const start = now();
  while (count < 2 || now() - start < WARM) {
    await run();
    count++;
  }
  const size = Math.max(1, Math.round((BATCH * count) / (now() - start)));
  const times = [];
  // What takes a tenth of a second is not hidden by noise.
  const batches = (now() - start) / count > 100 ? 3 : BATCHES;
  for (let batch = 0; batch < batches; batch++) {
    const from = now();
    for (let i = 0; i < size; i++) {
      const pending = run();
      if (pending !== undefined) await pending;
    }
    times.push((now() - from) / size);
  }
  return times.sort((a, b) => a - b)[batches >> 1];
}

const [file, ...wanted] = process.argv.slice(2);
const tell = (line) => console.log(JSON.stringify(line));
const peer = await import(file);
await peer.prepare?.();
tell({ version: peer.version });
for (const [row, make] of Object.entries(peer.rows)) {
  if (wanted.length > 0 && !wanted.includes(row)) continue;
  try {
    const { run, check } = await make();
    const ms = await measure(run);
    const results = await check();
    tell({ row, ms, digests: results.map((r) => digest(typeof r === "number" ? [r] : r)) });
  } catch (error) {
    tell({ row, error: `${error instanceof Error ? error.message : error}`.split("\n")[0] });
  }
}
// Some libraries keep workers or timers alive.
process.exit(0);
