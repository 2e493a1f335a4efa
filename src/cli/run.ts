/** @file `gradwalk run`: the program, its streams passed through, and what is to be had of it afterwards. */
import { Launcher } from "../launcher/launcher.js";
import type { RunEnd } from "../launcher/types.js";
import { Session } from "../session/session.js";
import type { RunCall } from "./arguments.js";
import { writeExports } from "./exports.js";
import { checkOutput, checkProgram, shown } from "./files.js";
import { runnerPath } from "./runner.js";
import { interruptible, passThrough, record } from "./running.js";
import { summary } from "./summary.js";

/** @returns the exit status */
export async function run(call: RunCall): Promise<number> {
  const program = checkProgram(call.file);
  for (const [format, out] of call.exports) checkOutput(`--${format}`, out);
  const launcher = new Launcher({ runner: runnerPath() });
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
