/** @file Waiting for what a person would wait for. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

/** Reads again until `holds`; fails with what was read last. */
export async function eventually<T>(
  read: () => Promise<T>,
  holds: (value: T) => boolean,
  limit = 30_000,
): Promise<T> {
  const end = Date.now() + limit;
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    if (Date.now() > end) assert.fail(`still ${JSON.stringify(value)?.slice(0, 2_000)}`);
    await sleep(100);
  }
}
