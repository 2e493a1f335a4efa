/** @file Ten thousand training steps of row c: `node --expose-gc memory.mjs` prints a line of JSON at each mark. */
import { setImmediate } from "node:timers/promises";
import { prepare, rows } from "./gradwalk.mjs";

/** Steps at which memory is looked at; the first is when everything has been made once. */
const MARKS = [100, 1_000, 5_000, 10_000];

/** Bytes of objects and of the arrays behind tensors. Arrays are let go a turn after their owners. */
async function used() {
  for (let i = 0; i < 3; i++) {
    globalThis.gc();
    await setImmediate();
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { heapUsed, arrayBuffers };
}

await prepare();
const { run } = rows.c();
let done = 0;
for (const steps of MARKS) {
  for (; done < steps; done++) run();
  console.log(JSON.stringify({ steps, ...(await used()) }));
}
