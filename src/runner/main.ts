/** @file What the runner process does once it is loaded: it waits for a program, and runs it. */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import * as library from "../core/index.js";
import { instrument } from "../instrument/instrument.js";
import type { Instrumented } from "../instrument/sites.js";
import type { DebugCommand } from "../protocol/debug.js";
import type { Cell } from "./cell.js";
import { send } from "./channel.js";
import { locationsIn } from "./debug/locations.js";
import { inspect } from "./inspect.js";
import { keepCode } from "./keepCode.js";
import { installKernels } from "./kernels.js";
import type { Mailbox } from "./mailbox.js";
import { LIBRARY_NAME } from "./modules/graph.js";
import { type NodeModules, provideToCommonJs } from "./modules/packages.js";
import { Program } from "./program.js";
import { blockStreams, silenceVmWarning, warmUp } from "./warm.js";

export interface Beginning {
  readonly cell: Cell;
  readonly mailbox: Mailbox;
  readonly node: NodeModules;
  /** Keeps this bundle's compiled code. */
  readonly keep: (() => void) | null;
}

export function start({ cell, mailbox, node, keep }: Beginning): void {
  const { url } = node;
  const folder = dirname(fileURLToPath(url));
  const own = (file: string) =>
    file.startsWith("file:") ? fileURLToPath(file).startsWith(folder) : file.startsWith(folder);
  let program: Program | null = null;
  mailbox.listen((command) => {
    if (command.type === "inspect") {
      send({ type: "reply", id: command.id, result: inspect(command.file, command.text) });
      return;
    }
    if (command.type !== "launch") {
      if (program !== null) program.obey(command);
      else if (command.type === "debug") answerIdle(command.id, command.command);
      return;
    }
    mailbox.keepAlive(false);
    program = new Program({ cell, mailbox, library, node, instrument: compile, own, keep }, command.launch);
    void program.run();
  });
  silenceVmWarning();
  installKernels(library, new URL("./kernels.wasm", url));
  provideToCommonJs(LIBRARY_NAME, library);
  blockStreams();
  if (process.env.GRADWALK_SPARE !== undefined) warmUp(compile, () => program !== null);
  mailbox.tell("warm");
}

/** Before a program is launched, places in texts are all that can be asked for. */
function answerIdle(id: number, command: DebugCommand): void {
  if (command.type !== "debug.locations") {
    send({ type: "error", id, message: "No program has been launched." });
    return;
  }
  send({ type: "reply", id, result: locationsIn(command.file, command.text, null, instrument) });
}

function compile(...args: Parameters<typeof instrument>): Instrumented {
  const compiled = instrument(...args);
  keepCode();
  return compiled;
}
