/** @file `gradwalk run`: the program, its streams passed through, and what is to be had of it afterwards. */
import { fileURLToPath } from "node:url";
import { Launcher } from "../launcher/launcher.js";
import type { Run, RunEnd } from "../launcher/types.js";
import { MalformedBatch } from "../session/batch.js";
import { Session } from "../session/session.js";
import type { RunCall } from "./arguments.js";
import { writeExports } from "./exports.js";
import { checkOutput, checkProgram, shown } from "./files.js";
import { summary } from "./summary.js";

const INTERRUPTED = 130;

/** @returns the exit status */
export async function run(call: RunCall): Promise<number> {
  const program = checkProgram(call.file);
  for (const [format, out] of call.exports) checkOutput(`--${format}`, out);
  const launcher = new Launcher({ runner: fileURLToPath(new URL("runner.js", import.meta.url)) });
  // Whatever ends this process, the program's goes first.
  process.on("exit", () => launcher.dispose());
  const session = new Session({ file: program });
  const running = launcher.launch({
    program,
    cwd: process.cwd(),
    args: call.args,
    timeout: call.timeout,
    stdin: "inherit",
  });
  const streams = passThrough(running);
  record(running, session);
  interruptible(running);
  const end = await running.ended;
  session.finish({ ...end, state: stateOf(end) });
  launcher.dispose();
  if (end.reason === "timeout") process.stderr.write(`gradwalk: ${stoppedAt(call, end)}\n`);
  if (end.reason === "crashed" || end.reason === "memory") process.stderr.write(`gradwalk: ${diedOf(end)}\n`);
  if (streams.midLine() && (call.exports.size > 0 || !call.quiet)) process.stdout.write("\n");
  await writeExports(call.exports, session);
  if (!call.quiet && call.exports.size === 0) process.stdout.write(summary(session));
  return end.exit;
}

/** Bytes go through as they come. */
function passThrough(running: Run): { midLine(): boolean } {
  let last = 10;
  running.onStdout((chunk) => {
    process.stdout.write(chunk);
    last = chunk.at(-1) ?? last;
  });
  running.onStderr((chunk) => process.stderr.write(chunk));
  // Whoever read our output has gone (`gradwalk run … | head`): so should the program.
  process.stdout.on("error", () => void running.stop());
  return { midLine: () => last !== 10 };
}

function record(running: Run, session: Session): void {
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
function interruptible(running: Run): void {
  let asked = false;
  const stop = () => {
    if (asked) process.exit(INTERRUPTED);
    asked = true;
    void running.stop();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
}

function stateOf({ reason }: RunEnd): "done" | "failed" | "stopped" {
  if (reason === "exit") return "done";
  return reason === "timeout" || reason === "stopped" ? "stopped" : "failed";
}

function stoppedAt({ timeout }: RunCall, { where }: RunEnd): string {
  const after = `stopped after ${timeout} s (--timeout)`;
  if (where === null) return `${after}, before its first statement was done`;
  const iteration = where.iteration === null ? "" : `, iteration ${where.iteration}`;
  return `${after} at ${shown(where.file)}:${where.line}:${where.column}${iteration}`;
}

function diedOf({ error, where }: RunEnd): string {
  const at = where === null ? "" : ` (at ${shown(where.file)}:${where.line}:${where.column})`;
  return `${error?.message ?? "The program's process died."}${at}`;
}
