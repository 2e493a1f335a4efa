/** @file The program thread's way out: frames written to the trace pipe, synchronously. */
import { writeSync } from "node:fs";
import { serialize } from "node:v8";
import { CONTROL_VERSION, type RunnerMessage, TRACE_FD } from "../protocol/control.js";
import { frame } from "../protocol/frames.js";
import type { TraceEvent } from "../protocol/trace.js";
import { PROTOCOL_VERSION } from "../protocol/trace.js";
import { die } from "./die.js";

type Unversioned<T> = T extends { readonly version: number } ? Omit<T, "version"> : never;
export type Outgoing = Unversioned<RunnerMessage>;

export function encode(message: Outgoing): Uint8Array {
  return frame(serialize({ version: CONTROL_VERSION, ...message }));
}

/**
 * Writes a message whole; the program waits where the launcher reads more slowly than it runs.
 * A launcher that is gone leaves nobody to run for.
 */
export function send(message: Outgoing): void {
  const bytes = encode(message);
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(TRACE_FD, bytes, written);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") die();
      Atomics.wait(pause, 0, 0, 1);
    }
  }
}

const pause = new Int32Array(new SharedArrayBuffer(4));

export function sendTrace(events: readonly TraceEvent[]): void {
  if (events.length > 0) send({ type: "trace", batch: { version: PROTOCOL_VERSION, events } });
}
