/** @file `gradwalk step`: the backward passes in the terminal, by keys, or as plain lines where there is none. */
import { Launcher } from "../launcher/launcher.js";
import type { StepCall } from "./arguments.js";
import { checkProgram } from "./files.js";
import { printWalk } from "./plainWalk.js";
import { runnerPath } from "./runner.js";
import { TerminalWalk } from "./terminalWalk.js";

/** @returns the exit status */
export async function step(call: StepCall): Promise<number> {
  const program = checkProgram(call.file);
  const launcher = new Launcher({ runner: runnerPath() });
  // Whatever ends this process, the program's goes first.
  process.on("exit", () => launcher.dispose());
  try {
    const walks = process.stdin.isTTY && process.stdout.isTTY;
    return await (walks
      ? new TerminalWalk(launcher, program, call.args).done
      : printWalk(launcher, program, call.args));
  } finally {
    launcher.dispose();
  }
}
