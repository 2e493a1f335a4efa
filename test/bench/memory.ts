/** @file What ten thousand training steps leave behind: row c, in a process of its own. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { PEERS } from "./peerRuns.js";

/** Bytes in use after so many steps, when all that can be collected has been. */
export interface Mark {
  readonly steps: number;
  readonly heapUsed: number;
  readonly arrayBuffers: number;
}

export async function measureMemory(): Promise<Mark[]> {
  const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", join(PEERS, "memory.mjs")]);
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Mark);
}
