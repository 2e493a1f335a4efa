/**
 * @file The runner process: loads the library and the compiler, waits for a program, runs it. The module
 * also exports the library, so that packages which import it get the very instance that runs here.
 */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import * as library from "../core/index.js";
import { instrument } from "../instrument/instrument.js";
import type { Instrumented } from "../instrument/sites.js";
import type { DebugCommand } from "../protocol/debug.js";
import { createCell } from "./cell.js";
import { send } from "./channel.js";
import { locationsIn } from "./debug/locations.js";
import { keepCode } from "./keepCode.js";
import { installKernels } from "./kernels.js";
import { Mailbox } from "./mailbox.js";
import { LIBRARY_NAME } from "./modules/graph.js";
import { provideToCommonJs } from "./modules/packages.js";
import { Program } from "./program.js";
import { blockStreams, silenceVmWarning, warmUp } from "./warm.js";

export * from "../core/index.js";

const folder = dirname(fileURLToPath(import.meta.url));
const cell = createCell();
let program: Program | null = null;

const mailbox = new Mailbox(cell, new URL("./runner-watch.js", import.meta.url), (command) => {
  if (command.type !== "launch") {
    if (program !== null) program.obey(command);
    else if (command.type === "debug") answerIdle(command.id, command.command);
    return;
  }
  mailbox.keepAlive(false);
  program = new Program(
    { cell, mailbox, library, libraryUrl: import.meta.url, instrument: compile, own },
    command.launch,
  );
  void program.run();
});

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

function own(file: string): boolean {
  return file.startsWith("file:") ? fileURLToPath(file).startsWith(folder) : file.startsWith(folder);
}

silenceVmWarning();
installKernels(library, new URL("./kernels.wasm", import.meta.url));
provideToCommonJs(LIBRARY_NAME, library);
blockStreams();
if (process.env.GRADWALK_SPARE !== undefined) warmUp(compile);
mailbox.tell("warm");
