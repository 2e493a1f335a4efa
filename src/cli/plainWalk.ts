/** @file The whole walk as plain lines, for pipes and files. */
import type { Launcher } from "../launcher/launcher.js";
import { Session } from "../session/session.js";
import { interruptible, passThrough, record } from "./running.js";
import { flowOf, passLine, stepLine } from "./walkText.js";
import { plural } from "./words.js";

/** @returns the exit status */
export async function printWalk(
  launcher: Launcher,
  program: string,
  args: readonly string[],
): Promise<number> {
  const session = new Session({ file: program });
  const running = launcher.launch({ program, cwd: process.cwd(), args, stdin: "inherit" });
  const streams = passThrough(running);
  record(running, session);
  interruptible(running);
  const end = await running.ended;
  if (streams.midLine()) process.stdout.write("\n");
  for (const line of walkLines(session, program)) process.stdout.write(`${line}\n`);
  return end.exit;
}

function* walkLines(session: Session, program: string): Iterable<string> {
  const { passes, dropped } = session.outline();
  if (dropped !== null && dropped.passes > 0) {
    yield `(${plural(dropped.passes, "earlier backward pass", "earlier backward passes")} let go by the trace budget)`;
  }
  for (const { index, call } of passes) {
    const pass = call === "live" ? null : session.kept(index);
    if (pass === null) continue;
    yield passLine(pass);
    for (const [step, each] of pass.record.steps.entries()) yield stepLine(pass, step, flowOf(each), program);
    if (pass.record.error !== null) yield `       ${pass.record.error.name}: ${pass.record.error.message}`;
  }
  if (passes.every(({ call }) => call === "live")) yield "The program called no backward().";
}
