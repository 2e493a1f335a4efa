/** @file What every command does with a program that runs: its streams, its trace, and signals. */
import type { Run } from "../launcher/types.js";
import { MalformedBatch } from "../session/batch.js";
import type { Session } from "../session/session.js";

const INTERRUPTED = 130;

/** Bytes go through as they come. */
export function passThrough(
  running: Run,
  output: Pick<NodeJS.WritableStream, "write"> = process.stdout,
): { midLine(): boolean } {
  let last = 10;
  running.onStdout((chunk) => {
    output.write(chunk);
    last = chunk.at(-1) ?? last;
  });
  running.onStderr((chunk) => process.stderr.write(chunk));
  // Whoever read our output has gone (`gradwalk run … | head`): so should the program.
  process.stdout.on("error", () => void running.stop());
  return { midLine: () => last !== 10 };
}

export function record(running: Run, session: Session): void {
  let told = false;
  running.onBatch((batch) => {
    try {
      session.apply(batch);
    } catch (error) {
      if (!(error instanceof MalformedBatch)) throw error;
      if (!told) process.stderr.write(`gradwalk: a part of the trace is lost: ${error.message}\n`);
      told = true;
    }
  });
}

/** The first signal asks the program to end, so that what was recorded is kept; a second one does not wait. */
export function interruptible(running: Run): void {
  let asked = false;
  const stop = () => {
    if (asked) process.exit(INTERRUPTED);
    asked = true;
    void running.stop();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
}
